using System.Data.Common;
using Campaigns.Grains;
using Campaigns.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Campaigns.Silo.Supervision;

/// <summary>
/// Pokes the grain of every running campaign that nobody drives: after a crash, a lost lease, or when a start time has come; and at once when a
/// lease is let go anywhere. A silo that drains pokes nobody.
/// </summary>
public sealed partial class CampaignSupervisor(
    ICampaignStore campaigns, ILeaseNews news, IGrainFactory grains, ILocalSiloDetails silo, SiloWork work, IOptions<DriveOptions> options,
    TimeProvider clock, ILogger<CampaignSupervisor> logger) : PeriodicService(options.Value.SupervisorPeriod, clock, logger)
{
    private const int MaxPerLook = 1000;
    private const int AtOnce = 16;

    /// <summary>The first poke lets the campaign be anywhere. If that is a silo that drains, the next ones have it come here.</summary>
    private const int MostPokes = 4;

    private static readonly TimeSpan BeforeListeningAgain = TimeSpan.FromSeconds(5);
    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    public override async Task LookAsync(CancellationToken cancellationToken)
    {
        if (work.IsDraining)
        {
            return;
        }

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

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(base.ExecuteAsync(stoppingToken), ListenAsync(stoppingToken));

    /// <summary>One campaign that cannot be driven must not keep the others waiting.</summary>
    private async ValueTask PokeAsync(Guid campaign, CancellationToken cancellationToken)
    {
        try
        {
            var grain = grains.GetGrain<ICampaignGrain>(campaign);
            for (var pokes = 0; pokes < MostPokes && !work.IsDraining; pokes++)
            {
                if (pokes == 0
                    ? await grain.DriveAsync(cancellationToken)
                    : await ActivateHere.CallAsync(silo, () => grain.DriveAsync(cancellationToken)))
                {
                    return;
                }
            }
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogPokeFailed(error, campaign);
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await news.ListenAsync(Wake, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (DbException error)
            {
                LogDeaf(error.Message);
            }

            try
            {
                await Task.Delay(BeforeListeningAgain, _clock, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(2201, LogLevel.Warning, "Campaign {Campaign} could not be driven; the next look tries again")]
    private partial void LogPokeFailed(Exception error, Guid campaign);

    [LoggerMessage(2205, LogLevel.Warning, "No news of leases that are let go ({Reason}); until there is, campaigns are found at the next look")]
    private partial void LogDeaf(string reason);
}
