namespace Campaigns.Stores;

/// <summary>What a running campaign may use of the lines and the rate that it shares, at one moment.</summary>
/// <param name="Weight">Its weight beside other campaigns.</param>
/// <param name="Limit">Live calls it may have at this moment, by its own maximum, its share, and what others hold.</param>
/// <param name="LineShare">Live calls that are its due while others wait for lines; its own maximum, or all there are, when nobody does.</param>
/// <param name="CallsPerMinute">Dials per minute it may make at this moment: its own rate or its share of the account's, backed off.</param>
/// <param name="OrganizationLines">Lines of the organization for outbound calls, those of inbound calls taken off.</param>
/// <param name="OrganizationInFlight">Lines its campaigns hold.</param>
/// <param name="RateFactor">Share of the rates in use after the carrier said "too many"; 1 normally.</param>
/// <param name="ModelLines">Live calls of the account that the live model allows after it refused one; null when it never did.</param>
/// <param name="WaitingFor">What holds it back; null when nothing does, or nobody is left to be called.</param>
public sealed record CampaignPermits(
    int Weight,
    int Limit,
    int LineShare,
    double CallsPerMinute,
    int OrganizationLines,
    int OrganizationInFlight,
    double RateFactor,
    int? ModelLines,
    WaitingFor? WaitingFor);

/// <summary>What holds a running campaign back.</summary>
public enum WaitingFor
{
    /// <summary>Its own maximum of live calls.</summary>
    MaxConcurrent,

    /// <summary>Its own calls per minute.</summary>
    CampaignRate,

    /// <summary>The organization's live calls.</summary>
    OrganizationCap,

    /// <summary>The carrier account's live calls.</summary>
    AccountCap,

    /// <summary>The carrier account's calls per minute.</summary>
    AccountRate,

    /// <summary>The carrier or the live model refused for now; dialling is slower until they take more again.</summary>
    BackOff,

    /// <summary>Other campaigns wait for what is beyond its share.</summary>
    Share,

    /// <summary>Promised callbacks of other campaigns go first.</summary>
    PromisedCallback,

    /// <summary>The calling window of whoever is next.</summary>
    Window,

    /// <summary>Nobody is due yet.</summary>
    DueTime,
}
