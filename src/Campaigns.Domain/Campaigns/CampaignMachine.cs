using System.Collections.Frozen;
using Campaigns.Stores;

namespace Campaigns.Domain.Campaigns;

/// <summary>The life of a campaign as one table: which command leads from which status to which.</summary>
public static class CampaignMachine
{
    // A pair that is absent is refused. Where the start time still lies ahead, RUNNING becomes SCHEDULED (see Decide).
    private static readonly FrozenDictionary<(CampaignStatus From, CampaignCommand Command), CampaignStatus> Moves =
        new Dictionary<(CampaignStatus, CampaignCommand), CampaignStatus>
        {
            [(CampaignStatus.Draft, CampaignCommand.Start)] = CampaignStatus.Running,
            [(CampaignStatus.Draft, CampaignCommand.Cancel)] = CampaignStatus.Cancelled,

            [(CampaignStatus.Scheduled, CampaignCommand.Start)] = CampaignStatus.Scheduled,
            [(CampaignStatus.Scheduled, CampaignCommand.Open)] = CampaignStatus.Running,
            [(CampaignStatus.Scheduled, CampaignCommand.Pause)] = CampaignStatus.Paused,
            [(CampaignStatus.Scheduled, CampaignCommand.Resume)] = CampaignStatus.Scheduled,
            [(CampaignStatus.Scheduled, CampaignCommand.Cancel)] = CampaignStatus.Cancelled,

            [(CampaignStatus.Running, CampaignCommand.Start)] = CampaignStatus.Running,
            [(CampaignStatus.Running, CampaignCommand.Open)] = CampaignStatus.Running,
            [(CampaignStatus.Running, CampaignCommand.Pause)] = CampaignStatus.Paused,
            [(CampaignStatus.Running, CampaignCommand.Resume)] = CampaignStatus.Running,
            [(CampaignStatus.Running, CampaignCommand.Cancel)] = CampaignStatus.Cancelled,
            [(CampaignStatus.Running, CampaignCommand.Complete)] = CampaignStatus.Completed,

            // A start that is sent again must not undo a pause that came after it.
            [(CampaignStatus.Paused, CampaignCommand.Start)] = CampaignStatus.Paused,
            [(CampaignStatus.Paused, CampaignCommand.Pause)] = CampaignStatus.Paused,
            [(CampaignStatus.Paused, CampaignCommand.Resume)] = CampaignStatus.Running,
            [(CampaignStatus.Paused, CampaignCommand.Cancel)] = CampaignStatus.Cancelled,

            [(CampaignStatus.Completed, CampaignCommand.Complete)] = CampaignStatus.Completed,
            [(CampaignStatus.Cancelled, CampaignCommand.Cancel)] = CampaignStatus.Cancelled,
        }.ToFrozenDictionary();

    /// <summary>Decides a command.</summary>
    /// <param name="from">The present status.</param>
    /// <param name="command">What is asked for.</param>
    /// <param name="startIsAhead">Whether the campaign's start time lies in the future.</param>
    public static CampaignDecision Decide(CampaignStatus from, CampaignCommand command, bool startIsAhead)
    {
        if (!Moves.TryGetValue((from, command), out var to))
        {
            return new CampaignDecision.Refuse(
                $"A campaign that is {from.ToText()} cannot {Verb(command)}: it cannot become {Goal(command, startIsAhead).ToText()}.");
        }

        if (to == from)
        {
            return new CampaignDecision.NoOp(from);
        }

        if (startIsAhead && to == CampaignStatus.Running)
        {
            return command == CampaignCommand.Open
                ? new CampaignDecision.Refuse(
                    $"A campaign that is {from.ToText()} cannot become {to.ToText()} before its start time.")
                : new CampaignDecision.Apply(CampaignStatus.Scheduled);
        }

        return new CampaignDecision.Apply(to);
    }

    /// <summary>Whether nothing leads out of the status.</summary>
    public static bool IsTerminal(CampaignStatus status) => status is CampaignStatus.Completed or CampaignStatus.Cancelled;

    private static string Verb(CampaignCommand command) => command switch
    {
        CampaignCommand.Start => "be started",
        CampaignCommand.Open => "begin dialling",
        CampaignCommand.Pause => "be paused",
        CampaignCommand.Resume => "be resumed",
        CampaignCommand.Cancel => "be cancelled",
        CampaignCommand.Complete => "be completed",
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command."),
    };

    private static CampaignStatus Goal(CampaignCommand command, bool startIsAhead) => command switch
    {
        CampaignCommand.Pause => CampaignStatus.Paused,
        CampaignCommand.Cancel => CampaignStatus.Cancelled,
        CampaignCommand.Complete => CampaignStatus.Completed,
        CampaignCommand.Open => CampaignStatus.Running,
        _ => startIsAhead ? CampaignStatus.Scheduled : CampaignStatus.Running,
    };
}
