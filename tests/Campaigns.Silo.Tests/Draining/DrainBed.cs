using System.Diagnostics.Metrics;
using Campaigns.Calls;
using Campaigns.Grains;
using Campaigns.Silo.Draining;
using Campaigns.Stores;
using Campaigns.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Campaigns.Silo.Tests.Draining;

/// <summary>A drain with nothing real around it, on a clock that the test moves.</summary>
internal sealed class DrainBed : IMeterFactory, IHeldCalls, IRingingCalls
{
    private readonly List<Meter> _meters = [];
    private readonly TaskCompletionSource _interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DrainBed(Action<SiloHostOptions>? configure = null, bool expectConversations = true)
    {
        configure?.Invoke(Options);
        var drive = new DriveOptions();
        drive.Timings = drive.Timings with { ExpectConversations = expectConversations };
        var logs = LoggerFactory.Create(logging => logging.AddProvider(Log));
        Drain = new SiloDrain(
            Work, this, this, Stub<IGrainFactory>.Of((name, arguments) => name == "GetGrain" ? Grain((Guid)arguments[0]!) : null),
            Stub<ILocalSiloDetails>.Of((name, _) => name == "get_Name" ? "silo" : null), Microsoft.Extensions.Options.Options.Create(Options),
            Microsoft.Extensions.Options.Options.Create(drive), new DrainTelemetry(this, Work), Clock, logs.CreateLogger<SiloDrain>());
    }

    public FakeClock Clock { get; } = new();

    public SiloHostOptions Options { get; } = new() { Name = "silo", DrainNotice = TimeSpan.Zero };

    public SiloWork Work { get; } = new();

    public SiloDrain Drain { get; }

    public LogCapture Log { get; } = new();

    /// <summary>What the database says; null: it is away.</summary>
    public int? Ringing { get; set; } = 0;

    public HeldCalls Held { get; set; }

    /// <summary>Why calls were cut off; null while they were not.</summary>
    public string? CutOffBecause { get; private set; }

    public List<Guid> HandedOver { get; } = [];

    public Func<Guid, Task> HandOver { get; set; } = _ => Task.CompletedTask;

    public TimeSpan Elapsed => Clock.GetUtcNow() - new FakeClock().GetUtcNow();

    public Task<int> CountRingingAsync(string silo, DateTimeOffset dialledAfter, CancellationToken cancellationToken)
    {
        Assert.Equal(("silo", Clock.GetUtcNow() - new DriveOptions().Timings.RingCheckAfter), (silo, dialledAfter));
        return Ringing is { } count ? Task.FromResult(count) : Task.FromException<int>(new IOException("the database is away"));
    }

    public Task InterruptAllAsync(string reason, CancellationToken cancellationToken)
    {
        CutOffBecause = reason;
        return _interrupted.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The calls that were cut off have ended.</summary>
    public void EndCutOff() => _interrupted.SetResult();

    /// <summary>Moves the clock from look to look of a drain; ends with it, or when it has looked at a time.</summary>
    public async Task PassAsync(Task drain, TimeSpan until)
    {
        while (await Task.WhenAny(drain, Clock.WhenArmedForAsync(SiloDrain.Step)) != drain && Elapsed < until)
        {
            Clock.Advance(SiloDrain.Step);
        }
    }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options.Name, null, null, this);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());

    private ICampaignGrain Grain(Guid campaign) => Stub<ICampaignGrain>.Of((name, _) =>
    {
        Assert.Equal(nameof(ICampaignGrain.HandOverAsync), name);
        lock (HandedOver)
        {
            HandedOver.Add(campaign);
        }

        return HandOver(campaign);
    });
}
