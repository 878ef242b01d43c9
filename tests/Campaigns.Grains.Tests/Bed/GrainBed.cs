using Campaigns.Carrier;
using Campaigns.Postgres.Campaigns;
using Campaigns.Postgres.Contacts;
using Campaigns.Silo;
using Campaigns.Silo.Supervision;
using Campaigns.Stores;
using Campaigns.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans;
using Orleans.TestingHost;

namespace Campaigns.Grains.Tests.Bed;

/// <summary>
/// The real grains, supervisor and rescuer on an in-memory cluster over a real database, with a scripted carrier and a clock that only the
/// test moves. Supervisor and rescuer look when the test says so.
/// </summary>
internal sealed class GrainBed : IAsyncDisposable
{
    /// <summary>How often a pause or cancel looks whether dials are under way.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly PostgresServer _server;
    private readonly string _database;
    private readonly WatchedClock _watched;
    private readonly Progress _progress;
    private readonly HashSet<string> _labels = [];
    private readonly Action<DriveOptions> _configure;

    private GrainBed(PostgresServer server, string database, CampaignSeed seed, Action<DriveOptions> configure)
    {
        _server = server;
        _database = database;
        _configure = configure;
        Seed = seed;
        Clock = new FakeClock(seed.Now);
        _watched = new WatchedClock(Clock, new DriveOptions().TickPeriod);
        Tape = new Tape(_watched);
        _progress = new Progress(_watched);
        Tape.Follower = _progress.Follow;
        _watched.Armed = Tape.Look;
        Carrier = new ScriptedCarrier(_watched);
        Driver = new CampaignDriver(Clock, Tape, _progress);
        Cluster = null!;
    }

    public InProcessTestCluster Cluster { get; private set; }

    public CampaignSeed Seed { get; }

    public FakeClock Clock { get; }

    public Tape Tape { get; }

    public ScriptedCarrier Carrier { get; }

    public CampaignDriver Driver { get; }

    public LogCapture Log { get; } = new();

    /// <summary>The silo that started last and lives.</summary>
    public InProcessSiloHandle Newest => Cluster.Silos[^1];

    /// <summary>The seeded campaign as a client sees it.</summary>
    public ICampaignGrain Campaign => CampaignOf(Seed);

    /// <summary>A cluster over a seeded campaign that runs and that nobody drives yet.</summary>
    public static async Task<GrainBed> StartAsync(SeedShape? shape = null, short silos = 1, Action<DriveOptions>? configure = null)
    {
        // A database of its own: supervisor and rescuer look at everything in theirs.
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateMigratedAsync();
        var seed = await CampaignSeed.CreateAsync(NpgsqlDataSource.Create(server.ConnectionStringTo(database)), shape);
        var bed = new GrainBed(server, database, seed, configure ?? (_ => { }));
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureHost(host =>
        {
            // The grains live on the bed's clock. Orleans asks for a clock per area, and its own runtime must not stand still with it.
            host.Services.AddSingleton<TimeProvider>(bed._watched);
            host.Services.AddKeyedSingleton(KeyedService.AnyKey, TimeProvider.System);
            host.Services.AddKeyedSingleton<TimeProvider>("Orleans.Grains", bed._watched);
        });
#if ORLEANS_PACKAGES
        // A grain timer of the runtime's own, on the grains' clock and with a campaign's period: the driver would take it for a tick.
        builder.ConfigureSilo((_, silo) => silo.Services.Configure<Orleans.Configuration.DeploymentLoadPublisherOptions>(
            o => o.DeploymentLoadPublisherRefreshTime = TimeSpan.Zero));
#endif
        builder.ConfigureSiloHost((silo, host) => bed.Configure(bed.Label(silo.SiloName), host));
        bed.Cluster = builder.Build();
        await bed.Cluster.DeployAsync();
        return bed;
    }

    /// <summary>The same with the campaign being driven.</summary>
    public static async Task<GrainBed> DriveAsync(SeedShape? shape = null, short silos = 1, Action<DriveOptions>? configure = null)
    {
        var bed = await StartAsync(shape, silos, configure);
        await bed.DriveAsync();
        return bed;
    }

    public ICampaignGrain CampaignOf(CampaignSeed seed) => CampaignOf(seed.CampaignId);

    public ICampaignGrain CampaignOf(Guid campaign) => Cluster.Client.GetGrain<ICampaignGrain>(campaign);

    public IContactGrain Contact(Guid campaignContactId) => Cluster.Client.GetGrain<IContactGrain>(campaignContactId);

    /// <summary>Pokes the campaign's grain; its first tick has ended afterwards.</summary>
    public async Task DriveAsync(CampaignSeed? seed = null)
    {
        await CampaignOf(seed ?? Seed).DriveAsync(CancellationToken.None);
        await Driver.SettleAsync();
    }

    /// <summary>A supervisor's look on the newest silo.</summary>
    public Task SuperviseAsync() => Driver.SuperviseAsync(Newest.ServiceProvider);

    /// <summary>A rescuer's look on the newest silo.</summary>
    public Task RescueAsync() => Driver.RescueAsync(Newest.ServiceProvider);

    /// <summary>The clock jumps, and a supervisor looks: an activation that idled through the jump may have gone.</summary>
    public async Task JumpAsync(TimeSpan span)
    {
        await Driver.JumpAsync(span);
        await SuperviseAsync();
    }

