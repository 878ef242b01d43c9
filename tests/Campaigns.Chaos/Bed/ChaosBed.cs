using System.Collections.Immutable;
using Campaigns.Testing;
using Campaigns.Testing.Hosts;
using CarrierSimulator;
using Dapper;
using LiveModelSimulator;
using Npgsql;

namespace Campaigns.Chaos.Bed;

/// <summary>A server of its own, a carrier and a model that speak and hear, hosts as processes between them, and campaigns that run all the time.</summary>
public sealed class ChaosBed : IAsyncDisposable
{
    /// <summary>A campaign with fewer people left is not interrupted: nothing could be told from it.</summary>
    public const int Enough = 5;

    private const int MostLooks = 100;
    private readonly string _folder = Directory.CreateTempSubdirectory("campaigns-chaos-").FullName;
    private readonly List<ChaosCampaign> _campaigns = [];
    private readonly List<Disturbance> _disturbances = [];

    private ChaosBed(OwnedPostgres postgres, CarrierSimulatorHost carrier, LiveModelSimulatorHost model, Caps caps)
    {
        Postgres = postgres;
        Carrier = carrier;
        Model = model;
        Caps = caps;
        Hosts = new HostCluster(Configuration)
        {
            Settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Campaigns:Silo:DrainNotice"] = "00:00:02" },
        };
    }

    /// <summary>The default of the product, which this bed leaves alone.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromSeconds(10);

    public OwnedPostgres Postgres { get; }

    public CarrierSimulatorHost Carrier { get; }

    public LiveModelSimulatorHost Model { get; }

    public HostCluster Hosts { get; }

    public Caps Caps { get; }

    public MachineWatch Machine { get; } = new();

    public IReadOnlyList<ChaosCampaign> Campaigns => _campaigns;

    public IReadOnlyList<Disturbance> Disturbances
    {
        get
        {
            lock (_disturbances)
            {
                return [.. _disturbances];
            }
        }
    }

