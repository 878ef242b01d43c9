namespace Campaigns.Simulation.Virtual;

/// <summary>Something that runs code and may stand still or die: a silo's process.</summary>
internal abstract class Process(string name, int number)
{
    private readonly List<Ready> _parked = [];

    public string Name { get; } = name;

    /// <summary>The how manieth process of the run.</summary>
    public int Number { get; } = number;

    public bool IsDead { get; private set; }

    public bool IsFrozen { get; private set; }

    /// <summary>Keeps what became ready while the process stands still.</summary>
    public void Park(Ready item) => _parked.Add(item);

    public void Freeze() => IsFrozen = !IsDead;

    /// <summary>What became ready meanwhile is ready now.</summary>
    public IReadOnlyList<Ready> Thaw()
    {
        IsFrozen = false;
        Ready[] woken = [.. _parked];
        _parked.Clear();
        return woken;
    }

    /// <summary>Nothing of the process runs any more.</summary>
    protected void Die()
    {
        (IsDead, IsFrozen) = (true, false);
        _parked.Clear();
    }
}
