using System.Text.RegularExpressions;
using Campaigns.Domain.Phones;
using Campaigns.Domain.Windows;
using Campaigns.Postgres.Catalog;
using Microsoft.Extensions.Options;

namespace Campaigns.Api;

/// <summary>Refuses to start with a first organization that cannot be, and names everything that is wrong with it.</summary>
internal sealed partial class BootstrapOptionsValidator : IValidateOptions<BootstrapOptions>
{
    public ValidateOptionsResult Validate(string? name, BootstrapOptions options)
    {
        if (options.Slug is null)
        {
            return ValidateOptionsResult.Success;
        }

        var errors = new List<string>();
        Check(SlugText().IsMatch(options.Slug), nameof(options.Slug), "must be 1 to 63 of a-z, 0-9 and dashes, and not begin with a dash");
        Check(CallingWindows.ResolveZone(options.TimeZone, options.TimeZone) is ZoneResult.Found, nameof(options.TimeZone), "is no IANA time zone");
        Check(IsCallingCode(options.DefaultRegion), nameof(options.DefaultRegion), "is no country calling code such as 91");
        Check(options.MaxConcurrent >= 1, nameof(options.MaxConcurrent), "must be at least 1");
        Check(
            options.InboundReserve >= 0 && options.InboundReserve < Math.Max(1, options.MaxConcurrent),
            nameof(options.InboundReserve),
            "must be at least 0 and less than MaxConcurrent, or nobody could be called");
        Check(options.Weight is >= 1 and <= 100, nameof(options.Weight), "must be 1 to 100");
        Check(options.CarrierMaxConcurrent is null or >= 1, nameof(options.CarrierMaxConcurrent), "must be at least 1");
        Check(
            options.CarrierInboundReserve >= 0 && options.CarrierInboundReserve < (options.CarrierMaxConcurrent ?? int.MaxValue),
            nameof(options.CarrierInboundReserve),
            "must be at least 0 and less than CarrierMaxConcurrent");
        Check(options.CarrierAccountId is null || options.CarrierAccountId.Trim().Length > 0, nameof(options.CarrierAccountId), "must not be blank");
        Check(options.CarrierCallsPerMinute >= 1, nameof(options.CarrierCallsPerMinute), "must be at least 1");
        Check(
            options.ApiKey is null || ApiKeyText.IsWellFormed(options.ApiKey),
            nameof(options.ApiKey),
            "must read ck_prefix_secret: a prefix of 1 to 16 and a secret of 16 to 100 letters and digits");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(bool holds, string property, string message)
        {
            if (!holds)
            {
                errors.Add($"BootstrapOptions.{property} {message}.");
            }
        }
    }

    private static bool IsCallingCode(string text)
    {
        try
        {
            return PhoneNumbers.Normalize("", text) is PhoneResult.Empty;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex SlugText();
}
