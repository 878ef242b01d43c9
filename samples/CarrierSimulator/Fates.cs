using System.Globalization;
using System.Text;

namespace CarrierSimulator;

/// <summary>One row of the table: the last two digits it covers and what they do.</summary>
public sealed record FateRow(int First, int Last, string Name, string Description, Func<int, DialScript[]> Dials)
{
    public string Digits => First == Last ? $"{First:00}" : $"{First:00}–{Last:00}";
}

/// <summary>The one table that fixes, by the last two digits of the dialled number, what happens.</summary>
public static class Fates
{
    private static readonly DialScript s_tooMany = Refused(DialOutcome.Deferred, ConnectReply.TooManyRequests);
    private static readonly DialScript s_tooManyRetryAfter = Refused(DialOutcome.Deferred, ConnectReply.TooManyRequestsWithRetryAfter);

    public static IReadOnlyList<FateRow> Rows { get; } =
    [
        new(0, 49, "answered", "rings 2–8 s, answers, talks 4–90 s (longer with higher digits)", d => [Usual(d)]),
        new(50, 59, "no-answer", "rings 30 s, nobody answers", _ => [NoAnswer]),
        new(60, 66, "busy", "busy after 2 s", _ => [Busy]),
        new(67, 69, "failed", "the operator cannot place it", _ => [Failed]),
        new(70, 70, "slow ring", "rings 25 s, then answers, talks 20 s", _ => [Answered(25, 20)]),
        new(71, 71, "hangs up at once", "answers and hangs up after 1 s", _ => [Answered(4, 1)]),
        new(72, 72, "rejected", "400, always; no phone rings", _ => [Refused(DialOutcome.Rejected, ConnectReply.BadRequest)]),
        new(73, 73, "429 once", "429 to the first request, then answered", _ => [s_tooMany, Talk]),
        new(74, 74, "429 with Retry-After once", "429 with Retry-After: 5 to the first request, then answered",
            _ => [s_tooManyRetryAfter, Talk]),
        new(75, 75, "500 but placed", "500, yet the call is placed and answered", _ => [Talk with { Reply = ConnectReply.ServerError }]),
        new(76, 76, "500 and not placed", "500, always; no phone rings", _ => [Refused(DialOutcome.NotPlaced, ConnectReply.ServerError)]),
        new(77, 77, "time-out but placed", "no response until the client gives up, yet placed and answered",
            _ => [Talk with { Reply = ConnectReply.Held }]),
        new(78, 78, "200 without Sid", "200 without Sid, yet placed and answered", _ => [Talk with { Reply = ConnectReply.WithoutSid }]),
        new(79, 79, "200 unreadable", "200 with a truncated body, yet placed and answered",
            _ => [Talk with { Reply = ConnectReply.Unreadable }]),
        new(80, 80, "reset but placed", "connection reset without a response, yet placed and answered",
            _ => [Talk with { Reply = ConnectReply.Reset }]),
        new(81, 81, "callbacks before the response", "answers at once, talks 1 s; the response comes after the last callback",
            _ => [Answered(0, 1) with { Reply = ConnectReply.AfterCallbacks }]),
        new(82, 82, "callbacks lost", "answered; no callback is ever sent", _ => [Talk with { Callbacks = CallbackHabit.Lost }]),
        new(83, 83, "terminal callback lost", "answered; the terminal callback is never sent",
            _ => [Talk with { Callbacks = CallbackHabit.TerminalLost }]),
        new(84, 84, "callbacks doubled", "answered; every callback is sent twice", _ => [Talk with { Callbacks = CallbackHabit.Doubled }]),
        new(85, 85, "terminal callback late", "answered; the terminal callback comes 20 s after the end",
            _ => [Talk with { Callbacks = CallbackHabit.TerminalLate }]),
        new(86, 86, "callbacks out of order", "answered; the terminal callback comes first, then the answered one",
            _ => [Talk with { Callbacks = CallbackHabit.OutOfOrder }]),
        new(87, 87, "unknown status first", "answered; a callback with an unknown status comes before the terminal one",
            _ => [Talk with { Callbacks = CallbackHabit.UnknownFirst }]),
        new(88, 88, "ringing callbacks", "answered; two ringing callbacks come first, asked for or not",
            _ => [Talk with { Callbacks = CallbackHabit.Ringing }]),
        new(89, 89, "canceled", "rings 5 s, then is canceled", _ => [new(DialOutcome.Canceled, Seconds(5), default)]),
        new(90, 90, "busy, then answered", "busy the first time, answered from the second dial on", _ => [Busy, Talk]),
        new(91, 91, "no-answer twice, then answered", "nobody answers twice, answered from the third dial on",
            _ => [NoAnswer, NoAnswer, Talk]),
        new(92, 92, "failed, then answered", "fails the first time, answered from the second dial on", _ => [Failed, Talk]),
        new(93, 93, "no-answer, callbacks lost", "nobody answers and no callback is ever sent",
            _ => [NoAnswer with { Callbacks = CallbackHabit.Lost }]),
        new(94, 94, "500 but placed, busy", "500, yet placed; the callee is busy", _ => [Busy with { Reply = ConnectReply.ServerError }]),
        new(95, 95, "time-out but placed, no-answer", "no response until the client gives up, yet placed; nobody answers",
            _ => [NoAnswer with { Reply = ConnectReply.Held }]),
        new(96, 96, "500 but placed, callbacks lost", "500, yet placed and answered; only a look-up by number finds it",
            _ => [Talk with { Reply = ConnectReply.ServerError, Callbacks = CallbackHabit.Lost }]),
        new(97, 97, "reset and not placed", "connection reset without a response; no phone rings",
            _ => [Refused(DialOutcome.NotPlaced, ConnectReply.Reset)]),
        new(98, 98, "failed, callbacks doubled", "fails; every callback is sent twice",
            _ => [Failed with { Callbacks = CallbackHabit.Doubled }]),
        new(99, 99, "long talker", "answers and talks 600 s unless TimeLimit ends it", _ => [Answered(3, 600)]),
    ];

