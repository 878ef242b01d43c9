using Campaigns.Grains;
using Campaigns.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Silo.Supervision;

/// <summary>
/// Checks the counts of live campaigns against the rows that they stand for. They change together, so a difference is a fault of ours or of somebody's
/// hand in the tables; it is put right before it holds up a line for ever, and told.
/// </summary>
public sealed partial class PermitReconciler(
    IPermitLedger permits, IOptions<DriveOptions> options, TimeProvider clock, ILogger<PermitReconciler> logger)
    : PeriodicService(options.Value.ReconcilePeriod, clock, logger)
{
    private const int MaxPerLook = 20;
    private readonly TimeSpan _period = options.Value.ReconcilePeriod;
    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    public override async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        foreach (var drift in await permits.ReconcileAsync(now - _period, now, MaxPerLook, cancellationToken))
        {
            LogDrift(drift.CampaignId, drift.Difference);
        }
    }

    [LoggerMessage(2301, LogLevel.Warning, "Campaign {Campaign}: counts differed from the rows and were put right: {Difference}")]
    private partial void LogDrift(Guid campaign, string difference);
}
