using Campaigns.Carrier;
using Microsoft.Extensions.Logging;

namespace Campaigns.Calls;

/// <summary>
/// One answered call: the media leg and the model's session, joined. Sound comes in on the two read loops, goes out from there and from the
/// shared <see cref="CallClock"/>; everything is decided under one lock that is never held while anything is waited for. Times count from
/// the beginning of the stream.
/// </summary>
internal sealed partial class CallBridge : ICallLine, IClocked
{
    private readonly Lock gate = new();
    private readonly CallSurroundings around;
    private readonly CallOptions options;
    private readonly ILogger logger;
    private readonly IMediaLeg leg;
    private readonly TimeSpan origin;
    private readonly DateTimeOffset startedAt;
    private readonly AgentVoice voice;
    private readonly StreamClock stream;
    private readonly PersonEar ear;
    private readonly Conversation conversation;
    private readonly EventLane lane;
    private readonly List<CallTurn> early = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CallStage stage = CallStage.Waiting;
    private CallPlan? plan;
    private ICallEvents? events;
    private ToolDesk? desk;
    private ICallRecording? recording;
    private Task legRun = Task.CompletedTask;
    private Task recordingOpened = Task.CompletedTask;
    private Task opening = Task.CompletedTask;
    private Task lateTold = Task.CompletedTask;
    private long dueTicks;

    internal CallBridge(Guid sessionId, IMediaLeg leg, CallSurroundings around)
    {
        (SessionId, this.leg, this.around, options, logger) = (sessionId, leg, around, around.Options, around.Logger);
        origin = around.Clock.Now;
        startedAt = around.Time.GetUtcNow();
        voice = new AgentVoice(leg, options, OnAgentPlays, OnChunkSent, error => LogLegRefused(SessionId, error.Message));
        stream = new StreamClock(leg.Start.SampleRate);
        ear = new PersonEar(leg.Start.SampleRate);
        conversation = new Conversation(startedAt, voice, Tell);
        lane = new EventLane(around.Time, options.EventTimeout, (name, error) => LogEventFailed(error, SessionId, name));
        machineEar = around.MachineEars();
        heardSamples = new short[leg.Start.SampleRate / 5];
    }

    /// <summary>The session.</summary>
    internal Guid SessionId { get; }

    /// <inheritdoc/>
    public Task Completion
    {
        get
        {
            lock (gate)
            {
                return Task.WhenAll(completion.Task, lateTold);
            }
        }
    }

    /// <inheritdoc/>
    public MediaStart Start => leg.Start;

    /// <summary>How it ended; null before <see cref="Completion"/>.</summary>
    internal CallEnd? Outcome => outcome;

    long IClocked.DueTicks => Volatile.Read(ref dueTicks);

    private TimeSpan Now => around.Clock.Now - origin;

    /// <summary>Begins to read the leg. Called once, when everything that may be called back is in place.</summary>
    internal void Run()
    {
        lock (gate)
        {
            around.Clock.Add(this);
            Schedule(Now);
            legRun = Task.Run(RunLegAsync);
        }
    }

    /// <inheritdoc/>
    public void Begin(CallPlan plan, ICallEvents events)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(events);
        lock (gate)
        {
            if (this.plan is not null)
            {
                throw new InvalidOperationException("A call begins once.");
            }

            (this.plan, this.events) = (plan, events);
            if (stage == CallStage.Ended)
            {
                // The person was faster than whoever took the call over.
                lateTold = TellEnd();
                return;
            }

            desk = new ToolDesk(
                call => CallTelemetry.TraceToolAsync(SessionId, plan.Setup.Tools, call, events.OnToolAsync),
                OnToolDone,
                around.Time,
                options.ToolTimeout,
                (name, error) => LogToolFailed(error, SessionId, name));
            stage = CallStage.Opening;
            recordingOpened = Task.Run(OpenRecording);
            opening = Task.Run(() => OpenAsync(plan));
        }
    }

    /// <inheritdoc/>
    public void HangUp(CallEndKind kind, string reason)
    {
        lock (gate)
        {
            End(kind, reason);
        }
    }

    /// <summary>How long the call has lasted.</summary>
    internal TimeSpan Age => Now;

    /// <summary>
    /// Ends the call as one that is cut off by us: the person hears an apology first. One whose agent is just saying goodbye is let end by itself.
    /// </summary>
    internal void Interrupt(string reason)
    {
        lock (gate)
        {
            switch (stage)
            {
                case CallStage.Closing or CallStage.Apologising or CallStage.Ended:
                    break;
                case CallStage.Waiting:
                    End(CallEndKind.HostStopping, reason);
                    break;
                default:
                    Apologise(CallEndKind.HostStopping, reason);
                    break;
            }
        }
    }

    void IClocked.OnDue()
    {
        lock (gate)
        {
            if (stage != CallStage.Ended)
            {
                Advance(Now);
            }
        }
    }

    private async Task RunLegAsync()
    {
        CallEndKind kind;
        string detail;
        try
        {
            var end = await leg.RunAsync(this, stopping.Token);
            kind = end.Kind == MediaEndKind.Stopped ? CallEndKind.PersonHungUp : CallEndKind.MediaLost;
            detail = end.Detail;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogLegFailed(error, SessionId);
            (kind, detail) = (CallEndKind.MediaLost, error.Message);
        }

        lock (gate)
        {
            End(kind, detail);
        }
    }

    // Does all that time asks for, and says when it wants to be called again. Under the lock, as is all that follows.
    private void Advance(TimeSpan now)
    {
        voice.Pump(now);
        NoteFirstAudio();
        conversation.Settle(now);
        Step(now);
        if (stage != CallStage.Ended && now >= nextWatch)
        {
            Watch(now);
        }

        Schedule(now);
    }

    private void Schedule(TimeSpan now)
    {
        if (stage == CallStage.Ended)
        {
            return;
        }

        if (nextWatch <= now)
        {
            var step = stage is CallStage.Talking or CallStage.Waiting or CallStage.Opening ? TalkingStep : WatchfulStep;
            nextWatch = now + step;
        }

        var due = voice.NextDue(now) is { } next && next < nextWatch ? next : nextWatch;
        Volatile.Write(ref dueTicks, (origin + due).Ticks);
    }

    private void OnAgentPlays(long utterance, TimeSpan at) => conversation.OnAgentHeard(utterance, at);

    private void OnChunkSent()
    {
        lock (gate)
        {
            voice.OnSent();
            if (stage != CallStage.Ended)
            {
                Advance(Now);
            }
        }
    }

    // Off every audio path: a disk that hangs costs the recording, not the call.
    private void OpenRecording()
    {
        try
        {
            var opened = around.Record(SessionId, leg.Start.SampleRate, startedAt);
            lock (gate)
            {
                recording = opened;
                if (stage != CallStage.Ended)
                {
                    voice.Record(opened);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            LogNotRecorded(error, SessionId);
        }
    }

    private void Tell(CallTurn turn)
    {
        if (events is { } listener)
        {
            _ = lane.Tell(nameof(ICallEvents.OnTurnAsync), () => listener.OnTurnAsync(turn));
        }
        else
        {
            early.Add(turn);
        }
    }
}
