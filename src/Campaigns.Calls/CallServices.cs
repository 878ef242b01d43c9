using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Campaigns.Calls;

/// <summary>Registration of the calls.</summary>
public static class CallServices
{
    /// <summary>
    /// Adds <see cref="LocalCalls"/>, also as <see cref="ILocalCalls"/>. The host adds <see cref="ICallPlanner"/>, the live model and the
    /// call store. When the host stops, every call is ended first.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The section of <see cref="CallOptions"/>; wrong options fail the start, naming every error.</param>
    public static IServiceCollection AddCalls(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.AddMetrics();
        services.AddOptions<CallOptions>().Bind(section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CallOptions>, CallOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CallTelemetry>();
        services.TryAddSingleton<LocalCalls>();
        services.TryAddSingleton<ILocalCalls>(provider => provider.GetRequiredService<LocalCalls>());
        services.TryAddSingleton<IHeldCalls>(provider => provider.GetRequiredService<LocalCalls>());
        services.AddHostedService<CallsShutdown>();
        return services;
    }

    private sealed class CallsShutdown(LocalCalls calls) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => calls.StopAsync().WaitAsync(cancellationToken);
    }
}
