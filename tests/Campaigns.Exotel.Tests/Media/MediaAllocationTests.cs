using System.Net.WebSockets;
using System.Text;
using Campaigns.Carrier;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>Tests that look at the whole process run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

/// <summary>Audio both ways through a real socket, and what it costs in memory.</summary>
[Collection(AloneCollection.Name)]
public sealed class MediaAllocationTests
{
    private const int Bytes = 3_200;

    [Fact]
    public async Task Frames_WhenTheyFlow_AllocateNextToNothing()
    {
        await using var rig = await MediaRig.StartSilentAsync(("MaxMediaPerSecond", "00:01:40"));
        var carrier = await rig.ConnectAsync();
        var sink = new EchoGate();
        rig.Calls.Run = async call =>
        {
            await call.Leg.RunAsync(sink, call.Stopping);
            return null;
        };
        await carrier.SendAsync(Messages.Start());
        var call = await rig.Calls.NextAsync();
        var message = Encoding.UTF8.GetBytes(Messages.Media(Messages.Pcm(Bytes)));
        var pcm = Messages.Pcm(Bytes);
        var buffer = new byte[16_384];

        // The clock stands still: all of it is one burst.
        await PassAsync(500);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        const int Frames = 2_000;
        await PassAsync(Frames);
        var perFrame = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Frames;

        // In and out, client and server together: waiting costs a little here and there, a copy of a frame would cost 3,200 bytes and more.
        Assert.True(perFrame < 400, $"A frame each way allocated {perFrame:0} bytes.");

        async Task PassAsync(int frames)
        {
            for (var i = 0; i < frames; i++)
            {
                await carrier.Socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                await sink.Heard.WaitAsync();
                await call.Leg.SendAudioAsync(pcm, CancellationToken.None);
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await carrier.Socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                }
                while (!part.EndOfMessage);
            }
        }
    }

    private sealed class EchoGate : IMediaSink
    {
        public SemaphoreSlim Heard { get; } = new(0);

        public void OnAudio(ReadOnlySpan<byte> pcm) => Heard.Release();

        public void OnMark(string name)
        {
        }

        public void OnDtmf(char digit)
        {
        }
    }
}
