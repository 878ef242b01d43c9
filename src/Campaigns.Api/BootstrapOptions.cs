using Campaigns.Stores;

namespace Campaigns.Api;

/// <summary>Configuration section <c>Campaigns:Bootstrap</c>: the first organization and key, made sure of at every start.</summary>
public sealed class BootstrapOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Campaigns:Bootstrap";

    /// <summary>The organization's name in URLs; null (the default) makes none.</summary>
    public string? Slug { get; set; }

    /// <summary>Its name for people; the slug if left out.</summary>
    public string Name { get; set; } = "";

    /// <summary>IANA zone that stands in for contacts of unknown zone; <c>Asia/Kolkata</c>.</summary>
    public string TimeZone { get; set; } = "Asia/Kolkata";

    /// <summary>Calling code of numbers written without one; <c>91</c>.</summary>
    public string DefaultRegion { get; set; } = "91";

    /// <summary>Most live calls over all campaigns; 100.</summary>
    public int MaxConcurrent { get; set; } = 100;

    /// <summary>Lines of those kept free for inbound calls; 0. An inbound call gets in also when there is none.</summary>
    public int InboundReserve { get; set; }

    /// <summary>What it gets of a carrier account that it shares, in relation to other organizations; 1, up to 100.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>The carrier account its calls are counted against; null (the default) means the account this host calls with.</summary>
    public string? CarrierAccountId { get; set; }

    /// <summary>Dials per minute of that account, if it is made now; 200, as Exotel allows.</summary>
    public int CarrierCallsPerMinute { get; set; } = 200;

    /// <summary>Most live calls of that account over all its organizations, if it is made now; null (the default) sets no limit.</summary>
    public int? CarrierMaxConcurrent { get; set; }

    /// <summary>Lines of those kept free for inbound calls, if it is made now; 0.</summary>
    public int CarrierInboundReserve { get; set; }

    /// <summary>Text of the key, <c>ck_prefix_secret</c>; null makes none. It is never logged.</summary>
    public string? ApiKey { get; set; }

    /// <summary>What the key allows; <c>Admin</c>.</summary>
    public ApiRole Role { get; set; } = ApiRole.Admin;

    internal OrganizationSeed? ToSeed()
        => Slug is null
            ? null
            : new OrganizationSeed
            {
                Slug = Slug,
                Name = Name,
                TimeZone = TimeZone,
                DefaultRegion = DefaultRegion,
                MaxConcurrent = MaxConcurrent,
                InboundReserve = InboundReserve,
                Weight = Weight,
                CarrierAccountId = CarrierAccountId ?? "default",
                CarrierCallsPerMinute = CarrierCallsPerMinute,
                CarrierMaxConcurrent = CarrierMaxConcurrent,
                CarrierInboundReserve = CarrierInboundReserve,
                ApiKey = ApiKey,
                Role = Role,
            };
}
