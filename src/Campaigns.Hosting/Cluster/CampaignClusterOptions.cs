using Campaigns.Hosting.Engine;

namespace Campaigns.Hosting.Cluster;

/// <summary>Configuration section <c>Campaigns:Cluster</c>: which cluster a host belongs to, and how fast a dead silo is missed.</summary>
public sealed class CampaignClusterOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Campaigns:Cluster";

    /// <summary>How silos find each other. Default: <c>Postgres</c> with the Orleans packages, <c>Alone</c> with the single-process engine.</summary>
    public ClusterMembership Membership { get; set; } = OrleansEngine.Membership;

    /// <summary>
    /// The silos that form one cluster, with their clients; <c>campaigns</c>. Change it with a deployment whose silos must not mix with those of the one
    /// before; a rolling restart keeps it.
    /// </summary>
    public string ClusterId { get; set; } = "campaigns";

    /// <summary>Whose grain state it is; <c>campaigns</c>. It never changes over deployments, or what grains have stored is not found again.</summary>
    public string ServiceId { get; set; } = "campaigns";

    /// <summary>The IP address at which other silos and clients reach this silo. Default: the first of the machine's own that is not loopback.</summary>
    public string? AdvertisedAddress { get; set; }

    /// <summary>Where other silos connect; 11111. It is listened on at every address of the machine, and is not for the public.</summary>
    public int SiloPort { get; set; } = 11_111;

    /// <summary>Where clients, that is APIs, connect; 30000. Not for the public either.</summary>
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>
    /// How often a silo asks those it watches whether they live, and how long it waits for the answer; 1 s. Longer where machines are often
    /// stopped for seconds.
    /// </summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Unanswered probes in a row until a silo is suspected; 3. Fewer miss it sooner. A silo that is voted out while it lives ends itself, and cuts its
    /// calls.
    /// </summary>
    public int MissedProbes { get; set; } = 3;

    /// <summary>
    /// Silos that must suspect one until it counts as dead; 2, so that one with a bad line votes nobody out. In a cluster of two, one is enough.
    /// </summary>
    public int Votes { get; set; } = 2;

    /// <summary>
    /// How often a silo writes into the membership table that it lives; 5 s. A silo that starts and finds the last three signs of another missing votes it
    /// out, where nobody else is left to do so.
    /// </summary>
    public TimeSpan AliveEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a silo that starts tries to reach all that are said to be there; 1 min. Then its process ends, and is to be started again by whatever
    /// keeps it running: after the loss of a whole cluster the dead ones are found stale by then.
    /// </summary>
    public TimeSpan JoinWithin { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Connections that Orleans keeps for membership and grain state beside the host's own pool; 4. It never waits behind campaigns for one.</summary>
    public int MaxPoolSize { get; set; } = 4;

    /// <summary>How long an API that starts looks for a silo before it gives up; 1 min.</summary>
    public TimeSpan ConnectWithin { get; set; } = TimeSpan.FromMinutes(1);
}
