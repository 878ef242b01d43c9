using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Campaigns.Carrier;

namespace Campaigns.Exotel.Tests;

/// <summary>Every ending of a request is measured, with tags that name nobody.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly ConcurrentQueue<(double Seconds, string Tags)> measured = new();
    private readonly MeterListener listener = new();
    private object? meters;
    private Rig? rig;

    public TelemetryTests()
    {
        listener.InstrumentPublished = (instrument, l) =>
        {
            // Tests run side by side: only this rig's meter counts.
            if (instrument.Meter.Name == ExotelTelemetry.Name && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
            measured.Enqueue((value, string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}")))));
    }

    public void Dispose() => listener.Dispose();

    [Fact]
    public async Task Requests_WhateverTheirEnding_AreMeasured()
    {
        var statuses = new Queue<int>([200, 429, 500, 200, 429]);
        await using var server = new WireServer(x =>
        {
            rig!.Clock.Advance(TimeSpan.FromSeconds(2));
            return x.ReplyAsync(statuses.Dequeue(), """{"Call":{"Sid":"abc"},"Calls":[]}""");
        });
        await using var owned = rig = new Rig(server.Address);
        var carrier = rig.Carrier;
        meters = rig.Meters;
        listener.Start();

        await rig.PlaceAsync();
        await rig.PlaceAsync();
        await rig.PlaceAsync();
        await rig.PlaceAsync(sendWithin: TimeSpan.Zero);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.PlaceAsync(new CancellationToken(canceled: true)));
        await carrier.LookUpAsync(["a"], CancellationToken.None);
        await Assert.ThrowsAsync<CarrierLookUpException>(() => carrier.LookUpAsync(["a"], CancellationToken.None));
        rig.Permits.Free = 0;
        await Assert.ThrowsAsync<CarrierLookUpException>(() => carrier.LookUpAsync(["a"], CancellationToken.None));

        Assert.Equal(
            [
                (2, "operation=place_call result=Accepted"),
                (2, "operation=place_call result=RejectedForNow"),
                (2, "operation=place_call result=Ambiguous"),
                (0, "operation=place_call result=NotSent"),
                (0, "operation=place_call result=cancelled"),
                (2, "operation=look_up result=2xx"),
                (2, "operation=look_up result=4xx"),
                (0, "operation=look_up result=failed"),
            ],
            measured);
    }
}
