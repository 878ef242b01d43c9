using System.Collections.Immutable;
using Campaigns.Conversations.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>
/// One campaign that calls every person with every fault of the model, held once for all that judge it. Calls that are not as they should be, and
/// during which the machine itself was late, are tried again with fewer at once: by then it is the product's doing or it is not.
/// </summary>
public sealed class MatrixFixture : IAsyncLifetime
{
    // What two cores hold with room: each call is decoded on both sides, and a late chunk is heard as a gap.
    private const int PerMinute = 240;
    private const int MostAgain = 60;
    private static readonly int[] AtOnce = [40, 10, 4];
    private static readonly TimeSpan LongestRound = TimeSpan.FromMinutes(4);

    private readonly PostgresFixture _database = new();
    private ConversationBed? _bed;
    private readonly Dictionary<(string Person, ModelFault Fault), CallFacts> _facts = [];

    /// <summary>The message every voicemail is to hear.</summary>
    public const string Message = "Please call us back about your renewal.";

    /// <summary>What every screener is to hear.</summary>
    public const string Explanation = "This is Asha about your renewal.";

    /// <summary>The pair's last call.</summary>
    public CallFacts Of(Pair pair) => _facts[(pair.Person, pair.Fault)];

    public async Task InitializeAsync()
    {
        if (PostgresPrerequisite.SkipReason is not null)
        {
            return;
        }

        await _database.InitializeAsync();
        var pairs = Pair.All;
        var watch = new StallWatch();
        _bed = await ConversationBed.StartAsync(
            _database,
            Shape(pairs, AtOnce[0]),
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
        var campaign = _bed.Seed;
        for (var round = 0; ; round++)
        {
            // What is left over fails the pair it belongs to, not all of them.
            if (await _bed.IsSettledAsync(LongestRound, campaign))
            {
                await _bed.WhenDistilledAsync(TimeSpan.FromMinutes(1));
                await _bed.WhenQuietAsync(TimeSpan.FromSeconds(30));
            }

            foreach (var (pair, facts) in await FactsReader.ReadAsync(_bed, campaign, pairs, watch.Stalls))
            {
                _facts[(pair.Person, pair.Fault)] = facts;
            }

            pairs = [.. pairs.Where(p => Of(p).IsStarved && Judgement.Complaints(Of(p), strictly: true).Count > 0).Take(MostAgain).Select(p => p with { Round = p.Round + 1 })];
            if (pairs.Count == 0 || round + 1 == AtOnce.Length)
            {
                break;
            }

            campaign = await _bed.Seed.CreateSiblingAsync(Shape(pairs, AtOnce[round + 1]) with { DueAt = TimeProvider.System.GetUtcNow().AddDays(1) });
            await DescribeAsync(campaign, pairs);
        }

        await watch.DisposeAsync();
    }

    public async Task DisposeAsync()
    {
        if (_bed is not null)
        {
            await _bed.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    private static SeedShape Shape(IReadOnlyList<Pair> pairs, int atOnce) => new()
    {
        Numbers = [.. pairs.Select(p => p.Number)],
        MaxConcurrent = atOnce,
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
    };

    private static async Task DescribeAsync(CampaignSeed seed, IReadOnlyList<Pair> pairs)
        => await seed.ExecuteAsync(
            """
            UPDATE campaign_contacts c SET
              due_at = now(), name = x.name, time_zone = nullif(x.zone, ''),
              context = CASE WHEN x.fault = '' THEN '{}'::jsonb ELSE jsonb_build_object('model_fault', x.fault) END
            FROM unnest($1, $2, $3, $4) AS x (phone, name, zone, fault) WHERE c.phone = x.phone AND c.campaign_id = $5
            """,
            pairs.Select(p => p.Number).ToArray(),
            pairs.Select(p => p.Name).ToArray(),
            pairs.Select(p => p.TimeZone ?? "").ToArray(),
            pairs.Select(p => p.Fault.Marker).ToArray(),
            seed.CampaignId);
}
