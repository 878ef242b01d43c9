using Campaigns.Exotel;
using Campaigns.Exotel.Media;
using Campaigns.Silo;
using Campaigns.Testing;
using CarrierSimulator;
using LiveModelSimulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Campaigns.Conversations.Tests.Bed;

/// <summary>A database, a carrier whose people speak and hear, a model that does, a running campaign, and one host between them.</summary>
public sealed class ConversationBed : IAsyncDisposable
{
    private readonly WebApplication? _host;
    private readonly string _folder;

    private ConversationBed(
        CarrierSimulatorHost carrier, LiveModelSimulatorHost model, CampaignSeed seed, WebApplication? host, int port, LogCapture log, string folder)
    {
        Carrier = carrier;
        Model = model;
        Seed = seed;
        _host = host;
        MediaAddress = new Uri($"ws://127.0.0.1:{port}/media/exotel/");
        Log = log;
        _folder = folder;
    }

    public CarrierSimulatorHost Carrier { get; }

    public LiveModelSimulatorHost Model { get; }

    public CampaignSeed Seed { get; }

    public LogCapture Log { get; }

    /// <summary>Where the host in this process takes media sockets.</summary>
    public Uri MediaAddress { get; }

    /// <summary>The services of the host in this process.</summary>
    public IServiceProvider Services => _host?.Services ?? throw new InvalidOperationException("The hosts of this bed are the test's.");

    /// <summary>Where the recordings lie.</summary>
    public string Recordings => Path.Combine(_folder, "recordings");

    /// <summary>Everything started; the campaign is driven at once, unless the test brings hosts of its own.</summary>
    public static async Task<ConversationBed> StartAsync(
        PostgresFixture fixture, SeedShape shape, Action<CarrierSimulatorOptions>? carrier = null, Action<LiveModelSimulatorOptions>? model = null,
        Func<CampaignSeed, Task>? prepare = null, Action<Dictionary<string, string?>>? configure = null, bool withHost = true)
    {
        var carrierOptions = new CarrierSimulatorOptions { Media = true, Speed = 20, CallsPerMinute = null };
        carrierOptions.MediaStream.Patience = TimeSpan.FromSeconds(10);
        carrier?.Invoke(carrierOptions);
        var script = new AgentScript();
        var modelOptions = new LiveModelSimulatorOptions
        {
            // What the line asks to be said word for word is said word for word.
            Script = script with
            {
                TypedRules = [new ScriptRule("Say exactly this[^\"]*\"(?<text>[^\"]+)\"", [ScriptAction.Say("{text}")]), .. script.TypedRules],
            },
        };
        model?.Invoke(modelOptions);
        var people = await CarrierSimulatorHost.StartAsync(carrierOptions, CancellationToken.None);
        var agents = await LiveModelSimulatorHost.StartAsync(modelOptions, CancellationToken.None);
        var seed = await CampaignSeed.CreateAsync(
            fixture.DataSource, shape with { AccountId = carrierOptions.AccountSid, Now = TimeProvider.System.GetUtcNow() });
        if (prepare is not null)
        {
            await prepare(seed);
        }

        var folder = Directory.CreateTempSubdirectory("campaigns-conversations-").FullName;
        var port = Loopback.FreePort();
        var configuration = Configuration(fixture.ConnectionString, port, people.BaseAddress, agents.BaseAddress, Path.Combine(folder, "recordings"));
        configure?.Invoke(configuration);
        var log = new LogCapture();
        var host = withHost ? await HostAsync(configuration, port, log) : null;
        return new ConversationBed(people, agents, seed, host, port, log, folder);
    }

