using Campaigns.Grains;

namespace Campaigns.Exotel;

/// <summary>A status callback in our vocabulary.</summary>
/// <param name="CallSid">Exotel's id of the call, if told and fit to be one.</param>
/// <param name="Kind">What it says.</param>
/// <param name="Outcome">Set exactly when <paramref name="Kind"/> is <see cref="CarrierReportKind.Ended"/>.</param>
/// <param name="RecordingUrl">The recording, if told; it may expire soon.</param>
/// <param name="Duration">Conversation time in whole seconds, if told.</param>
/// <param name="Detail">Exotel's own words, at most 200 characters.</param>
public sealed record StatusCallback(
    string? CallSid, CarrierReportKind Kind, CallOutcome? Outcome, string? RecordingUrl, TimeSpan? Duration, string? Detail)
{
    /// <summary>The report for the session under whose secret the callback came.</summary>
    public CarrierReport ToReport(Guid sessionId) => new(sessionId, Kind, Outcome, CallSid, "callback", RecordingUrl, Duration, Detail);

    /// <summary>
    /// Reads the fields. One of <c>Status</c> and <c>EventType</c> is enough; Exotel always sends <c>CallSid</c>, <c>DateUpdated</c>,
    /// <c>Status</c> and <c>RecordingUrl</c>, the rest only sometimes.
    /// </summary>
    internal static StatusCallback? From(ExotelFields fields)
    {
        var status = fields["Status"];
        var eventType = fields["EventType"];
        if (status is null && eventType is null)
        {
            return null;
        }

        var (kind, outcome) = ExotelStatus.Read(status, eventType);
        var duration = fields.Seconds("ConversationDuration") ?? fields.Seconds("Legs[0][OnCallDuration]") ?? fields.Seconds("Duration");
        return new StatusCallback(
            ExotelCallCodec.Sid(fields["CallSid"]),
            kind,
            outcome,
            ExotelLookUpCodec.RecordingUrl(fields["RecordingUrl"]),
            duration,
            Words(fields, status, eventType));
    }

    private static string Words(ExotelFields fields, string? status, string? eventType)
    {
        (string Name, string? Value)[] words =
        [
            ("status", status),
            ("event", eventType),
            ("leg", fields["Legs[0][Status]"]),
            ("cause", fields["Legs[0][Cause]"] ?? fields["Cause"]),
            ("causeCode", fields["Legs[0][CauseCode]"] ?? fields["CauseCode"]),
            ("disconnectedBy", fields["Legs[0][DisconnectedBy]"] ?? fields["DisconnectedBy"]),
        ];
        return CarrierWords.Clean(string.Join("; ", words.Where(w => w.Value is not null).Select(w => $"{w.Name}={w.Value}")), 200);
    }
}
