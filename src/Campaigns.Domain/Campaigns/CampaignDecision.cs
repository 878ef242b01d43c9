namespace Campaigns.Domain.Campaigns;

/// <summary>What a command does to a campaign.</summary>
public abstract record CampaignDecision
{
    private CampaignDecision()
    {
    }

    /// <summary>The campaign moves.</summary>
    /// <param name="To">Its status afterwards.</param>
    public sealed record Apply(CampaignStatus To) : CampaignDecision;

    /// <summary>The command was carried out before; nothing changes.</summary>
    /// <param name="Status">The status it stays in.</param>
    public sealed record NoOp(CampaignStatus Status) : CampaignDecision;

    /// <summary>The command is not legal here; nothing changes.</summary>
    /// <param name="Message">Why, for operators, with the present status and the one that was asked for.</param>
    public sealed record Refuse(string Message) : CampaignDecision;
}
