using System.Globalization;
using System.Text;
using Campaigns.Carrier;

namespace Campaigns.Exotel;

/// <summary>Writes the form of <c>Calls/connect.json</c>.</summary>
public static class ExotelCallForm
{
    /// <summary>
    /// The fields in the order they are sent. <c>From</c> is the person to ring (Exotel dials "from" first), <c>CallerId</c> is our number;
    /// the session id rides in both URLs and in <c>CustomField</c> (≤ 128 characters), the token in the URLs only.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Fields(ExotelOptions options, PlaceCallRequest request)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(request);
        var fields = new List<KeyValuePair<string, string>>();
        void Add(string name, string value) => fields.Add(new(name, value));

        Add("From", ExotelPhone.ToWire(request.Phone, options.NumberFormat));
        Add("CallerId", CallerId(options));
        if (options.Mode == ExotelMode.Flow)
        {
            Add("Url", options.FlowUrl?.AbsoluteUri ?? $"http://my.exotel.com/{options.AccountSid}/exoml/start_voice/{options.FlowAppId}");
            Add("CallType", "trans");
            Add("TimeOut", Seconds(options.RingTimeout));
        }
        else
        {
            Add("StreamUrl", StreamUrl(options, request));
            Add("StreamType", "bidirectional");
        }

        Add("TimeLimit", Seconds(options.TimeLimit));
        if (options.Record)
        {
            Add("Record", "true");
            Add("RecordingChannels", options.RecordingChannels);
        }

        Add("CustomField", request.SessionId.ToString("D"));
        Add("StatusCallback", SessionUrl(options.PublicBaseAddress!, "webhooks/exotel", request));
        for (var i = 0; i < options.Events.Count; i++)
        {
            var index = options.ArrayNotation == ExotelArrayNotation.Indexed ? i.ToString(CultureInfo.InvariantCulture) : "";
            Add($"StatusCallbackEvents[{index}]", options.Events[i]);
        }

        if (options.Mode == ExotelMode.Flow)
        {
            Add("StatusCallbackContentType", options.StatusCallbackContentType);
        }

        return fields;
    }

    /// <summary>The fields as <c>application/x-www-form-urlencoded</c>.</summary>
    public static byte[] Encode(IEnumerable<KeyValuePair<string, string>> fields)
        => Encoding.ASCII.GetBytes(string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}")));

    // 8,000 is what the carrier does unasked.
    private static string StreamUrl(ExotelOptions options, PlaceCallRequest request)
        => SessionUrl(options.MediaBaseAddress!, "media/exotel", request)
            + (options.StreamSampleRate == 8_000 ? "" : string.Create(CultureInfo.InvariantCulture, $"?sample-rate={options.StreamSampleRate}"));

    private static string CallerId(ExotelOptions options)
        => ExotelPhone.TryParse(options.CallerId, out var e164) ? ExotelPhone.ToWire(e164, options.NumberFormat) : options.CallerId;

    private static string SessionUrl(Uri root, string path, PlaceCallRequest request)
        => $"{root.AbsoluteUri.TrimEnd('/')}/{path}/{request.SessionId:D}/{Uri.EscapeDataString(request.Token)}";

    private static string Seconds(TimeSpan span) => ((long)Math.Ceiling(span.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
