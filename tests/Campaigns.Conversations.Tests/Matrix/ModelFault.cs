namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>How much of a conversation a fault may cost, by what the product promises.</summary>
public enum Harm
{
    /// <summary>The conversation goes on as if nothing had happened.</summary>
    None,

    /// <summary>A turn may be lost, cut or said twice; the conversation goes on and comes to its result.</summary>
    Stumble,

    /// <summary>The model is gone in mid-conversation: an apology, and what was agreed before stands.</summary>
    Loss,

    /// <summary>The model never came: an apology, and another attempt by policy.</summary>
    NoModel,
}

/// <summary>A fault of the simulated model as a contact's context names it.</summary>
public sealed record ModelFault(string Name, string Marker, Harm Harm)
{
    /// <summary>
    /// Every fault that a prompt can ask for; what strikes a turn strikes the second. A handshake that is refused and calls without ids (which
    /// only the other platform sends) have tests of their own.
    /// </summary>
    public static IReadOnlyList<ModelFault> All { get; } =
    [
        new("no fault", "", Harm.None),
        Plain("slow-audio=80", Harm.Stumble),
        Plain("bursty-audio"),
        Plain("lead-in"),
        Plain("go-away-mid-turn"),
        Plain("go-away-idle"),
        Plain("go-away-idle,go-away-abort"),
        Plain("drop", Harm.Stumble),
        Plain("close-1007", Harm.Loss),
        Plain("close-1008", Harm.Loss),
        Plain("close-1011", Harm.Stumble),
        Plain("drop,refuse-resume-1008", Harm.Loss),
        Plain("drop,refuse-resume-1011=1", Harm.Stumble),
        Plain("no-turn-complete", Harm.Stumble),
        Plain("no-generation-complete"),
        Plain("no-usage"),
        Plain("batched-tools"),
        Plain("cancelled-tool"),
        Plain("binary-frames"),
        Plain("thoughts"),
        Plain("stall", Harm.Stumble),
        Plain("drone", Harm.Loss),
        Plain("tone", Harm.Loss),
        Plain("no-setup-complete", Harm.NoModel),
        Plain("late-transcription", Harm.Stumble),
        Plain("no-transcription"),
        Plain("unknown-fields"),
        Plain("spurious-interrupted"),
        Plain("late-audio"),
        Plain("quota", Harm.NoModel),
    ];

    public bool Has(string fault) => Marker.Split(',').Contains(fault, StringComparer.Ordinal);

    /// <summary>Sound that comes too late to be played without holes: what is heard of a sentence with a hole is anybody's guess.</summary>
    public bool TearsSound => Marker.StartsWith("slow-audio", StringComparison.Ordinal) || Has("bursty-audio");

    private static ModelFault Plain(string marker, Harm harm = Harm.None) => new(marker, marker, harm);
}
