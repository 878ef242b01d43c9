using System.Collections.Immutable;
using Campaigns.Calls;
using Campaigns.LiveModel;

namespace Campaigns.Domain.Tools;

/// <summary>The tools of a call.</summary>
public static class CallTools
{
    /// <summary>
    /// The tools that make sense for the call. Results and callbacks are a campaign's: without one nobody keeps them. Only a call that
    /// we made can be answered by a machine. The agent's own tools come last; those that are not valid are left out.
    /// </summary>
    public static ImmutableArray<ToolDeclaration> For(CallBrief brief)
    {
        ArgumentNullException.ThrowIfNull(brief);
        return [
            .. ToolNames.All.Where(name => Has(brief, name)).Select(name => ToolDeclarations.Of(name, brief)),
            .. AgentHttpTool.Read(brief.Agent.Settings).Select(tool => tool.Declaration)];
    }

    /// <summary>Whether the call has one of <see cref="ToolNames"/>.</summary>
    internal static bool Has(CallBrief brief, string name) => name switch
    {
        ToolNames.UpdateContact or ToolNames.ScheduleCallback => brief.CampaignId is not null,
        ToolNames.ReportMachine => brief.CampaignId is not null && brief.Direction == CallDirection.Outbound,
        ToolNames.MarkDoNotCall or ToolNames.Transfer or ToolNames.EndCall => true,
        _ => false,
    };
}
