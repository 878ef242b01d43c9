using SpokenTones;

namespace CarrierSimulator;

/// <summary>
/// Somebody, or some machine, that takes a call. A person knows only what the phone tells: each method is called as things are heard, on
/// the clock of the audio, one at a time. A new one is made for each call.
/// </summary>
public abstract class Person
{
    /// <summary>As it shows in the ledger.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Hangs up after this much silence of both sides; null takes <see cref="MediaOptions.Patience"/>.</summary>
    public virtual TimeSpan? Patience => null;

    /// <summary>Decodes what the agent says. False hears that there is sound, which costs next to nothing.</summary>
    public virtual bool Understands => true;

    /// <summary>The line is there: the agent can hear and be heard.</summary>
    public virtual void Answered(IPhone phone)
    {
    }

    /// <summary>The agent began its n-th utterance (from 1), some 40 ms ago.</summary>
    public virtual void AgentBegan(IPhone phone, int utterance)
    {
    }

    /// <summary>An utterance of the agent ended, or broke off.</summary>
    public virtual void AgentSaid(IPhone phone, HeardUtterance utterance)
    {
    }

    /// <summary>A sound of one's own is through.</summary>
    public virtual void Finished(IPhone phone, string sound)
    {
    }

    /// <summary>Nobody made a sound for as long as the person's patience lasts.</summary>
    public virtual void Lost(IPhone phone) => phone.HangUp();
}

/// <summary>A person's end of the line. For use from within a person's methods.</summary>
public interface IPhone
{
    /// <summary>Time since the line was there, on the clock of the audio.</summary>
    TimeSpan Elapsed { get; }

    /// <summary>True if a sound of one's own is under way or still to come.</summary>
    bool Speaking { get; }

    /// <summary>True while an utterance of the agent is heard.</summary>
    bool AgentSpeaking { get; }

    /// <summary>Says a text after a pause; what is said already comes first.</summary>
    void Say(string text, int pauseMs = 300);

    /// <summary>Makes one tone after a pause.</summary>
    void Beep(int hz, int ms, int pauseMs = 0);

    /// <summary>Falls silent at once and forgets what was still to come.</summary>
    void FallSilent();

    /// <summary>Presses a key: 0–9, * or #.</summary>
    void Press(char digit);

    /// <summary>From now on the line is this noisy.</summary>
    void Noise(double dbfs);

    /// <summary>From now on what is heard is a message to a machine.</summary>
    void Record();

    /// <summary>Does something later, if the call still lasts.</summary>
    void After(int ms, Action then);

    void HangUp();
}
