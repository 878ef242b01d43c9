namespace Campaigns.Calls;

/// <summary>Decides how a call is held: the prompt, the tools and the words that make the agent speak first.</summary>
public interface ICallPlanner
{
    /// <summary>Plans the call. Pure: the same brief at the same time gives the same plan.</summary>
    /// <param name="brief">Who calls whom and why.</param>
    /// <param name="now">When, for the agent's sense of time.</param>
    CallPlan Plan(CallBrief brief, DateTimeOffset now);
}
