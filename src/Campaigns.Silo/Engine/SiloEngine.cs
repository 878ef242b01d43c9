using System.Text.Json;
using Campaigns.Hosting;
using Campaigns.Hosting.Cluster;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;

namespace Campaigns.Silo.Engine;

/// <summary>Everything that a silo does differently on the two Orleans engines. The rest of it cannot tell.</summary>
internal static class SiloEngine
{
    /// <summary>Adds an Orleans silo. Clusters that share a database are kept apart by the campaigns' leases.</summary>
    internal static void AddSiloEngine(this IHostApplicationBuilder builder, CampaignClusterOptions cluster)
    {
        var name = builder.Configuration.GetSection("Campaigns:Silo").Get<SiloHostOptions>()?.Name ?? new SiloHostOptions().Name;
#if ORLEANS_PACKAGES
        var connectionString = HostDatabase.ConnectionString(builder.Configuration);
        builder.Services.AddSingleton(_ => OrleansDatabase.Open(connectionString, cluster.MaxPoolSize));
#endif
        builder.UseOrleans(silo =>
        {
            silo.Configure<SiloOptions>(o => o.SiloName = name);
            silo.AddActivityPropagation();
#if ORLEANS_PACKAGES
            if (cluster.Membership == ClusterMembership.Postgres)
            {
                Join(silo, cluster);
            }
            else
            {
                // Ports of the machine's choosing: several hosts may run side by side.
                silo.UseLocalhostClustering(FreePort(), FreePort());
            }

            silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
            silo.AddAdoNetGrainStorageAsDefault((OptionsBuilder<AdoNetGrainStorageOptions> storage) => storage.Configure<OrleansDatabase>((o, database) =>
            {
                o.Invariant = OrleansDatabase.Invariant;
                o.DataSource = database.Source;
                o.GrainStorageSerializer = new JsonStateSerializer();
            }));
#else
            silo.UseLocalhostClustering(serviceId: cluster.ServiceId, clusterId: cluster.ClusterId);
#endif
        });
    }

#if ORLEANS_PACKAGES
    private static void Join(ISiloBuilder silo, CampaignClusterOptions cluster)
    {
        silo.UseAdoNetClustering((OptionsBuilder<AdoNetClusteringSiloOptions> clustering) => clustering.Configure<OrleansDatabase>((o, database) =>
        {
            o.Invariant = OrleansDatabase.Invariant;
            o.DataSource = database.Source;
        }));
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = cluster.ProbeTimeout;
            o.NumMissedProbesLimit = cluster.MissedProbes;
            o.NumVotesForDeathDeclaration = cluster.Votes;
            o.IAmAliveTablePublishTimeout = cluster.AliveEvery;
            o.NumMissedTableIAmAliveLimit = 3;
            o.MaxJoinAttemptTime = cluster.JoinWithin;

            // Containers come and go under new names: a day of the dead is enough to look into what happened.
            o.DefunctSiloExpiration = TimeSpan.FromDays(1);
        });
        if (cluster.AdvertisedAddress is { } address)
        {
            silo.ConfigureEndpoints(System.Net.IPAddress.Parse(address), cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: true);
        }
        else
        {
            silo.ConfigureEndpoints(cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: true);
        }
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Grain state as plain JSON: no type names, so that classes can be renamed and moved.</summary>
    private sealed class JsonStateSerializer : IGrainStorageSerializer
    {
        private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

        public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, Web));

        public T? Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span, Web);
    }
#endif
}
