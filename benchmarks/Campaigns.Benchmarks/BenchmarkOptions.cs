using System.Globalization;

namespace Campaigns.Benchmarks;

/// <summary>What a run is asked for.</summary>
internal sealed record BenchmarkOptions
{
    private const string Usage =
        """
        Options:
          --only NAME[,NAME…]  these suites only: {0}
          --quick              a smoke run: small counts, one run each; its numbers say nothing
          --calls N[,N…]       how many conversations the suite calls holds at once (default 50,200,500)
          --rates N[,N…]       how many callbacks a second the suite callbacks posts (default 2000)
          --runs N             runs of each measurement (default 5)
          --out FILE           writes the table there as well
          --data DIR           where the private PostgreSQL keeps its data (default: a temporary folder); deleted at the end
          --wait SECONDS       waits up to this long for the machine's load to fall below 0.5 before it begins
        """;

    public HashSet<string> Only { get; private init; } = [];

    public bool Quick { get; private init; }

    public int Runs { get; private init; } = 5;

    /// <summary>Conversations at once, one measurement after the other.</summary>
    public IReadOnlyList<int> Calls { get; private init; } = [50, 200, 500];

    /// <summary>Callbacks a second, one measurement after the other.</summary>
    public IReadOnlyList<int> Rates { get; private init; } = [2_000];

    public string? OutFile { get; private init; }

    public string DataFolder { get; private init; } = Path.Combine(Path.GetTempPath(), $"campaigns-benchmarks-{Environment.ProcessId}");

    public TimeSpan WaitForCalm { get; private init; }

    /// <summary>The full count, or a small one for a quick run.</summary>
    public int Scaled(int count, int quick) => Quick ? quick : count;

    public static bool TryParse(string[] args, IEnumerable<string> suites, out BenchmarkOptions options, out string message)
    {
        options = new BenchmarkOptions();
        var known = suites.ToArray();
        var errors = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var next = i + 1 < args.Length ? args[i + 1] : "";
            options = args[i] switch
            {
                "--only" => options with { Only = [.. next.Split(',', StringSplitOptions.RemoveEmptyEntries)] },
                "--quick" => options with { Quick = true, Runs = 1 },
                "--runs" when int.TryParse(next, CultureInfo.InvariantCulture, out var runs) && runs > 0 => options with { Runs = runs },
                "--calls" when Counts(next) is { Count: > 0 } counts => options with { Calls = counts },
                "--rates" when Counts(next) is { Count: > 0 } rates => options with { Rates = rates },
                "--out" when next.Length > 0 => options with { OutFile = next },
                "--data" when next.Length > 0 => options with { DataFolder = next },
                "--wait" when int.TryParse(next, CultureInfo.InvariantCulture, out var wait) => options with { WaitForCalm = TimeSpan.FromSeconds(wait) },
                _ => Fail(options, $"{args[i]} {next} is not understood."),
            };
            i += args[i] == "--quick" ? 0 : 1;
        }

        errors.AddRange(options.Only.Except(known, StringComparer.Ordinal).Select(name => $"There is no suite {name}."));
        message = string.Join('\n', [.. errors, string.Format(CultureInfo.InvariantCulture, Usage, string.Join(", ", known))]);
        return errors.Count == 0;

        static List<int> Counts(string list)
            => [.. list.Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0).Where(count => count > 0)];

        BenchmarkOptions Fail(BenchmarkOptions same, string error)
        {
            errors.Add(error);
            return same;
        }
    }
}
