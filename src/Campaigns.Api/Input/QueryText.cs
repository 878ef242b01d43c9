namespace Campaigns.Api.Input;

/// <summary>Reads single query parameters.</summary>
internal static class QueryText
{
    private const int Longest = 200;

    /// <summary>A text of at most 200 characters that a database can hold; null when blank.</summary>
    internal static string? Text(this Errors errors, string name, string? value)
    {
        errors.If(value?.Length > Longest, name, $"has more than {Longest} characters");
        errors.If(value?.Contains('\0') == true, name, "contains a character that cannot be stored (U+0000)");
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    /// <summary>One of an enumeration's texts; null when left out.</summary>
    internal static T? Choice<T>(this Errors errors, string name, string? value)
        where T : struct, Enum
    {
        if (value is null)
        {
            return null;
        }

        errors.If(!EnumText.TryParse<T>(value, out var choice), name, $"must be one of {string.Join(", ", Enum.GetValues<T>().Select(v => v.ToText()))}");
        return choice;
    }

    /// <summary>An id; null when left out.</summary>
    internal static Guid? Id(this Errors errors, string name, string? value)
    {
        if (value is null)
        {
            return null;
        }

        errors.If(!Guid.TryParse(value, out var id), name, "must be an id (a UUID)");
        return id;
    }

    /// <summary><c>true</c> or <c>false</c>; null when left out.</summary>
    internal static bool? Flag(this Errors errors, string name, string? value)
    {
        if (value is null)
        {
            return null;
        }

        errors.If(!bool.TryParse(value, out var flag), name, "must be true or false");
        return flag;
    }
}
