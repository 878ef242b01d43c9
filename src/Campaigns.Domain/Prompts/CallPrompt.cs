using Campaigns.Calls;
using Campaigns.Domain.Calls;

namespace Campaigns.Domain.Prompts;

/// <summary>
/// The system instruction of a call: the agent's own prompt, the telephone rider, the objective, the time, what holds on every call, the
/// skills, the language and the memory, in this order. What a campaign adds is additive: a call without an objective gets byte for byte the
/// prompt that it would get without a campaign.
/// </summary>
public static class CallPrompt
{
    /// <summary>Writes the prompt. Lines end in <c>\n</c>; parts are a blank line apart.</summary>
    /// <param name="brief">Who calls whom and why.</param>
    /// <param name="now">When.</param>
    public static string Build(CallBrief brief, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(brief);
        var zone = PersonZone.Of(brief);
        IEnumerable<string> parts =
        [
            brief.Agent.SystemPrompt,
            PromptTexts.TelephonyRider,
            ObjectiveBlock.Build(brief, CallFields.From(brief)),
            NowBlock.Build(zone, now),
            PromptTexts.Universal,
            .. SkillBlocks.Build(brief),
            LinguisticBlock.Build(brief),
            MemoryBlock.Build(brief, zone, now),
        ];
        return string.Join("\n\n", parts.Where(p => p.Length > 0));
    }
}
