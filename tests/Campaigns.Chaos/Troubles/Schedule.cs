namespace Campaigns.Chaos.Troubles;

/// <summary>
/// What comes when, drawn from a seed: every kind of trouble once in some order, then any. The order and the waits come again with the seed; what the
/// processes are doing at that moment does not.
/// </summary>
public sealed class Schedule(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Queue<Trouble> _once = new();
    private bool _begun;

    /// <summary>The next round.</summary>
    public RoundPlan Next()
    {
        if (!_begun)
        {
            var kinds = Enum.GetValues<Trouble>();
            _random.Shuffle(kinds);
            foreach (var kind in kinds)
            {
                _once.Enqueue(kind);
            }

            _begun = true;
        }

        var trouble = _once.TryDequeue(out var first) ? first : (Trouble)_random.Next(Enum.GetValues<Trouble>().Length);
        return new RoundPlan(
            trouble,
            Before: TimeSpan.FromMilliseconds(_random.Next(1500)),
            PastLease: TimeSpan.FromMilliseconds(500 + _random.Next(4000)),
            Away: TimeSpan.FromMilliseconds(_random.Next(100, 4000)),
            Choice: _random.Next());
    }
}

/// <summary>One round as it was drawn.</summary>
/// <param name="Trouble">What is done.</param>
/// <param name="Before">A wait before it, so that it comes at any phase of the hosts' own periods.</param>
/// <param name="PastLease">How long a host stays stopped after its lease has run out.</param>
/// <param name="Away">How long the database is away.</param>
/// <param name="Choice">Which of those it could happen to.</param>
public sealed record RoundPlan(Trouble Trouble, TimeSpan Before, TimeSpan PastLease, TimeSpan Away, int Choice);
