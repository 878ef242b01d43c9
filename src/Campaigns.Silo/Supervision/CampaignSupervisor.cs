using Campaigns.Grains;
using Campaigns.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;

namespace Campaigns.Silo.Supervision;

/// <summary>Pokes the grain of every running campaign that nobody drives: after a crash, a lost lease, or when a start time has come.</summary>
public sealed class CampaignSupervisor(
    ICampaignStore campaigns, IGrainFactory grains, IOptions<DriveOptions> options, TimeProvider clock, ILogger<CampaignSupervisor> logger)
    : PeriodicService(options.Value.SupervisorPeriod, clock, logger)
{
    private const int MaxPerLook = 1000;
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    public override async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await campaigns.FindUndrivenAsync(_clock.GetUtcNow(), MaxPerLook, cancellationToken))
        {
            await grains.GetGrain<ICampaignGrain>(id).DriveAsync(cancellationToken);
        }
    }
}
