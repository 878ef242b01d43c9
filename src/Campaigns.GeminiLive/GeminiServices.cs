using Campaigns.GeminiLive.Digests;
using Campaigns.GeminiLive.Platform;
using Campaigns.GeminiLive.Session;
using Campaigns.LiveModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Campaigns.GeminiLive;

/// <summary>Registration of the live model.</summary>
public static class GeminiServices
{
    /// <summary>
    /// Adds Gemini as <see cref="ILiveModel"/> and <see cref="IExtractor"/>. Register an <see cref="IAccessTokens"/> before to take Vertex tokens
    /// from elsewhere than Google's credentials, and an <see cref="ILiveModelLimits"/> to be told of refusals for want of quota.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The section of <see cref="GeminiOptions"/>; wrong options fail the start, naming every error.</param>
    public static IServiceCollection AddGeminiLive(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.AddOptions<GeminiOptions>().Bind(section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GeminiOptions>, GeminiOptionsValidator>());
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<GeminiTelemetry>();
        services.TryAddSingleton<IAccessTokens, GoogleAccessTokens>();
        services.TryAddSingleton<ILiveModelLimits, NoLimits>();
        services.TryAddSingleton<QuotaReports>();
        services.TryAddSingleton<GeminiConnector>();
        services.TryAddSingleton<ILiveModel, GeminiLiveModel>();
        services.TryAddSingleton<IExtractor, GeminiExtractor>();
        return services;
    }

    /// <summary>A host that dials nobody has nothing to slow down.</summary>
    private sealed class NoLimits : ILiveModelLimits
    {
        public Task ReportExhaustedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
