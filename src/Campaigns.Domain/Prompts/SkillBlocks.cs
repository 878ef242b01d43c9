using System.Text;
using Campaigns.Calls;
using Campaigns.Domain.Tools;

namespace Campaigns.Domain.Prompts;

/// <summary>How to use the tools that the call has.</summary>
/// <remarks>
/// What only a campaign has is told here together with its objective. Without an objective the tools' own descriptions have to do: such a
/// call gets the prompt that it would get without a campaign.
/// </remarks>
internal static class SkillBlocks
{
    internal static IEnumerable<string> Build(CallBrief brief)
    {
        var campaign = !string.IsNullOrWhiteSpace(brief.Objective);
        if (campaign && CallTools.Has(brief, ToolNames.UpdateContact))
        {
            yield return Outcome(brief);
        }

        if (campaign && CallTools.Has(brief, ToolNames.ScheduleCallback))
        {
            yield return PromptTexts.CallbackSkill;
        }

        if (campaign && CallTools.Has(brief, ToolNames.ReportMachine))
        {
            yield return PromptTexts.MachineSkill;
        }

        yield return PromptTexts.TransferSkill;
        yield return PromptTexts.EndSkill;
    }

    private static string Outcome(CallBrief brief)
    {
        var text = new StringBuilder(PromptTexts.OutcomeSkill);
        if (brief.Dispositions.IsDefaultOrEmpty)
        {
            return text.Append("\nName the result in one or two plain words, such as interested, not_interested or wrong_number.").ToString();
        }

        text.Append("\nThe results of this campaign:");
        foreach (var disposition in brief.Dispositions)
        {
            text.Append('\n').Append(DispositionText.Line(disposition));
        }

        return text.ToString();
    }
}
