using Campaigns.Hosting;
using Campaigns.Hosting.Cluster;
using Campaigns.Hosting.Health;
#if ORLEANS_PACKAGES
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
#endif

namespace Campaigns.Api.Engine;

/// <summary>Everything that the API does differently on the two Orleans engines: only the packages have clients.</summary>
internal static class ClusterClient
{
#if ORLEANS_PACKAGES
    /// <summary>Adds a client of the cluster that is in the database; the host is ready while it is connected to a silo.</summary>
    internal static void AddClusterClient(this WebApplicationBuilder builder, CampaignClusterOptions cluster, string connectionString)
    {
        var link = new ClusterLink();
        builder.Services.AddSingleton<IReadiness>(link);
        builder.Services.AddSingleton(_ => OrleansDatabase.Open(connectionString, HostDatabase.ClientMembershipPoolSize));
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
            client.UseAdoNetClustering((OptionsBuilder<AdoNetClusteringClientOptions> clustering) => clustering.Configure<OrleansDatabase>((o, database) =>
            {
                o.Invariant = OrleansDatabase.Invariant;
                o.DataSource = database.Source;
            }));

            // A silo that joins takes its part of the requests soon.
            client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(15));
            client.AddActivityPropagation();
            client.AddGatewayCountChangedHandler((_, change) => link.Gateways = change.NumberOfConnectedGateways);
            client.AddClusterConnectionLostHandler((_, _) => link.Gateways = 0);
            client.UseConnectionRetryFilter(new Patience(cluster.ConnectWithin));
        });
    }

    private sealed class ClusterLink : IReadiness
    {
        private volatile int gateways;

        public string Name => "cluster";

        // The client is connected before the host serves, and is told of changes from then on.
        public int Gateways { set => gateways = value; }

        public ValueTask<string?> ComplaintAsync(CancellationToken cancellationToken)
            => new(gateways > 0 ? null : "No silo of the cluster can be reached.");
    }

    private sealed class Patience(TimeSpan patience) : IClientConnectionRetryFilter
    {
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
        private readonly long _begun = TimeProvider.System.GetTimestamp();

        public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
        {
            if (TimeProvider.System.GetElapsedTime(_begun) >= patience)
            {
                return false;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            return true;
        }
    }
#else
    /// <summary>Never called: the options of the cluster refuse it before.</summary>
    internal static void AddClusterClient(this WebApplicationBuilder builder, CampaignClusterOptions cluster, string connectionString)
        => throw new HostStartException($"{builder.Environment.ApplicationName} can be a client of a cluster only with the Orleans packages.");
#endif
}
