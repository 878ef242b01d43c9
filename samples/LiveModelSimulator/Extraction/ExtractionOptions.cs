namespace LiveModelSimulator;

/// <summary>An outcome that a transcript stands for.</summary>
/// <param name="Pattern">A regular expression, any case, on the whole text.</param>
/// <param name="Outcomes">Names in order of preference; the first one that the schema's enum has is the answer.</param>
public sealed record OutcomeRule(string Pattern, IReadOnlyList<string> Outcomes);

/// <summary>How generateContent answers. Faults strike in the order they are listed here.</summary>
public sealed class ExtractionOptions
{
    /// <summary>Facts: groups key and value.</summary>
    public string FactPattern { get; set; } = @"(?i)\bmy (?<key>[a-z][a-z ]*?) is (?<value>[^.,;?!\n]+)";

    /// <summary>The number of the turn a line begins: the group turn. Lines without one belong to the turn before.</summary>
    public string TurnPattern { get; set; } = @"^\s*(\[(?<turn>\d+)\]|(?<turn>\d+)\.)";

    /// <summary>Lines that the agent said hold no facts.</summary>
    public string AgentLinePattern { get; set; } = @"(?i)^\W*\d*\W*(agent|model|assistant)\b";

    /// <summary>The outcome by what the transcript says; the first match wins.</summary>
    public IList<OutcomeRule> Outcomes { get; set; } =
    [
        new("leave a message|after the tone", ["machine", "voicemail", "answering_machine"]),
        new("do not call", ["do_not_call", "opt_out", "not_interested"]),
        new("not interested", ["not_interested"]),
        new("call me", ["callback", "call_back", "callback_requested"]),
        new("I will renew", ["interested", "renewed", "success"]),
    ];

    /// <summary>Answer this many requests with <see cref="FailureStatus"/> first; of every model together.</summary>
    public int FailFirst { get; set; }

    /// <summary>429 or 503, or any other status from 400.</summary>
    public int FailureStatus { get; set; } = 503;

    /// <summary>Answer 200 with a promptFeedback that blocks the prompt.</summary>
    public bool Blocked { get; set; }

    /// <summary>Break the answer off in the middle, with finishReason MAX_TOKENS.</summary>
    public bool Truncated { get; set; }

    /// <summary>Answer with text that is no JSON.</summary>
    public bool InvalidJson { get; set; }

    /// <summary>Begin the answer with a thought part.</summary>
    public bool Thoughts { get; set; }
}
