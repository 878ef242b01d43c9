using Campaigns.Calls;
using Campaigns.Carrier;
using Campaigns.Domain.Calls;
using Campaigns.Exotel;
using Campaigns.Exotel.Media;
using Campaigns.GeminiLive;
using Campaigns.Grains;
using Campaigns.Hosting;
using Campaigns.Hosting.Cluster;
using Campaigns.Postgres;
using Campaigns.Silo.Calls;
using Campaigns.Silo.Draining;
using Campaigns.Silo.Engine;
using Campaigns.Silo.Supervision;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Campaigns.Silo;

/// <summary>Puts a silo together: engine, grains, stores, carrier, supervisor and rescuer.</summary>
public static class SiloRegistration
{
    /// <summary>
    /// Adds everything a silo runs, its engine included. Configuration: <c>ConnectionStrings:Campaigns</c>, <c>Campaigns:Exotel</c>,
    /// <c>Campaigns:Gemini</c>, <c>Campaigns:Calls</c>, <c>Campaigns:Drive</c> (see <see cref="DriveOptions"/>), <c>Campaigns:Silo</c> (see
    /// <see cref="SiloHostOptions"/>), <c>Campaigns:Cluster</c> (see <see cref="CampaignClusterOptions"/>).
    /// </summary>
    /// <exception cref="HostStartException">The connection string is missing or cannot be read.</exception>
    /// <exception cref="OptionsValidationException">The options of the cluster are wrong.</exception>
    public static IHostApplicationBuilder AddCampaignsSilo(this IHostApplicationBuilder builder)
    {
        // In this order hosted services start, and they stop in the reverse.
        builder.AddSiloEngine(builder.AddCampaignsHosting());
        return builder.AddCampaignsSiloServices();
    }

    /// <summary>The same without the engine, for a host whose Orleans is set up elsewhere, as a test cluster's is.</summary>
    /// <exception cref="HostStartException">The connection string is missing or cannot be read.</exception>
    public static IHostApplicationBuilder AddCampaignsSiloServices(this IHostApplicationBuilder builder)
    {
        var connectionString = HostDatabase.ConnectionString(builder.Configuration);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<DriveOptions>().BindConfiguration("Campaigns:Drive").ValidateOnStart();
        services.AddSingleton<IValidateOptions<DriveOptions>, DriveOptionsValidator>();
        services.AddSiloDrain();
        services.AddCampaignsPostgres(PoolOf(builder, connectionString), p => p.GetRequiredService<IOptions<ExotelOptions>>().Value.AccountSid);
        services.AddExotelCarrier(builder.Configuration.GetSection("Campaigns:Exotel"));
        services.AddSingleton<ICarrierReports, GrainCarrierReports>();
        services.AddHostedService<CampaignSupervisor>();
        services.AddHostedService<CallRescuer>();
        services.AddHostedService<PermitReconciler>();
        services.AddConversations(builder.Configuration);
        return builder;
    }

    // Silos of a cluster come in any number, and the database's connections do not.
    private static string PoolOf(IHostApplicationBuilder builder, string connectionString)
        => builder.ReadClusterOptions().Membership == ClusterMembership.Postgres
            ? HostDatabase.WithPoolSize(connectionString, HostDatabase.SiloPoolSize)
            : connectionString;

    /// <summary>What a silo needs to hold conversations: media socket, model, the calls that run here, and what comes after them.</summary>
    private static void AddConversations(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddExotelMedia(configuration.GetSection("Campaigns:Exotel:Media"));
        services.AddGeminiLive(configuration.GetSection("Campaigns:Gemini"));
        services.AddCalls(configuration.GetSection("Campaigns:Calls"));
        services.AddOptions<ConversationOptions>().BindConfiguration("Campaigns:Conversation");
        services.AddOptions<ExtractionOptions>().BindConfiguration("Campaigns:Extraction");
        services.AddOptions<AgentHttpOptions>().BindConfiguration("Campaigns:AgentTools");
        services.AddSingleton(provider => CallOwner.ForStartOf(provider.GetRequiredService<ILocalSiloDetails>().Name));
        services.AddSingleton<ICallPlanner, CallPlanner>();
        services.AddSingleton<IMediaCalls, GrainMediaCalls>();
        services.AddSingleton<IAgentHttpTools, AgentHttpClient>();
        services.AddHostedService<ConversationHeartbeat>();
        services.AddHostedService<ExtractionWorker>();
    }
}
