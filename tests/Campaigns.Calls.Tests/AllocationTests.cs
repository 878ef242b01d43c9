using System.Collections.Immutable;
using Campaigns.Calls.Tests.Bed;
using Campaigns.Carrier;
using Campaigns.LiveModel;
using Campaigns.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Campaigns.Calls.Tests;

/// <summary>A call in full swing, sound both ways, allocates nothing per frame.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    public async Task Frames_InSteadyState_AllocateNothing(int rate)
    {
        await using var bed = new CallBed(rate: rate);
        var time = new HandClock();
        var model = new QuietModel();
        await using var calls = new LocalCalls(
            bed.Store, bed, model, Microsoft.Extensions.Options.Options.Create(bed.Options), time, bed.Telemetry,
            NullLogger<LocalCalls>.Instance);
        var leg = new QuietLeg(rate);
        calls.Add(bed.SessionId, leg);
        await leg.Running.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var events = new FakeEvents(bed.Journal);
        calls.Take(bed.SessionId)!.Begin(bed.Plan(bed.Brief(bed.SessionId), default), events);
        var session = await model.Session.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await session.Prompted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var person = new byte[rate / 50 * 2];
        Random.Shared.NextBytes(person);
        var agent = new byte[24000 / 25 * 2];

        void Run(int frames)
        {
            for (var i = 0; i < frames; i++)
            {
                time.Advance(TimeSpan.FromMilliseconds(10));
                calls.Clock.Tick();
                time.Advance(TimeSpan.FromMilliseconds(10));
                leg.Sink!.OnAudio(person);
                if (i % 2 == 0)
                {
                    session.Sink!.OnAudio(agent);
                }

                calls.Clock.Tick();
            }
        }

        // Beyond the seconds in which machines are made out, and through one turn of each side; then into the next.
        session.Sink!.OnSpoken("warm up");
        Run(1400);
        session.Sink!.OnTurnComplete(null);
        Run(50);
        session.Sink!.OnTurnComplete(null);
        session.Sink!.OnSpoken("again");
        Run(1000);
        session.Sink!.OnTurnComplete(null);
        session.Sink!.OnSpoken("measured");
        Run(200);
        var (sentBefore, heardBefore) = (leg.Sent, session.Heard);
        var seconds = 0;

        Assert.Equal(0, Allocation.OfRound(() =>
        {
            Run(500);
            seconds += 10;
        }));
        Assert.Equal(seconds * rate * 2, leg.Sent - sentBefore, rate * 0.4);
        Assert.Equal(seconds * 32000, session.Heard - heardBefore);
        leg.Ended.SetResult(new MediaEnd(MediaEndKind.Stopped, "stop"));
        await events.Ended;
    }

    private sealed class HandClock : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref now);

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(GetTimestamp());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Still();

        public void Advance(TimeSpan step) => Volatile.Write(ref now, now + step.Ticks);

        private sealed class Still : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    private sealed class QuietLeg(int rate) : IMediaLeg
    {
        public MediaStart Start { get; } = new("s", "c", "", "", rate, ImmutableDictionary<string, string>.Empty);

        public IMediaSink? Sink { get; private set; }

        public TaskCompletionSource Running { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<MediaEnd> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Sent { get; private set; }

        public Task<MediaEnd> RunAsync(IMediaSink sink, CancellationToken cancellationToken)
        {
            Sink = sink;
            Running.SetResult();
            return Ended.Task;
        }

        public ValueTask SendAudioAsync(ReadOnlyMemory<byte> pcm, CancellationToken cancellationToken)
        {
            Sent += pcm.Length;
            return ValueTask.CompletedTask;
        }

        public ValueTask SendMarkAsync(string name, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask SendClearAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask CloseAsync(string reason)
        {
            Ended.TrySetResult(new MediaEnd(MediaEndKind.ClosedByUs, reason));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class QuietModel : ILiveModel
    {
        public TaskCompletionSource<QuietSession> Session { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<ILiveSession> OpenAsync(LiveSetup setup, CancellationToken cancellationToken)
        {
            var session = new QuietSession();
            Session.SetResult(session);
            return Task.FromResult<ILiveSession>(session);
        }
    }

    private sealed class QuietSession : ILiveSession
    {
        private readonly TaskCompletionSource<LiveEnd> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int InputSampleRate => 16000;

        public int OutputSampleRate => 24000;

        public Task<LiveEnd> Completion => completion.Task;

        public ILiveSink? Sink { get; private set; }

        public TaskCompletionSource Prompted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Heard { get; private set; }

        public void Attach(ILiveSink sink) => Sink = sink;

        public void SendAudio(ReadOnlySpan<byte> pcm) => Heard += pcm.Length;

        public void Prompt(string text) => Prompted.TrySetResult();

        public void Answer(ImmutableArray<ToolAnswer> answers)
        {
        }

        public ValueTask CloseAsync(string reason)
        {
            completion.TrySetResult(new LiveEnd(LiveEndKind.ClosedByUs, reason, 1));
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
