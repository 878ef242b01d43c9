using Campaigns.LiveModel;

namespace Campaigns.Calls;

/// <summary>The agent has ended the call and may finish what it says.</summary>
/// <param name="kind">What the call ends as.</param>
/// <param name="detail">Why, for people.</param>
/// <param name="since">When its tool call was answered.</param>
internal sealed class Closing(CallEndKind kind, string detail, TimeSpan since)
{
    private bool hasSpoken;

    internal CallEndKind Kind { get; } = kind;

    internal string Detail { get; } = detail;

    internal TimeSpan Since { get; } = since;

    /// <summary>
    /// The model has said its last. That it has generated something counts only after it has spoken since the answer: some models say so of the
    /// tool call itself.
    /// </summary>
    internal bool IsSaid { get; private set; }

    internal void OnAudio() => hasSpoken = true;

    internal void OnGenerated() => IsSaid |= hasSpoken;

    internal void OnTurnOver() => IsSaid = true;
}

/// <summary>The person cut into a goodbye: they talk on, and the call ends when that comes to nothing.</summary>
/// <param name="Closing">What it ends as then.</param>
internal sealed record Reopening(Closing Closing)
{
    /// <summary>The agent has answered.</summary>
    internal bool IsAnswered { get; set; }
}

/// <summary>A message to be left with a machine.</summary>
/// <param name="text">Its words; null leaves them to the model.</param>
/// <param name="since">When it was decided.</param>
internal sealed class Message(string? text, TimeSpan since)
{
    internal string? Text { get; } = text;

    internal TimeSpan Since { get; } = since;

    /// <summary>The tool call that is answered at the beep; null when the model is prompted instead.</summary>
    internal ToolCall? Held { get; set; }

    internal string HeldResponse { get; set; } = "";

    /// <summary>The model was prompted to say it.</summary>
    internal bool IsPrompted { get; set; }

    /// <summary>When the model was let speak; null before the beep.</summary>
    internal TimeSpan? Begun { get; set; }

    /// <summary>The turn in which it is said; null before it begins.</summary>
    internal AgentTurn? Turn { get; set; }

    /// <summary>It was played to its end.</summary>
    internal bool IsLeft { get; set; }
}
