using SpokenTones;

namespace CarrierSimulator;

/// <summary>Answers an utterance that contains <paramref name="Hears"/> with <paramref name="Says"/>.</summary>
public sealed record Reaction(string Hears, string Says);

/// <summary>
/// A person who answers by a table: the first reaction that fits, "yes, speaking" to what fits none, the last answer again when asked
/// to repeat it, "hello" when too little was heard to answer, and nothing after a goodbye, upon which they hang up if the agent does not. What the agent says while they talk
/// themselves they do not listen to.
/// </summary>
public class ScriptedPerson(string name, params IReadOnlyList<Reaction> reactions) : Person
{
    private const int SlowGoodbyeMs = 3000;
    private const int MostRepeats = 2;
    private const int UnclearMs = 1500;

    private string? _last;
    private int _repeats;
    private bool _farewell;
    private bool _talkedOver;

    public override string Name => name;

    /// <summary>Said as soon as the line is there; null waits for the agent.</summary>
    public string? Opening { get; init; }

    /// <summary>Pause before an answer.</summary>
    public int PauseMs { get; init; } = 300;

    /// <summary>Noise of the line.</summary>
    public double? NoiseDbfs { get; init; }

    public override void Answered(IPhone phone)
    {
        if (NoiseDbfs is { } level)
        {
            phone.Noise(level);
        }

        if (Opening is { } opening)
        {
            phone.Say(_last = opening);
        }
    }

    public override void AgentBegan(IPhone phone, int utterance) => _talkedOver = phone.Speaking;

    public override void Finished(IPhone phone, string sound) => _talkedOver |= phone.AgentSpeaking;

    public override void AgentSaid(IPhone phone, HeardUtterance utterance)
    {
        if (_farewell)
        {
            return;
        }

        if (Contains("goodbye"))
        {
            _farewell = true;
            phone.After(SlowGoodbyeMs, phone.HangUp);
        }
        else if (_talkedOver || phone.Speaking)
        {
            // The agent has heard an answer already, or hears one now.
        }
        else if (utterance.Text.Length == 0)
        {
            // Too little was heard to answer it: unless the agent goes on, it is asked for more.
            if (_repeats++ < MostRepeats)
            {
                phone.After(UnclearMs, () => AskAgain(phone));
            }
        }
        else if (Contains("repeat") && _last is { } last)
        {
            if (_repeats++ < MostRepeats)
            {
                phone.Say(last, PauseMs);
            }
        }
        else
        {
            _last = reactions.FirstOrDefault(r => Contains(r.Hears))?.Says ?? "yes, speaking";
            phone.Say(_last, PauseMs);
        }

        bool Contains(string part) => utterance.Text.Contains(part, StringComparison.OrdinalIgnoreCase);
    }

    private static void AskAgain(IPhone phone)
    {
        if (!phone.AgentSpeaking && !phone.Speaking)
        {
            phone.Say("hello");
        }
    }
}
