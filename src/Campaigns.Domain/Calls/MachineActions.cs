using Campaigns.Calls;
using Campaigns.Domain.Prompts;
using Campaigns.Domain.Tools;

namespace Campaigns.Domain.Calls;

/// <summary>What is done when a machine answers.</summary>
public static class MachineActions
{
    /// <summary>Most characters of a message with its fields filled in.</summary>
    public const int LongestMessage = 1_500;

    /// <summary>
    /// The action by the campaign's policy. A menu, or an announcement that takes no message, is hung up on. On a call that came in there is
    /// no machine to act upon: the agent goes on.
    /// </summary>
    /// <param name="kind">What answered.</param>
    /// <param name="policy">The campaign's policy.</param>
    /// <param name="brief">The call.</param>
    public static ToolResult Decide(MachineKind kind, VoicePolicy policy, CallBrief brief)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(brief);
        if (brief.Direction == CallDirection.Inbound)
        {
            return new ToolResult(ToolAnswers.Continue);
        }

        switch (kind)
        {
            case MachineKind.Voicemail
                when policy.Machine == MachinePolicy.LeaveMessage && Message(policy.MachineMessage, brief) is { Length: > 0 } message:
                return new ToolResult(ToolAnswers.LeaveMessage(message), LineAction.LeaveMessage, message);
            case MachineKind.Screener when policy.Screener == ScreenerPolicy.Explain:
                return Message(policy.ScreenerMessage, brief) is { Length: > 0 } own
                    ? new ToolResult(ToolAnswers.Explain(own), LineAction.Explain, own)
                    : new ToolResult(ToolAnswers.ExplainWhy(WhoCalls(brief)), LineAction.Explain, WhoCalls(brief));
            default:
                return new ToolResult(ToolAnswers.HangUp, LineAction.HangUpNow);
        }
    }

    // Why we call is for the agent to say: the objective's own words are not meant for the person's assistant.
    private static string WhoCalls(CallBrief brief)
    {
        var name = DataText.Clean(CallFields.From(brief).Name, CallFields.LongestInline);
        var organization = DataText.Clean(brief.OrganizationName, CallFields.LongestInline);
        return name.Length > 0 ? $"Hello, this is a call from {organization} for {name}." : $"Hello, this is a call from {organization}.";
    }

    private static string Message(string? text, CallBrief brief) =>
        DataText.Cut(CallFields.From(brief).RenderPlain((text ?? "").Trim()).Trim(), LongestMessage);
}
