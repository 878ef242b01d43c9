using Campaigns.Stores;
using Microsoft.Extensions.Options;

namespace Campaigns.Api;

/// <summary>Makes sure of the configured organization before the host takes requests. The schema must be there by then.</summary>
internal sealed class Bootstrap(IOrganizationStore organizations, IOptions<BootstrapOptions> options) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
        => options.Value.ToSeed() is { } seed ? organizations.EnsureAsync(seed, cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
