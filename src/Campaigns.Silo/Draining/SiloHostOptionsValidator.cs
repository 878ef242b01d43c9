using Microsoft.Extensions.Options;

namespace Campaigns.Silo.Draining;

/// <summary>Refuses to start with a way to go that cannot work, and names every error.</summary>
internal sealed class SiloHostOptionsValidator : IValidateOptions<SiloHostOptions>
{
    // What a timer can count, and more than any grace period.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, SiloHostOptions options)
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Name))
        {
            errors.Add("SiloHostOptions.Name is empty: leases and sessions carry it.");
        }

        if (options.DrainLimit < TimeSpan.Zero || options.DrainLimit > Longest)
        {
            errors.Add($"SiloHostOptions.DrainLimit ({options.DrainLimit}) must be 0 to {Longest.TotalHours} h.");
        }

        if (options.DrainNotice < TimeSpan.Zero || options.DrainNotice > options.DrainLimit)
        {
            errors.Add($"SiloHostOptions.DrainNotice ({options.DrainNotice}) must be 0 to DrainLimit ({options.DrainLimit}).");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
