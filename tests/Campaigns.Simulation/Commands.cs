using System.Globalization;
using Campaigns.Simulation.Faults;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.World;

namespace Campaigns.Simulation;

/// <summary>The program: runs seeds, or replays one with its trace.</summary>
internal static class Commands
{
    private const string Usage = """
        Campaigns.Simulation --seeds N [--first N] [--threads N] [--bug NAME] [--twice] [--points]
        Campaigns.Simulation --seed N [--bug NAME] [--last N]

          --seeds    how many runs
          --first    the first run's seed; 1
          --threads  runs at a time; as many as there are cores
          --seed     replays one run and prints its trace
          --last     how many of the trace's last lines; all
          --bug      plants a bug: ClaimWithoutEpoch, RedialOnTimeout or NoLiveSessionIndex
          --twice    each run once more, and it must be the same run
          --points   lists the crash points that were met

        The exit code is 0 when no promise was broken, 1 when one was, 2 when the arguments are wrong.
        """;

    public static int Run(string[] arguments, TextWriter output)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "--points" or "--twice")
            {
                options[arguments[i][2..]] = "";
            }
            else if (!arguments[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == arguments.Length)
            {
                output.WriteLine(Usage);
                return 2;
            }
            else
            {
                options[arguments[i][2..]] = arguments[++i];
            }
        }

        if (!TryBug(options, out var bug)
            || !TryNumber(options, "seed", 0, out var seed) || !TryNumber(options, "seeds", 0, out var seeds)
            || !TryNumber(options, "first", 1, out var first) || !TryNumber(options, "threads", Environment.ProcessorCount, out var threads)
            || !TryNumber(options, "last", int.MaxValue, out var last) || (options.ContainsKey("seed") == seeds > 0) || threads < 1)
        {
            output.WriteLine(Usage);
            return 2;
        }

        return seeds > 0
            ? RunMany(first, seeds, threads, bug, options, output)
            : Replay(seed, bug, last, output);
    }

    /// <summary>Prints a run's trace and how to have it again.</summary>
    public static int Replay(int seed, PlantedBugs bug, int last, TextWriter output)
    {
        var result = new SimulatedWorld(seed, bug, trace: true).Run();
        foreach (var line in result.Trace.TakeLast(last))
        {
            output.WriteLine(line);
        }

        output.WriteLine(Describe(result, bug));
        return result.Broken is null ? 0 : 1;
    }

    /// <summary>The end of a run in words, with the command that replays it.</summary>
    public static string Describe(RunResult result, PlantedBugs bug) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        seed {result.Seed}: {result.Broken ?? "every promise kept"}; hash {result.Hash:x16}, {result.Steps} steps, {result.Time.TotalSeconds:F1} s of virtual time
          replay: dotnet run --project tests/Campaigns.Simulation -c Release -- --seed {result.Seed}{(bug == PlantedBugs.None ? "" : $" --bug {bug}")}
        """);

    private static int RunMany(int first, int seeds, int threads, PlantedBugs bug, Dictionary<string, string> options, TextWriter output)
    {
        var progress = Math.Max(seeds / 10, 1000);
        var summary = Batch.Run(
            first, seeds, threads, bug, stopAtBroken: 20, options.ContainsKey("twice"),
            done =>
            {
                if (done % progress == 0)
                {
                    output.WriteLine($"{done} runs");
                }
            });
        foreach (var broken in summary.Broken)
        {
            output.WriteLine(Describe(broken, bug));
        }

        if (summary.Broken.Count > 0)
        {
            output.WriteLine($"The end of the first one's trace:");
            Replay(summary.Broken[0].Seed, bug, 60, output);
        }

        if (options.ContainsKey("points"))
        {
            foreach (var (point, times) in CrashPoints.All)
            {
                output.WriteLine($"{times,8} {point}");
            }
        }

        output.WriteLine(summary.ToString());
        return summary.Broken.Count == 0 ? 0 : 1;
    }

    private static bool TryBug(Dictionary<string, string> options, out PlantedBugs bug)
    {
        bug = PlantedBugs.None;
        return !options.TryGetValue("bug", out var name) || (Enum.TryParse(name, out bug) && Enum.IsDefined(bug));
    }

    private static bool TryNumber(Dictionary<string, string> options, string name, int otherwise, out int number)
    {
        number = otherwise;
        return !options.TryGetValue(name, out var text) || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}
