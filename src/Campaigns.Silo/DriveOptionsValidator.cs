using Campaigns.Domain.Pacing;
using Campaigns.Grains;
using Microsoft.Extensions.Options;

namespace Campaigns.Silo;

/// <summary>Refuses to start with waits that cannot work, and names every one of them.</summary>
internal sealed class DriveOptionsValidator : IValidateOptions<DriveOptions>
{
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1 - Pacing.Headroom);

    public ValidateOptionsResult Validate(string? name, DriveOptions options)
    {
        var errors = new List<string>();
        Positive(errors, nameof(DriveOptions.TickPeriod), options.TickPeriod);
        Positive(errors, nameof(DriveOptions.LeaseDuration), options.LeaseDuration);
        Positive(errors, nameof(DriveOptions.SupervisorPeriod), options.SupervisorPeriod);
        Positive(errors, nameof(DriveOptions.RescuePeriod), options.RescuePeriod);
        Positive(errors, nameof(DriveOptions.ReconcilePeriod), options.ReconcilePeriod);
        Positive(errors, nameof(DriveOptions.SendWithin), options.SendWithin);
        if (options.DialLateness < TimeSpan.Zero || options.DialLateness + options.SendWithin > Slack)
        {
            errors.Add($"DriveOptions.DialLateness ({options.DialLateness}) and SendWithin ({options.SendWithin}) must be {Slack} together at most: "
                + "the pacing leaves no more room before dials that bunch up break the rate.");
        }

        if (options.LeaseDuration < 3 * options.TickPeriod)
        {
            errors.Add($"DriveOptions.LeaseDuration ({options.LeaseDuration}) must be at least three ticks: it is renewed at a third.");
        }

        if (options.MaxBatch is < 1 or > 1000)
        {
            errors.Add($"DriveOptions.MaxBatch ({options.MaxBatch}) must be 1 to 1000.");
        }

        if (options.RescueBatch is < 1 or > 10_000)
        {
            errors.Add($"DriveOptions.RescueBatch ({options.RescueBatch}) must be 1 to 10000.");
        }

        if (options.StaleClaimAfter < options.TickPeriod + options.SendWithin)
        {
            errors.Add($"DriveOptions.StaleClaimAfter ({options.StaleClaimAfter}) must outlast a tick and a dial: a claim waits that long for its slot.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void Positive(List<string> errors, string property, TimeSpan value)
    {
        if (value <= TimeSpan.Zero)
        {
            errors.Add($"DriveOptions.{property} ({value}) must be positive.");
        }
    }
}
