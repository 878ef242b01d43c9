namespace Campaigns.Stores;

/// <summary>Organizations and the keys to them.</summary>
public interface IOrganizationStore
{
    /// <summary>The key with this hash and its organization, or null when there is none or it was revoked.</summary>
    /// <param name="keyHash">SHA-256 of the key's text, 32 bytes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<ApiKeyRecord?> FindKeyAsync(ReadOnlyMemory<byte> keyHash, CancellationToken cancellationToken);

    /// <summary>The organization, or null.</summary>
    Task<OrganizationRecord?> GetAsync(Guid organizationId, CancellationToken cancellationToken);

    /// <summary>
    /// Makes sure that the organization and its first key exist. An organization that is already there is left as it is; a key that is already
    /// there is left as well.
    /// </summary>
    Task<OrganizationRecord> EnsureAsync(OrganizationSeed seed, CancellationToken cancellationToken);
}

/// <summary>What a key's bearer may do; each role includes the ones before it.</summary>
public enum ApiRole
{
    /// <summary>Reads.</summary>
    Viewer,

    /// <summary>Also writes contacts, imports and campaigns, and commands campaigns.</summary>
    Operator,

    /// <summary>Also writes agents and takes people off do-not-call.</summary>
    Admin,
}

/// <summary>A key as stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Who or what it was given to; the actor in the audit log.</param>
/// <param name="Role">What it allows.</param>
/// <param name="KeyHash">SHA-256 of its text, 32 bytes.</param>
/// <param name="Organization">The one organization it opens.</param>
public sealed record ApiKeyRecord(Guid Id, string Name, ApiRole Role, byte[] KeyHash, OrganizationRecord Organization);

/// <summary>An organization.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Slug">Its name in URLs.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="TimeZone">IANA zone that stands in for contacts of unknown zone.</param>
/// <param name="DefaultRegion">Calling code, without +, of numbers written without one.</param>
/// <param name="MaxConcurrent">Most live calls over all its campaigns.</param>
public sealed record OrganizationRecord(Guid Id, string Slug, string Name, string TimeZone, string DefaultRegion, int MaxConcurrent);

/// <summary>An organization to be made sure of.</summary>
public sealed record OrganizationSeed
{
    /// <summary>Its name in URLs: a–z, 0–9 and dashes, at most 63.</summary>
    public required string Slug { get; init; }

    /// <summary>Its name for people; empty takes the slug.</summary>
    public string Name { get; init; } = "";

    /// <summary>IANA zone that stands in for contacts of unknown zone.</summary>
    public string TimeZone { get; init; } = "Asia/Kolkata";

    /// <summary>Calling code, without +, of numbers written without one.</summary>
    public string DefaultRegion { get; init; } = "91";

    /// <summary>Most live calls over all its campaigns.</summary>
    public int MaxConcurrent { get; init; } = 100;

    /// <summary>Lines of those kept free for inbound calls.</summary>
    public int InboundReserve { get; init; }

    /// <summary>What it gets of a carrier account that it shares, in relation to other organizations; 1–100.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Hours in which its people may be called when a campaign names none; null means any hour.</summary>
    public CallingWindow? CallingWindow { get; init; }

    /// <summary>The carrier account its calls are counted against; made if missing.</summary>
    public string CarrierAccountId { get; init; } = "default";

    /// <summary>Dials per minute of the carrier account, if it is made. Exotel: 200.</summary>
    public int CarrierCallsPerMinute { get; init; } = 200;

    /// <summary>Most live calls of the carrier account, if it is made; null without a limit.</summary>
    public int? CarrierMaxConcurrent { get; init; }

    /// <summary>Lines of those kept free for inbound calls, if the account is made.</summary>
    public int CarrierInboundReserve { get; init; }

    /// <summary>Text of a key to make sure of, <c>ck_prefix_secret</c>; null makes none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>What that key allows.</summary>
    public ApiRole Role { get; init; } = ApiRole.Admin;

    /// <summary>Who the key is for.</summary>
    public string KeyName { get; init; } = "bootstrap";
}
