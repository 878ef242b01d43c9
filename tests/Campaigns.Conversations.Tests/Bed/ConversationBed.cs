using Campaigns.Carrier;
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
using Orleans;

namespace Campaigns.Conversations.Tests.Bed;

/// <summary>A database, a carrier whose people speak and hear, a model that does, a running campaign, and one host between them.</summary>
public sealed class ConversationBed : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly string _folder;
    private readonly int _port;
    private string? _inboundSecret;

    private ConversationBed(CarrierSimulatorHost carrier, LiveModelSimulatorHost model, CampaignSeed seed, WebApplication host, LogCapture log, string folder, int port)
    {
        Carrier = carrier;
        Model = model;
        Seed = seed;
        _host = host;
        Log = log;
        _folder = folder;
        _port = port;
    }

    public CarrierSimulatorHost Carrier { get; }

    public LiveModelSimulatorHost Model { get; }

    public CampaignSeed Seed { get; }

    public LogCapture Log { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>An address of the host's media socket.</summary>
    public Uri Media(string path) => new($"ws://127.0.0.1:{_port}/media/exotel/{path}");

    /// <summary>The one secret of the agent's inbound address.</summary>
    public async Task<string> InboundSecretAsync()
    {
        if (_inboundSecret is null)
        {
            var secret = SessionToken.Create();
            await Seed.ExecuteAsync("UPDATE agents SET inbound_secret_hash = $2 WHERE id = $1", Seed.AgentId, SessionToken.Hash(secret));
            _inboundSecret = secret;
        }

        return _inboundSecret;
    }

    /// <summary>Where the recordings lie.</summary>
    public string Recordings => Path.Combine(_folder, "recordings");

    /// <summary>Everything started; the campaign is driven at once.</summary>
    public static async Task<ConversationBed> StartAsync(
        PostgresFixture fixture, SeedShape shape, Action<CarrierSimulatorOptions>? carrier = null, Action<LiveModelSimulatorOptions>? model = null,
        Func<CampaignSeed, Task>? prepare = null, Action<Dictionary<string, string?>>? configure = null)
    {
        var carrierOptions = new CarrierSimulatorOptions { Media = true, Speed = 20, CallsPerMinute = null };
        carrierOptions.MediaStream.Patience = TimeSpan.FromSeconds(10);
        carrier?.Invoke(carrierOptions);
        var modelOptions = new LiveModelSimulatorOptions();
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
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Information).AddFilter("Npgsql", LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.AddCampaignsSilo();
        var host = builder.Build();
        host.MapExotelWebhooks();
        host.MapExotelMedia();
        await host.StartAsync();
        return new ConversationBed(people, agents, seed, host, log, folder, port);
    }

    /// <summary>What a host between the two simulators is configured with.</summary>
    public static Dictionary<string, string?> Configuration(string connectionString, int port, Uri carrier, Uri model, string recordings) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:Campaigns"] = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 20 }.ConnectionString,
        ["Campaigns:Silo:Name"] = "one",
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
        ["Campaigns:Extraction:Period"] = "00:00:00.200",
        ["Campaigns:Drive:TickPeriod"] = "00:00:00.100",
        ["Campaigns:Drive:LeaseDuration"] = "00:00:02",
        ["Campaigns:Drive:SupervisorPeriod"] = "00:00:00.200",
        ["Campaigns:Drive:RescuePeriod"] = "00:00:00.500",
        ["Campaigns:Drive:Timings:RingCheckAfter"] = "00:00:05",
        ["Campaigns:Drive:Timings:CheckEvery"] = "00:00:03",
        ["Campaigns:Drive:Timings:ConversationLease"] = "00:00:04",
    };

    /// <summary>Returns when nobody of the snapshot is in flight or due, or fails saying where everyone is.</summary>
    public async Task WhenSettledAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await Seed.ScalarAsync<long>(
            "SELECT count(*) FROM campaign_contacts WHERE campaign_id = $1 AND (status IN ('DISPATCHED', 'IN_PROGRESS') OR due_at < now() + interval '10 seconds')",
            Seed.CampaignId) > 0)
        {
            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                var counts = await Seed.CountAsync();
                Assert.Fail($"Not settled after {patience}: {string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"))}\n{Log.Text}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await Carrier.DisposeAsync();
        await Model.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
