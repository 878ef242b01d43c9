using System.Collections.Immutable;
using Campaigns.Domain.Phones;

namespace Campaigns.Domain.Audience;

/// <summary>Finds out which people an audience means: ids, else pasted numbers, else filters; the first that is not empty wins.</summary>
public static class AudienceRules
{
    /// <summary>
    /// Resolves an audience. A list of numbers that are all refused stays a list of numbers: falling through to the filters would call
    /// people nobody named. Blank lines are no numbers.
    /// </summary>
    /// <param name="spec">The audience.</param>
    /// <param name="defaultRegion">Country calling code of numbers that have none.</param>
    public static ResolvedAudience Resolve(AudienceSpec spec, string defaultRegion)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (!spec.ContactIds.IsDefaultOrEmpty)
        {
            return new ResolvedAudience.ByIds([.. spec.ContactIds.Distinct()]);
        }

        if (!spec.PhoneNumbers.IsDefaultOrEmpty && ByPhones(spec.PhoneNumbers, defaultRegion) is { } pasted)
        {
            return pasted;
        }

        var filter = new AudienceFilter(
            Text.NullIfBlank(spec.Status),
            Text.NullIfBlank(spec.City),
            Text.NullIfBlank(spec.Occupation),
            Text.NullIfBlank(spec.PreferredLanguage),
            spec.MarketingConsent,
            Text.NullIfBlank(spec.Search));
        return filter == new AudienceFilter(null, null, null, null, null, null)
            ? new ResolvedAudience.Empty()
            : new ResolvedAudience.ByFilter(filter);
    }

    private static ResolvedAudience.ByPhones? ByPhones(ImmutableArray<string> texts, string defaultRegion)
    {
        var phones = ImmutableArray.CreateBuilder<string>(texts.Length);
        var rejected = ImmutableArray.CreateBuilder<RejectedPhone>();
        var seen = new HashSet<string>();
        for (var i = 0; i < texts.Length; i++)
        {
            switch (PhoneNumbers.Normalize(texts[i], defaultRegion))
            {
                case PhoneResult.Valid valid when seen.Add(valid.E164):
                    phones.Add(valid.E164);
                    break;
                case PhoneResult.Invalid invalid:
                    rejected.Add(new RejectedPhone(i, texts[i], invalid.Reason));
                    break;
            }
        }

        return phones.Count + rejected.Count == 0 ? null : new ResolvedAudience.ByPhones(phones.ToImmutable(), rejected.ToImmutable());
    }
}
