using System.Text;

namespace Campaigns.Calls;

/// <summary>A turn of the agent while it lasts. Times count from the beginning of the stream.</summary>
internal sealed class AgentTurn(int position, TimeSpan began)
{
    internal int Position { get; } = position;

    /// <summary>When its first sound or word came from the model.</summary>
    internal TimeSpan Began { get; } = began;

    /// <summary>What the model says that it says.</summary>
    internal StringBuilder Text { get; } = new();

    /// <summary>Its utterances in the playout: one, and one more for each time it went on after the model had called it generated.</summary>
    internal List<long> Utterances { get; } = [];

    /// <summary>Milliseconds generated.</summary>
    internal double Spoken { get; set; }

    /// <summary>Milliseconds generated when the last word of transcript came.</summary>
    internal double SpokenAtLastWord { get; set; }

    /// <summary>When it began to be heard; null before.</summary>
    internal TimeSpan? Heard { get; set; }

    /// <summary>The model has generated all of it, as it says.</summary>
    internal bool Generated { get; set; }

    /// <summary>The person has begun to speak since it was generated: what the model says next answers that.</summary>
    internal bool Replied { get; set; }

    /// <summary>Nothing more comes: the model's turn is over, or was closed here.</summary>
    internal bool Over { get; set; }

    /// <summary>It was cut off: by the person, by the end of the call, or by a lost connection before it was generated.</summary>
    internal bool Cut { get; set; }

    /// <summary>When all of it had been played while it was still open; null before and once more comes.</summary>
    internal TimeSpan? DrainedAt { get; set; }
}

/// <summary>A turn of the person while it lasts.</summary>
internal sealed class PersonTurn(int position, TimeSpan began)
{
    internal int Position { get; } = position;

    internal TimeSpan Began { get; } = began;

    /// <summary>When the last sound or word of it was.</summary>
    internal TimeSpan Ended { get; set; } = began;

    internal StringBuilder Text { get; } = new();

    /// <summary>Speech has begun since the last word: the next one is not its continuation, whether or not a space comes with it.</summary>
    internal bool BeganAnew { get; set; }

    /// <summary>Only its words are known, not its sound: it lasts until the last of them.</summary>
    internal bool IsUnnoticed { get; set; }

    /// <summary>The agent has begun to speak since.</summary>
    internal bool Answered { get; set; }
}
