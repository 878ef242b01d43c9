using Campaigns.Testing;
using CarrierSimulator;

namespace Campaigns.Chaos.Bed;

/// <summary>One running campaign of the run, known at the carrier by the first digits of its numbers.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Round">The round it was made for.</param>
/// <param name="Seed">Its rows.</param>
public sealed record ChaosCampaign(int Number, int Round, CampaignSeed Seed)
{
    public const int Size = 12;

    // Their answers are held back, their callbacks lost, doubled, out of order or ahead of the answer.
    private static readonly Dictionary<int, int> Fates = new() { [1] = 77, [3] = 82, [5] = 77, [6] = 84, [8] = 86, [9] = 77, [10] = 81 };

    public string Prefix => PrefixOf(Number);

    public bool Calls(LedgerEntry dial) => dial.Number.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>People who say a sentence or two; some whose dials go wrong.</summary>
    public static string[] Numbers(int campaign) =>
    [
        .. Enumerable.Range(0, Size).Select(i => $"{PrefixOf(campaign)}{i:00}{(i % 3 == 0 ? "00" : "10")}{Fates.GetValueOrDefault(i, i):00}"),
    ];

    private static string PrefixOf(int campaign) => $"+919{campaign:000}";
}
