namespace Campaigns.Silo.Calls;

/// <summary>What agents' HTTP tools may reach. Bound from <c>Campaigns:AgentTools</c>.</summary>
public sealed class AgentHttpOptions
{
    /// <summary>
    /// Default false: tools reach public addresses only. True lets every agent's author reach whatever this host can, on a network where that
    /// is meant.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }
}
