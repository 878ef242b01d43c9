using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace CarrierSimulator;

/// <summary>The body of a status callback: the four fields that are always there and, with subscribed events, the others.</summary>
internal static class CallbackBody
{
    private const string Boundary = "------------------------carrier7d1f9b3e5a";

    public static WireObject Fields(LedgerEntry call, Step step, DateTimeOffset now, string accountSid, bool minimal)
    {
        var terminal = step.Event == "terminal";
        var body = new WireObject
        {
            { "CallSid", call.CallSid },
            { "DateUpdated", CallView.Ist(now) },
            { "Status", step.Status },
            { "RecordingUrl", terminal ? CallView.RecordingUrl(call, accountSid) : null },
        };
        if (minimal || call.StatusCallbackEvents.Count == 0)
        {
            return body;
        }

        body.Add("EventType", step.Event);
        body.Add("DateCreated", CallView.Ist(call.ReceivedAt));
        body.Add("To", PhoneNumber.Wire(call.CallerId));
        body.Add("From", PhoneNumber.Wire(call.Number));
        body.Add("PhoneNumberSid", PhoneNumber.Wire(call.CallerId));
        body.Add("StartTime", CallView.Ist(call.ReceivedAt));
        body.Add("EndTime", terminal && call.EndedAt is { } ended ? CallView.Ist(ended) : null);
        body.Add("ConversationDuration", terminal ? CallView.TalkSeconds(call) : 0);
        body.Add("Direction", "outbound-api");
        body.Add("CustomField", call.CustomField);
        body.Add("Legs", new WireArray(null, [new WireObject
        {
            { "OnCallDuration", terminal ? CallView.TalkSeconds(call) : 0 },
            { "Status", step.Status },
            { "AnsweredBy", "NA" },
        }]));
        return body;
    }

    /// <param name="format">Any but <see cref="CallbackFormat.Rotate"/>.</param>
    /// <param name="fields">From <see cref="Fields"/>.</param>
    public static HttpContent Encode(CallbackFormat format, WireObject fields) => format switch
    {
        CallbackFormat.Json => Content(WireFormat.Json(fields), "application/json"),
        CallbackFormat.UrlEncoded => new FormUrlEncodedContent(Flatten(fields, "")),
        CallbackFormat.Multipart => Content(Encoding.UTF8.GetBytes(Multipart(fields)), $"multipart/form-data; boundary={Boundary}"),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    private static ByteArrayContent Content(byte[] bytes, string type) =>
        new(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };

    private static string Multipart(WireObject fields)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in Flatten(fields, ""))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"--{Boundary}--\r\n").ToString();
    }

    /// <summary>Nested names in brackets, as in Legs[0][Status].</summary>
    private static IEnumerable<KeyValuePair<string, string>> Flatten(WireObject fields, string prefix)
    {
        foreach (var (name, value) in fields)
        {
            var key = prefix.Length == 0 ? name : $"{prefix}[{name}]";
            if (value is WireArray array)
            {
                for (var i = 0; i < array.Items.Count; i++)
                {
                    foreach (var pair in Flatten(array.Items[i], $"{key}[{i}]"))
                    {
                        yield return pair;
                    }
                }
            }
            else
            {
                yield return new KeyValuePair<string, string>(key, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            }
        }
    }
}
