using System.Diagnostics;
using System.Globalization;
using Campaigns.Benchmarks.Harness;

namespace Campaigns.Benchmarks.Load;

/// <summary>What came of one request.</summary>
/// <param name="Number">Its place in the plan.</param>
/// <param name="Status">HTTP; 0 without an answer.</param>
/// <param name="Milliseconds">From its planned time to its answer.</param>
internal readonly record struct Answer(int Number, int Status, double Milliseconds);

/// <summary>The distribution's load tool, at a constant rate by its script.</summary>
internal static class Wrk
{
    /// <summary>What to say where it is not installed.</summary>
    public const string Missing = "The suite callbacks needs the load tool wrk. Debian: apt-get install wrk";

    private const int Connections = 100;
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(8);

    /// <summary>Whether the tool is installed. Debian: <c>wrk</c>.</summary>
    public static bool IsInstalled
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, "wrk")));

    /// <summary>Posts the plan at a rate.</summary>
    /// <returns>An answer per request that was due, and the tool's processor time.</returns>
    public static async Task<(IReadOnlyList<Answer> Answers, TimeSpan CpuTime)> PostAsync(
        Uri address, IReadOnlyList<Callback> plan, double perSecond, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("campaigns-callbacks-").FullName;
        try
        {
            await WritePlanAsync(folder, plan, perSecond);
            var start = DateTimeOffset.UtcNow + Lead;
            var seconds = Math.Ceiling(((Lead + Rest).TotalSeconds + (plan.Count / perSecond)));
            using var tool = Process.Start(new ProcessStartInfo(
                "wrk",
                [
                    "-t", Text(Connections), "-c", Text(Connections), "-d", $"{Text(seconds)}s", "--timeout", "15s", "--latency",
                    "-s", Path.Combine(AppContext.BaseDirectory, "Load", "callbacks.lua"), address.AbsoluteUri,
                    "--", folder, Text(start.ToUnixTimeMilliseconds() * 1000),
                ])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }) ?? throw new InvalidOperationException("wrk did not start.");
            var (said, used) = (tool.StandardOutput.ReadToEndAsync(cancellationToken), TimeSpan.Zero);
            while (!tool.HasExited)
            {
                used = CpuTimes.OfTree(tool.Id);
                await Task.Delay(100, cancellationToken);
            }

            await Console.Error.WriteLineAsync(await said);
            return (await ReadAnswersAsync(folder, plan.Count), used);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task WritePlanAsync(string folder, IReadOnlyList<Callback> plan, double perSecond)
    {
        for (var connection = 0; connection < Connections; connection++)
        {
            await using var file = new StreamWriter(Path.Combine(folder, $"requests-{connection}"));
            for (var i = connection; i < plan.Count; i += Connections)
            {
                var (call, (type, body)) = (plan[i].Call, CallbackWire.Write(plan[i], i));
                await file.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(long)(i * 1e6 / perSecond)}\t/webhooks/exotel/{call.SessionId:D}/{call.Token}\t{type}\t{body.Replace("\r\n", "\\r\\n", StringComparison.Ordinal)}"));
            }
        }
    }

    private static async Task<IReadOnlyList<Answer>> ReadAnswersAsync(string folder, int planned)
    {
        // What is in no file was never sent, or was under way when the tool stopped.
        var answers = Enumerable.Range(0, planned).Select(i => new Answer(i, 0, double.PositiveInfinity)).ToArray();
        for (var connection = 0; connection < Connections; connection++)
        {
            foreach (var line in await File.ReadAllLinesAsync(Path.Combine(folder, $"answers-{connection}")))
            {
                var parts = line.Split(' ');
                if (parts.Length == 3 && parts.All(part => part.Length > 0))
                {
                    var number = ((int.Parse(parts[0], CultureInfo.InvariantCulture) - 1) * Connections) + connection;
                    answers[number] = new Answer(
                        number, int.Parse(parts[1], CultureInfo.InvariantCulture), double.Parse(parts[2], CultureInfo.InvariantCulture) / 1000);
                }
            }
        }

        return answers;
    }

    private static string Text(double number) => number.ToString("0", CultureInfo.InvariantCulture);
}
