using Campaigns;
using Campaigns.Stores;
using CarrierSimulator;
using Quickstart.Operate;

namespace Quickstart.Judge;

/// <summary>Compares where every contact stands with what its number promises.</summary>
/// <param name="campaign">The campaign's rules.</param>
/// <param name="doNotCall">The organization's do-not-call list.</param>
/// <param name="ledger">What the carrier saw.</param>
/// <param name="sessions">The campaign's calls.</param>
/// <param name="interrupted">
/// The process was stopped in mid-campaign. Then, and only then, a dial may have been cut off, and attempts been spoiled and made again.
/// </param>
internal sealed class OutcomeJudge(
    CampaignView campaign,
    IReadOnlyList<DoNotCallEntry> doNotCall,
    IReadOnlyList<LedgerEntry> ledger,
    IReadOnlyList<SessionDetails> sessions,
    bool interrupted)
{
    private const string FromCall = "CALL";

    private readonly Dictionary<string, string> _blocked = doNotCall.ToDictionary(e => e.Phone, e => e.Source, StringComparer.Ordinal);
    private readonly Dictionary<string, int> _dials = ledger.Where(e => e.Placed).CountBy(e => e.Number).ToDictionary(StringComparer.Ordinal);

    private readonly Dictionary<Guid, int> _spoiled = sessions
        .Where(s => s.Outcome is CallOutcome.InterruptedByUs or CallOutcome.ModelUnavailable)
        .CountBy(s => s.CampaignContactId ?? Guid.Empty)
        .ToDictionary();

    /// <summary>Every contact that stands elsewhere, in words.</summary>
    public IReadOnlyList<string> Mismatches(IEnumerable<CampaignContactDetails> contacts) =>
        [.. contacts.Where(c => !IsKept(c) && !IsCutOff(c)).Select(Describe)];

    /// <summary>
    /// Contacts whose call was cut off by the end of the process at a moment of which nobody can tell afterwards: before the carrier had the dial
    /// (recorded as unknown), or so soon after the answer that the carrier reports a call that the person hung up at once. Neither is dialled
    /// again.
    /// </summary>
    public IReadOnlyList<string> CutOff(IEnumerable<CampaignContactDetails> contacts) =>
        [.. contacts.Where(c => !IsKept(c) && IsCutOff(c)).Select(Describe)];

    private bool IsKept(CampaignContactDetails contact)
    {
        var optsOut = Talk.With(contact.Phone, campaign).OptsOut;
        var isOptedOut = _blocked.GetValueOrDefault(contact.Phone) == FromCall;
        var spoiled = interrupted ? _spoiled.GetValueOrDefault(contact.Id) : 0;
        if (optsOut && isOptedOut && spoiled > 0 && contact.Status == ContactStatus.Skipped)
        {
            // The opt-out was durable before the process ended with the call, so nobody called again.
            return contact.Attempts == spoiled;
        }

        var promise = PromiseOf(contact);
        var isMet = contact.Status == promise.Status
            && contact.Outcome == promise.Outcome?.ToText()
            && contact.Disposition == promise.Disposition
            && (!optsOut || isOptedOut || contact.Outcome != CallOutcome.Completed.ToText());

        // Who was promised a callback may have had it, and asked for another.
        return isMet && (promise.Status == ContactStatus.Pending
            ? contact.Attempts >= promise.Attempts + spoiled
            : contact.Attempts == promise.Attempts + spoiled);
    }

    private bool IsCutOff(CampaignContactDetails contact) => interrupted && (IsUnknown(contact) || IsUnheard(contact));

    private bool IsUnknown(CampaignContactDetails contact) =>
        contact.Status == ContactStatus.Failed
        && contact.Outcome == CallOutcome.Unknown.ToText()
        && _dials.GetValueOrDefault(contact.Phone) < contact.Attempts;

    private bool IsUnheard(CampaignContactDetails contact) =>
        contact.Status == ContactStatus.Completed
        && contact.Outcome == CallOutcome.Completed.ToText()
        && sessions.Where(s => s.CampaignContactId == contact.Id).MaxBy(s => s.Attempt) is { Outcome: CallOutcome.Completed, Conversation: null };

    // Whom an operator has put on the list is not called; who asked for it in a call was.
    private Promise PromiseOf(CampaignContactDetails contact) =>
        _blocked.TryGetValue(contact.Phone, out var source) && source != FromCall ? Promise.NotCalled : Promise.For(contact.Phone, campaign);

    private string Describe(CampaignContactDetails contact)
    {
        var promise = PromiseOf(contact);
        return $"{contact.Phone} ({Fates.For(contact.Phone).Name}; {People.RowFor(contact.Phone).Name}) is {contact.Status.ToText()} after"
            + $" {contact.Attempts} attempts ({contact.Outcome ?? "no outcome"}, {contact.Disposition ?? "no result"}: {contact.Reason});"
            + $" promised is {promise.Status.ToText()} after {promise.Attempts}"
            + $" ({promise.Outcome?.ToText() ?? "no outcome"}, {promise.Disposition ?? "no result"}).";
    }
}
