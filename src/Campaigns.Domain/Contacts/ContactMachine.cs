namespace Campaigns.Domain.Contacts;

/// <summary>The life of one snapshot contact: which moves are legal. Staying where one is is no move.</summary>
public static class ContactMachine
{
    /// <summary>Whether the contact's part in the campaign is over.</summary>
    public static bool IsTerminal(ContactStatus status) =>
        IsResult(status) || status is ContactStatus.Skipped or ContactStatus.Cancelled;

    /// <summary>Whether the contact counts against the caps: from the claim to the terminal event.</summary>
    public static bool IsInFlight(ContactStatus status) => status is ContactStatus.Dispatched or ContactStatus.InProgress;

    /// <summary>Whether the system may move a contact so.</summary>
    public static bool CanMove(ContactStatus from, ContactStatus to) => from switch
    {
        // Claimed, or taken out.
        ContactStatus.Pending => to is ContactStatus.Dispatched or ContactStatus.Skipped or ContactStatus.Cancelled,

        // Placed, given back, settled before the carrier's answer came, or taken out before the dial.
        ContactStatus.Dispatched => to != ContactStatus.Dispatched,

        // Settled, or due again by the retry policy.
        ContactStatus.InProgress =>
            to is ContactStatus.Pending or ContactStatus.Completed or ContactStatus.NoAnswer or ContactStatus.Failed,

        _ => false,
    };

    /// <summary>Whether a person may correct one result into the other: among completed, no answer and failed only.</summary>
    public static bool CanCorrect(ContactStatus from, ContactStatus to) => from != to && IsResult(from) && IsResult(to);

    /// <summary>Insists on a legal move; staying is let through.</summary>
    /// <exception cref="InvalidOperationException">The move is illegal; the message names both statuses.</exception>
    public static void Require(ContactStatus from, ContactStatus to)
    {
        if (from != to && !CanMove(from, to))
        {
            throw new InvalidOperationException(Illegal(from, to));
        }
    }

    internal static bool IsResult(ContactStatus status) =>
        status is ContactStatus.Completed or ContactStatus.NoAnswer or ContactStatus.Failed;

    internal static string Illegal(ContactStatus from, ContactStatus to) =>
        $"A contact that is {from.ToText()} cannot become {to.ToText()}.";
}
