using System.Runtime.InteropServices;
using Campaigns.Calls.Tests.Bed;

namespace Campaigns.Calls.Tests;

public sealed class FrameTests
{
    private const int FrameMs = 20;
    private const int Settling = 200;
    private const int Round = 150;
    private const int Rounds = 4;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Frames_InSteadyState_CostNoAllocation(bool agentSpeaks)
    {
        await using var bed = new CallBed();
        await bed.JoinAsync();
        bed.Leg.IsDeaf = true;
        bed.Session.Heard.EnsureCapacity(1 << 20);
        var person = agentSpeaks ? Voices.Silence(FrameMs, 8000) : Voices.Speech(FrameMs, 8000);
        var agent = Voices.Speech(FrameMs, 24_000);
        var (sink, live) = (bed.Leg.Sink!, bed.Live);
        var allocated = new long[Rounds];
        for (var i = 0; i < Settling + (Rounds * Round); i++)
        {
            bed.Clock.Advance(TimeSpan.FromMilliseconds(FrameMs));
            var before = GC.GetAllocatedBytesForCurrentThread();
            sink.OnAudio(MemoryMarshal.AsBytes<short>(person));
            if (agentSpeaks)
            {
                live.OnAudio(MemoryMarshal.AsBytes<short>(agent));
            }

            allocated[Math.Max(0, i - Settling) / Round] += i < Settling ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // What a frame costs, every round costs; that a lock was once waited for, or a sentence began, is no frame's cost.
        Assert.Contains(0, allocated);
        Assert.Equal((Settling + (Rounds * Round)) * FrameMs * 16, bed.Session.Heard.Count, 1000.0);
    }
}
