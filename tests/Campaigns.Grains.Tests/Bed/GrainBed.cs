using Campaigns.Carrier;
using Campaigns.Domain.Contacts;
using Campaigns.Domain.Pacing;
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
    private readonly string _connectionString;
    private readonly WatchedClock _watched;
    private readonly Progress _progress;
    private readonly Action<DriveOptions> _configure;

    private GrainBed(string connectionString, CampaignSeed seed, Action<DriveOptions> configure)
    {
        _connectionString = connectionString;
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
    public static async Task<GrainBed> StartAsync(
        PostgresFixture fixture, SeedShape? shape = null, short silos = 1, Action<DriveOptions>? configure = null)
    {
        var seed = await CampaignSeed.CreateAsync(fixture.DataSource, shape);
        var bed = new GrainBed(fixture.ConnectionString, seed, configure ?? (_ => { }));
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureHost(host => host.Services.AddSingleton<TimeProvider>(bed._watched));
        builder.ConfigureSiloHost((silo, host) => bed.Configure(silo.SiloName, host));
        bed.Cluster = builder.Build();
        await bed.Cluster.DeployAsync();
        return bed;
    }

    /// <summary>The same with the campaign being driven.</summary>
    public static async Task<GrainBed> DriveAsync(
        PostgresFixture fixture, SeedShape? shape = null, short silos = 1, Action<DriveOptions>? configure = null)
    {
        var bed = await StartAsync(fixture, shape, silos, configure);
        await bed.DriveAsync();
        return bed;
    }

    public ICampaignGrain CampaignOf(CampaignSeed seed) => Cluster.Client.GetGrain<ICampaignGrain>(seed.CampaignId);

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

    /// <summary>One more silo joins and the given one dies, with everything that ran on it.</summary>
    public async Task ReplaceAsync(InProcessSiloHandle dying)
    {
        await Cluster.StartAdditionalSiloAsync();
        await KillAsync(dying);
    }

    public async Task KillAsync(InProcessSiloHandle silo)
    {
        await Cluster.KillSiloAsync(silo);
        _progress.OnKilled(silo.Name);
        Tape.Look();
    }

    /// <summary>A callback about a dial, the way the webhook hands it on.</summary>
    public async Task<ReportResult> ReportAsync(Dial dial, CarrierReportKind kind, CallOutcome? outcome = null, string? sid = null)
    {
        var contact = await Seed.ScalarAsync<Guid>("SELECT campaign_contact_id FROM sessions WHERE id = $1", dial.SessionId);
        var report = new CarrierReport(dial.SessionId, kind, outcome, sid ?? dial.Sid, "callback");
        return await new GrainCarrierReports(Cluster.Client).DeliverAsync(contact, report, CancellationToken.None).WaitAsync(Tape.Patience);
    }

    /// <summary>The call is over.</summary>
    public Task<ReportResult> EndAsync(Dial dial, CallOutcome outcome) => ReportAsync(dial, CarrierReportKind.Ended, outcome);

    public async ValueTask DisposeAsync() => await Cluster.DisposeAsync();

    private void Configure(string silo, IHostApplicationBuilder host)
    {
        host.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Campaigns"] = new NpgsqlConnectionStringBuilder(_connectionString) { MaxPoolSize = 20 }.ConnectionString,
            ["Campaigns:Exotel:AccountSid"] = "campaigns1",
            ["Campaigns:Exotel:ApiKey"] = "key",
            ["Campaigns:Exotel:ApiToken"] = "token",
            ["Campaigns:Exotel:CallerId"] = "08047191234",
            ["Campaigns:Exotel:PublicBaseAddress"] = "https://campaigns.test/",
            ["Campaigns:Exotel:MediaBaseAddress"] = "wss://campaigns.test/",
        });
        host.Logging.SetMinimumLevel(LogLevel.Information);
        host.Logging.AddProvider(Log);
        host.AddCampaignsSiloServices();
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
