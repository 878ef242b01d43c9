using Campaigns.Api.Access;
using Campaigns.Api.Endpoints;
using Campaigns.Api.Input;
using Campaigns.Api.OpenApi;
using Campaigns.Api.Problems;
using Campaigns.Hosting;
using Campaigns.Hosting.Health;
using Campaigns.Postgres;
using Campaigns.Postgres.Catalog;
using Campaigns.Stores;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Campaigns.Api;

/// <summary>The API as part of any host.</summary>
public static class CampaignsApi
{
    /// <summary>
    /// Adds the API's services. It needs an <c>IGrainFactory</c> (the host's silo or client) and a database: an <see cref="NpgsqlDataSource"/> that the host
    /// registered before, else the connection string <c>ConnectionStrings:Campaigns</c>. The host migrates the schema before it starts.
    /// </summary>
    public static WebApplicationBuilder AddCampaignsApi(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(provider => NpgsqlDataSource.Create(
            HostDatabase.ConnectionString(provider.GetRequiredService<IConfiguration>())));
        services.AddPostgresCatalog();
        services.AddCampaignsHealth();
        services.AddProblemDetails();
        services.AddExceptionHandler<FailureHandler>();
        services.AddRequestTimeouts(ApiTimeouts.Configure);
        services.ConfigureHttpJsonOptions(options => CampaignSpecJson.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddOpenApi("v1", ApiDocument.Configure);
        services.AddOptions<BootstrapOptions>().BindConfiguration(BootstrapOptions.Section).ValidateOnStart();
        services.AddOptions<AgentToolOptions>().BindConfiguration(AgentToolOptions.Section);
        services.AddOptions<RecordingsOptions>().BindConfiguration(RecordingsOptions.Section);
        services.AddSingleton<IValidateOptions<BootstrapOptions>, BootstrapOptionsValidator>();
        services.AddHostedService<Bootstrap>();

        // Their messages carry whole addresses, and an address may hold a phone number.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Information);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return builder;
    }

    /// <summary>Maps the API's endpoints and the middleware they need. The host may map its own before or after.</summary>
    public static WebApplication MapCampaignsApi(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseRequestTimeouts();
        app.UseMiddleware<ApiKeyGate>();
        app.Use(BodyLimit.RefuseAnnouncedAsync);
        app.MapOpenApi();
        app.MapCampaignsHealth();

        var organization = app.MapGroup("/api/orgs/{slug}").Requires(ApiRole.Viewer).WithMetadata(BodyLimit.Json);
        organization.AddEndpointFilterFactory(RefuseBadInput.Create);
        AgentEndpoints.Map(organization);
        ContactEndpoints.Map(organization);
        DoNotCallEndpoints.Map(organization);
        CampaignEndpoints.Map(organization);
        SessionEndpoints.Map(organization);
        AudienceEndpoint.Map(organization);
        return app;
    }
}
