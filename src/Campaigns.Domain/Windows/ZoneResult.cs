namespace Campaigns.Domain.Windows;

/// <summary>A contact's clock, as far as it can be told.</summary>
public abstract record ZoneResult
{
    private ZoneResult()
    {
    }

    /// <summary>The clock to go by.</summary>
    /// <param name="Zone">The contact's zone, or the organization's where the contact's is not known.</param>
    public sealed record Found(TimeZoneInfo Zone) : ZoneResult;

    /// <summary>There is no such zone: the contact is not called, because nobody knows what time it is there.</summary>
    /// <param name="Name">The name as given.</param>
    public sealed record Invalid(string Name) : ZoneResult;
}
