using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Campaigns.Carrier;
using Campaigns.Grains.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Grains.Tests;

/// <summary>Alone: the instruments are the process's.</summary>
[CollectionDefinition(nameof(TelemetryTests), DisableParallelization = true)]
public sealed class TelemetryCollection;

/// <summary>What is measured and traced of campaigns that are driven, and of calls that are rescued.</summary>
[Collection(nameof(TelemetryTests))]
public sealed class TelemetryTests : IDisposable
{
    private const string Apply = "ContactStore.ApplyAsync";

    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> measured = new();
    private readonly ConcurrentQueue<Activity> spans = new();
    private readonly MeterListener meters = new();
    private readonly ActivityListener activities;

    public TelemetryTests()
    {
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name is "Campaigns.Drive" or "Campaigns.Rescue")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<int>((i, value, tags, _) => Note(i, value, tags));
        meters.SetMeasurementEventCallback<long>((i, value, tags, _) => Note(i, value, tags));
        meters.SetMeasurementEventCallback<double>((i, value, tags, _) => Note(i, value, tags));
        meters.Start();
        activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Campaigns.Drive" or "Campaigns.Rescue",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(activities);
    }

    public void Dispose()
    {
        meters.Dispose();
        activities.Dispose();
    }

    [PostgresFact]
    public async Task Attempt_FromItsClaimToItsEnd_IsMeasuredAndTraced()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1, MaxConcurrent = 3 });
        await bed.DriveAsync();
        await bed.Driver.SettleAsync();
        meters.RecordObservableInstruments();

        Assert.Contains(("campaigns.lease.changes", 1.0, "change=taken"), measured);
        Assert.Equal(1, Sum("campaigns.claim.orders"));
        Assert.Contains(measured, m => m.Name == "campaigns.claim.duration" && m.Tags == "result=CLAIMED");
        Assert.Equal(1, Sum("campaigns.dials", "result=PLACED"));
        Assert.Equal(0, Assert.Single(measured, m => m.Name == "campaigns.dial.lateness").Value, 0.5);
        Assert.Contains(("campaigns.campaign.in_flight", 1.0, $"campaigns.campaign.id={bed.Seed.CampaignId}"), measured);
        Assert.Contains(("campaigns.campaign.limit", 3.0, $"campaigns.campaign.id={bed.Seed.CampaignId}"), measured);

        // Of all campaigns driven in this process, those of hosts that other tests have killed among them.
        Assert.InRange(Assert.Single(measured, m => m.Name == "campaigns.permits.rate_factor").Value, 0.1, 1);

        // Somebody else writes between the reading and the writing.
        var write = bed.Tape.HoldBefore(Apply);
        var end = bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.NoAnswer);
        await write.ReachedAsync();
        await bed.Seed.ExecuteAsync("UPDATE campaign_contacts SET version = version + 1 WHERE campaign_id = $1", bed.Seed.CampaignId);
        write.Release();
        Assert.Equal(ReportResult.Applied, await end);

        Assert.Equal(1, Sum("campaigns.conflicts"));
        Assert.Equal(1, Sum("campaigns.outcomes", "outcome=NO_ANSWER,direction=outbound"));
        var session = bed.Carrier.Ledger[0].SessionId;
        var trace = spans.Where(s => s.TraceId.ToHexString() == session.ToString("N")).ToDictionary(s => s.OperationName, StringComparer.Ordinal);
        Assert.Equal("PLACED", trace["contact dial"].GetTagItem("campaigns.dial.result"));
        Assert.Equal("NO_ANSWER", trace["contact settle"].GetTagItem("campaigns.outcome"));
        var claim = Assert.Single(spans, s => s.OperationName == "campaign claim");
        Assert.Equal((default, 1), (claim.ParentSpanId, claim.GetTagItem("campaigns.claim.orders")));
    }

    [PostgresFact]
    public async Task Campaign_ThatIsNotDrivenAnyMore_HasNoGauges()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1 });
        await bed.DriveAsync();
        await bed.EndAsync(bed.Carrier.Ledger[0], CallOutcome.Completed);

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(3));
        meters.RecordObservableInstruments();

        Assert.Contains(measured, m => m.Name == "campaigns.claim.duration" && m.Tags == "result=FINISHED");
        Assert.DoesNotContain(measured, m => m.Tags.Contains(bed.Seed.CampaignId.ToString(), StringComparison.Ordinal));
        Assert.Contains(("campaigns.lease.changes", 1.0, "change=released"), measured);
    }

    [PostgresFact]
    public async Task Claim_OfALeaseThatIsLost_IsMeasured()
    {
        await using var bed = await GrainBed.DriveAsync(new SeedShape { Contacts = 1 });
        await bed.Seed.ExecuteAsync("UPDATE campaigns SET lease_epoch = lease_epoch + 1 WHERE id = $1", bed.Seed.CampaignId);

        await bed.Driver.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Contains(("campaigns.lease.changes", 1.0, "change=lost"), measured);
    }

    [PostgresFact]
    public async Task Dial_ThatFails_IsAnErrorWithoutItsMessage()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1 });
        bed.Tape.FailNext("ContactStore.OpenSessionAsync", new IOException("+919876543210 could not be written"));
        await bed.DriveAsync();
        await bed.Driver.SettleAsync();

        var dial = spans.First(s => s.OperationName == "contact dial");
        Assert.Equal((ActivityStatusCode.Error, null, "IOException"), (dial.Status, dial.StatusDescription, dial.GetTagItem("error.type")));
    }

    [PostgresFact]
    public async Task Call_ThatNobodyKnows_IsMeasuredAsGivenUpAndTracedInItsTrace()
    {
        await using var bed = await GrainBed.StartAsync(new SeedShape { Contacts = 1 });
        bed.Carrier.Answer = _ => new PlaceCallResult.Ambiguous("time-out");
        await bed.DriveAsync();
        await bed.Driver.SettleAsync();

        await bed.JumpAsync(new DriveOptions().Timings.UnknownDeadline + TimeSpan.FromSeconds(1));
        await bed.RescueAsync();

        Assert.Equal(1, Sum("campaigns.dials", "result=UNKNOWN"));
        Assert.Equal(1, Sum("campaigns.rescues", "result=given_up"));
        Assert.Equal(1, Sum("campaigns.outcomes", "outcome=UNKNOWN,direction=outbound"));
        var session = bed.Carrier.Ledger[0].SessionId.ToString("N");
        Assert.Equal("given_up", spans.Single(s => s.OperationName == "rescuer settle" && s.TraceId.ToHexString() == session).GetTagItem("campaigns.rescue.result"));
        Assert.Equal(
            "deadline", spans.Single(s => s.OperationName == "contact settle" && s.TraceId.ToHexString() == session).GetTagItem("campaigns.settle.source"));
    }

    private double Sum(string name, string? tags = null) => measured.Where(m => m.Name == name && (tags is null || m.Tags == tags)).Sum(m => m.Value);

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => measured.Enqueue((instrument.Name, value, string.Join(',', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))));
}
