using System.Globalization;
using Campaigns;
using Quickstart.Operate;

namespace Quickstart.Show;

/// <summary>One conversation in words, and where it can be heard.</summary>
internal static class Transcript
{
    /// <param name="screen">Where it is shown.</param>
    /// <param name="sample">The conversation.</param>
    /// <param name="recording">Where its recording lies.</param>
    public static void Print(Screen screen, SampleCall sample, string recording)
    {
        var call = sample.Call;
        var fields = string.Concat(call.DispositionFields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $", {f.Key} {f.Value}"));
        screen.Say();
        screen.Say($"One of the conversations: {sample.Name}, {call.Disposition}{fields}   (seconds since the answer)");
        foreach (var turn in sample.Turns)
        {
            var at = (turn.StartedAt - call.Conversation!.BegunAt).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
            var said = turn.Interrupted ? $"{turn.HeardText} ... (cut off)" : turn.Text;
            screen.Say($"  {at,5}  {(turn.Speaker == Speaker.Agent ? "agent" : "person"),-6}  {said}");
        }

        if (sample.Digest is { } digest)
        {
            screen.Say($"  Digest     {digest}");
        }

        screen.Say($"  Recording  {recording}");
    }
}