    private static async Task<WebApplication> HostAsync(Dictionary<string, string?> configuration, int port, LogCapture log)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Information).AddFilter("Npgsql", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.AddCampaignsSilo();
        var host = builder.Build();
        host.MapExotelWebhooks();
        host.MapExotelMedia();
        await host.StartAsync();
        return host;
    }

    /// <summary>What a host between the two simulators is configured with.</summary>
    public static Dictionary<string, string?> Configuration(string connectionString, int port, Uri carrier, Uri model, string recordings) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:Campaigns"] = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 20 }.ConnectionString,
        ["Campaigns:Silo:Name"] = "one",
        ["Campaigns:Cluster:Membership"] = "Alone",
        ["Campaigns:Exotel:BaseAddress"] = carrier.ToString(),
        ["Campaigns:Exotel:AccountSid"] = "campaigns1",
        ["Campaigns:Exotel:ApiKey"] = "key",
        ["Campaigns:Exotel:ApiToken"] = "token",
        ["Campaigns:Exotel:CallerId"] = "08047191234",
        ["Campaigns:Exotel:PublicBaseAddress"] = $"http://127.0.0.1:{port}/",
        ["Campaigns:Exotel:MediaBaseAddress"] = $"ws://127.0.0.1:{port}/",
        ["Campaigns:Exotel:AllowPlainText"] = "true",
        ["Campaigns:Exotel:LookUpsShareLimit"] = "false",
        ["Campaigns:Gemini:Platform"] = "Developer",
        ["Campaigns:Gemini:Model"] = "gemini-3.1-flash-live-preview",
        ["Campaigns:Gemini:ApiKey"] = "key",
        ["Campaigns:Gemini:ExtractionModel"] = "gemini-3.1-flash-lite",
        ["Campaigns:Gemini:BaseAddress"] = model.ToString(),
        ["Campaigns:Calls:RecordingFolder"] = recordings,
        // Two cores that build something else at the same time are late now and then, and a late chunk breaks a sentence of tones.
        ["Campaigns:Calls:Lead"] = "00:00:00.500",
        ["Campaigns:Extraction:Period"] = "00:00:00.200",
        // Faults of the model are meant here, many in a row.
        ["Campaigns:Drive:Breaker:MinimumSamples"] = "10000",
        ["Campaigns:Drive:TickPeriod"] = "00:00:00.100",
        ["Campaigns:Drive:LeaseDuration"] = "00:00:02",
        ["Campaigns:Drive:SupervisorPeriod"] = "00:00:00.200",
        ["Campaigns:Drive:RescuePeriod"] = "00:00:00.500",
        ["Campaigns:Drive:Timings:RingCheckAfter"] = "00:00:05",
        ["Campaigns:Drive:Timings:CheckEvery"] = "00:00:03",
        ["Campaigns:Drive:Timings:ConversationLease"] = "00:00:04",
    };

    /// <summary>Returns when nobody of the snapshot is in flight or due, or fails saying where everyone is.</summary>
    public async Task WhenSettledAsync(TimeSpan patience, CampaignSeed? campaign = null)
    {
        if (!await IsSettledAsync(patience, campaign))
        {
            var counts = await (campaign ?? Seed).CountAsync();
            Assert.Fail($"Not settled after {patience}: {string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"))}\n{Log.Text}");
        }
    }

    /// <summary>Whether nobody of the snapshot is in flight or due, at last, within a time.</summary>
    public async Task<bool> IsSettledAsync(TimeSpan patience, CampaignSeed? campaign = null)
    {
        using var deadline = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await Seed.ScalarAsync<long>(
            "SELECT count(*) FROM campaign_contacts WHERE campaign_id = $1 AND (status IN ('DISPATCHED', 'IN_PROGRESS') OR due_at < now() + interval '10 seconds')",
            (campaign ?? Seed).CampaignId) > 0)
        {
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Everything that both simulators noted so far.</summary>
    public string Describe() => Ledgers.Describe(Carrier.Ledger.Entries, Model.Ledger.Sessions);

    /// <summary>Returns when every finished conversation has been distilled, or given up.</summary>
    public Task WhenDistilledAsync(TimeSpan patience)
        => WhenZeroAsync("SELECT count(*) FROM extractions WHERE state = 'PENDING'", patience, "conversations are not distilled");

    /// <summary>Returns when no session is open at the model.</summary>
    public async Task WhenQuietAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Model.Ledger.LiveSessions > 0)
        {
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{Model.Ledger.LiveSessions} sessions are still open at the model {patience} after the last call.\n{Log.Text}");
            }
        }
    }

    /// <summary>Returns when a count is zero, or fails saying what there still is.</summary>
    public async Task WhenZeroAsync(string count, TimeSpan patience, string what, params object?[] values)
    {
        using var deadline = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await Seed.ScalarAsync<long>(count, values) is > 0 and var left)
        {
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"After {patience} {left} {what}.\n{Log.Text}");
            }
        }
    }

    /// <summary>Stops the host in this process, as a second signal does: its calls are cut off.</summary>
    public Task StopHostAsync() => _host?.StopAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        await Carrier.DisposeAsync();
        await Model.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
