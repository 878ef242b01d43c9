using System.Globalization;

namespace LiveModelSimulator;

/// <summary>The command line of the executable: one switch per option, a switch without a value being a flag.</summary>
internal static class CommandLine
{
    private static readonly Dictionary<string, (string Help, Action<LiveModelSimulatorOptions, string> Set)> s_valued = new()
    {
        ["--port"] = ("PORT            on 127.0.0.1; 0 takes a free one", (o, v) => o.Port = Int(v)),
        ["--key"] = ("KEY              of the Developer API", (o, v) => o.ApiKey = v),
        ["--token"] = ("TOKEN          of Vertex", (o, v) => o.AccessToken = v),
        ["--text-models"] = ("ID,ID…   models of generateContent", (o, v) => o.TextModels = v.Split(',')),
        ["--max-sessions"] = ("N | none", (o, v) => o.MaxSessions = v == "none" ? null : Int(v)),
        ["--lifetime"] = ("SECONDS     of a connection", (o, v) => o.ConnectionLifetime = TimeSpan.FromSeconds(Int(v))),
        ["--go-away"] = ("SECONDS      before its end", (o, v) => o.GoAwayTime = TimeSpan.FromSeconds(Int(v))),
        ["--reply-delay"] = ("MS       from the end of speech to the reply", (o, v) => o.ReplyDelay = TimeSpan.FromMilliseconds(Int(v))),
        ["--audio-speed"] = ("N        times real time", (o, v) => o.AudioSpeed = double.Parse(v, CultureInfo.InvariantCulture)),
        ["--chunk-ms"] = ("MS          of audio per message", (o, v) => o.ChunkMs = Int(v)),
        ["--cheap-replies"] = ("TEXT|TEXT…   what it says then, in turn", (o, v) => o.Script = o.Script with { CheapReplies = v.Split('|') }),
        ["--name-pattern"] = ("REGEX   the name in the prompt", (o, v) => o.NamePattern = v),
        ["--memory-section"] = ("TEXT  begins the facts in the prompt", (o, v) => o.MemorySection = v),
        ["--fact-pattern"] = ("REGEX   a fact in that section", (o, v) => o.FactPattern = v),
        ["--fault-pattern"] = ("REGEX  the faults in the prompt", (o, v) => o.FaultPattern = v),
        ["--faults"] = ("LIST          of every connection, as in a marker", SetFaults),
    };

    private static readonly Dictionary<string, (string Help, Action<LiveModelSimulatorOptions> Set)> s_flags = new()
    {
        ["--any-address"] = ("listen beyond 127.0.0.1, as in a container", o => o.AnyAddress = true),
        ["--cheap"] = ("reply to any sound without decoding it", o => o.Cheap = true),
        ["--handle-after-setup"] = ("send a resumption handle at once", o => o.HandleAfterSetup = true),
        ["--refuse-input-during-tool-call"] = ("close 2.5 sessions with 1008", o => o.RefuseInputDuringToolCall = true),
    };

    /// <summary>False with every error and the usage in <paramref name="message"/>.</summary>
    public static bool TryParse(string[] args, out LiveModelSimulatorOptions options, out string message)
    {
        options = new LiveModelSimulatorOptions();
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
                catch (Exception e) when (e is FormatException or OverflowException)
                {
                    errors.Add($"{args[i - 1]} does not take '{args[i]}'. {e.Message}");
                }
            }
        }

        errors.AddRange(options.Errors());
        var help = s_valued.Select(s => $"  {s.Key} {s.Value.Help}").Concat(s_flags.Select(s => $"  {s.Key}  {s.Value.Help}"));
        message = string.Join('\n', [.. errors, "Options:", .. help]);
        return errors.Count == 0;
    }

    private static void SetFaults(LiveModelSimulatorOptions options, string list)
    {
        _ = FaultPlan.Parse(list);
        options.FaultFor = _ => list;
    }

    private static int Int(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
