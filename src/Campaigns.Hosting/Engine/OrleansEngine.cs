using Campaigns.Hosting.Cluster;

namespace Campaigns.Hosting.Engine;

/// <summary>Which Orleans this build runs on. What a host does differently on it is in one file of that host.</summary>
public static class OrleansEngine
{
#if ORLEANS_PACKAGES
    /// <summary><c>packages</c> or <c>single-process</c>, as the start-up log, <c>/health</c> and <c>--version</c> name it.</summary>
    public static string Name => "packages";

    /// <summary>How hosts find each other unless they are told otherwise.</summary>
    public static ClusterMembership Membership => ClusterMembership.Postgres;
#else
    /// <summary><c>packages</c> or <c>single-process</c>, as the start-up log, <c>/health</c> and <c>--version</c> name it.</summary>
    public static string Name => "single-process";

    /// <summary>How hosts find each other unless they are told otherwise.</summary>
    public static ClusterMembership Membership => ClusterMembership.Alone;
#endif
}
