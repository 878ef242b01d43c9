using Campaigns.Hosting.Health;
using Microsoft.Extensions.Hosting;

namespace Campaigns.Silo.Draining;

/// <summary>A silo that is about to go takes no new work.</summary>
internal sealed class SiloReadiness(SiloDrain drain, IHostApplicationLifetime lifetime) : IReadiness
{
    public string Name => "silo";

    public ValueTask<string?> ComplaintAsync(CancellationToken cancellationToken) => ValueTask.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? "The host stops."
        : drain.State != SiloState.Ready ? "The silo drains: its calls go on, and new work goes to others."
        : null);
}
