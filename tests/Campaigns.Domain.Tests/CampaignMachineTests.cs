using Campaigns.Domain.Campaigns;
using Campaigns.Stores;

namespace Campaigns.DomainTests;

public sealed class CampaignMachineTests
{
    // One row per status, one column per command: the status afterwards, = for a no-op, - for a refusal; before and after the start time.
    private static readonly CampaignCommand[] Columns =
        [CampaignCommand.Start, CampaignCommand.Open, CampaignCommand.Pause, CampaignCommand.Resume, CampaignCommand.Cancel, CampaignCommand.Complete];

    private static readonly Dictionary<CampaignStatus, (string Ahead, string Past)> Expected = new()
    {
        [CampaignStatus.Draft] = ("SCHEDULED - - - CANCELLED -", "RUNNING - - - CANCELLED -"),
        [CampaignStatus.Scheduled] = ("= - PAUSED = CANCELLED -", "= RUNNING PAUSED = CANCELLED -"),
        [CampaignStatus.Running] = ("= = PAUSED = CANCELLED COMPLETED", "= = PAUSED = CANCELLED COMPLETED"),
        [CampaignStatus.Paused] = ("= - = SCHEDULED CANCELLED -", "= - = RUNNING CANCELLED -"),
        [CampaignStatus.Completed] = ("- - - - - =", "- - - - - ="),
        [CampaignStatus.Cancelled] = ("- - - - = -", "- - - - = -"),
    };

    [Fact]
    public void Decide_WhenAnyCommandMeetsAnyStatus_FollowsTheTable()
    {
        foreach (var from in Enum.GetValues<CampaignStatus>())
        {
            Assert.Equal(Expected[from].Ahead, Row(from, startIsAhead: true));
            Assert.Equal(Expected[from].Past, Row(from, startIsAhead: false));
        }
    }

    [Fact]
    public void Decide_WhenRefused_NamesBothStatuses()
    {
        foreach (var from in Enum.GetValues<CampaignStatus>())
        {
            foreach (var command in Enum.GetValues<CampaignCommand>())
            {
                if (CampaignMachine.Decide(from, command, startIsAhead: true) is CampaignDecision.Refuse refused)
                {
                    Assert.Contains($"that is {from.ToText()} ", refused.Message, StringComparison.Ordinal);
                    Assert.Matches("become (SCHEDULED|RUNNING|PAUSED|CANCELLED|COMPLETED)", refused.Message);
                }
            }
        }
    }

    [Fact]
    public void Decide_WhenACommandIsRepeated_ChangesNothingFurther()
    {
        Law.Holds(dice =>
        {
            var (from, command, ahead) = (dice.Any<CampaignStatus>(), dice.Any<CampaignCommand>(), dice.Bool());
            if (CampaignMachine.Decide(from, command, ahead) is CampaignDecision.Apply applied)
            {
                Assert.Equal(new CampaignDecision.NoOp(applied.To), CampaignMachine.Decide(applied.To, command, ahead));
            }
        });
    }

    [Fact]
    public void Decide_WhenTerminal_NeverMoves()
    {
        Law.Holds(dice =>
        {
            var from = dice.Any<CampaignStatus>();
            var decision = CampaignMachine.Decide(from, dice.Any<CampaignCommand>(), dice.Bool());
            Assert.False(CampaignMachine.IsTerminal(from) && decision is CampaignDecision.Apply, $"{from} → {decision}");
        });
    }

    private static string Row(CampaignStatus from, bool startIsAhead) =>
        string.Join(' ', Columns.Select(c => CampaignMachine.Decide(from, c, startIsAhead) switch
        {
            CampaignDecision.Apply a => a.To.ToText(),
            CampaignDecision.NoOp n when n.Status == from => "=",
            CampaignDecision.Refuse => "-",
            var other => other.ToString(),
        }));
}
