using Campaigns.Domain.Contacts;
using Campaigns.Domain.Pacing;

namespace Campaigns.Grains;

/// <summary>How campaigns are driven and rescued. Bound from <c>Campaigns:Drive</c>.</summary>
public sealed class DriveOptions
{
    /// <summary>How often a campaign looks for the next dials. Default 1 s; dials within a tick are still spaced evenly.</summary>
    public TimeSpan TickPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a campaign stays its owner's without renewal. Default 10 s; shorter resumes sooner after a crash and writes more.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often each silo looks for campaigns that nobody drives. Default 2 s.</summary>
    public TimeSpan SupervisorPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often each silo looks for calls that nobody has settled. Default 2 s.</summary>
    public TimeSpan RescuePeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the counts of a live campaign are checked against its rows. Default 1 min; the check reads every row of the campaign.</summary>
    public TimeSpan ReconcilePeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Most sessions a silo checks in one look. Default 100: what the carrier answers in one bulk look-up.</summary>
    public int RescueBatch { get; set; } = 100;

    /// <summary>A claim that is no dial after this long is given back. Default 60 s.</summary>
    public TimeSpan StaleClaimAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Most claims in one transaction. Default 100.</summary>
    public int MaxBatch { get; set; } = 100;

    /// <summary>
    /// A claim whose slot has passed by more than this is given back, not dialled late: dials that bunch up after a stall would break the
    /// rate. Default 0.5 s; with <see cref="SendWithin"/> it must stay below the slack of the pacing (3 % of a minute).
    /// </summary>
    public TimeSpan DialLateness { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A dial that has passed its gate is sent within this time or not at all. Default 1 s.</summary>
    public TimeSpan SendWithin { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Waits and deadlines of single calls.</summary>
    public CallTimings Timings { get; set; } = new();

    /// <summary>When a campaign whose calls fail is paused.</summary>
    public CircuitBreakerRules Breaker { get; set; } = new();
}
