using SpokenTones;

namespace LiveModelSimulator;

/// <summary>Who speaks when.</summary>
internal sealed partial class LiveSession
{
    private const int AudioTokensPerSecond = 25;
    private const int CharactersPerToken = 4;
    private const int ThoughtTokens = 12;

    /// <summary>Fault points in the middle of a turn.</summary>
    public void MidTurn(int number)
    {
        if (TurnFaults.Strikes(this, Faults.GoAwayMidTurn, number))
        {
            GoAway(TimeSpan.FromMilliseconds(Setup.Faults.Value(Faults.GoAwayMidTurn)!.Value));
        }

        if (TurnFaults.Strikes(this, Faults.Drop, number))
        {
            Abort();
        }
        else if (TurnFaults.Strikes(this, Faults.Close1007, number))
        {
            Close(1007, "Request contains an invalid argument.");
        }
        else if (TurnFaults.Strikes(this, Faults.Close1008, number))
        {
            Close(1008, "Operation is not implemented, or supported, or enabled.");
        }
        else if (TurnFaults.Strikes(this, Faults.Close1011, number))
        {
            Close(1011, "Internal error encountered.");
        }
    }

    public void TurnEnded(double audioMs)
    {
        Settle(audioMs);
        _turn = null;
        Record((e, _) => e with { TurnsEnded = e.TurnsEnded + 1 });
        if (Setup.Faults.Has(Faults.SpuriousInterrupted))
        {
            Send(ServerMessages.Interrupted());
        }

        AfterTurn();
        if (TurnFaults.Strikes(this, Faults.GoAwayIdle, _state.Turns))
        {
            GoAway(TimeSpan.FromMilliseconds(Setup.Faults.Value(Faults.GoAwayIdle)!.Value));
        }

        if (!_speaking)
        {
            Reply();
        }
    }

    public Usage UsageOf(double audioMs) => new(
        Setup.Model.Platform,
        Setup.Prompt.Length / CharactersPerToken,
        Tokens(_listener!.Ms) + _state.PromptTokens,
        Tokens(audioMs),
        Setup.Faults.Has(Faults.Thoughts) ? ThoughtTokens : 0);

    private static int Tokens(double ms) => (int)(ms * AudioTokensPerSecond / 1000);

    /// <summary>What the agent said is part of every later prompt.</summary>
    private void Settle(double audioMs) => _state = _state with { PromptTokens = _state.PromptTokens + Tokens(audioMs) };

    private void AfterTurn()
    {
        _lateTranscription.ForEach(Send);
        _lateTranscription.Clear();
        SendHandle();
    }

    public void SpeechStarted()
    {
        _speaking = true;
        _bargedIn = false;
        if (_turn is { Begun: true } && !Setup.NoInterruption)
        {
            _bargedIn = true;
            Record((e, _) => e with { Interruptions = e.Interruptions + 1 });
            _turn = Stop(_turn);
        }
        else if (_turn is { Begun: false })
        {
            _turn = Stop(_turn);
        }
    }

    public void SpeechHeard(HeardUtterance utterance, double startMs, double endMs)
    {
        _heard.Add(utterance.Text);
        Record((e, now) => WithAudio(e) with
        {
            Heard = [.. e.Heard, new HeardRecord(utterance.Text, utterance.Complete, startMs, endMs, now, _bargedIn)],
        });
        if (Setup.TranscribesInput && !Setup.Faults.Has(Faults.NoTranscription))
        {
            Transcribe(utterance.Text);
        }
    }

    private void Transcribe(string text)
    {
        var words = SpeechCache.Fragments(text);
        for (var i = 0; i < words.Count; i++)
        {
            // Utterances follow each other as words do.
            var word = i == 0 && _heard.Count > 1 ? $" {words[0]}" : words[i];
            var message = ServerMessages.InputTranscription(word, finished: Setup.Model.Is31 && i == words.Count - 1);
            if (Setup.Faults.Has(Faults.LateTranscription))
            {
                _lateTranscription.Add(message);
            }
            else
            {
                Send(message);
            }
        }
    }

    public void SpeechEnded()
    {
        _speaking = false;
        if (_turn is null)
        {
            Reply();
        }
    }

    /// <summary>A typed text is answered like speech: after the turn under way, and after the person who is speaking.</summary>
    private void Type(string text)
    {
        _typed.Add(text);
        Record((e, _) => e with { Typed = [.. e.Typed, text] });
        if (_turn is { Begun: false })
        {
            _turn = Stop(_turn);
        }

        if (_turn is null && !_speaking)
        {
            Reply();
        }
    }

    private void Reply()
    {
        if (_heard.Count == 0 && _typed.Count == 0)
        {
            return;
        }

        var knowsFact = Setup.Fact is not null;
        _stateBeforeTurn = _state;
        _turnInput = ([.. _heard], [.. _typed]);
        var decision = _heard.Count == 0 ? _services.Dialogue.Read(_state, _typed[^1], knowsFact)
            : Options.Cheap && _state.Greeted ? _services.Dialogue.HearSound(_state)
            : _services.Dialogue.Hear(_state, string.Join(' ', _heard), knowsFact);
        _heard.Clear();
        _typed.Clear();
        _state = decision.State;
        _turn = new Turn(this, decision);
        _turn.Start();
    }

    /// <summary>A turn that has begun is interrupted; one that has not is taken back, and its input belongs to the next.</summary>
    private Turn? Stop(Turn? turn)
    {
        if (turn is { Begun: true })
        {
            turn.Interrupt();
            Settle(turn.AudioMs);
            Record((e, _) => e with { TurnsEnded = e.TurnsEnded + 1 });
            AfterTurn();
        }
        else if (turn is not null)
        {
            turn.Dispose();
            _state = _stateBeforeTurn;
            _heard.InsertRange(0, _turnInput.Heard);
            _typed.InsertRange(0, _turnInput.Typed);
        }

        return null;
    }
}
