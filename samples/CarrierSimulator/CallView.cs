using System.Globalization;

namespace CarrierSimulator;

/// <summary>A placed call as the API shows it. From is the dialled customer and To the ExoPhone.</summary>
internal static class CallView
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss";
    private static readonly TimeSpan s_ist = new(5, 30, 0);

    /// <summary>The carrier's time text: Indian Standard Time without a zone.</summary>
    public static string Ist(DateTimeOffset at) => at.ToOffset(s_ist).ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static bool TryParseIst(string text, out DateTimeOffset at)
    {
        var parsed = DateTime.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local);
        at = parsed ? new DateTimeOffset(local, s_ist) : default;
        return parsed;
    }

    /// <summary>
    /// Seconds of conversation as the people lived it: wall-clock time times the speed of the simulation, which real audio does not share.
    /// </summary>
    public static int TalkSeconds(LedgerEntry call) => call is { AnsweredAt: { } answered, EndedAt: { } ended }
        ? (int)Math.Round((ended - answered).TotalSeconds * (call.Media ? 1 : call.Speed))
        : 0;

    public static string? RecordingUrl(LedgerEntry call, string accountSid) =>
        call is { Record: true, FinalStatus: "completed" }
            ? $"https://recordings.exotel.com/exotelrecordings/{accountSid}/{call.CallSid}.mp3"
            : null;

    /// <summary>The answer to a connect: numbers as the client wrote them, accepted and nothing more.</summary>
    public static WireObject Accepted(LedgerEntry call, ConnectRequest request, string accountSid, bool withSid) =>
        Fields(call, accountSid, request.From, request.CallerId, withSid, settled: false, "in-progress", call.ReceivedAt);

    /// <summary>The answer to a look-up. Duration, Price and EndTime are there once settled.</summary>
    public static WireObject Record(LedgerEntry call, string accountSid, bool settled, bool details)
    {
        var updated = call.EndedAt ?? call.AnsweredAt ?? call.RingingAt ?? call.ReceivedAt;
        var view = Fields(
            call, accountSid, PhoneNumber.Wire(call.Number), PhoneNumber.Wire(call.CallerId), true, settled,
            call.FinalStatus ?? "in-progress", updated);
        if (details)
        {
            var leg = new WireObject { { "Id", 1 }, { "OnCallDuration", TalkSeconds(call) } };
            view.Add("Details", new WireObject
            {
                { "ConversationDuration", settled ? TalkSeconds(call) : null },
                { "Leg1Status", call.FinalStatus ?? "in-progress" },
                { "Leg2Status", null },
                { "Legs", new WireArray(null, [new WireObject { { "Leg", leg } }]) },
            });
        }

        return view;
    }

    private static WireObject Fields(
        LedgerEntry call, string accountSid, string from, string to, bool withSid, bool settled, string status, DateTimeOffset updated)
    {
        var view = new WireObject();
        if (withSid)
        {
            view.Add("Sid", call.CallSid);
        }

        view.Add("ParentCallSid", null);
        view.Add("DateCreated", Ist(call.ReceivedAt));
        view.Add("DateUpdated", Ist(updated));
        view.Add("AccountSid", accountSid);
        view.Add("To", to);
        view.Add("From", from);
        view.Add("PhoneNumberSid", PhoneNumber.Wire(call.CallerId));
        view.Add("Status", status);
        view.Add("StartTime", Ist(call.ReceivedAt));
        view.Add("EndTime", settled ? Ist(call.EndedAt!.Value) : null);
        view.Add("Duration", settled ? TalkSeconds(call).ToString(CultureInfo.InvariantCulture) : null);
        view.Add("Price", settled ? (Math.Ceiling(TalkSeconds(call) / 60.0) * 0.75).ToString("0.000", CultureInfo.InvariantCulture) : null);
        view.Add("Direction", "outbound-api");
        view.Add("AnsweredBy", null);
        view.Add("ForwardedFrom", null);
        view.Add("CallerName", null);

        // The Uri would give the Sid away.
        view.Add("Uri", withSid ? $"/v1/Accounts/{accountSid}/Calls/{call.CallSid}" : null);
        view.Add("RecordingUrl", RecordingUrl(call, accountSid));
        return view;
    }
}
