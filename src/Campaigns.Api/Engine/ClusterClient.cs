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
        var link = new Gateways();
        builder.Services.AddSingleton<IReadiness>(provider => new ClusterReadiness(link, provider.GetRequiredService<IGrainFactory>()));
        builder.Services.AddSingleton(_ => OrleansDatabase.Open(connectionString, HostDatabase.ClientMembershipPoolSize));
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
            client.UseAdoNetClustering((OptionsBuilder<AdoNetClusteringClientOptions> clustering) => clustering.Configure<OrleansDatabase>((o, database) =>
            {
                o.Invariant = OrleansDatabase.Invariant;
                o.DataSource = database.Source;
            }));

            // A silo that joins takes its part of the requests soon, and one whose machine is gone, which closes no connection, gets none.
            client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5));
            client.AddActivityPropagation();
            client.AddGatewayCountChangedHandler((_, change) => link.Connected = change.NumberOfConnectedGateways);
            client.AddClusterConnectionLostHandler((_, _) => link.Connected = 0);
            client.UseConnectionRetryFilter(new Patience(cluster.ConnectWithin));
        });
    }

    private sealed class Gateways
    {
        private volatile int connected;

        public int Connected
        {
            get => connected;
            set => connected = value;
        }
    }

    private sealed class ClusterReadiness(Gateways gateways, IGrainFactory grains) : IReadiness
    {
        private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(2);

        public string Name => "cluster";

        public async ValueTask<string?> ComplaintAsync(CancellationToken cancellationToken)
        {
            if (gateways.Connected > 0)
            {
                return null;
            }

            // A client connects when it has something to say, and nobody sends requests to a host that is not ready: this says something.
            try
            {
                await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true).WaitAsync(LongestAnswer, TimeProvider.System, cancellationToken);
                return null;
            }
            catch (Exception error) when (error is TimeoutException or OrleansException)
            {
                return "No silo of the cluster can be reached.";
            }
        }
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
