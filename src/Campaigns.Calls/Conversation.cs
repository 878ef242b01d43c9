namespace Campaigns.Calls;

/// <summary>
/// Makes turns out of what is heard, said and played: who began when, what was said and how much of it was heard. Positions count turns in the
/// order in which they begin; a turn is told when it is over, so the telling may be out of that order. Not safe for concurrent use. Times count
/// from the beginning of the stream.
/// <para>
/// A turn of the person lasts until the person speaks again after the agent has begun to answer, or until the answer has been heard: the
/// transcript of what was said may come while the answer is being spoken. Sounds without words count as a turn with an empty text.
/// </para>
/// </summary>
/// <param name="startedAt">The beginning of the stream.</param>
/// <param name="voice">Where the agent's turns are played.</param>
/// <param name="tell">Takes a turn that is over.</param>
internal sealed class Conversation(DateTimeOffset startedAt, AgentVoice voice, Action<CallTurn> tell)
{
    private const double Rounding = 0.5;
    private const double RaggedEnd = 25;
    private static readonly TimeSpan ReplyPause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LongestUnnoticed = TimeSpan.FromSeconds(30);

    // Turns of the agent that have not been told, oldest first: one that is generated, before it those that are still being played.
    private readonly List<AgentTurn> agent = [];
    private PersonTurn? person;
    private TimeSpan lastPersonEnd;
    private int positions;

    /// <summary>The agent's turn that the model has not ended; null between turns.</summary>
    internal AgentTurn? Current { get; private set; }

    /// <summary>The agent says something, or what it said has not been played to its end.</summary>
    internal bool IsAgentActive => agent.Count > 0;

    internal bool PersonSpoke { get; private set; }

    internal bool PersonSpeaking { get; private set; }

    /// <summary>When the person was last heard to speak; null before.</summary>
    internal TimeSpan? LastPersonSound { get; private set; }

    /// <summary>Turns of the agent that were heard to their end.</summary>
    internal int AgentTurnsHeard { get; private set; }

    /// <summary>The same, and those that have been played though the model has not said that they are over.</summary>
    internal int AgentTurnsPlayed => AgentTurnsHeard + agent.Count(turn => turn is { DrainedAt: not null, Cut: false });

    /// <summary>The agent's turn under way, begun if there is none.</summary>
    internal AgentTurn AgentTurn(TimeSpan now)
    {
        if (Current is { Replied: true })
        {
            // The model left out that its turn was over.
            OnAgentTurnOver(now);
        }

        if (Current is null)
        {
            Current = new AgentTurn(++positions, now);
            agent.Add(Current);
            if (person is not null)
            {
                // Where speech is not noticed, what is told from now on may be another utterance, whose first word begins without a blank.
                person.Answered = true;
                person.BeganAnew |= person is { IsUnnoticed: true, Text.Length: > 0 };
            }
        }

        return Current;
    }

    internal void OnAgentAudio(ReadOnlySpan<byte> pcm, TimeSpan now)
    {
        var turn = AgentTurn(now);
        turn.DrainedAt = null;
        if (turn.Utterances.Count == 0 || turn.Generated)
        {
            turn.Utterances.Add(voice.Begin());
            turn.Generated = false;
        }

        turn.Spoken += voice.Write(pcm);
    }

    internal void OnAgentText(string fragment, TimeSpan now)
    {
        var turn = AgentTurn(now);
        turn.Text.Append(fragment);
        turn.SpokenAtLastWord = turn.Spoken;
    }

    /// <summary>An utterance begins to be heard.</summary>
    internal void OnAgentHeard(long utterance, TimeSpan at)
    {
        foreach (var turn in agent)
        {
            if (turn.Heard is null && turn.Utterances.Contains(utterance))
            {
                turn.Heard = at;
            }
        }
    }

    /// <summary>The model has generated its turn: the ragged end may be played.</summary>
    internal void OnGenerated()
    {
        if (Current is { Generated: false } turn)
        {
            turn.Spoken += voice.End();
            turn.Generated = true;
        }
    }

    /// <summary>The model's turn is over; it is told once it has been played.</summary>
    internal void OnAgentTurnOver(TimeSpan now)
    {
        if (Current is not { } turn)
        {
            return;
        }

        OnGenerated();
        turn.Over = true;
        Current = null;
        Settle(now);
    }

    /// <summary>The model's connection is lost, and with it what it had still to say.</summary>
    internal void OnAgentLost(TimeSpan now)
    {
        if (Current is { } turn)
        {
            turn.Cut = !turn.Generated;
            OnAgentTurnOver(now);
        }
    }

    /// <summary>What is not played by now is not played: call after the voice was told. The turn under way is over.</summary>
    internal void OnCut(TimeSpan now)
    {
        foreach (var turn in agent)
        {
            turn.Over = true;
            turn.Cut |= !turn.Generated || Played(turn, now) < turn.Spoken - Rounding;
            Tell(turn, now);
        }

        agent.Clear();
        Current = null;
        if (person is { Answered: true } && !PersonSpeaking)
        {
            // Who cuts in says something new.
            ClosePerson();
        }
    }

