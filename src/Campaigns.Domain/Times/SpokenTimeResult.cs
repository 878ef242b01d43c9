namespace Campaigns.Domain.Times;

/// <summary>What a spoken time comes to.</summary>
public abstract record SpokenTimeResult
{
    private SpokenTimeResult()
    {
    }

    /// <summary>A time that can be promised.</summary>
    /// <param name="At">When, with the offset of the person's zone.</param>
    /// <param name="Say">For the agent to confirm: <c>Tuesday, 24 November, 4 pm</c>.</param>
    /// <param name="Moved">The time asked for lies outside the hours in which the person may be called: this is the next one within.</param>
    public sealed record Found(DateTimeOffset At, string Say, bool Moved = false) : SpokenTimeResult;

    /// <summary>No time can be promised.</summary>
    /// <param name="Ask">What to ask the person, in English.</param>
    public sealed record Unclear(string Ask) : SpokenTimeResult;
}
