using System.Collections.Immutable;

namespace Campaigns.Domain.Audience;

/// <summary>Which people an audience means.</summary>
public abstract record ResolvedAudience
{
    private ResolvedAudience()
    {
    }

    /// <summary>Explicit contacts.</summary>
    /// <param name="Ids">Distinct, in the order given.</param>
    public sealed record ByIds(ImmutableArray<Guid> Ids) : ResolvedAudience;

    /// <summary>Pasted numbers.</summary>
    /// <param name="Phones">E.164, distinct, in the order given; empty when every number was refused.</param>
    /// <param name="Rejected">The texts that are not clearly one number.</param>
    public sealed record ByPhones(ImmutableArray<string> Phones, ImmutableArray<RejectedPhone> Rejected) : ResolvedAudience;

    /// <summary>Every contact of the organization that matches.</summary>
    /// <param name="Filter">At least one of its fields is set.</param>
    public sealed record ByFilter(AudienceFilter Filter) : ResolvedAudience;

    /// <summary>Nothing is set. That is a mistake, never everybody.</summary>
    public sealed record Empty : ResolvedAudience;
}

/// <summary>A pasted text that will not be dialled.</summary>
/// <param name="Position">Its place in the list, from 0.</param>
/// <param name="Text">As given.</param>
/// <param name="Reason">Why.</param>
public sealed record RejectedPhone(int Position, string Text, string Reason);

/// <summary>Conditions that all have to hold; null leaves one out. Texts are trimmed and compared without regard to case.</summary>
/// <param name="Status">The contact's status label.</param>
/// <param name="City">City.</param>
/// <param name="Occupation">Occupation.</param>
/// <param name="PreferredLanguage">Language tag or name.</param>
/// <param name="MarketingConsent">True: granted. False: anything else.</param>
/// <param name="Search">Within name, phone, e-mail, city, occupation.</param>
public sealed record AudienceFilter(
    string? Status, string? City, string? Occupation, string? PreferredLanguage, bool? MarketingConsent, string? Search);
