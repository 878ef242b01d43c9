namespace Campaigns.Hosting.Cluster;

/// <summary>How a host's silo finds the others.</summary>
public enum ClusterMembership
{
    /// <summary>
    /// It does not: the silo is a cluster of its own. Several such hosts may share a database: leases make each campaign run on one of them. The API
    /// hosts its silo itself.
    /// </summary>
    Alone,

    /// <summary>By the membership table in the database. Silos are processes of their own, and the API is their client. Needs the Orleans packages.</summary>
    Postgres,
}
