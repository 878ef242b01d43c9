namespace Campaigns.Silo.Draining;

/// <summary>Where a silo is in its life.</summary>
public enum SiloState
{
    /// <summary>It takes campaigns, dials and calls.</summary>
    Ready,

    /// <summary>It takes nothing new; its calls go on.</summary>
    Draining,

    /// <summary>Its calls are over; the process is about to end.</summary>
    Drained,
}

/// <summary>A silo as an operator sees it.</summary>
/// <param name="State">Where it is.</param>
/// <param name="LiveCalls">Calls it holds.</param>
/// <param name="LongestCall">How long the oldest of them has lasted.</param>
/// <param name="Ringing">Calls it dialled that may still be answered; null when the database could not be asked.</param>
/// <param name="Campaigns">Campaigns it drives.</param>
/// <param name="DrainingSince">When it began to drain; null while it does not.</param>
/// <param name="DrainingUntil">When calls that are left are cut off; null while it does not drain.</param>
public sealed record DrainStatus(
    SiloState State, int LiveCalls, TimeSpan LongestCall, int? Ringing, int Campaigns, DateTimeOffset? DrainingSince, DateTimeOffset? DrainingUntil);

/// <summary>How a drain ended.</summary>
/// <param name="Took">From its beginning.</param>
/// <param name="CutOff">Calls that were ended because the limit had come.</param>
/// <param name="Hurried">It was told not to wait any longer.</param>
public sealed record DrainResult(TimeSpan Took, int CutOff, bool Hurried);
