using Campaigns.Grains;
using Campaigns.Stores;

namespace Campaigns.Domain.Contacts;

/// <summary>A person's correction of a result.</summary>
internal static class Corrections
{
    private const int LongestNote = 2_000;
    private const int LongestDisposition = 200;

    internal static ContactDecision Decide(ContactRecord contact, DispositionCorrection correction, DateTimeOffset now)
    {
        if (Problem(correction) is { } problem)
        {
            return new ContactDecision.Refuse(problem);
        }

        var same = contact.Status == correction.Status && ContactMachine.IsResult(contact.Status);
        if (!same && !ContactMachine.CanCorrect(contact.Status, correction.Status))
        {
            var illegal = ContactMachine.Illegal(contact.Status, correction.Status);
            return new ContactDecision.Refuse($"{illegal} A person corrects among COMPLETED, NO_ANSWER and FAILED only.");
        }

        var (disposition, note) = (Text.NullIfBlank(correction.Disposition), Text.NullIfBlank(correction.Note));
        if (same && disposition is null && note is null)
        {
            return new ContactDecision.Ignore($"The contact is already {contact.Status.ToText()}.");
        }

        return new ContactDecision.Apply(new ContactChange
        {
            ContactId = contact.Id,
            ExpectedVersion = contact.Version,
            From = contact.Status,
            To = correction.Status,
            Disposition = disposition,
            Reason = note ?? $"corrected from {contact.Status.ToText()}",
            At = now,
            Decision = DecisionKind.Corrected,
            By = correction.By.Trim(),
        });
    }

    private static string? Problem(DispositionCorrection correction) => correction switch
    {
        { By: var by } when string.IsNullOrWhiteSpace(by) => "A correction names who makes it.",
        { Note.Length: > LongestNote } => $"The note is longer than {LongestNote} characters.",
        { Disposition.Length: > LongestDisposition } => $"The disposition is longer than {LongestDisposition} characters.",
        _ => Text.Problem(correction.Note) ?? Text.Problem(correction.Disposition) ?? Text.Problem(correction.By),
    };
}
