using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Campaigns.Carrier;

namespace Campaigns.Calls.Tests.Bed;

/// <summary>
/// A carrier with a playout clock: what it is sent plays in real time of the clock, one chunk after the other; a clear drops what has not been
/// played; marks come back when what was sent before them has been played.
/// </summary>
public sealed class FakeLeg(TimeProvider clock, Journal journal, int rate = 8000) : IMediaLeg
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource<MediaEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<IMediaSink> running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long origin = clock.GetTimestamp();
    private readonly List<(double Begins, short[] Samples)> played = [];
    private readonly List<ITimer> timers = [];
    private double dryAt;
    private int clears;

    public MediaStart Start { get; } = new("stream", "call", "+911", "+912", rate, ImmutableDictionary<string, string>.Empty);

    public IMediaSink? Sink { get; private set; }

    public bool MarksReturn { get; set; } = true;

    /// <summary>Sends fail as on a closed socket.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Audio that is sent leaves no trace.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>The next audio sends end when this does.</summary>
    public TaskCompletionSource? Held { get; set; }

    public bool IsClosed => ended.Task.IsCompleted;

    public Task Running => running.Task;

    private double Now => clock.GetElapsedTime(origin).TotalMilliseconds;

    /// <summary>Milliseconds of audio that the person has heard by now.</summary>
    public double HeardMilliseconds
    {
        get
        {
            lock (gate)
            {
                return played.Sum(piece => Math.Clamp(Now - piece.Begins, 0, Length(piece.Samples)));
            }
        }
    }

    /// <summary>Milliseconds the carrier holds and has not played.</summary>
    public double Unplayed
    {
        get
        {
            lock (gate)
            {
                return Math.Max(0, dryAt - Now);
            }
        }
    }

    /// <summary>Everything that was played, silence between the pieces left out.</summary>
    public short[] Played
    {
        get
        {
            lock (gate)
            {
                return [.. played.SelectMany(piece => piece.Samples)];
            }
        }
    }

    public async Task<MediaEnd> RunAsync(IMediaSink sink, CancellationToken cancellationToken)
    {
        Sink = sink;
        running.TrySetResult(sink);
        await using var cancelled = cancellationToken.Register(() => ended.TrySetResult(new MediaEnd(MediaEndKind.ClosedByUs, "cancelled")));
        return await ended.Task;
    }

    public ValueTask SendAudioAsync(ReadOnlyMemory<byte> pcm, CancellationToken cancellationToken)
    {
        Check();
        if (IsDeaf)
        {
            return ValueTask.CompletedTask;
        }

        Assert.Equal(0, pcm.Length % 320);
        journal.Add("audio", pcm.Length);
        lock (gate)
        {
            var samples = MemoryMarshal.Cast<byte, short>(pcm.Span).ToArray();
            dryAt = Math.Max(dryAt, Now);
            played.Add((dryAt, samples));
            dryAt += Length(samples);
        }

        return Held is { } held ? new ValueTask(held.Task) : ValueTask.CompletedTask;
    }

    public ValueTask SendMarkAsync(string name, CancellationToken cancellationToken)
    {
        Check();
        journal.Add("mark", name);
        if (MarksReturn)
        {
            lock (gate)
            {
                var before = clears;
                var due = Math.Max(1, dryAt - Now);
                timers.Add(clock.CreateTimer(
                    _ =>
                    {
                        if (before == clears && !IsClosed)
                        {
                            Sink!.OnMark(name);
                        }
                    },
                    null, TimeSpan.FromMilliseconds(due), Timeout.InfiniteTimeSpan));
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask SendClearAsync(CancellationToken cancellationToken)
    {
        Check();
        journal.Add("clear");
        lock (gate)
        {
            clears++;
            for (var i = played.Count - 1; i >= 0; i--)
            {
                var keep = (int)Math.Clamp((Now - played[i].Begins) * rate / 1000, 0, played[i].Samples.Length);
                played[i] = (played[i].Begins, played[i].Samples[..keep]);
            }

            played.RemoveAll(piece => piece.Samples.Length == 0);
            dryAt = Now;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask CloseAsync(string reason)
    {
        if (ended.TrySetResult(new MediaEnd(MediaEndKind.ClosedByUs, reason)))
        {
            journal.Add("leg closed", reason);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The stream ends from the carrier's side.</summary>
    public void End(MediaEndKind kind = MediaEndKind.Stopped) => ended.TrySetResult(new MediaEnd(kind, kind.ToString()));

    private double Length(short[] samples) => samples.Length * 1000.0 / rate;

    private void Check()
    {
        if (IsBroken || IsClosed)
        {
            throw new MediaClosedException("closed");
        }
    }
}
