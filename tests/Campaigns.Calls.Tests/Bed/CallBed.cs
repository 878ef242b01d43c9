using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Campaigns.LiveModel;
using Campaigns.Stores;
using Campaigns.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Calls.Tests.Bed;

/// <summary>Calls over a fake leg and a fake model, on a clock that the test moves.</summary>
public sealed class CallBed : IAsyncDisposable, ICallPlanner, IMeterFactory
{
    private readonly List<Meter> meters = [];

    public CallBed(Action<CallOptions>? configure = null, VoicePolicy? voice = null, string language = "en-IN", int rate = 8000)
    {
        configure?.Invoke(Options);
        Journal = new Journal(Clock);
        Model = new FakeModel(Journal);
        Events = new FakeEvents(Journal);
        Leg = new FakeLeg(Clock, Journal, rate);
        (Voice, Language, Rate) = (voice ?? new VoicePolicy(), language, rate);
        Store = new FakeCallStore { Brief = Brief };
        Telemetry = new CallTelemetry(this);
        Logs = new LogCapture();
        Calls = new LocalCalls(
            Store, this, Model, Microsoft.Extensions.Options.Options.Create(Options), Clock, Telemetry, new Logger<LocalCalls>(Logs), () => Ear);
    }

    public FakeClock Clock { get; } = new();

    public CallOptions Options { get; } = new();

    public Journal Journal { get; }

    public FakeModel Model { get; }

    public FakeEvents Events { get; }

    public FakeLeg Leg { get; }

    public FakeCallStore Store { get; }

    internal FakeMachineEar Ear { get; } = new();

    public CallTelemetry Telemetry { get; }

    public LogCapture Logs { get; }

    public LocalCalls Calls { get; }

    public VoicePolicy Voice { get; }

    public string Language { get; }

    public int Rate { get; }

    public Guid SessionId { get; } = Guid.NewGuid();

    public ICallLine Line { get; private set; } = null!;

    public FakeSession Session => Journal.Of<FakeSession>("attached")[^1];

    public ILiveSink Live => Session.Sink!;

    public CallPlan Plan(CallBrief brief, DateTimeOffset now)
        => new(brief, new LiveSetup { SessionId = brief.SessionId, SystemInstruction = "Be kind.", Language = brief.Agent.Language }, "Greet.");

    public CallBrief Brief(Guid sessionId) => new()
    {
        SessionId = sessionId,
        Direction = CallDirection.Outbound,
        OrganizationId = Guid.Empty,
        OrganizationName = "Acme",
        OrganizationTimeZone = "Asia/Kolkata",
        Agent = new AgentRecord(
            Guid.Empty, "Asha", "Be kind.", Language, null, ImmutableDictionary<string, JsonElement>.Empty, DateTimeOffset.UnixEpoch),
        Phone = "+919876543210",
        Voice = Voice,
    };

    /// <summary>The phone is answered: the stream has begun.</summary>
    public async Task AnswerAsync()
    {
        Line = Calls.Add(SessionId, Leg)!;
        await Leg.Running;
    }

    /// <summary>The grain takes the call over.</summary>
    public void Begin()
    {
        Assert.Same(Line, Calls.Take(SessionId));
        Line.Begin(Plan(Brief(SessionId), Clock.GetUtcNow()), Events);
    }

    /// <summary>Answered, taken over and joined to the model, which has been prompted if the agent speaks first.</summary>
    public async Task JoinAsync()
    {
        await AnswerAsync();
        Begin();
        await (Voice.AgentSpeaksFirst ? Journal.WhenAsync("prompt") : Journal.WhenAsync("attached"));
    }

    /// <summary>Time passes; the carrier sends silence in frames of 20 ms.</summary>
    public void Pass(double milliseconds) => Hear(Voices.Silence(milliseconds, Rate));

    /// <summary>Time passes; the carrier sends this.</summary>
    public void Hear(short[] samples)
    {
        var frame = Rate / 50;
        for (var at = 0; at < samples.Length; at += frame)
        {
            var piece = samples.AsSpan(at, Math.Min(frame, samples.Length - at));
            Clock.Advance(TimeSpan.FromSeconds((double)piece.Length / Rate));
            if (!Leg.IsClosed)
            {
                Leg.Sink!.OnAudio(MemoryMarshal.AsBytes(piece));
            }
        }
    }

    /// <summary>The carrier, which was held up, sends this without time passing.</summary>
    public void HearAtOnce(short[] samples)
    {
        var frame = Rate / 50;
        for (var at = 0; at < samples.Length; at += frame)
        {
            Leg.Sink!.OnAudio(MemoryMarshal.AsBytes(samples.AsSpan(at, Math.Min(frame, samples.Length - at))));
        }
    }

    public void Speak(double milliseconds) => Hear(Voices.Speech(milliseconds, Rate));

    /// <summary>Time passes and the carrier sends nothing.</summary>
    public void Stall(TimeSpan time) => Clock.Advance(time);

    public async Task<CallEnd> EndAsync()
    {
        var end = await Events.Ended;
        await Line.Completion.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(1, Events.Ends);
        return end;
    }

    /// <summary>The line waits for a beep: it has cut off what the agent was saying to the machine.</summary>
    public Task HeldAsync() => Journal.WhenAsync("clear");

    /// <summary>The model calls a tool; returns when the answer is there.</summary>
    public async Task<ToolAnswer> CallToolAsync(string name, string arguments = "{}", string id = "t1")
    {
        var before = Journal.Of("answer").Count;
        Live.OnToolCalls([new ToolCall(id, name, arguments)]);
        await Journal.WhenAsync("answer", before + 1);
        return Journal.Of<ToolAnswer>("answer")[^1];
    }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options.Name, null, null, this);
        meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
    }

    public async ValueTask DisposeAsync()
    {
        // A test that failed half-way may have left an event hanging: its own failure is what counts.
        await Task.WhenAny(Calls.DisposeAsync().AsTask(), Task.Delay(TimeSpan.FromSeconds(30)));
        Telemetry.Dispose();
        meters.ForEach(meter => meter.Dispose());
    }
}
