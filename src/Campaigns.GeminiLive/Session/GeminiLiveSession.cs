using System.Collections.Immutable;
using Campaigns.GeminiLive.Wire;
using Campaigns.LiveModel;
using Microsoft.Extensions.Logging;

namespace Campaigns.GeminiLive.Session;

/// <summary>A conversation over as many connections as it takes. One loop holds it, from the first connection to the last.</summary>
internal sealed partial class GeminiLiveSession : ILiveSession
{
    private readonly LiveSetup setup;
    private readonly GeminiOptions options;
    private readonly GeminiConnector connector;
    private readonly GeminiTelemetry telemetry;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly SinkGuard sink;
    private readonly Outbox outbox;
    private readonly ServerEvents events;
    private readonly Reconnects reconnects;
    private readonly CancellationTokenSource lifetime = new();
    private readonly TaskCompletionSource<LiveEnd> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string instruction;
    private string? closing;
    private string? leaving;
    private bool foreignAudioTold;
    private int connections = 1;

    internal GeminiLiveSession(
        LiveSetup setup, GeminiOptions options, GeminiConnector connector, GeminiTelemetry telemetry, TimeProvider clock, ILogger logger)
    {
        this.setup = setup;
        this.options = options;
        this.connector = connector;
        this.telemetry = telemetry;
        this.clock = clock;
        this.logger = logger;
        instruction = setup.SystemInstruction;
        sink = new SinkGuard(setup.SessionId, logger);
        var tools = new ToolCalls();
        outbox = new Outbox(connector.Profile, options, tools, telemetry, clock);
        events = new ServerEvents(sink, tools, outbox, telemetry) { ForeignAudio = OnForeignAudio, BrokenAudio = OnBrokenAudio };
        reconnects = new Reconnects(options.ResumeBudget);
    }

    /// <inheritdoc/>
    public int InputSampleRate => AudioFrame.SampleRate;

    /// <inheritdoc/>
    public int OutputSampleRate => 24_000;

    /// <inheritdoc/>
    public Task<LiveEnd> Completion => completion.Task;

    /// <inheritdoc/>
    public void Attach(ILiveSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (!this.sink.Attach(sink))
        {
            throw new InvalidOperationException("The session has a sink already.");
        }
    }

    /// <inheritdoc/>
    public void SendAudio(ReadOnlySpan<byte> pcm) => outbox.SendAudio(pcm);

    /// <inheritdoc/>
    public void Prompt(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        outbox.Prompt(text);
    }

