namespace Campaigns.Domain.Validation;

/// <summary>The errors of how calls are held.</summary>
internal static class VoiceValidator
{
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(30);

    internal static void Add(ErrorList errors, VoicePolicy? voice, IReadOnlyCollection<string>? knownFields)
    {
        if (voice is null)
        {
            errors.If(true, "voice", "must not be null");
            return;
        }

        Span(errors, "voice.helloPatience", voice.HelloPatience, TimeSpan.Zero, LongestPatience, "0 and 30 seconds");
        errors.If(!Enum.IsDefined(voice.Machine), "voice.machine", "is no policy");
        errors.If(!Enum.IsDefined(voice.Screener), "voice.screener", "is no policy");
        errors.Optional("voice.machineMessage", voice.MachineMessage, CampaignLimits.MachineMessage);
        errors.Template("voice.machineMessage", voice.MachineMessage, knownFields);
        errors.If(
            voice.Machine == MachinePolicy.LeaveMessage && string.IsNullOrWhiteSpace(voice.MachineMessage),
            "voice.machineMessage",
            "is required to leave a message");
        errors.Optional("voice.screenerMessage", voice.ScreenerMessage, CampaignLimits.ScreenerMessage);
        errors.Template("voice.screenerMessage", voice.ScreenerMessage, knownFields);
        Span(errors, "voice.longestCall", voice.LongestCall, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(55), "30 seconds and 55 minutes");
        Span(errors, "voice.silenceTimeout", voice.SilenceTimeout, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), "5 seconds and 5 minutes");
    }

    private static void Span(ErrorList errors, string path, TimeSpan value, TimeSpan least, TimeSpan most, string bounds) =>
        errors.If(value < least || value > most, path, $"must be between {bounds}");
}
