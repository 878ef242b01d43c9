namespace Campaigns.Simulation.Virtual;

/// <summary>Chance from a seed (splitmix64): the same on every machine and runtime.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to one less than the bound.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    public int Between(int least, int most) => least + Below(most - least + 1);

    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => probability > 0 && Share() < probability;

    public TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(Between(least, most));

    public TimeSpan Seconds(double least, double most) => TimeSpan.FromTicks((long)((least + (Share() * (most - least))) * 1000) * TimeSpan.TicksPerMillisecond);

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    public Guid Guid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Next());
        BitConverter.TryWriteBytes(bytes[8..], Next());
        return new Guid(bytes);
    }
}
