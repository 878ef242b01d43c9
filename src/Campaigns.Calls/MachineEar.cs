using Campaigns.Domain.Calls;

namespace Campaigns.Calls;

/// <summary>
/// Gives the domain's <see cref="MachineDetector"/> what a call's first seconds sound like. The sound is asked for with every frame; the detector
/// hears of it only when it says something new, for each observation is a new state and each verdict reads all words again.
/// </summary>
internal sealed class MachineEar : IMachineEar
{
    private static readonly TimeSpan SpeechStep = TimeSpan.FromMilliseconds(500);

    private MachineDetector detector = MachineDetector.Start;
    private TimeSpan toldSpeech;
    private TimeSpan? toldBeep;
    private bool toldSilence;
    private bool hasFound;

    public bool IsListening { get; private set; } = true;

    public MachineFinding? OnText(string fragment, TimeSpan at)
    {
        detector = detector.Hear(fragment, at);
        toldSilence = false;
        return Judge(at);
    }

    public MachineFinding? OnSound(TimeSpan now, TimeSpan sounding, TimeSpan silent, TimeSpan? beepAt)
    {
        var isNew = false;
        if (sounding >= toldSpeech + SpeechStep)
        {
            toldSpeech = sounding;
            detector = detector.Speech(sounding, now);
            isNew = true;
        }

        if (silent < MachineDetector.WaitsForAnswer)
        {
            toldSilence = false;
        }
        else if (!toldSilence)
        {
            toldSilence = true;
            detector = detector.Silence(silent, now);
            isNew = true;
        }

        if (beepAt is { } beep && beep != toldBeep)
        {
            toldBeep = beep;
            detector = detector.Beep(beep);
            isNew = true;
        }

        IsListening &= now <= MachineDetector.Horizon;
        return isNew ? Judge(now) : null;
    }

    private MachineFinding? Judge(TimeSpan at)
    {
        IsListening &= at <= MachineDetector.Horizon;
        if (hasFound || detector.Verdict is not MachineVerdict.Machine machine)
        {
            return null;
        }

        if (machine.Kind == MachineKind.Menu && !toldSilence)
        {
            // That a number does not answer may be the beginning of "leave a message after the beep".
            return null;
        }

        hasFound = true;
        IsListening = false;
        return new MachineFinding(machine.Kind, machine.Evidence);
    }
}
