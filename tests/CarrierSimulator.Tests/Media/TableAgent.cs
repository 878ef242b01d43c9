using System.Text.RegularExpressions;

namespace CarrierSimulator.Tests;

/// <summary>An agent that greets, answers by a table, clears when it is talked over, and closes after a goodbye was played.</summary>
internal static partial class TableAgent
{
    public static async Task RunAsync(AgentSession session, Func<string, Task> whenBeeped)
    {
        await session.Started;
        var (said, waiting) = (0, "");
        session.SpeechStarted = () =>
        {
            if (Interlocked.Exchange(ref waiting, "").Length > 0)
            {
                _ = session.SendClearAsync();
            }
        };
        await SayAsync("Hello Priya.");
        while (await session.HearAsync() is { } heard)
        {
            if (Machine().IsMatch(heard.Text))
            {
                await whenBeeped(session.Start.GetProperty("call_sid").GetString()!);
                await SayAsync("Please call us back. Goodbye.");
            }
            else if (heard.Complete)
            {
                await SayAsync(Answer(heard.Text));
            }
        }

        async Task SayAsync(string text)
        {
            var mark = $"mark-{++said}";
            waiting = mark;
            await session.SayAsync(text);
            await session.SendMarkAsync(mark);
            if (text.Contains("Goodbye", StringComparison.Ordinal))
            {
                await session.WhenMarkAsync(mark);
                await session.CloseAsync();
            }
            else
            {
                _ = ForgetAsync(mark);
            }
        }

        async Task ForgetAsync(string mark)
        {
            try
            {
                await session.WhenMarkAsync(mark);
                Interlocked.CompareExchange(ref waiting, "", mark);
            }
            catch (TimeoutException)
            {
                // A clear took the mark, or the call ended.
            }
        }
    }

    private static string Answer(string heard) => heard switch
    {
        "yes, speaking" or "hello" => "Will you renew this year?",
        "yes, I will renew" => "Thank you. Goodbye.",
        "no, not interested" => "Thank you for your time. Goodbye.",
        "call me Tuesday at four" => "I will call you Tuesday, 24 November, 4 pm. Goodbye.",
        "do not call me again" => "You will not be called again. Goodbye.",
        "my birthday month is March" => "Noted, March. Will you renew this year?",
        "say your name and why you call" => "Asha, about your policy.",
        _ => "Sorry, could you repeat that?",
    };

    [GeneratedRegex("after the tone|beep ke baad", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Machine();
}
