using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Campaigns.LiveModel;

namespace Campaigns.Calls.Tests.Bed;

/// <summary>Opens sessions as it is told to.</summary>
public sealed class FakeModel(Journal journal) : ILiveModel
{
    private int opens;
    private int live;

    /// <summary>What an opening does; the number counts from 1. Opens at once unless told.</summary>
    public Func<int, CancellationToken, Task>? Opening { get; set; }

    /// <summary>What the sessions are prepared with; set before they open.</summary>
    public Action<FakeSession>? Setup { get; set; }

    public int Opens => opens;

    /// <summary>Sessions that were opened and not disposed.</summary>
    public int Live => live;

    public async Task<ILiveSession> OpenAsync(LiveSetup setup, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref opens);
        journal.Add("opening", number);
        if (Opening is { } opening)
        {
            await opening(number, cancellationToken);
        }

        Interlocked.Increment(ref live);
        var session = new FakeSession(journal, setup, () => Interlocked.Decrement(ref live));
        Setup?.Invoke(session);
        journal.Add("opened", session);
        return session;
    }
}

/// <summary>A session with the model: notes what it is told, and says what the test wants.</summary>
public sealed class FakeSession(Journal journal, LiveSetup setup, Action disposed) : ILiveSession
{
    private readonly TaskCompletionSource<LiveEnd> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int isDisposed;
    private double phase;

    public LiveSetup Setup { get; } = setup;

    public int InputSampleRate => 16000;

    public int OutputSampleRate => 24000;

    public Task<LiveEnd> Completion => completion.Task;

    public ILiveSink? Sink { get; private set; }

    /// <summary>Everything the model heard, at 16 kHz.</summary>
    public List<short> Heard { get; } = [];

    public bool IsClosed { get; private set; }

    public void Attach(ILiveSink sink)
    {
        Assert.Null(Sink);
        Sink = sink;
        journal.Add("attached", this);
    }

    public void SendAudio(ReadOnlySpan<byte> pcm)
    {
        lock (Heard)
        {
            Heard.AddRange(MemoryMarshal.Cast<byte, short>(pcm));
        }
    }

    public void Prompt(string text)
    {
        Assert.NotNull(Sink);
        journal.Add("prompt", text);
    }

    public void Answer(ImmutableArray<ToolAnswer> answers)
    {
        foreach (var answer in answers)
        {
            journal.Add("answer", answer);
        }
    }

    public ValueTask CloseAsync(string reason)
    {
        IsClosed = true;
        if (completion.TrySetResult(new LiveEnd(LiveEndKind.ClosedByUs, reason, 1)))
        {
            journal.Add("session closed", reason);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0)
        {
            disposed();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The conversation ends from the model's side.</summary>
    public void End(LiveEndKind kind = LiveEndKind.Lost) => completion.TrySetResult(new LiveEnd(kind, "gone", 1));

    /// <summary>Sends a tone of this length as audio, in pieces as they come over a network, and its words first.</summary>
    public void Say(double milliseconds, string? text = null, double piece = 40)
    {
        if (text is not null)
        {
            Sink!.OnSpoken(text);
        }

        for (var left = milliseconds; left > 0.001; left -= piece)
        {
            Sink!.OnAudio(Tone(Math.Min(left, piece)));
        }
    }

    /// <summary>Says something and ends the turn.</summary>
    public void Turn(double milliseconds, string? text = null)
    {
        Say(milliseconds, text);
        Sink!.OnGenerationComplete();
        Sink!.OnTurnComplete(null);
    }

    private byte[] Tone(double milliseconds)
    {
        var samples = new short[(int)Math.Round(milliseconds * 24)];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (short)(8000 * Math.Sin(phase += 2 * Math.PI * 440 / 24000));
        }

        return MemoryMarshal.AsBytes(samples.AsSpan()).ToArray();
    }
}
