using System.Collections.Immutable;

namespace Campaigns.Domain.Validation;

/// <summary>Finds everything that is wrong with a campaign's settings, so that one answer tells it all.</summary>
public static class CampaignSpecValidator
{
    private static readonly DateTimeOffset Earliest = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Every error, in the order of the settings. Members that are null against their type are errors, too.</summary>
    /// <param name="spec">The settings, possibly read from anybody's JSON.</param>
    /// <param name="now">The time of the request, to bound the start time by; null bounds it only by the century.</param>
    /// <param name="knownFields">
    /// Fields that the organization's contacts have beside the built-in ones, for <c>{{field}}</c> in texts; null does not check their names.
    /// </param>
    public static ImmutableArray<ValidationError> Validate(
        CampaignSpec spec, DateTimeOffset? now = null, IReadOnlyCollection<string>? knownFields = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var errors = new ErrorList();
        errors.Required("name", spec.Name, CampaignLimits.Name);
        errors.If(spec.AgentId == Guid.Empty, "agentId", "is required");
        errors.If(!Enum.IsDefined(spec.Channel), "channel", "is not a channel");
        errors.Text("instructions", spec.Instructions, CampaignLimits.Instructions);
        errors.Template("instructions", spec.Instructions, knownFields);
        AudienceValidator.Add(errors, spec.Audience);
        errors.Range("maxConcurrent", spec.MaxConcurrent, 1, CampaignLimits.MaxConcurrent);
        errors.Range("callsPerMinute", spec.CallsPerMinute, 1, CampaignLimits.CallsPerMinute);
        errors.Range("weight", spec.Weight, 1, CampaignLimits.Weight);
        if (spec.StartAt is { } startAt)
        {
            errors.If(startAt < Earliest || startAt >= Latest, "startAt", "is not in this century's reach (2020–2099)");
            errors.If(
                now is { } present && startAt < Latest && startAt > present.AddDays(CampaignLimits.StartDays),
                "startAt",
                $"lies more than {CampaignLimits.StartDays} days ahead");
        }

        Window(errors, spec.CallingWindow);
        RetryValidator.Add(errors, spec.Retry);
        errors.Range("attemptsPerDay", spec.AttemptsPerDay, 1, CampaignLimits.AttemptsPerDay);
        VoiceValidator.Add(errors, spec.Voice, knownFields);
        DispositionValidator.Add(errors, spec.Dispositions);
        return errors.ToImmutable();
    }

    /// <summary>What keeps a valid campaign from being started: a channel that cannot be called on.</summary>
    /// <param name="spec">The settings.</param>
    public static ImmutableArray<ValidationError> ValidateStart(CampaignSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Channel == Channel.VoiceRealtime
            ? []
            : [new("channel", $"{spec.Channel.ToText()} campaigns cannot be started: only {Channel.VoiceRealtime.ToText()} can")];
    }

    private static void Window(ErrorList errors, CallingWindow? window)
    {
        if (window is null)
        {
            return;
        }

        errors.If(window.From.Ticks % TimeSpan.TicksPerMinute != 0, "callingWindow.from", "is not a whole minute");
        errors.If(window.To.Ticks % TimeSpan.TicksPerMinute != 0, "callingWindow.to", "is not a whole minute");
        if (!window.Days.IsDefaultOrEmpty)
        {
            errors.If(window.Days.Any(d => !Enum.IsDefined(d)), "callingWindow.days", "has something that is no day of the week");
            errors.If(window.Days.Distinct().Count() != window.Days.Length, "callingWindow.days", "names a day twice");
        }
    }
}
