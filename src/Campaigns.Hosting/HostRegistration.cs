using Campaigns.Hosting.Cluster;
using Campaigns.Hosting.Health;
using Campaigns.Hosting.Schema;
using Campaigns.Hosting.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Campaigns.Hosting;

/// <summary>What every host has, whatever it serves.</summary>
public static class HostRegistration
{
    /// <summary>
    /// Adds telemetry, the schema's gate, health and the options of the cluster. First of all: hosted services start in the order of their registration. The host adds
    /// an <see cref="Npgsql.NpgsqlDataSource"/>.
    /// </summary>
    /// <returns>The options, read and valid.</returns>
    /// <exception cref="OptionsValidationException">The options of the cluster are wrong; every mistake is named.</exception>
    /// <exception cref="HostStartException">Telemetry is to be sent to what is no address.</exception>
    public static CampaignClusterOptions AddCampaignsHosting(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // It starts before all others and stops after them: what they do while they stop is told, too.
        builder.AddCampaignsTelemetry();
        builder.Services.AddHostedService<SchemaGate>();
        builder.Services.AddCampaignsHealth();
        builder.Services.AddOptions<CampaignClusterOptions>().BindConfiguration(CampaignClusterOptions.Section);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<CampaignClusterOptions>, CampaignClusterOptionsValidator>());
        return builder.ReadClusterOptions();
    }

    /// <summary>The options of the cluster as they are needed while a host is put together, when there are no services yet to ask.</summary>
    /// <exception cref="OptionsValidationException">They are wrong; every mistake is named.</exception>
    public static CampaignClusterOptions ReadClusterOptions(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var section = builder.Configuration.GetSection(CampaignClusterOptions.Section);
        var options = new CampaignClusterOptions();
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException error)
        {
            throw new OptionsValidationException(CampaignClusterOptions.Section, typeof(CampaignClusterOptions), [error.Message]);
        }

        var result = new CampaignClusterOptionsValidator().Validate(null, options);
        return result.Failed ? throw new OptionsValidationException(CampaignClusterOptions.Section, typeof(CampaignClusterOptions), result.Failures) : options;
    }
}
