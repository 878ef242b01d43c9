using System.Collections.Immutable;

namespace Campaigns;

/// <summary>Who speaks in a conversation.</summary>
public enum Speaker
{
    /// <summary>The AI agent.</summary>
    Agent,

    /// <summary>The person called.</summary>
    Person,
}

/// <summary>How a campaign's calls are held.</summary>
public sealed record VoicePolicy
{
    /// <summary>The agent greets as soon as the call is answered. False: it waits for a hello, at most <see cref="HelloPatience"/>.</summary>
    public bool AgentSpeaksFirst { get; init; } = true;

    /// <summary>How long an agent that does not speak first waits for the person. Default 3 s.</summary>
    public TimeSpan HelloPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>What to do with an answering machine.</summary>
    public MachinePolicy Machine { get; init; } = MachinePolicy.HangUp;

    /// <summary>What is said after the beep, at most 1,000 characters; context fields as in the instructions. Needed to leave a message.</summary>
    public string? MachineMessage { get; init; }

    /// <summary>What to do when an assistant asks who is calling.</summary>
    public ScreenerPolicy Screener { get; init; } = ScreenerPolicy.Explain;

    /// <summary>What a screener is told, at most 500 characters; null lets the agent say in a sentence who it is and why it calls.</summary>
    public string? ScreenerMessage { get; init; }

    /// <summary>Longest conversation; then the agent is cut off. 30 s to 55 min, default 10 min.</summary>
    public TimeSpan LongestCall { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The call ends when nobody has said anything for this long. 5 s to 5 min, default 20 s.</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(20);
}

/// <summary>What to do with an answering machine.</summary>
public enum MachinePolicy
{
    /// <summary>End the call.</summary>
    HangUp,

    /// <summary>Wait for the beep, say the message, end the call.</summary>
    LeaveMessage,
}

/// <summary>What to do with a call screener.</summary>
public enum ScreenerPolicy
{
    /// <summary>Say who calls and why, and wait for the person.</summary>
    Explain,

    /// <summary>End the call.</summary>
    HangUp,
}

/// <summary>One of a campaign's own words for the result of a conversation.</summary>
public sealed record DispositionSpec
{
    /// <summary>Lower-case letters, digits and underscores, at most 60 (<c>interested</c>).</summary>
    public required string Code { get; init; }

    /// <summary>When it applies, for the model; at most 300 characters.</summary>
    public string Description { get; init; } = "";

    /// <summary>What is recorded with it.</summary>
    public ImmutableArray<DispositionField> Fields { get; init; } = [];
}

/// <summary>A typed field of a disposition.</summary>
public sealed record DispositionField
{
    /// <summary>Lower-case letters, digits and underscores, at most 60 (<c>amount</c>).</summary>
    public required string Name { get; init; }

    /// <summary>Its type.</summary>
    public DispositionFieldType Type { get; init; } = DispositionFieldType.Text;

    /// <summary>What it means, for the model; at most 300 characters.</summary>
    public string Description { get; init; } = "";

    /// <summary>The disposition is refused without it.</summary>
    public bool Required { get; init; }

    /// <summary>The allowed values of a <see cref="DispositionFieldType.Choice"/>.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];
}

/// <summary>Types of a disposition's fields.</summary>
public enum DispositionFieldType
{
    /// <summary>Any text, at most 1,000 characters.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Boolean,

    /// <summary>A day, <c>2026-11-24</c>; spoken days are resolved in the person's zone.</summary>
    Date,

    /// <summary>One of the field's choices.</summary>
    Choice,
}
