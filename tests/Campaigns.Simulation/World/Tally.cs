using System.Globalization;

namespace Campaigns.Simulation.World;

/// <summary>How often things happened: a simulation in which nothing goes wrong would prove nothing.</summary>
internal sealed class Tally
{
    public long Steps { get; set; }

    public double VirtualHours { get; set; }

    /// <summary>Phones that rang.</summary>
    public long Rung { get; set; }

    public long Crashes { get; set; }

    public long Freezes { get; set; }

    /// <summary>Processes that were taken for dead and woke.</summary>
    public long Isolated { get; set; }

    /// <summary>Second activations of a grain that was active.</summary>
    public long Duplicates { get; set; }

    /// <summary>Owners of an earlier epoch that asked the database for something.</summary>
    public long StaleOwners { get; set; }

    public long Takeovers { get; set; }

    /// <summary>Dials that ended as unknown.</summary>
    public long Unknown { get; set; }

    /// <summary>Of those, dials whose phone rang.</summary>
    public long UnknownRung { get; set; }

    /// <summary>Pauses and cancels that returned.</summary>
    public long Stops { get; set; }

    public long Retries { get; set; }

    public long PortFailures { get; set; }

    /// <summary>Claims that left a campaign waiting for lines or slots of others.</summary>
    public long Waits { get; set; }

    public void Add(Tally other)
    {
        Steps += other.Steps;
        VirtualHours += other.VirtualHours;
        Rung += other.Rung;
        Crashes += other.Crashes;
        Freezes += other.Freezes;
        Isolated += other.Isolated;
        Duplicates += other.Duplicates;
        StaleOwners += other.StaleOwners;
        Takeovers += other.Takeovers;
        Unknown += other.Unknown;
        UnknownRung += other.UnknownRung;
        Stops += other.Stops;
        Retries += other.Retries;
        PortFailures += other.PortFailures;
        Waits += other.Waits;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{VirtualHours:F0} h of virtual time, {Steps} steps, {Rung} calls, {Retries} retries, {Unknown} unknown ({UnknownRung} of them rang), {Crashes} crashes, {Freezes} stand-stills ({Isolated} taken for dead), {Takeovers} take-overs, {StaleOwners} stale owners, {Duplicates} duplicate activations, {Stops} stops, {PortFailures} broken connections, {Waits} waits for others");
}
