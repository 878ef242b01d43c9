namespace Campaigns.Calls;

/// <summary>Where the sound of a call is kept. Nothing here waits for the disk. Times count from the beginning of the stream.</summary>
internal interface ICallRecording
{
    /// <summary>The name beneath the recordings folder; null when nothing could be written.</summary>
    string? File { get; }

    /// <summary>The person, as heard.</summary>
    void WritePerson(TimeSpan at, ReadOnlySpan<short> samples);

    /// <summary>The agent, as it is played.</summary>
    void WriteAgent(TimeSpan at, ReadOnlySpan<short> samples);

    /// <summary>What lies after this time was not played.</summary>
    void CutAgent(TimeSpan at);

    /// <summary>Writes out what is left, up to the end of the call: the agent may have been heard after the person's last sound.</summary>
    Task CompleteAsync(TimeSpan end);
}