    /// <summary>Pauses or cancels, moving the clock on while the command waits for dials under way.</summary>
    public async Task<CommandResult> StopAsync(Task<CommandResult> command)
    {
        while (await Task.WhenAny(command, Clock.WhenArmedForAsync(Look)) != command)
        {
            Clock.Advance(Look);
        }

        return await command;
    }

    /// <summary>Completes when a pause or cancel has looked once more and still waits for dials under way.</summary>
    public async Task WhenStopWaitsAsync()
    {
        var looks = Tape.Count("CampaignStore.CountDialsUnderWayAsync");
        await Clock.WhenArmedForAsync(Look);
        Clock.Advance(Look);
        await Tape.WhenEndedAsync("CampaignStore.CountDialsUnderWayAsync", looks + 1);
        await Clock.WhenArmedForAsync(Look);
    }

    /// <summary>What the tape calls a silo. Orleans gives the name of a silo that is gone to the next one; the tape must tell them apart.</summary>
    public static string LabelOf(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<SiloLabel>().Text;

    /// <summary>One more silo joins and the given one dies, with everything that ran on it.</summary>
    public async Task ReplaceAsync(InProcessSiloHandle dying)
    {
        await Cluster.StartAdditionalSiloAsync();
        await KillAsync(dying);
    }

    public async Task KillAsync(InProcessSiloHandle silo)
    {
        var label = LabelOf(silo);
        await Cluster.KillSiloAsync(silo);
        Forget(label);
    }

    /// <summary>Nothing is expected of this silo any more.</summary>
    public void Forget(string silo)
    {
        _progress.OnKilled(silo);
        Tape.Look();
    }

    /// <summary>A callback about a dial, the way the webhook hands it on.</summary>
    public async Task<ReportResult> ReportAsync(Dial dial, CarrierReportKind kind, CallOutcome? outcome = null, string? sid = null)
    {
        var contact = await Seed.ScalarAsync<Guid>("SELECT campaign_contact_id FROM sessions WHERE id = $1", dial.SessionId);
        var report = new CarrierReport(dial.SessionId, kind, outcome, sid ?? dial.Sid, "callback");

        // Through a silo that lives: the cluster's own client may have had its gateway on the one that died.
        var reports = new GrainCarrierReports(Newest.ServiceProvider.GetRequiredService<IGrainFactory>());
        return await reports.DeliverAsync(contact, report, CancellationToken.None).WaitAsync(Tape.Patience);
    }

    /// <summary>The call is over.</summary>
    public Task<ReportResult> EndAsync(Dial dial, CallOutcome outcome) => ReportAsync(dial, CarrierReportKind.Ended, outcome);

    /// <summary>Nothing is expected any more of what drove the campaign; its silo lives.</summary>
    public void ForgetCampaign()
    {
        _progress.OnDriverKilled();
        Tape.Look();
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Seed.Database.DisposeAsync();
        await _server.DropAsync(_database);
    }

    /// <summary>The name, or a longer one where a silo that is gone had it.</summary>
    private string Label(string name)
    {
        lock (_labels)
        {
            while (!_labels.Add(name))
            {
                name += "'";
            }
        }

        return name;
    }

    private sealed record SiloLabel(string Text);

    private void Configure(string silo, IHostApplicationBuilder host)
    {
        host.Services.AddSingleton(new SiloLabel(silo));
        host.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Campaigns"] = _server.ConnectionStringTo(_database),
            ["Campaigns:Exotel:AccountSid"] = "campaigns1",
            ["Campaigns:Exotel:ApiKey"] = "key",
            ["Campaigns:Exotel:ApiToken"] = "token",
            ["Campaigns:Exotel:CallerId"] = "08047191234",
            ["Campaigns:Exotel:PublicBaseAddress"] = "https://campaigns.test/",
            ["Campaigns:Exotel:MediaBaseAddress"] = "wss://campaigns.test/",
            ["Campaigns:Gemini:Model"] = "gemini-3.1-flash-live-preview",
            ["Campaigns:Gemini:ApiKey"] = "key",
            ["Campaigns:Gemini:ExtractionModel"] = "gemini-3.1-flash-lite",
        });
        host.Logging.SetMinimumLevel(LogLevel.Information);
        host.Logging.AddProvider(Log);
        host.AddCampaignsSiloServices();
        host.Services.Configure<DriveOptions>(o => o.Timings = o.Timings with { ExpectConversations = false });
        host.Services.Configure(_configure);

        // The two look when the test says so.
        foreach (var service in host.Services.Where(s => s.ImplementationType is { } t && t.IsSubclassOf(typeof(PeriodicService))).ToList())
        {
            host.Services.Remove(service);
            host.Services.AddSingleton(service.ImplementationType!);
        }

        host.Services.Replace(ServiceDescriptor.Singleton(p => TapedPort<ICarrier>.Wrap(Carrier, Tape, silo)));
        host.Services.Replace(ServiceDescriptor.Singleton(p => TapedPort<IContactStore>.Wrap(
            ActivatorUtilities.CreateInstance<PostgresContactStore>(p), Tape, silo)));
        host.Services.Replace(ServiceDescriptor.Singleton(p => TapedPort<ICampaignStore>.Wrap(
            ActivatorUtilities.CreateInstance<PostgresCampaignStore>(p), Tape, silo)));
    }
}
