using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Campaigns.Carrier;
using Campaigns.Conversations.Tests.Bed;
using Campaigns.Grains;
using Campaigns.Testing;
using Campaigns.Testing.Otlp;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Campaigns.Conversations.Tests;

/// <summary>What a collector is sent of whole calls: one trace each, measures, and nothing of the people.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ActivitySource Source = new("Campaigns.TraceTests");

    // A database for each test: a host would go on with the campaigns of the one before.
    private readonly PostgresFixture fixture = new();

    public Task InitializeAsync() => fixture.InitializeAsync();

    public Task DisposeAsync() => fixture.DisposeAsync();

    [PostgresFact]
    public async Task Attempt_FromTheDialToTheRecord_IsOneTraceWithoutAnythingPersonal()
    {
        using var heard = new Everything();
        await using var collector = await OtlpReceiver.StartAsync();
        var session = Guid.Empty;
        await using (var bed = await StartAsync(collector, "+915555002001", seed => seed.ExecuteAsync(
            "UPDATE campaign_contacts SET due_at = now() + interval '1 hour' WHERE campaign_id = $1", seed.CampaignId)))
        {
            using (Source.StartActivity("command"))
            {
                await bed.Services.GetRequiredService<IGrainFactory>().GetGrain<ICampaignGrain>(bed.Seed.CampaignId).ResumeAsync(CancellationToken.None);
            }

            await bed.Seed.ExecuteAsync("UPDATE campaign_contacts SET due_at = now() WHERE campaign_id = $1", bed.Seed.CampaignId);
            await bed.WhenSettledAsync(Patience);
            await bed.WhenDistilledAsync(Patience);
            session = await bed.Seed.ScalarAsync<Guid>("SELECT id FROM sessions WHERE campaign = $1", bed.Seed.CampaignId);
            await bed.StopHostAsync();
            Assert.Contains("Zebedee", await bed.Seed.ScalarAsync<string>("SELECT string_agg(text, ' ') FROM session_turns"), StringComparison.Ordinal);
        }

        var trace = collector.Spans.Where(s => s.TraceId == session.ToString("N")).ToList();
        var names = trace.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "contact dial", "exotel place_call", "exotel callback", "exotel media", "call", "gemini session", "gemini connect",
                "execute_tool update_campaign_contact", "call conclude", "contact settle", "gemini extract",
            },
            names);
        AssertWhole(trace, session);
        var dial = trace.Single(s => s.Name == "contact dial");
        var claim = Assert.Single(collector.Spans, s => s.Name == "campaign claim");
        Assert.Equal(claim.TraceId, Assert.Single(dial.Links).TraceId);
        Assert.Equal(collector.Spans.Single(s => s.Name == "command").TraceId, Assert.Single(claim.Links).TraceId);
        Assert.Contains(trace, s => s.Scope == "Microsoft.Orleans.Application");
        Assert.Equal("first audio", Assert.Single(trace.Single(s => s.Name == "call").Events));
        Assert.DoesNotContain(trace, s => s.Failed);

        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "campaigns.claim.duration", "campaigns.claim.orders", "campaigns.dials", "campaigns.dial.lateness", "campaigns.call.setup.duration",
                "campaigns.outcomes", "campaigns.lease.changes", "campaigns.campaign.in_flight", "campaigns.campaign.limit", "campaigns.calls.first_audio",
                "campaigns.calls.latency.to_model", "campaigns.calls.latency.to_person", "campaigns.calls.underruns", "campaigns.exotel.request.duration",
                "campaigns.gemini.setup.duration", "db.client.operation.duration",
            },
            collector.Metrics.Select(m => m.Name).ToHashSet(StringComparer.Ordinal));
        var secrets = new[] { "5555002001", "5555 002001", "08047191234", "Zebedee", "Quux", "renew" };
        Assert.All(secrets, secret => Assert.DoesNotContain(collector.Bodies, body => Contains(body, secret)));
        Assert.All(secrets, secret => Assert.DoesNotContain(heard.Texts, text => text.Contains(secret, StringComparison.OrdinalIgnoreCase)));

        // The secret of the session rides in the path of its webhook and of its socket.
        Assert.DoesNotContain(collector.Spans.SelectMany(s => s.Tags.Values), value => value.Contains($"{session:D}/", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task InboundCall_OfAnybody_IsATraceThatItsSocketLinksTo()
    {
        var secret = SessionToken.Create();
        await using var collector = await OtlpReceiver.StartAsync();
        Guid session;
        await using (var bed = await StartAsync(collector, "+915555002002", async seed =>
        {
            await seed.ExecuteAsync("UPDATE agents SET inbound_secret_hash = $1 WHERE id = $2", SessionToken.Hash(secret), seed.AgentId);
            await seed.ExecuteAsync("UPDATE campaign_contacts SET due_at = now() + interval '1 hour' WHERE campaign_id = $1", seed.CampaignId);
        }))
        {
            await using var caller = await StreamClient.ConnectAsync(new Uri(bed.MediaAddress, $"inbound/{bed.Seed.AgentId}/{secret}"));
            await caller.StartAsync("09812345678");
            await caller.HearAsync(Patience);
            caller.Say("no, not interested");
            await caller.Closed.WaitAsync(Patience);
            await bed.WhenZeroAsync(
                "SELECT count(*) FROM sessions WHERE organization_id = $1 AND state <> 'ENDED'", Patience, "sessions have not ended", bed.Seed.OrganizationId);
            session = await bed.Seed.ScalarAsync<Guid>("SELECT id FROM sessions WHERE organization_id = $1", bed.Seed.OrganizationId);
            await bed.StopHostAsync();
        }

        var trace = collector.Spans.Where(s => s.TraceId == session.ToString("N")).ToList();
        Assert.Superset(
            new HashSet<string>(["call", "gemini session", "gemini connect", "call conclude"], StringComparer.Ordinal),
            trace.Select(s => s.Name).ToHashSet(StringComparer.Ordinal));
        AssertWhole(trace, session);
        var socket = Assert.Single(collector.Spans, s => s.Name == "exotel media");
        Assert.Contains(socket.Links, link => link.TraceId == session.ToString("N"));
        Assert.Equal((socket.TraceId, socket.SpanId), Assert.Single(trace.Single(s => s.Name == "call").Links));
        Assert.DoesNotContain(collector.Bodies, body => Contains(body, "9812345678") || Contains(body, secret));
    }

    [PostgresFact]
    public async Task Call_ThatIsCutOffByTheHostsEnd_IsSentAllTheSame()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        Guid session;
        await using (var bed = await StartAsync(collector, "+915555002003"))
        {
            using var deadline = new CancellationTokenSource(Patience);
            await bed.Carrier.Conversations.WhenAsync(c => c.SoundsReceived.Count > 0, deadline.Token);
            session = await bed.Seed.ScalarAsync<Guid>("SELECT id FROM sessions WHERE campaign = $1", bed.Seed.CampaignId);

            await bed.StopHostAsync();

            var trace = collector.Spans.Where(s => s.TraceId == session.ToString("N")).ToList();
            Assert.True(trace.Single(s => s.Name == "call").Failed);
            Assert.Equal("HOST_STOPPING", trace.Single(s => s.Name == "call").Tags["campaigns.call.end"]);
            Assert.Single(trace, s => s.Name == "exotel media");
            Assert.Single(trace, s => s.Name == "gemini session");
        }
    }

    [PostgresFact]
    public async Task Ratio_OfNoTraces_SendsMeasuresOnly()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using (var bed = await StartAsync(collector, "+915555002004", configure: c =>
        {
            c["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio";
            c["OTEL_TRACES_SAMPLER_ARG"] = "0";
        }))
        {
            await bed.WhenSettledAsync(Patience);
        }

        Assert.Empty(collector.Spans);
        Assert.Contains(collector.Metrics, m => m.Name == "campaigns.outcomes");
    }

    private Task<ConversationBed> StartAsync(
        OtlpReceiver collector, string number, Func<CampaignSeed, Task>? prepare = null, Action<Dictionary<string, string?>>? configure = null)
        => ConversationBed.StartAsync(
            fixture,
            new SeedShape
            {
                Numbers = [number],
                Instructions = "Ask whether they will renew.",
                Dispositions = [new DispositionSpec { Code = "interested" }, new DispositionSpec { Code = "not_interested" }],
            },
            prepare: async seed =>
            {
                await seed.ExecuteAsync("UPDATE campaign_contacts SET name = 'Zebedee Quux' WHERE campaign_id = $1", seed.CampaignId);
                await (prepare?.Invoke(seed) ?? Task.CompletedTask);
            },
            configure: configuration =>
            {
                foreach (var (key, value) in collector.Configuration)
                {
                    configuration[key] = value;
                }

                configure?.Invoke(configuration);
            });

    // Every span hangs on another of the trace, or on its root.
    private static void AssertWhole(List<OtlpSpan> trace, Guid session)
    {
        var known = trace.Select(s => s.SpanId).Append(session.ToString("N")[16..]).ToHashSet(StringComparer.Ordinal);
        Assert.All(trace, s => Assert.True(known.Contains(s.ParentId), $"{s.Name} hangs on {s.ParentId}, which was not sent."));
        Assert.All(
            trace.Where(s => s.Scope.StartsWith("Campaigns.", StringComparison.Ordinal)),
            s => Assert.Equal(session.ToString("D"), s.Tags["campaigns.session.id"]));
    }

    private static bool Contains(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    /// <summary>Listens to every measure there is and to every span of ours, and keeps all their texts.</summary>
    private sealed class Everything : IDisposable
    {
        private readonly ConcurrentDictionary<string, byte> texts = new(StringComparer.Ordinal);
        private readonly MeterListener measures = new();
        private readonly ActivityListener spans;

        public Everything()
        {
            measures.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
            measures.SetMeasurementEventCallback<int>((_, _, tags, _) => Keep(tags));
            measures.SetMeasurementEventCallback<long>((_, _, tags, _) => Keep(tags));
            measures.SetMeasurementEventCallback<double>((_, _, tags, _) => Keep(tags));
            measures.Start();
            spans = new ActivityListener
            {
                ShouldListenTo = source => source.Name.StartsWith("Campaigns.", StringComparison.Ordinal),
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    texts[activity.DisplayName] = 0;
                    texts[activity.StatusDescription ?? ""] = 0;
                    foreach (var (name, value) in activity.TagObjects)
                    {
                        texts[$"{name}={value}"] = 0;
                    }

                    foreach (var tag in activity.Events.SelectMany(e => e.Tags))
                    {
                        texts[$"{tag.Key}={tag.Value}"] = 0;
                    }
                },
            };
            ActivitySource.AddActivityListener(spans);
        }

        public ICollection<string> Texts => texts.Keys;

        public void Dispose()
        {
            measures.Dispose();
            spans.Dispose();
        }

        private void Keep(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var (name, value) in tags)
            {
                texts[$"{name}={value}"] = 0;
            }
        }
    }
}
