using System.Collections.Immutable;
using System.Threading.Channels;
using Campaigns.GeminiLive.Platform;
using Campaigns.GeminiLive.Wire;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Session;

/// <summary>
/// What goes to the model, over whichever connection there is: texts and answers in order and never dropped, then the person's voice. While
/// there is no connection everything waits, the voice bounded.
/// </summary>
internal sealed class Outbox(GeminiProfile profile, GeminiOptions options, ToolCalls tools, GeminiTelemetry telemetry, TimeProvider clock) : IDisposable
{
    // A 2.5 model closes the connection when it hears something while it waits for a tool. The voice is held meanwhile, as it is, and follows
    // the answer; tools answer in milliseconds. Behind a slow one the newest second is kept: more would delay every later word by as much.
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(1);

    private readonly Channel<Outgoing> control = System.Threading.Channels.Channel.CreateUnbounded<Outgoing>();
    private readonly UplinkBuffer voice = new();
    private readonly AsyncSignal wake = new();
    private readonly byte[] pcm = new byte[AudioFrame.Most];
    private readonly byte[] frame = new byte[AudioFrame.MaxLength];
    private readonly Lock promptGate = new();
    private readonly List<Outgoing> unanswered = [];
    private readonly int limit = Bytes(options.UplinkBuffer);
    private readonly int holdLimit = Bytes(options.UplinkBuffer < LongestHold ? options.UplinkBuffer : LongestHold);
    private GeminiConnection? current;
    private int prompts;

    /// <summary>A text is waiting to be sent or to be answered.</summary>
    internal bool PromptPending => Volatile.Read(ref prompts) > 0;

    /// <summary>Bytes of voice waiting.</summary>
    internal int Waiting => voice.Count;

    private bool Held => profile.HoldsAudioDuringTools && tools.Pending > 0;

    /// <summary>The person's voice. It is sent on this thread if nothing else is being sent: not to be called under a lock.</summary>
    internal void SendAudio(ReadOnlySpan<byte> audio)
    {
        var held = Held;
        var connection = Volatile.Read(ref current);
        var dropped = voice.Write(audio, held ? holdLimit : limit, clock.GetTimestamp());
        if (dropped > 0)
        {
            telemetry.OnUplinkDropped(
                held ? "tool" : connection is null ? "offline" : "slow", dropped / (double)AudioFrame.BytesPerMillisecond);
        }

        if (connection?.IsStuck(options.SendTimeout) == true)
        {
            connection.Abort();
        }

        wake.Run();
    }

    /// <summary>A text that the model answers.</summary>
    internal void Prompt(string text)
    {
        Interlocked.Increment(ref prompts);
        control.Writer.TryWrite(new Outgoing(ClientMessages.Prompt(profile, text), IsPrompt: true, Only: null));
        wake.Set();
    }

    /// <summary>Answers to tool calls.</summary>
    /// <returns>How many were not sent because their call is not open.</returns>
    internal int Answer(ImmutableArray<ToolAnswer> answers)
    {
        // Queued before the calls count as closed: held voice follows the answer.
        var dropped = tools.Close(
            answers,
            open => control.Writer.TryWrite(new(ClientMessages.Answers(open), IsPrompt: false, Volatile.Read(ref current))));
        wake.Set();
        return dropped;
    }

    /// <summary>The model acts: what it was told has reached it.</summary>
    internal void OnModelActs()
    {
        if (!PromptPending)
        {
            return;
        }

        lock (promptGate)
        {
            Interlocked.Add(ref prompts, -unanswered.Count);
            unanswered.Clear();
        }
    }

    /// <summary>Something changed that the sending loop looks at.</summary>
    internal void Wake() => wake.Set();

    /// <summary>The connection that is sent to from now on.</summary>
    internal void Use(GeminiConnection connection) => Interlocked.Exchange(ref current, connection);

    /// <summary>There is no connection any more, and its tool calls are not answered any more.</summary>
    internal void Release()
    {
        // In this order: an answer must not be queued as if it belonged to no connection.
        tools.Abandon();
        Interlocked.Exchange(ref current, value: null);
    }

    /// <summary>Closes the connection that is in use.</summary>
    internal void Close()
    {
        Volatile.Read(ref current)?.RequestClose();
        wake.Set();
    }

    /// <summary>Sends over the connection until it is to be closed, then closes it. One at a time.</summary>
    internal async Task RunAsync(GeminiConnection connection)
    {
        try
        {
            await RepeatPromptsAsync(connection);
            while (!connection.CloseRequested)
            {
                // Asked before the answers are sent: voice must not overtake the answer that ends its hold.
                var open = !Held;
                await SendControlAsync(connection);
                var since = 0L;
                var size = open && !Held && !connection.CloseRequested ? voice.Read(pcm, AudioFrame.Least, out since) : 0;
                if (size > 0)
                {
                    await connection.SendAsync(frame.AsMemory(0, AudioFrame.Write(pcm.AsSpan(0, size), frame)));
                    telemetry.OnUplinkSent(clock.GetElapsedTime(since));
                }
                else if (open || Held)
                {
                    await wake.WaitAsync();
                }
            }

            await connection.SendCloseAsync();
        }
        catch (Exception e)
        {
            // The receiving loop is told how it ended; if the connection has not noticed yet, it does now.
            connection.Abort();
            if (!GeminiConnection.IsDrop(e))
            {
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        control.Writer.TryComplete();
        voice.Dispose();
    }

    private static int Bytes(TimeSpan span) => (int)span.TotalMilliseconds * AudioFrame.BytesPerMillisecond;

    private async ValueTask SendControlAsync(GeminiConnection connection)
    {
        // Taken off only once it is sent: what a broken connection did not take waits for the next.
        while (!connection.CloseRequested && control.Reader.TryPeek(out var next))
        {
            if (next.Only is null || ReferenceEquals(next.Only, connection))
            {
                await connection.SendAsync(next.Utf8);
            }

            control.Reader.TryRead(out _);
            if (next.IsPrompt)
            {
                lock (promptGate)
                {
                    unanswered.Add(next);
                }
            }
        }
    }

    /// <summary>
    /// A text that the model has not acted upon may have been lost with the connection; unsaid, the agent would stay silent.
    /// </summary>
    private async ValueTask RepeatPromptsAsync(GeminiConnection connection)
    {
        Outgoing[] again;
        lock (promptGate)
        {
            again = [.. unanswered];
        }

        foreach (var prompt in again)
        {
            await connection.SendAsync(prompt.Utf8);
        }
    }

    private sealed record Outgoing(ReadOnlyMemory<byte> Utf8, bool IsPrompt, GeminiConnection? Only);
}
