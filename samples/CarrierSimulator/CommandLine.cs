using System.Globalization;

namespace CarrierSimulator;

/// <summary>The command line of the executable: one switch per option, a switch without a value being a flag.</summary>
internal static class CommandLine
{
    private static readonly Dictionary<string, (string Help, Action<CarrierSimulatorOptions, string> Set)> s_valued = new()
    {
        ["--port"] = ("PORT            on 127.0.0.1; 0 takes a free one", (o, v) => o.Port = Int(v)),
        ["--account"] = ("SID", (o, v) => o.AccountSid = v),
        ["--key"] = ("KEY", (o, v) => o.ApiKey = v),
        ["--token"] = ("TOKEN", (o, v) => o.ApiToken = v),
        ["--exophones"] = ("N,N…           numbers the account owns", (o, v) => o.ExoPhones = v.Split(',')),
        ["--calls-per-minute"] = ("N | none", (o, v) => o.CallsPerMinute = v == "none" ? null : Int(v)),
        ["--active-streams"] = ("N | none", (o, v) => o.ActiveStreams = v == "none" ? null : Int(v)),
        ["--speed"] = (
            "N               people ring and talk N times faster",
            (o, v) => o.Speed = double.Parse(v, CultureInfo.InvariantCulture)),
        ["--callback-format"] = (
            "multipart | urlencoded | json | rotate",
            (o, v) => o.CallbackFormat = Enum.Parse<CallbackFormat>(v, ignoreCase: true)),
        ["--hold"] = ("SECONDS         how long a time-out holds the response", (o, v) => o.HoldResponse = TimeSpan.FromSeconds(Int(v))),
        ["--media-chunk"] = (
            "20 | 100         milliseconds of audio in a media message",
            (o, v) => o.MediaStream.ChunkMilliseconds = Int(v)),
        ["--names"] = (
            "snakecase | camelcase | rotate   of fields in media messages",
            (o, v) => o.MediaStream.Names = Enum.Parse<MediaNames>(v, ignoreCase: true)),
        ["--numbers"] = (
            "strings | numbers | rotate       in media messages",
            (o, v) => o.MediaStream.Numbers = Enum.Parse<MediaNumbers>(v, ignoreCase: true)),
        ["--custom-parameters"] = (
            "object | emptystring | rotate    where there are none",
            (o, v) => o.MediaStream.CustomParameters = Enum.Parse<MediaCustomParameters>(v, ignoreCase: true)),
        ["--marks-after-clear"] = (
            "never | atonce",
            (o, v) => o.MediaStream.MarksAfterClear = Enum.Parse<MarksAfterClear>(v, ignoreCase: true)),
        ["--max-lead"] = ("SECONDS      audio further ahead is dropped", (o, v) => o.MediaStream.MaxLead = Seconds(v)),
        ["--handshake-timeout"] = ("SECONDS  of the media WebSocket", (o, v) => o.MediaStream.HandshakeTimeout = Seconds(v)),
        ["--start-delay"] = (
            "SECONDS | never  from connected to start",
            (o, v) => o.MediaStream.StartDelay = v == "never" ? Timeout.InfiniteTimeSpan : Seconds(v)),
        ["--patience"] = ("SECONDS      of silence after which people hang up", (o, v) => o.MediaStream.Patience = Seconds(v)),
        ["--ledger"] = ("FILE            keeps the ledger and carries on live calls", (o, v) => o.LedgerFile = v),
    };

    private static readonly Dictionary<string, (string Help, Action<CarrierSimulatorOptions> Set)> s_flags = new()
    {
        ["--any-address"] = ("listen beyond 127.0.0.1, as in a container", o => o.AnyAddress = true),
        ["--retry-after"] = ("send Retry-After with 429", o => o.RetryAfter = true),
        ["--lookups-share-limit"] = ("look-ups count against the rate limit", o => o.LookupsShareLimit = true),
        ["--lenient"] = ("ignore unknown fields", o => o.Strict = false),
        ["--minimal-callbacks"] = ("send the four certain fields only", o => o.MinimalCallbacks = true),
        ["--media"] = ("answered calls open their StreamUrl; people speak and hear", o => o.Media = true),
        ["--instant-answer"] = ("every call answers and ends at once", o => o.InstantAnswer = true),
    };

    /// <summary>False with every error and the usage in <paramref name="message"/>.</summary>
    public static bool TryParse(string[] args, out CarrierSimulatorOptions options, out string message)
    {
        options = new CarrierSimulatorOptions();
        var errors = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (s_flags.TryGetValue(args[i], out var flag))
            {
                flag.Set(options);
            }
            else if (!s_valued.TryGetValue(args[i], out var valued))
            {
                errors.Add($"Unknown option {args[i]}.");
            }
            else if (++i == args.Length)
            {
                errors.Add($"{args[i - 1]} needs a value.");
            }
            else
            {
                try
                {
                    valued.Set(options, args[i]);
                }
                catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
                {
                    errors.Add($"{args[i - 1]} does not take '{args[i]}'.");
                }
            }
        }

        errors.AddRange(options.Errors());
        var help = s_valued.Select(s => $"  {s.Key} {s.Value.Help}").Concat(s_flags.Select(s => $"  {s.Key}  {s.Value.Help}"));
        message = string.Join('\n', [.. errors, "Options:", .. help]);
        return errors.Count == 0;
    }

    private static TimeSpan Seconds(string text) =>
        TimeSpan.FromSeconds(double.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture));

    private static int Int(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
