namespace Campaigns.Calls;

/// <summary>Turns what is known of a call into how it is held.</summary>
public interface ICallPlanner
{
    /// <summary>The prompt, the tools and the first words of a call. Pure: the same brief at the same time gives the same plan.</summary>
    /// <param name="brief">Who calls whom and why.</param>
    /// <param name="now">The time the prompt tells the agent.</param>
    CallPlan Plan(CallBrief brief, DateTimeOffset now);
}
