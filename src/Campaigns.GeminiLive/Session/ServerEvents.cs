using Campaigns.GeminiLive.Wire;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Session;

/// <summary>
/// Hands what the platform sends to the sink, in the order that makes sense whatever the order in the message, and keeps what a reconnect
/// needs: whose turn it is, the newest handle, the transcript. Called by the conversation's loop only.
/// </summary>
internal sealed class ServerEvents(ILiveSink sink, ToolCalls tools, Outbox outbox, GeminiTelemetry telemetry)
{
    private LiveUsage usage;
    private bool usageWaits;
    private bool modelTurn;
    private bool personTurn;
    // Who cuts in goes on speaking after the turn that is cut off is over, until the model answers.
    private bool cutIn;
    private bool handleIsCurrent;

    /// <summary>The newest handle from which the conversation can go on.</summary>
    internal string? Handle { get; set; }

    /// <summary>The model has done something over this connection.</summary>
    internal bool ModelActed { get; private set; }

    /// <summary>What was said so far.</summary>
    internal CallTranscript Transcript { get; } = new();

    /// <summary>Called with the mime type of audio that cannot be played.</summary>
    internal required Action<string> ForeignAudio { get; init; }

    /// <summary>Called when audio was not base64.</summary>
    internal required Action BrokenAudio { get; init; }

    /// <summary>Takes a message.</summary>
    internal void Take(ServerMessage message, ConnectionRenewal renewal)
    {
        var acts = message.ModelTurn || message.Spoken is { Length: > 0 } || message.Calls.Count > 0;
        if (acts || message.TurnComplete || message.Interrupted)
        {
            outbox.OnModelActs();
        }

        modelTurn |= acts;
        cutIn = message.Interrupted || (cutIn && !acts);
        ModelActed |= acts;
        TakeSpeech(message);
        TakeTools(message);
        TakeTurn(message);
        TakeHandle(message, covers: !acts && message.Heard is null);
        if (message.TimeLeft is { } left)
        {
            renewal.Ask(left);
        }

        renewal.Tell(!modelTurn && !personTurn && !cutIn && tools.Pending == 0 && !outbox.PromptPending, handleIsCurrent);
    }

    /// <summary>Takes a message of a connection that is being left: only what the next one, or the bill, needs.</summary>
    internal void TakeLate(ServerMessage message)
    {
        TakeHandle(message, covers: true);
        AddUsage(message);
    }

    /// <summary>The connection is gone, and a turn under way with it.</summary>
    internal void EndConnection()
    {
        modelTurn = personTurn = cutIn = handleIsCurrent = ModelActed = false;
        Transcript.EndTurn();
        FlushUsage();
    }

    private void TakeSpeech(ServerMessage message)
    {
        if (message.Heard is { Length: > 0 } heard)
        {
            personTurn = true;
            Transcript.Add(Speaker.Person, heard);
            sink.OnHeard(heard);
        }

        if (message.Audio.Length > 0)
        {
            sink.OnAudio(message.Audio);
        }

        if (message.Spoken is { Length: > 0 } spoken)
        {
            Transcript.Add(Speaker.Agent, spoken);
            sink.OnSpoken(spoken);
        }

        if (message.ForeignAudio is { } mime)
        {
            ForeignAudio(mime);
        }

        if (message.BrokenAudio > 0)
        {
            BrokenAudio();
        }
    }

    private void TakeTools(ServerMessage message)
    {
        if (message.CancelledIds.Count > 0 && tools.Cancel(message.CancelledIds) is { Length: > 0 } cancelled)
        {
            outbox.Wake();
            sink.OnToolCallsCancelled(cancelled);
        }

        if (message.Calls.Count > 0)
        {
            sink.OnToolCalls(tools.Add(message.Calls));
        }
    }

    private void TakeTurn(ServerMessage message)
    {
        if (message.Interrupted)
        {
            modelTurn = false;
            message.EndSound();
            sink.OnInterrupted();
        }

        if (message.GenerationComplete)
        {
            sink.OnGenerationComplete();
        }

        AddUsage(message);
        if (message.TurnComplete)
        {
            modelTurn = personTurn = false;
            message.EndSound();
            Transcript.EndTurn();
            FlushUsage();
            sink.OnTurnComplete(message.TurnCompleteReason);
        }
        else if (!modelTurn)
        {
            FlushUsage();
        }
    }

    /// <param name="message">The message.</param>
    /// <param name="covers">The message itself brings nothing that its handle might not cover.</param>
    private void TakeHandle(ServerMessage message, bool covers)
    {
        handleIsCurrent &= covers;
        if (message.ResumptionUpdate)
        {
            handleIsCurrent = message is { Resumable: true, NewHandle: not null };
            Handle = handleIsCurrent ? message.NewHandle : Handle;
        }
    }

    private void AddUsage(ServerMessage message)
    {
        if (message.Usage is { } more)
        {
            usage += more;
            usageWaits = true;
        }
    }

    private void FlushUsage()
    {
        if (usageWaits)
        {
            telemetry.OnTokens(usage);
            sink.OnUsage(usage);
            usage = default;
            usageWaits = false;
        }
    }
}
