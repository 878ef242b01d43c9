using System.Globalization;
using Campaigns.Calls;
using Campaigns.Domain.Windows;

namespace Campaigns.Domain.Prompts;

/// <summary>The part of a prompt that says what is known of the person from before.</summary>
internal static class MemoryBlock
{
    /// <summary>Most characters of what is remembered, facts and digests together.</summary>
    internal const int Longest = 4_000;

    // A digest may have 2,000 characters: this leaves room for the newest one whatever there is of facts.
    private const int LongestFactsBesideCalls = 1_900;
    private const int LongestName = 200;
    private const int LongestKey = 60;
    private const int LongestValue = 300;
    private const int LongestDigest = 2_000;

    /// <summary>The block; empty when nothing is known, not even a name.</summary>
    internal static string Build(CallBrief brief, TimeZoneInfo zone, DateTimeOffset now)
    {
        var (facts, calls) = (Facts(brief, CallingWindows.Day(zone, now)), new DataBlock(Longest));
        var room = Longest - facts.Length;
        foreach (var call in brief.PastCalls.OrderByDescending(c => c.At))
        {
            var line = Digest(call, zone);
            if (line is null || line.Length + 1 > room || !calls.Add(line))
            {
                break;
            }

            room -= line.Length + 1;
        }

        return string.Join("\n\n", new[] { Section("What you know", facts), Section("Earlier calls", calls) }.Where(s => s.Length > 0));
    }

    private static string Section(string title, DataBlock block) => block.IsEmpty ? "" : $"## {title}\n{block}";

    private static DataBlock Facts(CallBrief brief, DateOnly today)
    {
        var block = new DataBlock(brief.PastCalls.IsDefaultOrEmpty ? Longest : LongestFactsBesideCalls);
        if (DataText.Clean(brief.ContactName, LongestName) is { Length: > 0 } name)
        {
            block.Add($"name: {name}");
        }

        var inForce = brief.Facts
            .Where(f => f.ValidUntil is not { } until || until >= today)
            .OrderByDescending(f => f.Confidence).ThenByDescending(f => f.LearnedAt).ThenBy(f => f.Key, StringComparer.Ordinal);
        foreach (var fact in inForce)
        {
            var (key, value) = (DataText.Clean(fact.Key.Replace(':', ' '), LongestKey), DataText.Clean(fact.Value, LongestValue));
            if (key.Length > 0 && value.Length > 0 && !block.Add($"- {key}: {value}"))
            {
                break;
            }
        }

        return block;
    }

    private static string? Digest(PastCall call, TimeZoneInfo zone)
    {
        var day = CallingWindows.Day(zone, call.At).ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
        return DataText.Clean(call.Summary, LongestDigest) is { Length: > 0 } summary ? $"On {day}: {summary}" : null;
    }
}
