using System.Collections.Immutable;
using System.Diagnostics;
using Campaigns.Conversations.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>One campaign that calls every person with every fault of the model, held once for all that judge it.</summary>
public sealed class MatrixFixture : IAsyncLifetime
{
    // What two cores hold with room: each call is decoded on both sides, and a late chunk is heard as a gap.
    private const int AtOnce = 40;
    private const int PerMinute = 240;
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(4);

    private readonly PostgresFixture _database = new();
    private ConversationBed? _bed;
    private IReadOnlyDictionary<Pair, CallFacts> _facts = new Dictionary<Pair, CallFacts>();

    /// <summary>How long the campaign took.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>The message every voicemail is to hear.</summary>
    public const string Message = "Please call us back about your renewal.";

    /// <summary>What every screener is to hear.</summary>
    public const string Explanation = "This is Asha about your renewal.";

    public CallFacts Of(Pair pair) => _facts[pair];

    public async Task InitializeAsync()
    {
        if (PostgresPrerequisite.SkipReason is not null)
        {
            return;
        }

        await _database.InitializeAsync();
        var pairs = Pair.All;
        var clock = Stopwatch.StartNew();
        var watch = new StallWatch();
        _bed = await ConversationBed.StartAsync(
            _database,
            new SeedShape
            {
                Numbers = [.. pairs.Select(p => p.Number)],
                MaxConcurrent = AtOnce,
                CallsPerMinute = PerMinute,
                Instructions = "Ask whether they will renew.",
                Dispositions = [new DispositionSpec { Code = "interested" }, new DispositionSpec { Code = "not_interested" }],
                Voice = new VoicePolicy
                {
                    // Two who keep breaking each other's sentences go on for ever.
                    LongestCall = TimeSpan.FromSeconds(40),
                    Machine = MachinePolicy.LeaveMessage,
                    MachineMessage = Message,
                    ScreenerMessage = Explanation,
                },
                Retry = new RetryPolicy
                {
                    Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty
                        .Add(CallOutcome.ModelUnavailable, new RetryRule(2, [TimeSpan.FromHours(2)]))
                        .Add(CallOutcome.InterruptedByUs, new RetryRule(2, [TimeSpan.FromHours(2)])),
                },
            },
            carrier: o => o.MediaStream.Patience = TimeSpan.FromSeconds(12),
            prepare: seed => DescribeAsync(seed, pairs),
            configure: c =>
            {
                c["Campaigns:Drive:Timings:ConversationLease"] = "00:00:20";
                c["Campaigns:Calls:ModelPatience"] = "00:00:03";
                c["Campaigns:Calls:ModelStall"] = "00:00:05";
                c["Campaigns:Calls:TurnEndPatience"] = "00:00:02";
                c["Campaigns:Calls:LongestTurn"] = "00:00:12";
                c["Campaigns:Calls:UntranscribedAudio"] = "00:00:08";
            });
        // What is left over fails the pair it belongs to, not all of them.
        if (await _bed.IsSettledAsync(LongestRun))
        {
            await _bed.WhenDistilledAsync(TimeSpan.FromMinutes(1));
            await _bed.WhenQuietAsync(TimeSpan.FromSeconds(30));
        }

        Took = clock.Elapsed;
        await watch.DisposeAsync();
        _facts = await FactsReader.ReadAsync(_bed, pairs, watch.Stalls);
    }

    public async Task DisposeAsync()
    {
        if (_bed is not null)
        {
            await _bed.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    private static async Task DescribeAsync(CampaignSeed seed, IReadOnlyList<Pair> pairs)
        => await seed.ExecuteAsync(
            """
            UPDATE campaign_contacts c SET
              name = x.name, time_zone = nullif(x.zone, ''),
              context = CASE WHEN x.fault = '' THEN '{}'::jsonb ELSE jsonb_build_object('model_fault', x.fault) END
            FROM unnest($1, $2, $3, $4) AS x (phone, name, zone, fault) WHERE c.phone = x.phone AND c.campaign_id = $5
            """,
            pairs.Select(p => p.Number).ToArray(),
            pairs.Select(p => p.Name).ToArray(),
            pairs.Select(p => p.TimeZone ?? "").ToArray(),
            pairs.Select(p => p.Fault.Marker).ToArray(),
            seed.CampaignId);
}
