using Campaigns.Api.Input;
using Campaigns.Domain.Import;
using Campaigns.Stores;

namespace Campaigns.Api.Endpoints;

/// <summary>Reads a contact written by hand by the very rules of an imported row.</summary>
internal static class ContactBodyRules
{
    private static readonly ColumnMapping Mapping = ColumnMapping.From(
        ["name", "phone", "email", "status", "city", "occupation", "preferredLanguage", "timeZone"]) is MappingResult.Good good
        ? good.Mapping
        : throw new InvalidOperationException("The members of a contact are no columns of an import.");

    /// <summary>The contact with its phone normalised, or the contact as given while <paramref name="errors"/> says what is wrong.</summary>
    internal static NewContact Check(NewContact contact, string defaultRegion, Errors errors)
    {
        CheckContext(contact, errors);
        string[] cells =
        [
            contact.Name, contact.Phone ?? "", contact.Email ?? "", contact.Status ?? "", contact.City ?? "", contact.Occupation ?? "",
            contact.PreferredLanguage ?? "", contact.TimeZone ?? "",
        ];
        switch (ContactRowRules.Read(cells, Mapping, defaultRegion))
        {
            case RowResult.Good { Contact: var row }:
                return row with { MarketingConsent = contact.MarketingConsent, Context = contact.Context };
            case RowResult.Bad bad:
                foreach (var problem in bad.Problems)
                {
                    errors.Add(problem.Column.Length > 0 ? problem.Column : "body", problem.Reason);
                }

                break;
        }

        return contact;
    }

    private static void CheckContext(NewContact contact, Errors errors)
    {
        errors.If(contact.Context.Count > ColumnMapping.MaxColumns, "context", $"has more than {ColumnMapping.MaxColumns} members");
        errors.If(
            contact.Context.Keys.Any(name => string.IsNullOrWhiteSpace(name) || name.Length > ColumnMapping.MaxHeader),
            "context",
            $"has a name that is blank or longer than {ColumnMapping.MaxHeader} characters");
        foreach (var (name, _) in contact.Context.Where(pair => pair.Value.Length > ContactRowRules.MaxCell))
        {
            errors.Add($"context.{name}", $"is longer than {ContactRowRules.MaxCell} characters");
        }
    }
}
