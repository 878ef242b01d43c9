using System.Collections.Immutable;
using Campaigns.Testing;
using CarrierSimulator;
using Npgsql;

namespace Campaigns.EndToEnd.Tests.Bed;

/// <summary>A database, a carrier and a running campaign over numbers whose digits say what each will do. Hosts are added by the test.</summary>
public sealed class CampaignBed : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _hosts = [];

    private CampaignBed(CarrierSimulatorHost carrier, CampaignSeed seed, string connectionString)
    {
        Carrier = carrier;
        Seed = seed;
        ConnectionString = connectionString;
    }

    public CarrierSimulatorHost Carrier { get; }

    public CampaignSeed Seed { get; }

    public string ConnectionString { get; }

    /// <summary>The policy of the beds: what did not reach the person is tried again at once, three calls in all.</summary>
    public static RetryPolicy ThreeTries { get; } = new()
    {
        Rules = new[] { CallOutcome.NoAnswer, CallOutcome.Busy, CallOutcome.Failed }
            .ToImmutableDictionary(o => o, _ => new RetryRule(3, [TimeSpan.FromMilliseconds(500)])),
    };

    /// <summary>Everything but the hosts. The campaign runs and nobody drives it yet.</summary>
    public static async Task<CampaignBed> CreateAsync(PostgresFixture fixture, SeedShape shape, CarrierSimulatorOptions carrier)
    {
        var simulator = await CarrierSimulatorHost.StartAsync(carrier, CancellationToken.None);
        var seed = await CampaignSeed.CreateAsync(
            fixture.DataSource, shape with { AccountId = carrier.AccountSid, Now = TimeProvider.System.GetUtcNow(), Retry = ThreeTries });
        return new CampaignBed(simulator, seed, fixture.ConnectionString);
    }

    /// <summary>Numbers with the given last two digits, in turn; no two are the same.</summary>
    public static string[] Numbers(int count, IReadOnlyList<int> digits, int firstMiddle = 100_000)
        => [.. Enumerable.Range(0, count).Select(i => $"+9198{firstMiddle + i:000000}{digits[i % digits.Count]:00}")];

    /// <summary>What a host of this bed is configured with.</summary>
    public Dictionary<string, string?> Configuration(int port, string name) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:Campaigns"] = new NpgsqlConnectionStringBuilder(ConnectionString) { MaxPoolSize = 20 }.ConnectionString,
        ["Campaigns:Silo:Name"] = name,
        ["Campaigns:Cluster:Membership"] = "Alone",
        ["Campaigns:Exotel:BaseAddress"] = Carrier.BaseAddress.ToString(),
        ["Campaigns:Exotel:AccountSid"] = "campaigns1",
        ["Campaigns:Exotel:ApiKey"] = "key",
        ["Campaigns:Exotel:ApiToken"] = "token",
        ["Campaigns:Exotel:CallerId"] = "08047191234",
        ["Campaigns:Exotel:PublicBaseAddress"] = $"http://127.0.0.1:{port}/",
        ["Campaigns:Exotel:MediaBaseAddress"] = $"ws://127.0.0.1:{port}/",
        ["Campaigns:Exotel:AllowPlainText"] = "true",
        ["Campaigns:Exotel:LookUpsShareLimit"] = "false",
        ["Campaigns:Exotel:SendTimeout"] = "00:00:02",
        ["Campaigns:Gemini:Model"] = "gemini-3.1-flash-live-preview",
        ["Campaigns:Gemini:ApiKey"] = "key",
        ["Campaigns:Gemini:ExtractionModel"] = "gemini-3.1-flash-lite",
        ["Campaigns:Drive:TickPeriod"] = "00:00:00.100",
        ["Campaigns:Drive:LeaseDuration"] = "00:00:01",
        ["Campaigns:Drive:SupervisorPeriod"] = "00:00:00.200",
        ["Campaigns:Drive:RescuePeriod"] = "00:00:00.200",
        ["Campaigns:Drive:StaleClaimAfter"] = "00:00:05",
        ["Campaigns:Drive:Timings:SendTimeout"] = "00:00:02",
        ["Campaigns:Drive:Timings:ExpectConversations"] = "false",
        ["Campaigns:Drive:Timings:DialingCheckAfter"] = "00:00:03.500",
        ["Campaigns:Drive:Timings:RingCheckAfter"] = "00:00:02",
        ["Campaigns:Drive:Timings:CheckEvery"] = "00:00:01",
        ["Campaigns:Drive:Timings:UnknownCheckAfter"] = "00:00:00.500",
        ["Campaigns:Drive:Timings:UnknownDeadline"] = "00:00:06",
        ["Campaigns:Drive:Timings:ReleaseDelay"] = "00:00:00.500",
    };

    /// <summary>A host in this process.</summary>
    public async Task<InProcessHost> StartHostAsync(string name)
    {
        var port = Loopback.FreePort();
        var host = await InProcessHost.StartAsync(Configuration(port, name), port);
        _hosts.Add(host);
        return host;
    }

    /// <summary>Returns when the campaign has the status, or fails saying where everyone is.</summary>
    public async Task<Dictionary<ContactStatus, int>> WhenCampaignIsAsync(CampaignStatus status, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var campaign = await Seed.Campaigns.LoadAsync(Seed.CampaignId, CancellationToken.None);
            if (campaign!.Status == status)
            {
                return await Seed.CountAsync();
            }

            try
            {
                await timer.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                var counts = await Seed.CountAsync();
                Assert.Fail($"The campaign is {campaign.Status} ({campaign.PauseReason}) after {patience}, not {status}: "
                    + string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}")));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await Carrier.DisposeAsync();
    }
}
