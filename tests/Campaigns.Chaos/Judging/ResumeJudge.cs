namespace Campaigns.Chaos.Judging;

/// <summary>A campaign goes on soon after whoever drove it is gone.</summary>
public static class ResumeJudge
{
    /// <summary>With leases at their default of 10 s.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(15);

    /// <summary>A tick until a free line is claimed, another at most until the claim's slot, and some for the way.</summary>
    public static TimeSpan FromLineToDial { get; } = TimeSpan.FromSeconds(2.5);

    /// <summary>What is allowed where every line was in use shortly before the limit, or the machine had nothing left to give until then.</summary>
    public static TimeSpan HardLimit { get; } = TimeSpan.FromSeconds(35);

    /// <param name="resumed">From the loss to the next dial that the carrier saw; null when there was none.</param>
    /// <param name="what">Which campaign, after what.</param>
    public static string? Complaint(TimeSpan? resumed, string what) => resumed switch
    {
        null => $"{what}: nobody was dialled any more",
        { } time when time > Limit => $"{what}: the next dial came after {time.TotalSeconds:0.0} s, {Limit.TotalSeconds:0} s are allowed",
        _ => null,
    };
}
