using System.Collections.Immutable;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Tests.Bed;

/// <summary>Keeps what a session hands over, as lines; a test waits for the one it expects.</summary>
internal sealed class RecordingSink : ILiveSink
{
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private readonly List<byte> audio = [];
    private readonly List<(Func<IReadOnlyList<string>, bool> Seen, TaskCompletionSource Reached)> waits = [];
    private int inside;

    /// <summary>What was handed over, in order.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>All audio joined.</summary>
    public byte[] Audio
    {
        get
        {
            lock (gate)
            {
                return [.. audio];
            }
        }
    }

    public List<ToolCall> Calls { get; } = [];

    /// <summary>Called with every line, on the session's loop.</summary>
    public Action<string>? Hook { get; set; }

    /// <summary>Whether two calls ever overlapped.</summary>
    public bool Overlapped { get; private set; }

    public void OnAudio(ReadOnlySpan<byte> pcm)
    {
        lock (gate)
        {
            audio.AddRange(pcm);
        }

        Add($"audio {pcm.Length}");
    }

    public void OnHeard(string fragment) => Add($"heard {fragment}");

    public void OnSpoken(string fragment) => Add($"spoken {fragment}");

    public void OnInterrupted() => Add("interrupted");

    public void OnGenerationComplete() => Add("generated");

    public void OnTurnComplete(string? reason) => Add(reason is null ? "turn" : $"turn {reason}");

    public void OnToolCalls(ImmutableArray<ToolCall> calls)
    {
        lock (gate)
        {
            Calls.AddRange(calls);
        }

        Add($"calls {string.Join(' ', calls.Select(c => $"{c.Id}:{c.Name}{c.ArgumentsJson}"))}");
    }

    public void OnToolCallsCancelled(ImmutableArray<string> ids) => Add($"cancelled {string.Join(' ', ids)}");

    public void OnUsage(LiveUsage usage) => Add($"usage {usage.InputText} {usage.InputAudio} {usage.OutputText} {usage.OutputAudio}");

    public void OnReconnecting(string reason) => Add($"reconnecting {reason}");

    public void OnReconnected(bool resumed) => Add($"reconnected {resumed}");

    /// <summary>Waits for a line, now or later.</summary>
    public Task WhenAsync(string line) => WhenAsync(seen => seen.Contains(line), $"'{line}'");

    public async Task WhenAsync(Func<IReadOnlyList<string>, bool> seen, string what)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (seen(lines))
            {
                return;
            }

            waits.Add((seen, reached));
        }

        try
        {
            await Patience.For(reached.Task, what);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message} Seen: {string.Join(" | ", Lines)}", e);
        }
    }

    private void Add(string line)
    {
        Overlapped |= Interlocked.Increment(ref inside) > 1;
        lock (gate)
        {
            lines.Add(line);
            foreach (var (_, reached) in waits.Where(w => w.Seen(lines)))
            {
                reached.TrySetResult();
            }
        }

        try
        {
            Hook?.Invoke(line);
        }
        finally
        {
            Interlocked.Decrement(ref inside);
        }
    }
}
