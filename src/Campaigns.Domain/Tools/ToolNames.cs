namespace Campaigns.Domain.Tools;

/// <summary>Names of the tools that an agent has besides its own.</summary>
public static class ToolNames
{
    /// <summary>Records the result of the conversation.</summary>
    public const string UpdateContact = "update_campaign_contact";

    /// <summary>Promises another call.</summary>
    public const string ScheduleCallback = "schedule_callback";

    /// <summary>The person does not want to be called any more.</summary>
    public const string MarkDoNotCall = "mark_do_not_call";

    /// <summary>A machine answers instead of a person.</summary>
    public const string ReportMachine = "report_answering_machine";

    /// <summary>The person wants a human.</summary>
    public const string Transfer = "transfer_to_human";

    /// <summary>The conversation is over.</summary>
    public const string EndCall = "end_call";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [UpdateContact, ScheduleCallback, MarkDoNotCall, ReportMachine, Transfer, EndCall];
}