    /// <summary>Tells what has been played to its end.</summary>
    internal void Settle(TimeSpan now)
    {
        while (agent.Count > 0 && IsPlayed(agent[0], now))
        {
            if (!agent[0].Over)
            {
                agent[0].DrainedAt ??= now;
                return;
            }

            var turn = agent[0];
            agent.RemoveAt(0);
            if (person is { Answered: true } asked && asked.Position < turn.Position && !PersonSpeaking)
            {
                ClosePerson();
            }

            Tell(turn, now);
        }
    }

    /// <summary>How much of the turn that is being heard has been played.</summary>
    internal TimeSpan FirstHeard(TimeSpan now)
        => agent.Count == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Played(agent[0], now));

    /// <summary>How much of the turn under way has been played beyond what was generated when its last word came.</summary>
    internal TimeSpan CurrentUntranscribed(TimeSpan now)
        => Current is { } turn ? TimeSpan.FromMilliseconds(Played(turn, now) - turn.SpokenAtLastWord) : TimeSpan.Zero;

    internal void OnPersonBegan(TimeSpan at)
    {
        PersonSpoke = PersonSpeaking = true;
        LastPersonSound = at;
        var turn = Person(at);
        (turn.Ended, turn.IsUnnoticed, turn.BeganAnew) = (at, false, turn.Text.Length > 0);
        if (Current is { Generated: true } generated)
        {
            generated.Replied = true;
        }
    }

    internal void OnPersonEnded(TimeSpan at)
    {
        PersonSpeaking = false;
        LastPersonSound = at;
        if (person is not null)
        {
            person.Ended = at;
        }
    }

    /// <summary>The model has understood something.</summary>
    /// <param name="fragment">A piece of the transcript.</param>
    /// <param name="soundBegan">When the last run of sound began: where a turn begins whose speech was not noticed.</param>
    /// <param name="now">When it was told.</param>
    internal void OnPersonText(string fragment, TimeSpan? soundBegan, TimeSpan now)
    {
        PersonSpoke = true;
        LastPersonSound = now;
        if (Current is { DrainedAt: { } drained } && now - drained >= ReplyPause)
        {
            // Nothing more came of it, and it has been replied to: the model left out that it was over.
            OnAgentTurnOver(now);
            if (person is { Answered: true } && !PersonSpeaking)
            {
                ClosePerson();
            }
        }

        if (person is null)
        {
            Person(soundBegan is { } began && began > lastPersonEnd && now - began < LongestUnnoticed ? began : now);
            person!.IsUnnoticed = true;
        }

        if (person.IsUnnoticed)
        {
            person.Ended = now;
        }

        if (person.BeganAnew && fragment.Length > 0)
        {
            person.BeganAnew = false;
            person.Text.Append(char.IsWhiteSpace(fragment[0]) ? "" : " ");
        }

        person.Text.Append(fragment);
    }

    /// <summary>Nobody says anything any more: tells all that is left. Call after <see cref="OnCut"/>.</summary>
    internal void Finish(TimeSpan now)
    {
        if (PersonSpeaking)
        {
            OnPersonEnded(now);
        }

        ClosePerson();
    }

    private PersonTurn Person(TimeSpan at)
    {
        if (person is { Answered: true })
        {
            ClosePerson();
        }

        return person ??= new PersonTurn(++positions, at);
    }

    private void ClosePerson()
    {
        if (person is { } turn)
        {
            person = null;
            lastPersonEnd = turn.Ended;
            var text = turn.Text.ToString().Trim();
            tell(new CallTurn(
                turn.Position, Speaker.Person, text, startedAt + turn.Began, startedAt + turn.Ended, Interrupted: false, text, 0, 0));
        }
    }

    // The ragged end of a turn is kept back until the turn is known to be generated.
    private bool IsPlayed(AgentTurn turn, TimeSpan now)
        => Played(turn, now) >= turn.Spoken - (turn.Generated ? Rounding : RaggedEnd);

    private double Played(AgentTurn turn, TimeSpan now)
    {
        var played = 0.0;
        foreach (var utterance in turn.Utterances)
        {
            played += voice.Played(utterance, now);
        }

        return played;
    }

    private void Tell(AgentTurn turn, TimeSpan now)
    {
        var heard = Math.Min(Played(turn, now), turn.Spoken);
        var text = turn.Text.ToString().Trim();
        var began = turn.Heard ?? turn.Began;
        var ended = turn.Heard is { } first && !turn.Cut ? turn.DrainedAt ?? Earlier(now, Later(first, voice.PlaysUntil)) : now;
        AgentTurnsHeard += turn.Cut ? 0 : 1;
        tell(new CallTurn(
            turn.Position,
            Speaker.Agent,
            text,
            startedAt + began,
            startedAt + Later(began, ended),
            turn.Cut,
            turn.Cut || turn.Spoken <= 0 ? HeardText.Estimate(text, heard, turn.Spoken) : text,
            (int)Math.Round(turn.Spoken),
            (int)Math.Round(heard)));
    }

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private static TimeSpan Earlier(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
