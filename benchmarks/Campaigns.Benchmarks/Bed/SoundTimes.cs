using System.Text.Json;
using System.Text.RegularExpressions;

namespace Campaigns.Benchmarks.Bed;

/// <summary>
/// Latency as the simulators see it: from the first audible message of one to the first audible message at the other, by the machine's clock.
/// Calls are told by the five digits that are in the person's number and in the agent's prompt.
/// </summary>
internal static partial class SoundTimes
{
    // A sound that comes later than this was not that one.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1.5);

    /// <summary>Milliseconds of every sound that was sent after a moment and came, towards the model and towards the person.</summary>
    public static (double[] ToModel, double[] ToPerson) Match(JsonElement carrier, JsonElement model, DateTimeOffset from)
    {
        var people = carrier.EnumerateArray()
            .Where(e => e.TryGetProperty("conversation", out var c) && c.ValueKind == JsonValueKind.Object)
            .ToDictionary(e => e.GetProperty("number").GetString()![4..9], e => e.GetProperty("conversation"), StringComparer.Ordinal);
        var (up, down) = (new List<double>(), new List<double>());
        foreach (var agent in model.GetProperty("sessions").EnumerateArray())
        {
            if (agent.GetProperty("prompt").GetString() is { } prompt && Caller().Match(prompt) is { Success: true } caller
                && people.TryGetValue(caller.Groups["digits"].Value, out var person))
            {
                up.AddRange(Pair(person.GetProperty("soundsSent"), agent.GetProperty("soundsReceived"), from));
                down.AddRange(Pair(agent.GetProperty("soundsSent"), person.GetProperty("soundsReceived"), from));
            }
        }

        return ([.. up], [.. down]);
    }

    private static IEnumerable<double> Pair(JsonElement sent, JsonElement received, DateTimeOffset from)
    {
        var sounds = new Stack<DateTimeOffset>(Times(sent).Where(t => t >= from).Reverse());
        foreach (var came in Times(received))
        {
            DateTimeOffset? left = null;
            while (sounds.TryPeek(out var next) && next <= came)
            {
                left = sounds.Pop();
            }

            if (left is { } at && came - at <= Most)
            {
                yield return (came - at).TotalMilliseconds;
            }
        }
    }

    private static IEnumerable<DateTimeOffset> Times(JsonElement list) => list.EnumerateArray().Select(t => t.GetDateTimeOffset());

    [GeneratedRegex("Caller (?<digits>[0-9]{5})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Caller();
}
