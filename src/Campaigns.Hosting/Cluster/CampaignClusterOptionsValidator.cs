using System.Net;
using Campaigns.Hosting.Engine;
using Microsoft.Extensions.Options;

namespace Campaigns.Hosting.Cluster;

/// <summary>Refuses to start in a cluster that cannot work, and names everything that is wrong with it.</summary>
internal sealed class CampaignClusterOptionsValidator : IValidateOptions<CampaignClusterOptions>
{
    // PostgreSQL would take more; the start-up log and the health page show them.
    private const int LongestId = 150;

    private static readonly TimeSpan LongestProbe = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestConnect = TimeSpan.FromMinutes(30);

    public ValidateOptionsResult Validate(string? name, CampaignClusterOptions options)
    {
        var errors = new List<string>();
        Check(
            options.Membership != ClusterMembership.Postgres || OrleansEngine.Membership == ClusterMembership.Postgres,
            nameof(options.Membership),
            "cannot be Postgres on the single-process engine: build with -p:OrleansEngine=packages, from package sources that have Microsoft.Orleans");
        Check(IsId(options.ClusterId), nameof(options.ClusterId), $"must be 1 to {LongestId} characters without blanks around");
        Check(IsId(options.ServiceId), nameof(options.ServiceId), $"must be 1 to {LongestId} characters without blanks around");
        Check(
            options.AdvertisedAddress is null || (IPAddress.TryParse(options.AdvertisedAddress, out var address) && IsReachable(address)),
            nameof(options.AdvertisedAddress),
            "must be the IP address of one machine, as others reach it");
        Check(IsPort(options.SiloPort), nameof(options.SiloPort), "must be 1 to 65535");
        Check(IsPort(options.GatewayPort), nameof(options.GatewayPort), "must be 1 to 65535");
        Check(options.SiloPort != options.GatewayPort, nameof(options.GatewayPort), "must differ from SiloPort");
        Check(
            options.ProbeTimeout >= TimeSpan.FromMilliseconds(100) && options.ProbeTimeout <= LongestProbe,
            nameof(options.ProbeTimeout),
            $"({options.ProbeTimeout}) must be 100 ms to {LongestProbe.TotalMinutes:0} min");
        Check(options.MissedProbes is >= 1 and <= 100, nameof(options.MissedProbes), "must be 1 to 100");
        Check(options.Votes is >= 1 and <= 10, nameof(options.Votes), "must be 1 to 10: a silo is watched by ten others at most");
        Check(
            options.AliveEvery >= TimeSpan.FromSeconds(1) && options.AliveEvery <= TimeSpan.FromMinutes(5),
            nameof(options.AliveEvery),
            $"({options.AliveEvery}) must be 1 s to 5 min");
        Check(
            options.JoinWithin >= TimeSpan.FromSeconds(1) && options.JoinWithin <= LongestConnect,
            nameof(options.JoinWithin),
            $"({options.JoinWithin}) must be 1 s to {LongestConnect.TotalMinutes:0} min");
        Check(options.MaxPoolSize is >= 2 and <= 100, nameof(options.MaxPoolSize), "must be 2 to 100");
        Check(
            options.ConnectWithin >= TimeSpan.Zero && options.ConnectWithin <= LongestConnect,
            nameof(options.ConnectWithin),
            $"({options.ConnectWithin}) must be 0 to {LongestConnect.TotalMinutes:0} min");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(bool holds, string property, string message)
        {
            if (!holds)
            {
                errors.Add($"CampaignClusterOptions.{property} {message}.");
            }
        }
    }

    private static bool IsId(string? text) => text is { Length: > 0 and <= LongestId } && text.Trim().Length == text.Length;

    private static bool IsPort(int port) => port is >= 1 and <= 65_535;

    private static bool IsReachable(IPAddress address) => !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any);
}
