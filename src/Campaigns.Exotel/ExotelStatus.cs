using Campaigns.Grains;

namespace Campaigns.Exotel;

/// <summary>Exotel's status words in our vocabulary. A word nobody documented is no end of a call.</summary>
public static class ExotelStatus
{
    /// <summary>What a status word says.</summary>
    /// <param name="status">Any case; null and unknown words are progress. <c>in-progress</c> does not mean answered.</param>
    /// <returns>The kind, and the outcome exactly when the call is over.</returns>
    public static (CarrierReportKind Kind, CallOutcome? Outcome) Read(string? status)
        => status?.Trim().ToLowerInvariant() switch
        {
            "completed" => (CarrierReportKind.Ended, CallOutcome.Completed),
            "busy" => (CarrierReportKind.Ended, CallOutcome.Busy),
            "no-answer" => (CarrierReportKind.Ended, CallOutcome.NoAnswer),
            "failed" => (CarrierReportKind.Ended, CallOutcome.Failed),
            "canceled" or "cancelled" => (CarrierReportKind.Ended, CallOutcome.Canceled),
            _ => (CarrierReportKind.Progress, null),
        };

    /// <summary>What a status word and an event together say: <c>answered</c> counts unless the word says that the call is over.</summary>
    public static (CarrierReportKind Kind, CallOutcome? Outcome) Read(string? status, string? eventType)
    {
        var read = Read(status);
        return read.Kind == CarrierReportKind.Progress && string.Equals(eventType?.Trim(), "answered", StringComparison.OrdinalIgnoreCase)
            ? (CarrierReportKind.Answered, null)
            : read;
    }
}
