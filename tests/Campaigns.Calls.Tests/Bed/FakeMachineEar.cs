namespace Campaigns.Calls.Tests.Bed;

/// <summary>Makes a machine out when the test says so.</summary>
internal sealed class FakeMachineEar : IMachineEar
{
    public bool IsListening { get; set; } = true;

    /// <summary>Found in the transcript that holds this.</summary>
    public string? Phrase { get; set; }

    public MachineKind Kind { get; set; } = MachineKind.Voicemail;

    public TimeSpan Longest { get; private set; }

    public TimeSpan? Beep { get; private set; }

    public MachineFinding? OnText(string fragment, TimeSpan at)
        => Phrase is not null && fragment.Contains(Phrase, StringComparison.Ordinal) ? new MachineFinding(Kind, "said so") : null;

    public MachineFinding? OnSound(TimeSpan now, TimeSpan sounding, TimeSpan silent, TimeSpan? beepAt)
    {
        Longest = sounding > Longest ? sounding : Longest;
        Beep = beepAt;
        return null;
    }
}
