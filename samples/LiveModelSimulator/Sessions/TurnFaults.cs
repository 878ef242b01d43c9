namespace LiveModelSimulator;

/// <summary>How the session's faults shape one turn.</summary>
internal sealed class TurnFaults
{
    private readonly ITurnHost _host;

    public TurnFaults(ITurnHost host, int number)
    {
        _host = host;
        Stalls = Strikes(host, Faults.Stall, number);
        Drones = !Stalls && Strikes(host, Faults.Drone, number);
        ToneMs = !Stalls && !Drones && Strikes(host, Faults.Tone, number) ? host.Setup.Faults.Value(Faults.Tone) : null;
    }

    public bool Stalls { get; }

    public bool Drones { get; }

    public int? ToneMs { get; }

    /// <summary>True if a fault that strikes one turn strikes this one.</summary>
    public static bool Strikes(ITurnHost host, string name, int turn)
    {
        var faults = host.Setup.Faults;
        return faults.Has(name) && turn >= faults.Turn && (faults.Has(Faults.Always) || host.Conversation.Spend(name));
    }

    public LineStyle Style(bool first)
    {
        var faults = _host.Setup.Faults;
        var transcription = !_host.Setup.TranscribesOutput || faults.Has(Faults.NoTranscription) ? TranscriptionStyle.None
            : faults.Has(Faults.LateTranscription) ? TranscriptionStyle.Late
            : _host.Setup.Model.Is31 ? TranscriptionStyle.Together
            : TranscriptionStyle.Apart;
        var leadIn = first ? faults.Value(Faults.LeadIn) ?? (int)_host.Options.LeadIn.TotalMilliseconds : 0;
        return new LineStyle(transcription, leadIn, faults.Has(Faults.UnknownFields));
    }

    /// <summary>When audio at this place of a sentence is sent, after the sentence's begin.</summary>
    public TimeSpan Release(double ms)
    {
        var faults = _host.Setup.Faults;
        return TimeSpan.FromMilliseconds(
            faults.Value(Faults.BurstyAudio) is > 0 and var gap ? Math.Floor((ms / gap) + 1) * gap
            : faults.Value(Faults.SlowAudio) is > 0 and var percent ? ms * 100 / percent
            : ms / _host.Options.AudioSpeed);
    }
}
