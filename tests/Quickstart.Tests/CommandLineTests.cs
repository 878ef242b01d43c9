using Quickstart.Options;

namespace Quickstart.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Parse_WhenEverythingIsGiven_TakesEverything()
    {
        var contacts = Path.Combine(AppContext.BaseDirectory, "contacts.csv");
        var campaign = Path.Combine(AppContext.BaseDirectory, "campaign.json");
        var (options, errors) = CommandLine.Parse(
        [
            "--once", "--contacts", contacts, "--campaign", campaign, "--speed", "2.5", "--max-concurrent", "7", "--calls-per-minute", "90",
            "--data", "/tmp/somewhere", "--port", "5090",
        ]);

        Assert.Empty(errors);
        Assert.Equal(
            new QuickstartOptions
            {
                Once = true,
                Contacts = contacts,
                Campaign = campaign,
                Speed = 2.5,
                MaxConcurrent = 7,
                CallsPerMinute = 90,
                Data = "/tmp/somewhere",
                Port = 5090,
            },
            options);
    }

    [Fact]
    public void Parse_WhenNothingIsGiven_TakesTheSamples()
    {
        var (options, errors) = CommandLine.Parse([]);

        Assert.Empty(errors);
        Assert.True(File.Exists(options.Contacts));
        Assert.True(File.Exists(options.Campaign));
    }

    [Fact]
    public void Parse_WhenSeveralAreWrong_NamesEachOfThem()
    {
        var (_, errors) = CommandLine.Parse(
            ["--fast", "stray", "--speed", "0", "--port", "65536", "--max-concurrent", "-1", "--contacts", "/nowhere.csv", "--once", "--once", "--data"]);

        Assert.Collection(
            errors,
            e => Assert.Equal("There is no option --fast.", e),
            e => Assert.Equal("'stray' belongs to no option.", e),
            e => Assert.Equal("--speed must be a number from 0.1 to 1000, not '0'.", e),
            e => Assert.Equal("--port must be a whole number from 0 to 65535, not '65536'.", e),
            e => Assert.Equal("--max-concurrent must be a whole number from 1 to 10000, not '-1'.", e),
            e => Assert.Equal("--contacts names no file: /nowhere.csv", e),
            e => Assert.Equal("--once is given twice.", e),
            e => Assert.Equal("--data needs a value.", e));
    }

    [Fact]
    public void Parse_WhenAnOptionStandsInPlaceOfAValue_SaysSoAndReadsTheOption()
    {
        var (options, errors) = CommandLine.Parse(["--speed", "--once"]);

        Assert.Equal("--speed needs a value.", Assert.Single(errors));
        Assert.True(options.Once);
    }

    [Theory]
    [InlineData("{ broken")]
    [InlineData("[1]")]
    public void Parse_WhenTheCampaignIsNoJsonObject_SaysSo(string text)
    {
        using var folder = new TestFolder();
        var file = folder.Write("campaign.json", text);

        var (_, errors) = CommandLine.Parse(["--campaign", file]);

        Assert.Contains("JSON", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Usage_NamesEveryOption()
    {
        string[] names =
        [
            "--once", "--contacts", "--campaign", "--speed", "--max-concurrent", "--calls-per-minute", "--data", "--port", "--help", "--version",
        ];
        Assert.All(names, name => Assert.Contains(name, CommandLine.Usage, StringComparison.Ordinal));
    }
}
