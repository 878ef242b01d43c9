using System.Text.Json;

namespace LiveModelSimulator;

/// <summary>
/// One turn of the agent: it carries out a list of actions, waits for tool responses, and ends when a client playing in real time has
/// heard all of it. Used under the session's lock only.
/// </summary>
internal sealed class Turn : IDisposable
{
    private static readonly TimeSpan s_betweenCalls = TimeSpan.FromMilliseconds(200);

    /// <summary>How far an endless turn is ahead of its playout.</summary>
    private static readonly TimeSpan s_droneLead = TimeSpan.FromSeconds(5);

    private readonly ITurnHost _host;
    private readonly Decision _decision;
    private readonly Stack<ScriptAction> _actions;
    private readonly Playout _playout = new();
    private readonly TurnTimer _timer;
    private readonly SaidLog _said;
    private readonly TurnCalls _calls;
    private readonly TurnFaults _faults;
    private readonly TurnValues _values;
    private SentenceSender? _sentence;
    private bool _struck;
    private bool _over;

    public Turn(ITurnHost host, Decision decision)
    {
        _host = host;
        _decision = decision;
        _timer = new TurnTimer(host.Options.TimeProvider, host.Gate);
        _said = new SaidLog(host, decision.State.Turns, _playout);
        _calls = new TurnCalls(host, _timer);
        _faults = new TurnFaults(host, decision.State.Turns);
        _values = new TurnValues(host.Setup, decision.Groups);
        _actions = new Stack<ScriptAction>();
        PushAll(host.Setup.Faults.Has(Faults.BatchedTools) ? Batch(decision.Actions) : decision.Actions);
    }

    /// <summary>True once something of it was sent.</summary>
    public bool Begun { get; private set; }

    /// <summary>Audio sent so far.</summary>
    public double AudioMs => _playout.SentMs;

    public TimeSpan? ToolsPendingFor => _calls.PendingFor;

    public void Start()
    {
        if (!_faults.Stalls)
        {
            _timer.Arm(_host.Options.ReplyDelay, Begin);
        }
    }

    /// <summary>The person speaks: the turn is over, what has not been played is lost, and pending calls are cancelled.</summary>
    public void Interrupt()
    {
        _host.Send(ServerMessages.Interrupted());
        _calls.Cancel();
        Leave(interrupted: true);
        Complete();
    }

    /// <summary>The connection is gone, or the turn had not begun.</summary>
    public void Dispose()
    {
        if (!_over)
        {
            Leave(interrupted: Begun);
        }
    }

    /// <summary>False if no call with that id, or of that name if the response has none, is pending.</summary>
    public bool Respond(string? id, string name, JsonElement response)
    {
        if (!_calls.Answer(id, name, response))
        {
            return false;
        }

        _values.Response = response.Clone();
        if (!_calls.Any)
        {
            NextAction();
        }

        return true;
    }

    private void Begin()
    {
        Begun = true;
        if (_host.Setup.Resumable)
        {
            _host.Send(ServerMessages.Resumption(null));
        }

        if (_host.Setup.Faults.Has(Faults.Thoughts))
        {
            _host.Send(ServerMessages.Thought("I consider what to say. This must not be spoken."));
        }

        if (_faults.ToneMs is { } ms)
        {
            _actions.Clear();
            Speak(_host.Speech.Tone(ms, Style()));
        }
        else
        {
            NextAction();
        }
    }

    private void NextAction()
    {
        while (!_over && _actions.TryPop(out var action))
        {
            switch (action)
            {
                case Say say:
                    PushAll(Template.Pieces(Template.Plain(Template.Fill(say.Text, _values.Of))).Select(p => new Piece(p)));
                    break;
                case Piece piece:
                    Speak(_host.Speech.Get(piece.Text, Style()));
                    return;
                case Call call:
                    if (MakeCalls(call))
                    {
                        return;
                    }

                    break;
                case Pause pause:
                    _timer.Arm(pause.Time, NextAction);
                    return;
                case Branch branch:
                    PushAll(branch.Cases.GetValueOrDefault(_values.Of($"response.{branch.Field}") ?? "") ?? branch.Otherwise);
                    break;
                default:
                    throw new InvalidOperationException($"No way to carry out {action}.");
            }
        }

        if (!_over)
        {
            Generated();
        }
    }

