using System.Text.Json;
using SpokenTones;

namespace LiveModelSimulator;

/// <summary>
/// One connection of BidiGenerateContent: checks every message, hears the person, and lets the agent take its turns. Everything happens
/// under one lock; the socket is written by the outbox alone.
/// </summary>
internal sealed partial class LiveSession : ITurnHost, ISpeechSink, IDisposable
{
    private readonly SessionServices _services;
    private readonly Outbox _outbox;
    private readonly Action _abort;
    private readonly FaultPlan _faults;
    private readonly WireScope _scope;
    private readonly Connection _connection;
    private readonly CancellationTokenSource _ended = new();
    private readonly HashSet<string> _issuedIds = new(StringComparer.Ordinal);
    private readonly AudioReader _audio = new();
    private readonly SoundOnset _onset;
    private readonly List<string> _heard = [];
    private readonly List<string> _typed = [];
    private readonly List<byte[]> _lateTranscription = [];
    private SessionSetup? _setup;
    private Listener? _listener;
    private Conversation _conversation = new();
    private DialogueState _state = DialogueState.New;
    private DialogueState _stateBeforeTurn = DialogueState.New;
    private (List<string> Heard, List<string> Typed) _turnInput = ([], []);
    private Turn? _turn;
    private Phase _phase;
    private bool _speaking;
    private bool _bargedIn;
    private bool _hadRealtimeInput;
    private bool _entered;
    private ITimer? _lifetime;

    public LiveSession(SessionServices services, SessionEntry entry, FaultPlan faults, Outbox outbox, Action abort)
    {
        _services = services;
        _outbox = outbox;
        _abort = abort;
        _onset = new SoundOnset(services.Options.TimeProvider);
        _faults = faults;
        _scope = new WireScope(entry.Platform, entry.ApiVersion, null);
        _connection = new Connection(entry.Sequence);
    }

    private enum Phase
    {
        BeforeSetup,
        SettingUp,
        Ready,
        Over,
    }

    public Lock Gate { get; } = new();

    public LiveModelSimulatorOptions Options => _services.Options;

    public SessionSetup Setup => _setup!;

    public SpeechCache Speech => _services.Speech;

    public Conversation Conversation => _conversation;

    /// <summary>One message of the client.</summary>
    public void Receive(ReadOnlyMemory<byte> message)
    {
        lock (Gate)
        {
            if (_phase == Phase.Over)
            {
                return;
            }

            try
            {
                using var document = Parse(message);
                Dispatch(document.RootElement);
            }
            catch (ProtocolException e)
            {
                Refuse(e);
            }
            catch (InvalidOperationException e)
            {
                // JSON text may hold half a surrogate pair, which is no text: found when it is read.
                Refuse(ProtocolException.Invalid($"Invalid JSON payload received. {e.Message}"));
            }
        }
    }

    /// <summary>The client's close frame came, or its connection is gone.</summary>
    public void ClientLeft(ClosedBy how, int? code, string? reason)
    {
        lock (Gate)
        {
            End(how, code, reason);
        }
    }

    /// <summary>A close on behalf of the platform, with what the client did wrong.</summary>
    public void Refuse(ProtocolException error)
    {
        lock (Gate)
        {
            if (_phase != Phase.Over)
            {
                Record((e, _) => e with { ProtocolErrors = [.. e.ProtocolErrors, error.Message] });
                Close(error.Code, error.Message);
            }
        }
    }

    public void Dispose()
    {
        ClientLeft(ClosedBy.ServerDropped, null, null);
        _ended.Dispose();
    }

    public void Send(byte[] message) => _outbox.Send(message);

    public void Record(Func<SessionEntry, DateTimeOffset, SessionEntry> change) => _services.Ledger.Update(_connection.Sequence, change);

    public string NextCallId()
    {
        var id = $"function-call-{_connection.Sequence}-{_issuedIds.Count + 1}";
        _issuedIds.Add(id);
        return id;
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            return JsonDocument.Parse(message);
        }
        catch (JsonException e)
        {
            throw ProtocolException.Invalid($"Invalid JSON payload received. {e.Message}");
        }
    }

    private void Dispatch(JsonElement root)
    {
        if (_phase == Phase.Ready && AudioReader.TryFind(root, out var data, out var mimeType))
        {
            TakeAudio(data, mimeType);
            return;
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            throw ProtocolException.Invalid("Invalid JSON payload received. A message must be an object.");
        }

        if (_phase == Phase.BeforeSetup)
        {
            BeginSetup(root);
            return;
        }

        ClientMessageTypes.Message.Check(root, "", _scope with { Model = _setup?.Model ?? ModelProfile.Known[0] });
        var kinds = ((string[])["setup", "clientContent", "realtimeInput", "toolResponse"]).Where(k => root.Field(k) is not null).ToList();
        if (kinds.Count != 1)
        {
            throw ProtocolException.Invalid("A message carries exactly one of setup, client_content, realtime_input and tool_response.");
        }

        if (kinds[0] == "setup")
        {
            throw ProtocolException.Invalid("setup must be sent once, as the first message.");
        }

        if (_phase == Phase.SettingUp)
        {
            throw ProtocolException.Invalid($"{WireMessage.Snake(kinds[0])} must not be sent before setup_complete was received.");
        }

        var content = root.Field(kinds[0])!.Value;
        switch (kinds[0])
        {
            case "clientContent":
                TakeContent(content);
                break;
            case "realtimeInput":
                TakeRealtime(content);
                break;
            default:
                TakeToolResponse(content);
                break;
        }
    }

    private void Close(int code, string reason)
    {
        _outbox.Close(code, reason);
        End(ClosedBy.Server, code, reason);
    }

    private void Abort()
    {
        End(ClosedBy.ServerDropped, null, null);
        _abort();
    }

    private void End(ClosedBy how, int? code, string? reason)
    {
        if (_phase == Phase.Over)
        {
            return;
        }

        _phase = Phase.Over;
        _turn?.Dispose();
        _lifetime?.Dispose();
        _ended.Cancel();
        if (_entered)
        {
            _services.Leave();
        }

        Record((e, now) =>
        {
            _connection.Close(now);
            return WithAudio(e) with { ClosedAt = now, ClosedBy = how, CloseCode = code, CloseReason = reason };
        });
    }

    private SessionEntry WithAudio(SessionEntry entry) =>
        entry with { AudioMessages = _audio.Messages, AudioMs = _listener?.Ms ?? 0 };
}
