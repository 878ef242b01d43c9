using Campaigns.Grains;
using Campaigns.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Campaigns.Silo.Supervision;

/// <summary>Pokes the grain of every running campaign that nobody drives: after a crash, a lost lease, or when a start time has come.</summary>
public sealed partial class CampaignSupervisor(
    ICampaignStore campaigns, IGrainFactory grains, IOptions<DriveOptions> options, TimeProvider clock, ILogger<CampaignSupervisor> logger)
    : PeriodicService(options.Value.SupervisorPeriod, clock, logger)
{
    private const int MaxPerLook = 1000;
    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    public override async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await campaigns.FindUndrivenAsync(_clock.GetUtcNow(), MaxPerLook, cancellationToken))
        {
            await PokeAsync(id, cancellationToken);
        }
    }

    /// <summary>A campaign that cannot be driven must not keep the others from it: it would come first in every look.</summary>
    private async Task PokeAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<ICampaignGrain>(id).DriveAsync(cancellationToken);
        }
        catch (Exception error) when (error is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            LogNotDriven(error, id);
        }
    }

    [LoggerMessage(2051, LogLevel.Warning, "Supervisor: campaign {Campaign} cannot be driven; it is poked again at the next look")]
    private partial void LogNotDriven(Exception error, Guid campaign);
}
