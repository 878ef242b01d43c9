using System.Globalization;
using System.Text;

namespace Campaigns.Benchmarks.Harness;

/// <summary>The table, and the machine it was measured on.</summary>
internal sealed class Report(bool quick)
{
    private readonly List<Row> _rows = [];

    public void Add(Row row)
    {
        _rows.Add(row);
        Console.Error.WriteLine($"  {row.What}: {Numbers.Text(row.Median)} {row.Unit} ({string.Join(", ", row.Samples.Select(Numbers.Text))})");
    }

    public string ToMarkdown(IEnumerable<(string Name, string Value)> machine, string loadAtEnd)
    {
        var text = new StringBuilder();
        text.Append("# Benchmark results\n\n");
        text.Append(quick
            ? "A smoke run (`--quick`): these numbers say nothing.\n\n"
            : "Written by `benchmarks/run.sh`; what each line means is in [README.md](README.md).\n\n");
        text.Append("| Machine | |\n| --- | --- |\n");
        foreach (var (name, value) in machine.Append(("Load average at the end", loadAtEnd)))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {value} |\n");
        }

        text.Append("\nMedian of the runs, with the lowest and the highest; load is the machine's one-minute average when the suite began.\n\n");
        text.Append("| Suite | Measured | Median | Min – max | Runs | Expected | Load |\n| --- | --- | ---: | ---: | ---: | --- | ---: |\n");
        foreach (var row in _rows)
        {
            var verdict = row.Met switch
            {
                true => $"{row.Expected}: met",
                false => $"{row.Expected}: **missed**",
                null => "",
            };
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Suite} | {row.What} | {Numbers.Text(row.Median)} {row.Unit} | {Numbers.Text(row.Samples.Min())} – {Numbers.Text(row.Samples.Max())} | {row.Samples.Count} | {verdict} | {Numbers.Text(row.Load)} |\n");
        }

        return text.ToString();
    }
}