    /// <summary>Everything started but the campaigns: silos of these names and an API.</summary>
    public static async Task<ChaosBed> StartAsync(Caps caps, string[] silos, CancellationToken cancellationToken)
    {
        var options = new CarrierSimulatorOptions { Media = true, Speed = 20, CallsPerMinute = null };
        options.MediaStream.Patience = TimeSpan.FromSeconds(10);
        options.MediaStream.HandshakeTimeout = TimeSpan.FromSeconds(4);
        var bed = new ChaosBed(
            await OwnedPostgres.StartAsync(cancellationToken),
            await CarrierSimulatorHost.StartAsync(options, cancellationToken),
            await LiveModelSimulatorHost.StartAsync(new LiveModelSimulatorOptions(), cancellationToken),
            caps);
        try
        {
            await bed.Hosts.StartAsync([HostCluster.ApiName, .. silos]);
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Makes campaigns until there are so many that have people left to call. The first ones one after the other: whoever looks first takes all that it finds.
    /// </summary>
    public async Task TopUpAsync(int round, int campaigns, int atLeast, CancellationToken cancellationToken)
    {
        var busy = (await OwnersAsync()).Count(owner => owner.Pending >= atLeast);
        for (; busy < campaigns; busy++)
        {
            var campaign = await AddCampaignAsync(round);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            for (var looks = 0; round == 1 && looks < MostLooks && (await OwnersAsync()).Any(owner => owner.Campaign == campaign && owner.Host is null); looks++)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    public async Task<ChaosCampaign> AddCampaignAsync(int round, string[]? numbers = null)
    {
        var number = _campaigns.Count + 1;
        var shape = Shape(numbers ?? ChaosCampaign.Numbers(number));
        CampaignSeed seed;
        if (_campaigns is [var first, ..])
        {
            first.Seed.Now = shape.Now;
            seed = await first.Seed.CreateSiblingAsync(shape);
        }
        else
        {
            seed = await CampaignSeed.CreateAsync(Postgres.DataSource, shape);
        }

        var campaign = new ChaosCampaign(number, round, seed);
        _campaigns.Add(campaign);
        return campaign;
    }

    /// <summary>Who drives what, and how many are waiting there.</summary>
    public async Task<IReadOnlyList<CampaignOwner>> OwnersAsync()
    {
        await using var database = await Postgres.DataSource.OpenConnectionAsync();
        var rows = await database.QueryAsync<(Guid Id, string? Owner, long Pending)>(
            """
            SELECT c.id, CASE WHEN c.lease_until > now() THEN split_part(c.lease_owner, '/', 1) END,
              (SELECT count(*) FROM campaign_contacts x WHERE x.campaign_id = c.id AND x.status = 'PENDING')
            FROM campaigns c WHERE c.status = 'RUNNING'
            """);
        return [.. rows.Select(row => new CampaignOwner(_campaigns.First(c => c.Seed.CampaignId == row.Id), row.Owner, (int)row.Pending))];
    }

    /// <summary>Whether the campaign, or all of them together, have every line in use that they may.</summary>
    public async Task<bool> IsFullAsync(ChaosCampaign campaign, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        await using var command = Postgres.DataSource.CreateCommand(
            "SELECT coalesce(sum(in_flight) FILTER (WHERE campaign_id = $1), 0) >= $2 OR coalesce(sum(in_flight), 0) >= $3 FROM campaign_counters");
        command.Parameters.Add(new NpgsqlParameter { Value = campaign.Seed.CampaignId });
        command.Parameters.Add(new NpgsqlParameter { Value = (long)Caps.Campaign });
        command.Parameters.Add(new NpgsqlParameter { Value = (long)Caps.Organization });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Notes that a host's calls are no witnesses from now on.</summary>
    public void Disturb(int port, DateTimeOffset? since = null)
    {
        lock (_disturbances)
        {
            _disturbances.Add(new Disturbance(port, since ?? TimeProvider.System.GetUtcNow(), DateTimeOffset.MaxValue));
        }
    }

    /// <summary>Notes that they are again.</summary>
    public void Calm(int port)
    {
        var now = TimeProvider.System.GetUtcNow();
        lock (_disturbances)
        {
            for (var i = 0; i < _disturbances.Count; i++)
            {
                if (_disturbances[i] is { To: var to } last && last.Port == port && to == DateTimeOffset.MaxValue)
                {
                    _disturbances[i] = last with { To = now };
                }
            }
        }
    }

    /// <summary>The port of the host that made a dial, which is where the person's sound goes.</summary>
    public static int PortOf(LedgerEntry dial)
    {
        ArgumentNullException.ThrowIfNull(dial);
        return new Uri(dial.StreamUrl!).Port;
    }

    /// <summary>Whether nobody is waiting or under way any more, within a time.</summary>
    public async Task<bool> IsSettledAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        try
        {
            while (true)
            {
                await using var command = Postgres.DataSource.CreateCommand(
                    """
                    SELECT (SELECT count(*) FROM campaign_contacts WHERE status IN ('PENDING', 'DISPATCHED', 'IN_PROGRESS'))
                      + (SELECT count(*) FROM sessions WHERE state <> 'ENDED')
                    """);
                if ((long)(await command.ExecuteScalarAsync(deadline.Token))! == 0)
                {
                    return true;
                }

                await timer.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Hosts.DisposeAsync();
        await Carrier.DisposeAsync();
        await Model.DisposeAsync();
        await Machine.DisposeAsync();
        await Postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private SeedShape Shape(string[] numbers) => new()
    {
        AccountId = "campaigns1",
        Now = TimeProvider.System.GetUtcNow(),
        Numbers = numbers,
        MaxConcurrent = Caps.Campaign,
        OrganizationCap = Caps.Organization,
        CallsPerMinute = Caps.CampaignPerMinute,
        AccountCallsPerMinute = Caps.AccountPerMinute,
        AttemptsPerDay = 10,
        Instructions = "Ask whether they will renew.",
        Dispositions = [new DispositionSpec { Code = "interested" }, new DispositionSpec { Code = "not_interested" }],
        Retry = new RetryPolicy
        {
            Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty
                .Add(CallOutcome.InterruptedByUs, new RetryRule(Judging.DialJudge.MostAttempts, [TimeSpan.FromSeconds(1)]))
                .Add(CallOutcome.ModelUnavailable, new RetryRule(Judging.DialJudge.MostAttempts, [TimeSpan.FromSeconds(1)])),
        },
    };

    private Dictionary<string, string?> Configuration(int port, string name) => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:Campaigns"] = new NpgsqlConnectionStringBuilder(Postgres.ConnectionString) { Pooling = true, MaxPoolSize = 20 }.ConnectionString,
        ["Logging:LogLevel:Npgsql"] = "Warning",
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:System.Net.Http"] = "Warning",
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:TimestampFormat"] = "HH:mm:ss.fff ",
        ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
        ["Campaigns:Silo:Name"] = name,
        ["Campaigns:Silo:DrainLimit"] = "00:01:00",
        ["Campaigns:Exotel:BaseAddress"] = Carrier.BaseAddress.ToString(),
        ["Campaigns:Exotel:AccountSid"] = "campaigns1",
        ["Campaigns:Exotel:ApiKey"] = "key",
        ["Campaigns:Exotel:ApiToken"] = "token",
        ["Campaigns:Exotel:CallerId"] = "08047191234",
        ["Campaigns:Exotel:MediaBaseAddress"] = $"ws://127.0.0.1:{port}/",
        ["Campaigns:Exotel:AllowPlainText"] = "true",
        ["Campaigns:Exotel:LookUpsShareLimit"] = "false",
        ["Campaigns:Gemini:Platform"] = "Developer",
        ["Campaigns:Gemini:Model"] = "gemini-3.1-flash-live-preview",
        ["Campaigns:Gemini:ApiKey"] = "key",
        ["Campaigns:Gemini:ExtractionModel"] = "gemini-3.1-flash-lite",
        ["Campaigns:Gemini:BaseAddress"] = Model.BaseAddress.ToString(),
        ["Campaigns:Calls:RecordingFolder"] = Path.Combine(_folder, "recordings"),
        // Two cores hold hosts, people and model, and start another host now and then.
        ["Campaigns:Calls:Lead"] = "00:00:00.500",
        // Calls that fail are meant here, many in a row.
        ["Campaigns:Drive:Breaker:MinimumSamples"] = "10000",
        // Leases, ticks, the supervisor and the sign of life of conversations have their defaults. Phones ring for less than a second here, and what is
        // looked up later than it needs to be only makes the run longer.
        ["Campaigns:Drive:StaleClaimAfter"] = "00:00:15",
        ["Campaigns:Drive:Timings:RingCheckAfter"] = "00:00:08",
        ["Campaigns:Drive:Timings:CheckEvery"] = "00:00:04",
        ["Campaigns:Drive:Timings:UnknownDeadline"] = "00:00:20",
        ["Campaigns:Drive:Timings:ConclusionPatience"] = "00:00:15",
    };
}

/// <summary>Who drives a campaign.</summary>
/// <param name="Campaign">Which.</param>
/// <param name="Host">The host's name; null while nobody has the lease.</param>
/// <param name="Pending">How many wait to be called.</param>
public sealed record CampaignOwner(ChaosCampaign Campaign, string? Host, int Pending);
