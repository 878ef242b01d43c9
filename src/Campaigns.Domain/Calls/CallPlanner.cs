using Campaigns.Calls;
using Campaigns.Domain.Prompts;
using Campaigns.Domain.Tools;
using Campaigns.LiveModel;

namespace Campaigns.Domain.Calls;

/// <summary>Plans calls: the prompt, the tools and the words that make the agent greet.</summary>
public sealed class CallPlanner : ICallPlanner
{
    /// <inheritdoc/>
    public CallPlan Plan(CallBrief brief, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(brief);
        var language = SpokenLanguage.Choose(brief.PreferredLanguage, brief.Agent.Language);
        var setup = new LiveSetup
        {
            SessionId = brief.SessionId,
            SystemInstruction = CallPrompt.Build(brief, now),
            Language = language.Tag,
            Voice = brief.Agent.Voice,
            Tools = CallTools.For(brief),
        };
        return new CallPlan(brief, setup, Greeting(brief.Direction, language));
    }

    // Nothing of a stranger's text stands here: it is the one text that the model takes as said to it now.
    private static string Greeting(CallDirection direction, SpokenLanguage language) => direction == CallDirection.Outbound
        ? $"The person you called has just answered. Greet them now in {language.Name}, in one or two short sentences: who you are and why you call."
        : $"A person is calling you and is on the line. Greet them now in {language.Name}, in one short sentence, and ask how you can help.";
}
