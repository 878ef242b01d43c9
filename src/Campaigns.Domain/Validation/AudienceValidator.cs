namespace Campaigns.Domain.Validation;

/// <summary>The errors of an audience.</summary>
internal static class AudienceValidator
{
    internal static void Add(ErrorList errors, AudienceSpec? audience)
    {
        if (audience is null)
        {
            errors.If(true, "audience", "is required");
            return;
        }

        var ids = audience.ContactIds.IsDefault ? 0 : audience.ContactIds.Length;
        var numbers = audience.PhoneNumbers.IsDefault ? 0 : audience.PhoneNumbers.Length;
        errors.If(ids > CampaignLimits.AudienceSize, "audience.contactIds", $"has more than {CampaignLimits.AudienceSize} ids");
        errors.If(numbers > CampaignLimits.AudienceSize, "audience.phoneNumbers", $"has more than {CampaignLimits.AudienceSize} numbers");
        for (var i = 0; i < Math.Min(numbers, CampaignLimits.AudienceSize); i++)
        {
            errors.Text($"audience.phoneNumbers[{i}]", audience.PhoneNumbers[i], CampaignLimits.FilterText);
        }

        errors.Optional("audience.status", audience.Status, CampaignLimits.FilterText);
        errors.Optional("audience.city", audience.City, CampaignLimits.FilterText);
        errors.Optional("audience.occupation", audience.Occupation, CampaignLimits.FilterText);
        errors.Optional("audience.preferredLanguage", audience.PreferredLanguage, CampaignLimits.FilterText);
        errors.Optional("audience.search", audience.Search, CampaignLimits.FilterText);
        errors.If(IsEmpty(audience), "audience", "is empty: name contacts, numbers or a filter");
    }

    // The same reading as Audience.AudienceRules, which needs the organization's region to go further.
    private static bool IsEmpty(AudienceSpec a) =>
        a.ContactIds.IsDefaultOrEmpty
        && (a.PhoneNumbers.IsDefaultOrEmpty || a.PhoneNumbers.All(string.IsNullOrWhiteSpace))
        && a.MarketingConsent is null
        && new[] { a.Status, a.City, a.Occupation, a.PreferredLanguage, a.Search }.All(string.IsNullOrWhiteSpace);
}
