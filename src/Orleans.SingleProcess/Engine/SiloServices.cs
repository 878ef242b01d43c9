using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>Registers a silo in a host.</summary>
internal static class SiloServices
{
    internal static void Add(IServiceCollection services, IConfiguration configuration, Action<ISiloBuilder> configure)
    {
        if (services.All(s => s.ServiceType != typeof(Silo)))
        {
            services.AddOptions();
            services.AddLogging();
            RefusalsOf(services);
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton(s => new Cluster(s.GetRequiredService<IOptions<SingleProcessOptions>>().Value));
            services.AddSingleton<Silo>();
            services.AddSingleton<IGrainFactory>(s => s.GetRequiredService<Silo>());
            services.AddSingleton<IClusterClient>(s => s.GetRequiredService<Silo>());
            services.AddSingleton<ILocalSiloDetails>(s => s.GetRequiredService<Silo>());
            services.AddSingleton<IGrainContextAccessor, CurrentContext>();
            services.AddHostedService<SiloHost>();
        }

        configure(new Builder(services, configuration));
    }

    internal static Refusals RefusalsOf(IServiceCollection services)
    {
        if (services.FirstOrDefault(s => s.ServiceType == typeof(Refusals))?.ImplementationInstance is Refusals known)
        {
            return known;
        }

        var refusals = new Refusals();
        services.TryAddSingleton(refusals);
        return refusals;
    }

    private sealed class SiloHost(Silo silo) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            silo.Start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => silo.StopAsync(cancellationToken);
    }

    private sealed record Builder(IServiceCollection Services, IConfiguration Configuration) : ISiloBuilder;

    private sealed class CurrentContext : IGrainContextAccessor
    {
        public IGrainContext GrainContext => Activation.OnThread!;
    }
}
