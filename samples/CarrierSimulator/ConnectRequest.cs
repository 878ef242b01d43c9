using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CarrierSimulator;

/// <summary>A connect request that the carrier would accept, in Voice AI mode (StreamUrl) or in flow mode (Url).</summary>
internal sealed partial record ConnectRequest
{
    private const int MaxTimeLimit = 14400;

    private static readonly HashSet<string> s_voiceAi = new(StringComparer.Ordinal)
    {
        "From", "CallerId", "StreamUrl", "StreamType", "StreamName", "Record", "RecordingChannels", "TimeLimit", "CustomField",
        "StatusCallback",
    };

    private static readonly HashSet<string> s_flow = new(StringComparer.Ordinal)
    {
        "From", "CallerId", "Url", "CallType", "Record", "RecordingChannels", "TimeLimit", "TimeOut", "CustomField",
        "StatusCallback", "StatusCallbackContentType",
    };

    /// <summary>As written by the client.</summary>
    public required string From { get; init; }

    /// <summary>As written by the client.</summary>
    public required string CallerId { get; init; }

    /// <summary>The request as a ledger entry that is not decided yet.</summary>
    public required LedgerEntry Draft { get; init; }

    /// <summary>Null if the request is accepted; then <paramref name="errors"/> is empty.</summary>
    public static ConnectRequest? Parse(IFormCollection form, CarrierSimulatorOptions options, out IReadOnlyList<string> errors)
    {
        var reader = new Reader(form);
        var flow = reader.Has("Url");
        var allowed = flow ? s_flow : s_voiceAi;
        if (flow && (reader.Has("StreamUrl") || reader.Has("StreamType")))
        {
            reader.Error("Url", "must not come together with StreamUrl or StreamType");
            allowed = [.. s_flow, .. s_voiceAi];
        }

        var from = reader.Number("From");
        var callerId = reader.Number("CallerId");
        var phones = options.ExoPhones.Select(p => PhoneNumber.TryNormalize(p, out var e164) ? e164 : "").ToHashSet(StringComparer.Ordinal);
        reader.Check("CallerId", callerId.Length == 0 || phones.Contains(callerId), "is not an ExoPhone of this account");
        reader.Check("From", from.Length == 0 || !phones.Contains(from), "is the account's own ExoPhone; From is the number to dial");
        string? stream = null, url = null;
        if (flow)
        {
            url = reader.Text("Url", required: true, int.MaxValue);
            reader.OneOf("CallType", required: false, "trans");
            reader.Check(
                "Url",
                url is null || IsFlow(url, options.AccountSid),
                "must be http(s)://my.exotel.com/{AccountSid}/exoml/start_voice/{app_id}");
        }
        else
        {
            stream = reader.Text("StreamUrl", required: true, 600);
            reader.Check("StreamUrl", stream is null || IsUrl(stream, "ws", "wss"), "must be an absolute ws or wss URL");
            reader.OneOf("StreamType", required: true, "bidirectional");
        }

        var callback = reader.Text("StatusCallback", required: false, int.MaxValue);
        reader.Check("StatusCallback", callback is null || IsUrl(callback, "http", "https"), "must be an absolute http or https URL");
        reader.OneOf("RecordingChannels", required: false, "single", "dual");
        reader.Text("StreamName", required: false, 32);
        var draft = new LedgerEntry
        {
            Sequence = 0,
            ReceivedAt = default,
            Placed = false,
            Number = from,
            CallerId = callerId,
            StreamUrl = stream,
            FlowUrl = url,
            CustomField = reader.Text("CustomField", required: false, 128),
            StatusCallback = callback,
            StatusCallbackEvents = reader.Events(),
            Record = reader.OneOf("Record", required: false, "true", "false") == "true",
            TimeLimit = reader.Seconds("TimeLimit", MaxTimeLimit),
        };

        // Not parameters of Voice AI mode: refused there when strict, without effect otherwise.
        if (flow)
        {
            draft = draft with
            {
                TimeOut = reader.Seconds("TimeOut", int.MaxValue),
                StatusCallbackContentType = reader.OneOf(
                    "StatusCallbackContentType", required: false, "multipart/form-data", "application/json"),
            };
        }

        if (options.Strict)
        {
            reader.RefuseAllBut(allowed);
        }

        errors = reader.Errors;
        return errors.Count > 0
            ? null
            : new ConnectRequest { From = reader.Raw("From")!, CallerId = reader.Raw("CallerId")!, Draft = draft };
    }

