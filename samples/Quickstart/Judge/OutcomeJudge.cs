using Campaigns;
using Campaigns.Stores;
using CarrierSimulator;

namespace Quickstart.Judge;

/// <summary>Compares where every contact stands with what its number promises.</summary>
internal sealed class OutcomeJudge(RetryPolicy retry, IReadOnlySet<string> doNotCall, IReadOnlyList<LedgerEntry> ledger, bool interrupted)
{
    private readonly Dictionary<string, int> _dials = ledger.Where(e => e.Placed).CountBy(e => e.Number).ToDictionary(StringComparer.Ordinal);

    /// <summary>Every contact that stands elsewhere, in words.</summary>
    public IReadOnlyList<string> Mismatches(IEnumerable<CampaignContactDetails> contacts) =>
        [.. contacts.Where(c => !IsKept(c) && !IsCutOff(c)).Select(Describe)];

    /// <summary>Contacts whose dial was cut off by the end of the process before the carrier had it: recorded as unknown, never dialled again.</summary>
    public IReadOnlyList<string> CutOff(IEnumerable<CampaignContactDetails> contacts) =>
        [.. contacts.Where(c => !IsKept(c) && IsCutOff(c)).Select(Describe)];

    private bool IsKept(CampaignContactDetails contact)
    {
        var promise = PromiseOf(contact);
        return contact.Status == promise.Status && contact.Attempts == promise.Attempts;
    }

    private bool IsCutOff(CampaignContactDetails contact) =>
        interrupted
        && contact.Status == ContactStatus.Failed
        && contact.Outcome == CallOutcome.Unknown.ToText()
        && _dials.GetValueOrDefault(contact.Phone) < contact.Attempts;

    private Promise PromiseOf(CampaignContactDetails contact) =>
        doNotCall.Contains(contact.Phone) ? new Promise(ContactStatus.Skipped, 0) : Promise.For(contact.Phone, retry);

    private string Describe(CampaignContactDetails contact)
    {
        var promise = PromiseOf(contact);
        return $"{contact.Phone} ({Fates.For(contact.Phone).Name}) is {contact.Status.ToText()} after {contact.Attempts} attempts"
            + $" ({contact.Outcome ?? "no outcome"}: {contact.Reason}); promised is {promise.Status.ToText()} after {promise.Attempts}.";
    }
}