    private void PushAll(IEnumerable<ScriptAction> actions)
    {
        foreach (var action in actions.Reverse())
        {
            _actions.Push(action);
        }
    }

    private LineStyle Style() => _faults.Style(first: _playout.SentMs == 0);

    private void Speak(SpokenLine line)
    {
        _said.Begin(line);
        _sentence = new SentenceSender(line, _faults, _timer.Now);
        SendSentence();
    }

    private void SendSentence()
    {
        while (!_over && _sentence!.Next(_timer.Now) is { } frame)
        {
            _host.Send(frame.Json);
            _playout.Add(_timer.Now, frame.AudioMs);
            if (frame.Begins)
            {
                _host.Record((e, now) => e with { SoundsSent = [.. e.SoundsSent, now] });
            }

            if (_sentence.Halfway)
            {
                Strike();
            }
        }

        if (_over)
        {
            return;
        }

        if (_sentence!.Due is { } due)
        {
            _timer.Arm(due - _timer.Now, SendSentence);
        }
        else if (_faults.Drones)
        {
            _said.Sent();
            var line = _sentence.Line;
            _timer.Arm(_playout.End - _timer.Now - s_droneLead, () => Speak(line));
        }
        else
        {
            _said.Sent();
            NextAction();
        }
    }

    private bool MakeCalls(Call first)
    {
        var calls = new List<Call> { first };
        while (_host.Setup.Faults.Has(Faults.BatchedTools) && _actions.TryPeek(out var next) && next is Call)
        {
            calls.Add((Call)_actions.Pop());
        }

        calls = [.. calls.Select(c => c with
        {
            Args = c.Args.ToDictionary(a => a.Key, a => Template.Fill(a.Value, _values.Of), StringComparer.Ordinal),
        })];
        if (!_calls.Make(calls))
        {
            _values.Response = null;
            return false;
        }

        Strike();
        if (_host.Setup.Faults.Value(Faults.CancelledTool) is { } ms && _host.Conversation.Spend(Faults.CancelledTool))
        {
            _timer.Arm(TimeSpan.FromMilliseconds(ms), () =>
            {
                if (_calls.Any)
                {
                    _calls.Cancel();
                    PushAll(calls);
                    _timer.Arm(s_betweenCalls, NextAction);
                }
            });
        }

        return true;
    }

    private void Strike()
    {
        if (!_struck)
        {
            _struck = true;
            _host.MidTurn(_decision.State.Turns);
        }
    }

    private void Generated()
    {
        if (!_host.Setup.Faults.Has(Faults.NoGenerationComplete))
        {
            _host.Send(ServerMessages.GenerationComplete());
        }

        if (_host.Setup.Faults.Has(Faults.LateAudio))
        {
            const int Ms = 60;
            _host.Send(ServerMessages.Audio(new byte[SpeechCache.Rate * sizeof(short) * Ms / 1000], null, odd: false, halves: false));
            _playout.Add(_timer.Now, Ms);
        }

        _timer.Arm(_playout.End - _timer.Now, () =>
        {
            Leave(interrupted: false);
            Complete();
            _host.TurnEnded(_playout.SentMs);
        });
    }

    private void Leave(bool interrupted)
    {
        _over = true;
        _said.End(_timer.Now, interrupted);
        _timer.Dispose();
    }

    private void Complete()
    {
        var faults = _host.Setup.Faults;
        var usage = faults.Has(Faults.NoUsage) ? null : _host.UsageOf(_playout.SentMs);
        if (usage is not null && (_host.Setup.Model.Is25 || faults.Has(Faults.NoTurnComplete)))
        {
            _host.Send(ServerMessages.UsageMetadata(usage));
            usage = null;
        }

        if (!faults.Has(Faults.NoTurnComplete))
        {
            _host.Send(ServerMessages.TurnComplete(usage, faults.Has(Faults.UnknownFields)));
        }
    }

    /// <summary>Sentences first, so that the calls come together; not where a sentence needs a response.</summary>
    private static IReadOnlyList<ScriptAction> Batch(IReadOnlyList<ScriptAction> actions) =>
        actions.All(a => a is Call || (a is Say say && !say.Text.Contains("{response.", StringComparison.Ordinal)))
            ? [.. actions.Where(a => a is Say), .. actions.Where(a => a is Call)]
            : actions;

    /// <summary>A part of a sentence that is short enough to be spoken.</summary>
    private sealed record Piece(string Text) : ScriptAction;
}