    private static bool IsUrl(string text, params ReadOnlySpan<string> schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme) && uri.Host.Length > 0;

    private static bool IsFlow(string url, string accountSid) =>
        FlowUrl().Match(url) is { Success: true } match && match.Groups["sid"].Value == accountSid;

    [GeneratedRegex(@"^https?://my\.exotel\.com/(?<sid>[^/]+)/exoml/start_voice/[0-9]+\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FlowUrl();

    [GeneratedRegex(@"^StatusCallbackEvents\[[0-9]*\]\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex EventsKey();

    /// <summary>Reads fields by their exact names and gathers every error.</summary>
    private sealed class Reader(IFormCollection form)
    {
        // IFormCollection compares without case; the carrier's names are TitleCase.
        private readonly Dictionary<string, StringValues> _fields = new(form, StringComparer.Ordinal);
        private readonly List<string> _errors = [];

        public IReadOnlyList<string> Errors => _errors;

        public bool Has(string name) => _fields.ContainsKey(name);

        public string? Raw(string name) => _fields.TryGetValue(name, out var values) ? values[0] : null;

        public void Error(string name, string message) => _errors.Add($"{name} {message}");

        public void Check(string name, bool holds, string message)
        {
            if (!holds)
            {
                Error(name, message);
            }
        }

        public string? Text(string name, bool required, int maxLength)
        {
            if (!_fields.TryGetValue(name, out var values) || values is [null or ""])
            {
                Check(name, !required, "is missing");
                return null;
            }

            Check(name, values.Count == 1, "is given more than once");
            Check(name, values[0]!.Length <= maxLength, $"is longer than {maxLength} characters");
            return values[0];
        }

        public string Number(string name)
        {
            if (Text(name, required: true, 20) is not { } text)
            {
                return "";
            }

            var valid = PhoneNumber.TryNormalize(text, out var e164);
            Check(name, valid, "is not a phone number in E.164 or 0-prefixed national form");
            return e164 ?? "";
        }

        public string? OneOf(string name, bool required, params string[] values)
        {
            var text = Text(name, required, int.MaxValue);
            Check(name, text is null || values.Contains(text, StringComparer.Ordinal), $"must be {string.Join(" or ", values)}");
            return text;
        }

        public int? Seconds(string name, int max)
        {
            if (Text(name, required: false, 10) is not { } text)
            {
                return null;
            }

            var valid =
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds >= 1 && seconds <= max;
            Check(name, valid, $"must be a whole number of seconds from 1 to {max}");
            return seconds;
        }

        /// <summary>The array parameter in both its notations: repeated [] and numbered [0], [1].</summary>
        public IReadOnlyList<string> Events()
        {
            var given = _fields.Where(f => EventsKey().IsMatch(f.Key)).SelectMany(f => f.Value);
            var events = given.Select(v => v ?? "").Distinct(StringComparer.Ordinal).ToList();
            Check(
                "StatusCallbackEvents",
                events.All(e => e is "answered" or "terminal" or "ringing"),
                "must be answered, terminal or ringing");
            return events;
        }

        public void RefuseAllBut(IReadOnlySet<string> allowed)
        {
            foreach (var name in _fields.Keys.Where(k => !EventsKey().IsMatch(k) && !allowed.Contains(k)))
            {
                Error(name, "is not a parameter of this request");
            }
        }
    }
}
