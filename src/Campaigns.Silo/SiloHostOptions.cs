namespace Campaigns.Silo;

/// <summary>Who this silo is. Bound from <c>Campaigns:Silo</c>.</summary>
public sealed class SiloHostOptions
{
    /// <summary>Its name in leases, logs and session rows. Default: the machine's name and the process id.</summary>
    public string Name { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";
}
