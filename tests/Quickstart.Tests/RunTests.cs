using System.Text.Json.Nodes;
using Campaigns.Testing;
using Xunit.Abstractions;

namespace Quickstart.Tests;

/// <summary>The whole process, as a newcomer runs it.</summary>
public sealed class RunTests(ITestOutputHelper output)
{
    private const int Seed = 20261121;

    [PostgresFact(PrivateServer = true)]
    public async Task Once_WithTheSample_EndsWithEveryNumberAsPromised()
    {
        await using var run = QuickstartProcess.Start("--once", "--port", "0");

        var (exitCode, last) = await run.EndAsync();

        output.WriteLine(run.Said);
        Assert.True(exitCode == 0, run.Said);
        var result = JsonNode.Parse(last)!;
        Assert.Equal(60, (int)result["total"]!);
        Assert.Equal(1, (int)result["skipped"]!);
        Assert.Equal(0, (int)result["duplicateDials"]!);
        Assert.Equal(3, (int)result["promised"]!);
        Assert.Equal(3, (int)result["callbacks"]!);
        Assert.Equal(1, (int)result["optOuts"]!);
        Assert.Equal(41, (int)result["conversations"]!);
        Assert.Equal(46, (int)result["recordings"]!);
        Assert.Equal("""{"interested":28,"not_interested":7}""", result["dispositions"]!.ToJsonString());
        Assert.InRange((int)result["answerToFirstAudioMsP95"]!, 1, 30_000);
        Assert.Contains("person  yes, I will renew", run.Said, StringComparison.Ordinal);
    }

    /// <summary>kill -9 at random moments, twice, each time started again with the same data: nobody is called twice, nobody is lost.</summary>
    [PostgresFact(PrivateServer = true)]
    public async Task Once_WhenKilledAndStartedAgain_CompletesWithoutADuplicateDial()
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        using var folder = new TestFolder();
        string[] arguments = ["--once", "--data", folder.In("data"), "--port", "0"];
        for (var kill = 0; kill < 2; kill++)
        {
            await using var victim = QuickstartProcess.Start(arguments);
            await victim.LineAsync(l => l.StartsWith("RUNNING", StringComparison.Ordinal));

            // The moment itself is what is tried: any delay is right.
            await Task.Delay(random.Next(2_000, 9_000));
            await victim.KillAsync();
        }

        await using var run = QuickstartProcess.Start(arguments);
        var (exitCode, last) = await run.EndAsync();

        output.WriteLine(run.Said);
        Assert.True(exitCode == 0, run.Said);
        var result = JsonNode.Parse(last)!;
        Assert.Equal(0, (int)result["duplicateDials"]!);
        Assert.Equal(60, (int)result["total"]!);
        Assert.Equal(60, new[] { "completed", "noAnswer", "failed", "skipped" }.Sum(name => (int)result[name]!));

        // Whose dial was cut off is not spoken with; everybody else is, whatever broke off before.
        Assert.True((int)result["conversations"]! > 35, last);
        Assert.Empty(Leftovers.In(folder.Path));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task Run_WhenInterrupted_StopsAndLeavesNothing()
    {
        await using var run = QuickstartProcess.Start("--port", "0");
        var data = (await run.LineAsync(l => l.StartsWith("Data ", StringComparison.Ordinal))).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        await run.LineAsync(l => l.StartsWith("RUNNING", StringComparison.Ordinal));

        await run.InterruptAsync();
        var (exitCode, _) = await run.EndAsync();

        Assert.True(exitCode == 130, run.Said);
        Assert.False(Directory.Exists(data));
        Assert.Empty(Leftovers.In(data));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task Once_WhenTheDataHoldAFinishedCampaign_ShowsItAndDialsNobody()
    {
        using var folder = new TestFolder();
        var contacts = folder.Write("few.csv", "name,phone,plan,renewal_date\nMeera,+91 55550 00103,Motor,2026-12-08\nRafi,+91 55550 01431,Home,2026-12-15\n");
        string[] arguments = ["--once", "--contacts", contacts, "--data", folder.In("data"), "--port", "0"];
        await using var first = QuickstartProcess.Start(arguments);
        var (exitCode, result) = await first.EndAsync();
        Assert.True(exitCode == 0, first.Said);

        // Rafi waits for Tuesday, which keeps neither run up.
        Assert.Equal(1, (int)JsonNode.Parse(result)!["promised"]!);

        await using var second = QuickstartProcess.Start(arguments);
        Assert.Equal((0, result), await second.EndAsync());

        File.AppendAllText(contacts, "Zoya,+91 55550 00388,Home,2026-12-15\n");
        await using var other = QuickstartProcess.Start(arguments);
        Assert.Equal(2, (await other.EndAsync()).ExitCode);
        Assert.Contains("holds a campaign of other contacts", other.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WhenAnOptionIsWrong_SaysSoAtOnceAndEndsWithTwo()
    {
        await using var run = QuickstartProcess.Start("--once", "--speed", "fast");

        Assert.Equal((2, ""), await run.EndAsync());
        Assert.Contains("--speed must be a number from 0.1 to 1000, not 'fast'.", run.Errors, StringComparison.Ordinal);
    }

    [PostgresFact(PrivateServer = true)]
    public async Task Run_WhenTheApiRefusesTheCampaign_EndsWithTwoAndTheReason()
    {
        using var folder = new TestFolder();
        var campaign = folder.Write("campaign.json", """{ "name": "Nobody at all", "callsPerMinute": -1 }""");
        await using var run = QuickstartProcess.Start("--once", "--campaign", campaign, "--port", "0");

        Assert.Equal(2, (await run.EndAsync()).ExitCode);
        Assert.Contains("callsPerMinute", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_NamesTheEngine()
    {
        await using var run = QuickstartProcess.Start("--version");

        var (exitCode, line) = await run.EndAsync();
        Assert.Equal(0, exitCode);
        Assert.Matches("Orleans engine: (packages|single-process)$", line);
    }
}