    private static readonly Fate[] s_byDigits =
    [
        .. from row in Rows
           from digits in Enumerable.Range(row.First, row.Last - row.First + 1)
           select new Fate(digits, row.Name, row.Description, row.Dials(digits)),
    ];

    private static DialScript Talk => Answered(4, 12);

    private static DialScript NoAnswer => new(DialOutcome.NoAnswer, Seconds(30), default);

    private static DialScript Busy => new(DialOutcome.Busy, default, default);

    private static DialScript Failed => new(DialOutcome.Failed, default, default);

    /// <summary>The fate of a number, in any notation that ends in its last two digits.</summary>
    public static Fate For(string number)
    {
        ArgumentNullException.ThrowIfNull(number);
        return number.Length >= 2 && int.TryParse(
            number.AsSpan(number.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var digits)
            ? s_byDigits[digits]
            : throw new ArgumentException("A phone number ends in two digits.", nameof(number));
    }

    /// <summary>The name the carrier gives to an outcome, or our own for those it never sees.</summary>
    public static string Wire(this DialOutcome outcome) => outcome switch
    {
        DialOutcome.Completed => "completed",
        DialOutcome.NoAnswer => "no-answer",
        DialOutcome.Busy => "busy",
        DialOutcome.Failed => "failed",
        DialOutcome.Canceled => "canceled",
        DialOutcome.Rejected => "rejected",
        DialOutcome.Deferred => "deferred",
        DialOutcome.NotPlaced => "not-placed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    /// <summary>The table as Markdown, as the README shows it.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder("| Last two digits | Name | What happens | Outcome per request |\n| --- | --- | --- | --- |\n");
        foreach (var row in Rows)
        {
            var outcomes = string.Join(", ", row.Dials(row.First).Select(d => d.Outcome.Wire()));
            text.Append(CultureInfo.InvariantCulture, $"| {row.Digits} | {row.Name} | {row.Description} | {outcomes} |\n");
        }

        return text.ToString();
    }

    private static DialScript Usual(int digits) => Answered(2 + (digits % 7), 4 + (digits * 86 / 49));

    private static DialScript Answered(int ring, int talk) => new(DialOutcome.Completed, Seconds(ring), Seconds(talk));

    private static DialScript Refused(DialOutcome outcome, ConnectReply reply) => new(outcome, default, default) { Reply = reply };

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
