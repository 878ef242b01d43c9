namespace Campaigns.Domain;

/// <summary>What every text that is to be stored must satisfy.</summary>
internal static class Text
{
    /// <summary>The trimmed text, or null when nothing is left of it.</summary>
    internal static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>Why the text cannot be stored, or null: PostgreSQL's text holds neither U+0000 nor half a surrogate pair.</summary>
    internal static string? Problem(string? text)
    {
        for (var i = 0; i < text?.Length; i++)
        {
            if (text[i] == '\0')
            {
                return "contains a NUL character";
            }

            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
            {
                return "contains half a character (a lone surrogate)";
            }
        }

        return null;
    }
}
