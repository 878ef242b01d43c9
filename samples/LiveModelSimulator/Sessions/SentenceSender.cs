namespace LiveModelSimulator;

/// <summary>Which message of a sentence is sent when.</summary>
internal sealed class SentenceSender(SpokenLine line, TurnFaults faults, TimeSpan begun)
{
    /// <summary>Messages due within this time go together, which spares timers.</summary>
    private static readonly TimeSpan s_granularity = TimeSpan.FromMilliseconds(20);

    private int _next;

    public SpokenLine Line => line;

    /// <summary>True from the middle of the sentence on.</summary>
    public bool Halfway => _next * 2 >= line.Frames.Count;

    /// <summary>When the next message is due; null when all are sent.</summary>
    public TimeSpan? Due => _next < line.Frames.Count ? begun + faults.Release(line.Frames[_next].StartMs) + s_granularity : null;

    /// <summary>The next message if it is due, else null.</summary>
    public SpokenFrame? Next(TimeSpan now) =>
        _next < line.Frames.Count && begun + faults.Release(line.Frames[_next].StartMs) <= now ? line.Frames[_next++] : null;
}
