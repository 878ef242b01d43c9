using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Campaigns.Calls.Tests.Bed;

namespace Campaigns.Calls.Tests;

/// <summary>What a call does is measured, with tags that name nobody.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> measured = new();
    private readonly MeterListener listener = new();

    public void Dispose() => listener.Dispose();

    [Fact]
    public async Task Call_FromAnswerToEnd_IsMeasured()
    {
        await using var bed = new CallBed();
        Listen(bed);
        bed.Calls.Prepare(bed.SessionId);
        await bed.Journal.WhenAsync("opened");
        listener.RecordObservableInstruments();
        Assert.Contains(("campaigns.calls.prepared", 1.0, ""), measured);
        await bed.JoinAsync();
        listener.RecordObservableInstruments();
        Assert.Contains(("campaigns.calls.live", 1.0, ""), measured);
        bed.Pass(300);
        bed.Session.Say(1000, "Hello");
        bed.Pass(500);
        bed.Live.OnInterrupted();
        bed.Live.OnTurnComplete(null);
        bed.Pass(16_500);
        bed.Leg.End();
        await bed.EndAsync();
        measured.Clear();
        listener.RecordObservableInstruments();

        Assert.Contains(("campaigns.calls.live", 0.0, ""), measured);
        Assert.Contains(("campaigns.calls.prepared", 0.0, ""), measured);
    }

    [Fact]
    public async Task Call_WithItsIncidents_CountsEachOnce()
    {
        await using var bed = new CallBed();
        Listen(bed);
        await bed.JoinAsync();
        bed.Pass(300);
        bed.Session.Say(1000, "Hello");
        bed.Pass(500);
        bed.Live.OnInterrupted();
        bed.Live.OnTurnComplete(null);
        bed.Pass(8500);
        bed.Session.Turn(200, "Hello?");
        bed.Pass(1000);
        bed.Leg.End();
        await bed.EndAsync();

        Assert.Equal(300, Single("campaigns.calls.first_audio").Value, 6.0);
        Assert.Single(measured, m => m.Name == "campaigns.calls.interrupted_to_clear");
        Assert.Equal("action=Nudge", Single("campaigns.calls.watchdogs").Tags);
        Assert.Equal("kind=PersonHungUp", Single("campaigns.calls.ends").Tags);
        Assert.Equal((300 + 500 + 8500 + 1000) / 20, measured.Count(m => m.Name == "campaigns.calls.latency.to_model"));
        Assert.Contains(measured, m => m.Name == "campaigns.calls.latency.to_person");
    }

    private (string Name, double Value, string Tags) Single(string name) => Assert.Single(measured, m => m.Name == name);

    private void Listen(CallBed bed)
    {
        listener.InstrumentPublished = (instrument, l) =>
        {
            // Tests run side by side: only this bed's meter counts.
            if (ReferenceEquals(instrument.Meter.Scope, bed))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => measured.Enqueue((instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
}
