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
    private const int AtOnce = 16;
    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    public override async Task LookAsync(CancellationToken cancellationToken)
    {
        var undriven = await campaigns.FindUndrivenAsync(_clock.GetUtcNow(), MaxPerLook, cancellationToken);
        // The caller's scheduler: where turns are put in order, these are, too.
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = AtOnce,
            TaskScheduler = TaskScheduler.Current,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(undriven, parallel, PokeAsync);
    }

    /// <summary>One campaign that cannot be driven must not keep the others waiting.</summary>
    private async ValueTask PokeAsync(Guid campaign, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<ICampaignGrain>(campaign).DriveAsync(cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogPokeFailed(error, campaign);
        }
    }

    [LoggerMessage(2201, LogLevel.Warning, "Campaign {Campaign} could not be driven; the next look tries again")]
    private partial void LogPokeFailed(Exception error, Guid campaign);
}
