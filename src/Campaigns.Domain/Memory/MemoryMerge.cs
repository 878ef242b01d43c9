using System.Collections.Immutable;
using Campaigns.Calls;
using Campaigns.Domain.Prompts;
using Campaigns.LiveModel;
using Campaigns.Stores;

namespace Campaigns.Domain.Memory;

/// <summary>Decides what a conversation changes in what is known of a person.</summary>
public static class MemoryMerge
{
    /// <summary>Less certain than this, a fact is not kept.</summary>
    public const double LeastConfidence = 0.4;

    /// <summary>A contradiction this much less certain than what is known changes nothing.</summary>
    public const double MuchLess = 0.3;

    /// <summary>Facts in force of one person. A new one beyond it is not added: what was learned first is not forgotten for it.</summary>
    public const int MostFacts = 50;

    private const int LongestValue = 300;

    /// <summary>
    /// Said again: confirmed, and more certain than before. Contradicted: superseded, unless the contradiction is much less certain. New:
    /// added, the most certain first as long as there is room. Of several facts with one key the most certain holds, and of those the one said
    /// last. Facts that have expired make room for whatever takes their key, and do not count.
    /// </summary>
    /// <param name="inForce">What is known: one fact per key.</param>
    /// <param name="found">What the conversation brought.</param>
    /// <param name="now">When, to tell which facts have expired.</param>
    /// <returns>Valid changes: each id once, indexes within the added facts, keys as stores take them.</returns>
    public static FactChanges Decide(ImmutableArray<MemoryFact> inForce, ImmutableArray<ExtractedFact> found, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var known = (inForce.IsDefault ? [] : inForce).GroupBy(f => MemoryKey.Of(f.Key), StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.OrderByDescending(f => f.LearnedAt).First(), StringComparer.Ordinal);
        var room = MostFacts - known.Values.Count(f => !IsOver(f.ValidUntil, today));
        var changes = new Changes();
        foreach (var fact in Best(found.IsDefault ? [] : found, today))
        {
            if (!known.TryGetValue(fact.Key, out var old))
            {
                room -= changes.Add(fact, null, room > 0);
            }
            else if (IsOver(old.ValidUntil, today))
            {
                room -= changes.Add(fact, old, room > 0);
            }
            else if (MemoryKey.SameValue(old.Value, fact.Value) && old.ValidUntil == (fact.ValidUntil ?? old.ValidUntil))
            {
                changes.Confirm(old, fact.Confidence);
            }
            else if (fact.Confidence > old.Confidence - MuchLess)
            {
                // The place of the one it replaces is free.
                changes.Add(fact, old, isRoom: true);
            }
        }

        return changes.ToResult();
    }

    /// <summary>The confidence of a fact that was said again: what doubt each leaves, both leave together.</summary>
    internal static double Raised(double before, double again) =>
        Math.Round(Math.Min(0.99, Math.Max(before, 1 - ((1 - Unit(before)) * (1 - (Unit(again) / 2))))), 4);

    private static IEnumerable<ExtractedFact> Best(ImmutableArray<ExtractedFact> found, DateOnly today) => found
        .Where(f => f is not null && f.Confidence >= LeastConfidence && !IsOver(f.ValidUntil, today))
        .Select(f => f with { Key = MemoryKey.Of(f.Key), Value = DataText.Clean(f.Value, LongestValue), Confidence = Unit(f.Confidence) })
        .Where(f => f.Key.Length > 0 && f.Value.Length > 0)
        .GroupBy(f => f.Key, StringComparer.Ordinal)
        .Select(g => g.OrderByDescending(f => f.Confidence).ThenByDescending(f => f.EvidenceTurn).First())
        .OrderByDescending(f => f.Confidence).ThenBy(f => f.EvidenceTurn).ThenBy(f => f.Key, StringComparer.Ordinal);

    private static bool IsOver(DateOnly? until, DateOnly today) => until < today;

    private static double Unit(double confidence) => double.IsNaN(confidence) ? 0 : Math.Clamp(confidence, 0, 1);

    private sealed class Changes
    {
        private readonly ImmutableArray<ExtractedFact>.Builder _add = ImmutableArray.CreateBuilder<ExtractedFact>();
        private readonly ImmutableDictionary<Guid, int>.Builder _superseded = ImmutableDictionary.CreateBuilder<Guid, int>();
        private readonly ImmutableDictionary<Guid, double>.Builder _confirmed = ImmutableDictionary.CreateBuilder<Guid, double>();

        // How many places it takes.
        internal int Add(ExtractedFact fact, MemoryFact? old, bool isRoom)
        {
            if (!isRoom)
            {
                return 0;
            }

            if (old is not null)
            {
                _superseded[old.Id] = _add.Count;
            }

            _add.Add(fact);
            return 1;
        }

        internal void Confirm(MemoryFact fact, double again) => _confirmed[fact.Id] = Raised(fact.Confidence, again);

        internal FactChanges ToResult() => new(_add.ToImmutable(), _superseded.ToImmutable(), _confirmed.ToImmutable());
    }
}
