namespace Campaigns.Testing;

/// <summary>What code allocates in its steady state.</summary>
public static class Allocation
{
    private const int Rounds = 8;

    /// <summary>
    /// Bytes that the calling thread allocated in the cheapest of several rounds. What a round costs, every round costs; that a method was
    /// compiled anew, a lock was waited for or the collector took the thread's allocation context in the middle is no round's cost.
    /// </summary>
    /// <param name="round">Runs on the calling thread; run once before anything counts.</param>
    public static long OfRound(Action round)
    {
        round();
        var least = long.MaxValue;
        for (var i = 0; i < Rounds && least != 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
