using Campaigns.Calls;
using Campaigns.Domain.Contacts;
using Campaigns.Grains;
using Campaigns.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Campaigns.Silo.Draining;

/// <summary>
/// Takes a silo out of service before its host stops: its campaigns are handed over, nothing is claimed or dialled here any more, the people who
/// are being called or talked to are served to the end. Only then is the host to stop, which closes sockets.
/// </summary>
public sealed partial class SiloDrain(
    SiloWork work, IHeldCalls calls, IRingingCalls dialled, IGrainFactory grains, ILocalSiloDetails silo, IOptions<SiloHostOptions> options,
    IOptions<DriveOptions> drive, DrainTelemetry telemetry, TimeProvider clock, ILogger<SiloDrain> logger)
{
    /// <summary>How often is looked what is left.</summary>
    internal static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    /// <summary>How often is said what is left.</summary>
    internal static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);

    /// <summary>How long campaigns may take to be handed over before the drain goes on without.</summary>
    internal static readonly TimeSpan HandOverPatience = TimeSpan.FromSeconds(15);

    /// <summary>How long calls that are cut off may take: an apology, and the closing of what they hold.</summary>
    internal static readonly TimeSpan CutOffPatience = TimeSpan.FromSeconds(30);

    private readonly SiloHostOptions _options = options.Value;
    private readonly CallTimings _timings = drive.Value.Timings;
    private DateTimeOffset? _since;
    private volatile bool _isOver;

    /// <summary>Where the silo is in its life.</summary>
    public SiloState State => _isOver ? SiloState.Drained : work.IsDraining ? SiloState.Draining : SiloState.Ready;

    /// <summary>The silo as it is now.</summary>
    public async Task<DrainStatus> ReadAsync(CancellationToken cancellationToken)
    {
        var ringing = await CountRingingAsync(cancellationToken);
        var held = calls.Held;
        return new DrainStatus(State, held.Count, held.Longest, ringing, work.Driven.Count, _since, _since + _options.DrainLimit);
    }

    /// <summary>Drains the silo. To be called once; it does not fail.</summary>
    /// <param name="noticed">Whoever sends calls here knows already: the silo need not stay for <see cref="SiloHostOptions.DrainNotice"/>.</param>
    /// <param name="hurry">Do not wait any longer: what is left ends with the host.</param>
    public async Task<DrainResult> RunAsync(bool noticed, CancellationToken hurry)
    {
        var began = clock.GetTimestamp();
        _since = clock.GetUtcNow();
        work.BeginDraining();
        var (cutOff, hurried) = (0, false);
        try
        {
            LogBegins(calls.Held.Count, calls.Held.Longest, work.Driven.Count, _options.DrainLimit);
            await HandOverAsync(hurry);
            if (!await IsLeftEmptyAsync(began, noticed ? TimeSpan.Zero : _options.DrainNotice, hurry))
            {
                cutOff = await CutOffAsync(hurry);
            }
        }
        catch (OperationCanceledException) when (hurry.IsCancellationRequested)
        {
            hurried = true;
            LogHurried(calls.Held.Count);
        }

        work.Close();
        _isOver = true;
        var result = new DrainResult(clock.GetElapsedTime(began), cutOff, hurried);
        telemetry.OnDrained(result);
        if (cutOff == 0 && !hurried)
        {
            LogDrained(result.Took);
        }

        return result;
    }

    private Task HandOverAsync(CancellationToken hurry) => Task.WhenAll(work.Driven.Select(async campaign =>
    {
        try
        {
            await grains.GetGrain<ICampaignGrain>(campaign).HandOverAsync(hurry).WaitAsync(HandOverPatience, clock, hurry);
        }
        catch (Exception error) when (error is not OutOfMemoryException && !hurry.IsCancellationRequested)
        {
            LogNotHandedOver(error, campaign);
        }
    }));

    /// <summary>Waits until nothing is left; false when the limit comes first.</summary>
    private async Task<bool> IsLeftEmptyAsync(long began, TimeSpan notice, CancellationToken hurry)
    {
        var nextReport = ReportEvery;
        while (true)
        {
            var elapsed = clock.GetElapsedTime(began);
            if (elapsed >= notice)
            {
                work.CloseToInbound();
            }

            // In this order: no dial is begun any more, so that what none of them has left ringing does not begin to ring.
            var areDialsOver = work.Dials == 0;
            var ringing = await CountRingingAsync(hurry);
            if (elapsed >= notice && areDialsOver && IsSilent(ringing, elapsed) && work.TryClose())
            {
                return true;
            }

            if (elapsed >= _options.DrainLimit)
            {
                return false;
            }

            if (elapsed >= nextReport)
            {
                nextReport = elapsed + ReportEvery;
                LogLeft(calls.Held.Count, calls.Held.Longest, ringing, _options.DrainLimit - elapsed);
            }

            await Task.Delay(Step, clock, hurry);
        }
    }

    /// <summary>Without an answer of the database: no phone rings longer than this since the last dial.</summary>
    private bool IsSilent(int? ringing, TimeSpan elapsed) => ringing is { } count ? count == 0 : elapsed >= _timings.RingCheckAfter;

    private async Task<int> CutOffAsync(CancellationToken hurry)
    {
        work.Close();
        var left = calls.Held.Count;
        LogCutOff(left, await CountRingingAsync(hurry));
        try
        {
            await calls.InterruptAllAsync("The host stops, and its time is up.", hurry).WaitAsync(CutOffPatience, clock, hurry);
        }
        catch (TimeoutException)
        {
            LogNotCutOff();
        }

        return left;
    }

    private async Task<int?> CountRingingAsync(CancellationToken cancellationToken)
    {
        if (!_timings.ExpectConversations)
        {
            // Nobody who answers comes here.
            return 0;
        }

        try
        {
            return await dialled.CountRingingAsync(silo.Name, clock.GetUtcNow() - _timings.RingCheckAfter, cancellationToken);
        }
        catch (Exception error) when (error is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            LogRingingUnknown(error);
            return null;
        }
    }
}
