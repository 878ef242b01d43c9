namespace Campaigns.Chaos.Bed;

/// <summary>
/// What the product is told to keep. They bind: three campaigns want more than the account's rate and, with calls of some seconds, more than the
/// organization's lines.
/// </summary>
public sealed record Caps
{
    /// <summary>Calls of one campaign at once.</summary>
    public int Campaign { get; init; } = 4;

    /// <summary>Calls of all campaigns at once.</summary>
    public int Organization { get; init; } = 10;

    /// <summary>Dials of one campaign in any minute.</summary>
    public int CampaignPerMinute { get; init; } = 60;

    /// <summary>Dials of the carrier account in any minute.</summary>
    public int AccountPerMinute { get; init; } = 120;
}
