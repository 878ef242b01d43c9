namespace LiveModelSimulator;

/// <summary>What a turn needs of its session. Everything is called under the session's lock.</summary>
internal interface ITurnHost
{
    LiveModelSimulatorOptions Options { get; }

    SessionSetup Setup { get; }

    SpeechCache Speech { get; }

    Conversation Conversation { get; }

    /// <summary>Held while the turn's timer calls back.</summary>
    Lock Gate { get; }

    void Send(byte[] message);

    void Record(Func<SessionEntry, DateTimeOffset, SessionEntry> change);

    /// <summary>An id for a tool call, remembered as issued.</summary>
    string NextCallId();

    /// <summary>The middle of the turn: where connections get lost.</summary>
    void MidTurn(int number);

    /// <summary>The turn has ended by itself.</summary>
    void TurnEnded(double audioMs);

    Usage UsageOf(double audioMs);
}
