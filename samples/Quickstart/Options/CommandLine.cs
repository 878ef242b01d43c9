using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quickstart.Options;

/// <summary>Reads the command line and finds everything that is wrong with it.</summary>
internal static class CommandLine
{
    public static string Usage { get; } =
        $"""
        Runs one outbound campaign against a simulated carrier and a simulated live model, on a private PostgreSQL.

        Usage: ./run.sh [options]

          --once                 exit when nobody is left to call but later by promise; the last line is one JSON object
          --contacts FILE        the people, as CSV with a header row (default: samples/Quickstart/contacts.csv)
          --campaign FILE        the campaign, as JSON (default: samples/Quickstart/campaign.json)
          --speed N              the simulated phones ring N times faster; people talk in real time (default: {new QuickstartOptions().Speed})
          --max-concurrent N     most live calls at once, instead of the campaign file's
          --calls-per-minute N   most dials per minute, instead of the campaign file's
          --data DIR             keep the data in DIR; a second run continues what was interrupted
          --port N               the port of the API (default: {QuickstartOptions.UsualPort}, or a free one)
          --help                 show this
          --version              show the version and the engine

        Exit codes: 0 done, 1 something did not hold or failed, 2 a wrong option, 130 interrupted.
        """;

    private static readonly Dictionary<string, Func<QuickstartOptions, QuickstartOptions>> Flags = new(StringComparer.Ordinal)
    {
        ["--once"] = o => o with { Once = true },
        ["--help"] = o => o with { Help = true },
        ["--version"] = o => o with { Version = true },
    };

    private static readonly Dictionary<string, Func<QuickstartOptions, string, QuickstartOptions>> Valued = new(StringComparer.Ordinal)
    {
        ["--contacts"] = (o, v) => o with { Contacts = ExistingFile(v) },
        ["--campaign"] = (o, v) => o with { Campaign = CampaignFile(v) },
        ["--speed"] = (o, v) => o with { Speed = Speed(v) },
        ["--max-concurrent"] = (o, v) => o with { MaxConcurrent = Whole(v, 1, 10_000) },
        ["--calls-per-minute"] = (o, v) => o with { CallsPerMinute = Whole(v, 1, 60_000) },
        ["--data"] = (o, v) => o with { Data = Folder(v) },
        ["--port"] = (o, v) => o with { Port = Whole(v, 0, 65_535) },
    };

    /// <summary>The options, and every error; the options count only where there is none.</summary>
    public static (QuickstartOptions Options, IReadOnlyList<string> Errors) Parse(IReadOnlyList<string> arguments)
    {
        var options = new QuickstartOptions();
        var errors = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            var flag = Flags.GetValueOrDefault(name);
            var valued = Valued.GetValueOrDefault(name);
            if (flag is null && valued is null)
            {
                errors.Add(name.StartsWith('-') ? $"There is no option {name}." : $"'{name}' belongs to no option.");
                continue;
            }

            if (!seen.Add(name))
            {
                errors.Add($"{name} is given twice.");
            }

            if (flag is not null)
            {
                options = flag(options);
            }
            else if (i + 1 == arguments.Count || IsOption(arguments[i + 1]))
            {
                errors.Add($"{name} needs a value.");
            }
            else
            {
                options = Take(options, name, arguments[++i], valued!, errors);
            }
        }

        return (options, errors);
    }

    private static bool IsOption(string text) => Flags.ContainsKey(text) || Valued.ContainsKey(text);

    private static QuickstartOptions Take(
        QuickstartOptions options, string name, string value, Func<QuickstartOptions, string, QuickstartOptions> set, List<string> errors)
    {
        try
        {
            return set(options, value);
        }
        catch (FormatException wrong)
        {
            errors.Add($"{name} {wrong.Message}");
            return options;
        }
    }

    private static int Whole(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new FormatException($"must be a whole number from {least} to {most}, not '{text}'.");

    private static double Speed(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0.1 and <= 1000
            ? value
            : throw new FormatException($"must be a number from 0.1 to 1000, not '{text}'.");

    private static string ExistingFile(string path) =>
        File.Exists(path) ? Path.GetFullPath(path) : throw new FormatException($"names no file: {path}");

    private static string CampaignFile(string path)
    {
        var full = ExistingFile(path);
        try
        {
            return JsonNode.Parse(File.ReadAllText(full)) is JsonObject
                ? full
                : throw new FormatException($"must name a file with a JSON object: {path}");
        }
        catch (JsonException error)
        {
            throw new FormatException($"is no JSON: {path}: {error.Message}", error);
        }
    }

    private static string Folder(string path) =>
        path.Length == 0 ? throw new FormatException("must name a folder.")
        : File.Exists(path) ? throw new FormatException($"names a file, not a folder: {path}")
        : Path.GetFullPath(path);
}
