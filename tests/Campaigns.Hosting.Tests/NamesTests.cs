using System.Text.Json;
using System.Text.RegularExpressions;

namespace Campaigns.Hosting.Tests;

/// <summary>What the documentation and the dashboard name exists, and what exists is documented.</summary>
public sealed partial class NamesTests
{
    // Measures of the web server and of Npgsql that the dashboard shows, as Prometheus has them.
    private static readonly string[] Foreign =
    [
        "db_client_operation_duration_seconds_bucket", "db_client_connection_count", "db_client_connection_npgsql_pending_requests",
        "http_server_request_duration_seconds_bucket",
    ];

    [Fact]
    public void Instruments_OfEveryFeature_AreFound()
        => Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "campaigns.claim.duration", "campaigns.dials", "campaigns.rescues", "campaigns.permits.drifts", "campaigns.calls.underruns",
                "campaigns.exotel.media.frames", "campaigns.gemini.tokens", "campaigns.silo.draining", "campaigns.campaign.in_flight",
            },
            Instruments.All.Keys.ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void Instruments_OfTheProduct_HaveDottedNamesUnitsAndWords()
        => Assert.All(Instruments.All.Values, instrument =>
        {
            Assert.Matches("^campaigns(\\.[a-z][a-z0-9_]*)+$", instrument.Name);
            Assert.Matches("^(s|ms|By|1|\\{[a-z]+\\})$", instrument.Unit ?? "");
            Assert.False(string.IsNullOrWhiteSpace(instrument.Description), $"{instrument.Name} has no description.");
        });

    [Fact]
    public void Documentation_OfMeasures_NamesEachWithItsUnitAndNoOther()
    {
        var documented = Row().Matches(File.ReadAllText(Repository("docs/observability.md")))
            .ToDictionary(row => row.Groups["name"].Value, row => row.Groups["unit"].Value, StringComparer.Ordinal);

        Assert.Equal(
            Instruments.All.Values.Select(i => $"{i.Name} {i.Unit}").Order(StringComparer.Ordinal),
            documented.Select(d => $"{d.Key} {d.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Dashboard_OfCampaigns_UsesNamesThatExist()
    {
        var known = Instruments.All.Values.SelectMany(Instruments.PrometheusNamesOf).Concat(Foreign).ToHashSet(StringComparer.Ordinal);
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Repository("docs/grafana/campaigns.json")));
        var expressions = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)
            .ToList();

        Assert.True(expressions.Count > 40, $"Only {expressions.Count} expressions were found.");
        Assert.All(expressions, expression =>
        {
            var names = Selector().Matches(WithoutLabels().Replace(expression, "")).Select(m => m.Value).ToList();
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.True(known.Contains(name), $"{name} in {expression} is no measure there is."));
        });
    }

    private static string Repository(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Campaigns.Orleans.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not run within the repository.");
        }

        return Path.Combine(folder.FullName, path);
    }

    [GeneratedRegex(
        @"^\| `(?<name>campaigns\.[a-z0-9_.]+)` \| (counter|histogram|gauge|up-down) \| `(?<unit>[^`]+)` \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    // Functions and words of the language have no underscore, but for one function; measures all have.
    [GeneratedRegex("(?!histogram_quantile)\\b[a-z]+(_[a-z0-9]+)+\\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Selector();

    [GeneratedRegex(@"by \([^)]*\)", RegexOptions.None, 1000)]
    private static partial Regex WithoutLabels();
}