    /// <inheritdoc/>
    public void Answer(ImmutableArray<ToolAnswer> answers)
    {
        if (!answers.IsDefaultOrEmpty && outbox.Answer(answers) is > 0 and var dropped)
        {
            LogAnswersDropped(setup.SessionId, dropped);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CloseAsync(string reason)
    {
        if (Interlocked.CompareExchange(ref closing, reason, comparand: null) is null)
        {
            outbox.Close();
            await lifetime.CancelAsync();
        }

        await Completion;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync("disposed");

    /// <summary>Holds the conversation until it is over. Never throws.</summary>
    /// <param name="first">A confirmed connection.</param>
    /// <param name="released">Called once nothing is held any more, before <see cref="Completion"/>.</param>
    internal async Task RunAsync(GeminiConnection first, Action<LiveEnd> released)
    {
        LiveEnd end;
        try
        {
            end = await ConverseAsync(first);
        }
        catch (Exception e)
        {
            LogBroken(setup.SessionId, e);
            end = new LiveEnd(LiveEndKind.Lost, "an error of our own", connections);
        }

        outbox.Dispose();
        telemetry.OnEnded(end.Kind);
        LogEnded(setup.SessionId, end.Kind, end.Connections, end.Reason);
        released(end);
        completion.TrySetResult(end);
    }

    private async Task<LiveEnd> ConverseAsync(GeminiConnection first)
    {
        var connection = first;
        while (true)
        {
            leaving = null;
            var end = await HoldAsync(connection);
            var acted = events.ModelActed;
            events.EndConnection();
            if (closing is { } reason)
            {
                return new LiveEnd(LiveEndKind.ClosedByUs, reason, connections);
            }

            var stable = clock.GetUtcNow() - connection.OpenedAt >= options.StableAfter;
            if (stable)
            {
                reconnects.Reset();
            }

            var step = leaving is null ? reconnects.AfterEnd(end, stable || acted) : ReconnectStep.Resume;
            telemetry.OnConnectionEnded(leaving is null ? end.Code : null);
            var cause = leaving is not null ? "planned" : end.Code == CloseWords.NoCloseFrame ? "dropped" : "closed";
            var why = leaving ?? end.ToString();
            LogLost(setup.SessionId, why, step);
            if (step == ReconnectStep.GiveUp)
            {
                return new LiveEnd(LiveEndKind.Refused, why, connections);
            }

            sink.OnReconnecting(why);
            try
            {
                (connection, var resumed) = await ReconnectAsync(step);
                telemetry.OnReconnected(cause, resumed);
                LogReconnected(setup.SessionId, resumed);
                connections++;
                sink.OnReconnected(resumed);
            }
            catch (OperationCanceledException) when (closing is { } reason2)
            {
                return new LiveEnd(LiveEndKind.ClosedByUs, reason2, connections);
            }
            catch (LiveModelException e)
            {
                telemetry.OnReconnectFailed(cause, e.Failure);
                var kind = e.Failure == LiveFailure.Fatal ? LiveEndKind.Refused : LiveEndKind.Lost;
                return new LiveEnd(kind, $"{why}; then: {e.Message}", connections);
            }
        }
    }

    /// <summary>Holds the conversation over one connection until that ends; afterwards its socket is closed.</summary>
    private async Task<ConnectionEnd> HoldAsync(GeminiConnection connection)
    {
        telemetry.OnConnected();
        outbox.Use(connection);
        if (closing is not null)
        {
            outbox.Close();
        }

        var sending = outbox.RunAsync(connection);
        var age = clock.GetUtcNow() - connection.OpenedAt;
        using var renewal = new ConnectionRenewal(clock, options.ConnectionLifetime - age, Leave);
        try
        {
            // The message that confirmed the setup may hold more.
            events.Take(connection.Message, renewal);
            while (true)
            {
                switch (await connection.ReceiveAsync())
                {
                    case Received.Ended:
                        return connection.End;
                    case Received.Broken:
                        telemetry.OnBrokenMessage();
                        LogBrokenMessage(setup.SessionId);
                        break;
                    case Received.Message when closing is not null || Volatile.Read(ref leaving) is not null:
                        events.TakeLate(connection.Message);
                        break;
                    default:
                        events.Take(connection.Message, renewal);
                        break;
                }
            }
        }
        finally
        {
            outbox.Close();
            await sending;
            outbox.Release();
            connection.Dispose();
            telemetry.OnDisconnected();
        }
    }

    private async Task<(GeminiConnection Connection, bool Resumed)> ReconnectAsync(ReconnectStep step)
    {
        var planned = leaving is not null;
        while (true)
        {
            var handle = step == ReconnectStep.Resume ? events.Handle : null;
            if (handle is null)
            {
                events.Handle = null;
                instruction = events.Transcript.AppendTo(setup.SystemInstruction);
            }

            await WaitAsync(planned);
            var started = clock.GetTimestamp();
            try
            {
                return (await TryOnceAsync(handle), handle is not null);
            }
            catch (LiveModelException e)
            {
                step = reconnects.AfterFailure(e, handle is not null);
                LogAttemptFailed(setup.SessionId, e.Message, step);
                if (step == ReconnectStep.GiveUp)
                {
                    throw;
                }
            }
            finally
            {
                reconnects.Spend(clock.GetElapsedTime(started));
            }
        }
    }

    private async Task WaitAsync(bool planned)
    {
        var delay = reconnects.NextDelay(planned, Random.Shared.NextDouble());
        if (reconnects.Left <= delay)
        {
            throw new LiveModelException(LiveFailure.Transient, $"No connection within {options.ResumeBudget}.");
        }

        await Task.Delay(delay, clock, lifetime.Token);
        reconnects.Spend(delay);
    }

    private async Task<GeminiConnection> TryOnceAsync(string? handle)
    {
        using var budget = new CancellationTokenSource(reconnects.Left, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, lifetime.Token);
        try
        {
            return await connector.ConnectAsync(setup, instruction, handle, either.Token);
        }
        catch (OperationCanceledException e) when (!lifetime.IsCancellationRequested)
        {
            throw new LiveModelException(LiveFailure.Transient, $"No connection within {options.ResumeBudget}.", inner: e);
        }
    }

    private void Leave(string why)
    {
        Volatile.Write(ref leaving, why);
        outbox.Close();
    }

    private void OnForeignAudio(string mime)
    {
        telemetry.OnBrokenAudio("rate");
        if (!foreignAudioTold)
        {
            foreignAudioTold = true;
            LogForeignAudio(setup.SessionId, AudioText.Shorten(mime));
        }
    }

    private void OnBrokenAudio()
    {
        telemetry.OnBrokenAudio("base64");
        LogBrokenAudio(setup.SessionId);
    }
}
