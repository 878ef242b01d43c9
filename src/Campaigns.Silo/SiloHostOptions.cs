namespace Campaigns.Silo;

/// <summary>Who this silo is, and how it goes. Bound from <c>Campaigns:Silo</c>.</summary>
public sealed class SiloHostOptions
{
    /// <summary>Its name in leases, logs and session rows. Default: the machine's name and the process id.</summary>
    public string Name { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>
    /// How long a silo that drains lets its calls go on. Default 10 min. Longer than the longest call cuts nobody off; whatever stops the process
    /// (an orchestrator's grace period, a service manager's time-out) must wait a minute longer.
    /// </summary>
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a silo that was told to terminate stays at least, and goes on taking calls that come in: until every load balancer has seen that it
    /// is not ready. Default 10 s; set it to more than the balancer's interval times the failures it waits for. A Ctrl-C does not wait for that.
    /// </summary>
    public TimeSpan DrainNotice { get; set; } = TimeSpan.FromSeconds(10);
}
