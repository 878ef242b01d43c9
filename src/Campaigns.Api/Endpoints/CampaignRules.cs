using System.Collections.Frozen;
using Campaigns.Api.Input;
using Campaigns.Domain.Audience;
using Campaigns.Domain.Validation;
using Campaigns.Stores;

namespace Campaigns.Api.Endpoints;

/// <summary>What a campaign must satisfy to be written: the domain's rules, and that everybody and every field it names exists.</summary>
internal static class CampaignRules
{
    internal static async Task CheckAsync(
        CampaignSpec spec,
        OrganizationRecord organization,
        IAudienceStore audiences,
        IContactDirectory contacts,
        DateTimeOffset now,
        Errors errors,
        CancellationToken cancellationToken)
    {
        // The names of all fields are read from every contact: only for a campaign that names one.
        IReadOnlySet<string> fields = NamesFields(spec) ? await contacts.ContextFieldsAsync(organization.Id, cancellationToken) : FrozenSet<string>.Empty;
        errors.AddAll(CampaignSpecValidator.Validate(spec, now, fields));
        if (errors.Any)
        {
            return;
        }

        switch (AudienceRules.Resolve(spec.Audience, organization.DefaultRegion))
        {
            case ResolvedAudience.ByPhones { Rejected: { IsEmpty: false } rejected }:
                errors.AddAll(rejected.Select(text => new ValidationError($"audience.phoneNumbers[{text.Position}]", $"is no phone number: it {text.Reason}")));
                break;
            case ResolvedAudience.ByIds ids:
                var unknown = (await audiences.FindUnknownAsync(organization.Id, ids.Ids, cancellationToken)).ToHashSet();
                errors.AddAll(spec.Audience.ContactIds
                    .Select((id, index) => (id, index))
                    .Where(entry => unknown.Contains(entry.id))
                    .Select(entry => new ValidationError($"audience.contactIds[{entry.index}]", "is no contact of this organization")));
                break;
        }
    }

    private static bool NamesFields(CampaignSpec spec)
        => new[] { spec.Instructions, spec.Voice.MachineMessage, spec.Voice.ScreenerMessage }.Any(text => text?.Contains("{{", StringComparison.Ordinal) == true);
}
