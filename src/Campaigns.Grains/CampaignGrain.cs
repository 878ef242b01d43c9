using Campaigns.Domain.Pacing;
using Campaigns.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;

namespace Campaigns.Grains;

/// <summary>
/// Drives one campaign: holds its lease, claims at every tick what may be dialled until the next, and hands each claim to its contact.
/// Everything it knows can be lost: the store has the truth, and whoever takes the lease next goes on from there. Campaigns are few and long: they are
/// spread over the silos by lot, wherever the poke comes from.
/// </summary>
[RandomPlacement]
public sealed partial class CampaignGrain(
    ICampaignStore campaigns,
    IContactStore contacts,
    ILocalSiloDetails silo,
    SiloWork work,
    IOptions<DriveOptions> options,
    TimeProvider clock,
    ILogger<CampaignGrain> logger) : Grain, ICampaignGrain
{
    /// <summary>A contact whose grain is on a silo that drains is asked to come here, and then again to dial.</summary>
    private const int MostAsksHere = 4;

    private readonly DriveOptions _options = options.Value;
    private readonly SlotWait _slots = new();
    private readonly Guid _activation = Guid.NewGuid();
    private CampaignLease? _lease;
    private DateTimeOffset _renewAt;
    private IGrainTimer? _timer;
    private int _ticks;

    private Guid Id => this.GetPrimaryKey();

    /// <inheritdoc/>
    public async Task<CommandResult> StartAsync(CancellationToken cancellationToken)
    {
        var result = await campaigns.StartAsync(Id, clock.GetUtcNow(), cancellationToken);
        LogCommand(Id, CampaignCommand.Start, result.Kind, result.Status);
        return await DrivenAsync(result, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CommandResult> PauseAsync(string reason, CancellationToken cancellationToken)
        => StopAsync(CampaignCommand.Pause, reason, cancellationToken);

    /// <inheritdoc/>
    public async Task<CommandResult> ResumeAsync(CancellationToken cancellationToken)
    {
        var result = await campaigns.ApplyAsync(Id, CampaignCommand.Resume, "", clock.GetUtcNow(), cancellationToken);
        LogCommand(Id, CampaignCommand.Resume, result.Kind, result.Status);
        return await DrivenAsync(result, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<CommandResult> CancelAsync(CancellationToken cancellationToken)
        => StopAsync(CampaignCommand.Cancel, "campaign_cancelled", cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> DriveAsync(CancellationToken cancellationToken)
    {
        if (_lease is not null)
        {
            return true;
        }

        // Before the lease is taken: a silo that begins to drain now finds this campaign among those it has to hand over.
        if (!work.TryDrive(Id))
        {
            MigrateOnIdle();
            return false;
        }

        ActivateHere.Forget();

        try
        {
            await TakeLeaseAsync(cancellationToken);
        }
        finally
        {
            if (_lease is null)
            {
                work.EndDrive(Id);
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public async Task HandOverAsync(CancellationToken cancellationToken)
    {
        if (_lease is not { } lease || !work.IsDraining)
        {
            return;
        }

        try
        {
            var unusedFrom = await _slots.WhenLeftAsync(cancellationToken);
            await campaigns.HandOverLeaseAsync(lease, unusedFrom, cancellationToken);
            LogHandedOver(Id, lease.Epoch);
        }
        finally
        {
            StopDriving();
        }
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_lease is { } lease)
        {
            StopDriving();
            await campaigns.ReleaseLeaseAsync(lease, cancellationToken);
        }
    }

    private async Task TakeLeaseAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var lease = await campaigns.TryAcquireLeaseAsync(Id, $"{silo.Name}/{_activation:N}", now, _options.LeaseDuration, cancellationToken);
        if (lease is null)
        {
            DeactivateOnIdle();
            return;
        }

        // Only with its timer running does the grain count as driving: if this fails, the next poke tries again.
        var freed = await contacts.ReleaseStrandedAsync(Id, lease.Epoch, now, cancellationToken);
        LogDriving(Id, lease.Epoch, freed);
        _lease = lease;
        _renewAt = now + (_options.LeaseDuration / 3);
        _timer = this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(TimeSpan.Zero, _options.TickPeriod) { KeepAlive = true });
    }

    private async Task<CommandResult> DrivenAsync(CommandResult result, CancellationToken cancellationToken)
    {
        if (result.Status == CampaignStatus.Running && result.Kind is CommandResultKind.Applied or CommandResultKind.NoOp)
        {
            await DriveAsync(cancellationToken);
        }

        return result;
    }

    /// <summary>
    /// The store shuts the gate for every silo; then this waits for the dials that had passed it, so that nothing is sent after the return.
    /// </summary>
    private async Task<CommandResult> StopAsync(CampaignCommand command, string reason, CancellationToken cancellationToken)
    {
        var result = await campaigns.ApplyAsync(Id, command, reason, clock.GetUtcNow(), cancellationToken);
        LogCommand(Id, command, result.Kind, result.Status);
        if (result.Kind is not (CommandResultKind.Applied or CommandResultKind.NoOp))
        {
            return result;
        }

        while (await campaigns.CountDialsUnderWayAsync(Id, clock.GetUtcNow() - _options.Timings.SendTimeout, cancellationToken) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancellationToken);
        }

        return result;
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        if (_lease is not { } lease || work.IsDraining)
        {
            return;
        }

        var now = clock.GetUtcNow();
        if (now >= _renewAt)
        {
            if (!await campaigns.RenewLeaseAsync(lease, now, _options.LeaseDuration, cancellationToken))
            {
                StopDriving();
                return;
            }

            _renewAt = now + (_options.LeaseDuration / 3);
        }

        if (_ticks++ % 5 == 0 && await TrippedAsync(cancellationToken))
        {
            return;
        }

        await ClaimAsync(lease, now, cancellationToken);
    }

    private async Task ClaimAsync(CampaignLease lease, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var horizon = now + _options.TickPeriod;
        ClaimResult claim;
        var rounds = 0;
        do
        {
            var request = new ClaimRequest(lease, now, horizon, _options.MaxBatch) { HoldFor = _options.StaleClaimAfter };
            claim = await campaigns.ClaimAsync(request, cancellationToken);
            foreach (var order in claim.Orders)
            {
                // Not awaited: a slow carrier must not hold up the next tick. Every way it can end is handled inside.
                _ = DialAsync(order);
            }
        }
        while (claim is { Kind: ClaimResultKind.Claimed } && !work.IsDraining && (claim.MoreCandidates || claim.Orders.Length == _options.MaxBatch) && ++rounds < 50);

        if (claim.Kind != ClaimResultKind.Claimed)
        {
            // Paused, cancelled, done or another's: whoever is to drive next takes a lease of its own.
            // Let go first: the timer's end cancels this tick's token.
            LogStopped(Id, lease.Epoch, claim.Kind);
            await campaigns.ReleaseLeaseAsync(lease, cancellationToken);
            StopDriving();
        }
    }

    private async Task<bool> TrippedAsync(CancellationToken cancellationToken)
    {
        // Some of them rang no phone and do not count: three windows hold one of those that do.
        var recent = await campaigns.RecentOutcomesAsync(Id, 3 * _options.Breaker.Window, cancellationToken);
        if (CircuitBreaker.Judge(recent, _options.Breaker) is not { } trip)
        {
            return false;
        }

        LogTripped(Id, trip.Sessions.Length, trip.Samples);
        await campaigns.ApplyAsync(Id, CampaignCommand.Pause, trip.Message, clock.GetUtcNow(), cancellationToken);
        return true;
    }

    private void StopDriving()
    {
        _lease = null;
        _timer?.Dispose();
        _timer = null;
        work.EndDrive(Id);
        DeactivateOnIdle();
    }
}
