using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Campaigns.GeminiLive.Tests.Bed;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Tests;

/// <summary>What happens is measured, with tags that name nobody, and neither key nor words are logged.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly ConcurrentQueue<string> measured = new();
    private readonly MeterListener listener = new();

    public void Dispose() => listener.Dispose();

    [Fact]
    public async Task Conversation_WithEverythingInIt_IsMeasured()
    {
        await using var rig = await Rig.StartAsync();
        Listen(rig.Meters);
        rig.Server.Refusals.Enqueue(429);
        await Assert.ThrowsAsync<LiveModelException>(() => rig.Model.OpenAsync(Rig.Setup, CancellationToken.None));
        var (session, peer) = await rig.OpenAsync();
        await peer.SendAsync("nonsense");
        await peer.SendAsync(
            """{"serverContent":{"inputTranscription":{"text":"my secret"},"turnComplete":true},"usageMetadata":{"promptTokenCount":7,"responseTokenCount":3}}""");
        await rig.Sink.WhenAsync("turn");
        peer.Abort();
        await rig.Sink.WhenAsync(lines => lines.Any(l => l.StartsWith("reconnecting", StringComparison.Ordinal)), "the loss");
        for (var i = 0; i < 101; i++)
        {
            session.SendAudio(new byte[640]);
        }

        await rig.PassBackoffAsync();
        var next = await rig.Server.NextConfirmedAsync();
        await rig.Sink.WhenAsync("reconnected False");
        await session.CloseAsync("done");

        Assert.Contains("setup.duration result=EXHAUSTED resume=False", measured);
        Assert.Equal(2, measured.Count(m => m == "setup.duration result=ok resume=False"));
        Assert.Equal(2, measured.Count(m => m == "connections 1"));
        Assert.Equal(2, measured.Count(m => m == "connections -1"));
        Assert.Contains("connection.closes 1 code=1006", measured);
        Assert.Contains("reconnects 1 cause=dropped result=fresh", measured);
        Assert.Contains("uplink.dropped 20 reason=offline", measured);
        Assert.Contains("tokens 7 direction=input modality=text", measured);
        Assert.Contains("tokens 3 direction=output modality=audio", measured);
        Assert.Contains("refused 1 kind=message", measured);
        Assert.Contains("conversations 1 kind=CLOSED_BY_US", measured);
        Assert.True(next.IsOver);
        Assert.DoesNotContain("key-k", rig.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("my secret", rig.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("You are Asha", rig.Logs.Text, StringComparison.Ordinal);
        Assert.Contains(Rig.Session.ToString(), rig.Logs.Text, StringComparison.Ordinal);
    }

    private void Listen(IMeterFactory meters)
    {
        listener.InstrumentPublished = (instrument, l) =>
        {
            // Tests run side by side: only this rig's meter counts.
            if (instrument.Meter.Name == GeminiTelemetry.Name && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, $" {value}", tags));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Add(i, i.Unit == "s" ? "" : $" {value}", tags));
        listener.Start();
    }

    private void Add(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        => measured.Enqueue(
            $"{instrument.Name["campaigns.gemini.".Length..]}{value} {string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))}".TrimEnd());
}
