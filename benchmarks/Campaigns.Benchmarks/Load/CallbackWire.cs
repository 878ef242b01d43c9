using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Campaigns.Benchmarks.Load;

/// <summary>A callback as Exotel posts it: one of three formats, every fifth with no more than the four fields that are always sent.</summary>
internal static class CallbackWire
{
    private const string Boundary = "------------------------7d1f9b3e5a";
    private const string Phone = "08047191234";

    /// <summary>Content type and body of the callback with this number.</summary>
    public static (string Type, string Body) Write(Callback callback, int number)
    {
        var fields = Fields(callback, DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(number), minimal: number % 5 == 0).ToArray();
        return (number % 3) switch
        {
            0 => ("application/x-www-form-urlencoded",
                string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Name)}={Uri.EscapeDataString(f.Value)}"))),
            1 => ("application/json", JsonSerializer.Serialize(fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal))),
            _ => ($"multipart/form-data; boundary={Boundary}", Multipart(fields)),
        };
    }

    private static IEnumerable<(string Name, string Value)> Fields(Callback callback, DateTimeOffset at, bool minimal)
    {
        var time = at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var talked = callback is { Terminal: true, Status: "completed" } ? "3" : "0";
        yield return ("CallSid", callback.Call.CallSid);
        yield return ("DateUpdated", time);
        yield return ("Status", callback.Status);
        yield return ("RecordingUrl", "");
        if (minimal && callback.Terminal)
        {
            yield break;
        }

        yield return ("EventType", callback.Event);
        yield return ("DateCreated", time);
        yield return ("To", Phone);
        yield return ("From", "0" + callback.Call.Phone[^10..]);
        yield return ("PhoneNumberSid", Phone);
        yield return ("StartTime", time);
        yield return ("EndTime", callback.Terminal ? time : "");
        yield return ("ConversationDuration", talked);
        yield return ("Direction", "outbound-api");
        yield return ("CustomField", callback.Call.SessionId.ToString("D"));
        yield return ("Legs[0][OnCallDuration]", talked);
        yield return ("Legs[0][Status]", callback.Status);
        yield return ("Legs[0][AnsweredBy]", "NA");
    }

    private static string Multipart(IEnumerable<(string Name, string Value)> fields)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"--{Boundary}--\r\n").ToString();
    }
}
