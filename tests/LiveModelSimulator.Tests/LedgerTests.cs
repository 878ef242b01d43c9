using System.Text.Json.Nodes;

namespace LiveModelSimulator.Tests;

public sealed class LedgerTests
{
    [Fact]
    public async Task Ledger_OverHttp_TellsAWholeSession()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31);
        await stage.SayAsync(client, "yes, I will renew");
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 1, "the call");
        await client.CloseAsync();
        await stage.BeginAsync(Setups.Vertex);

        var ledger = JsonNode.Parse(await stage.Http.GetStringAsync("ledger"))!;
        var later = JsonNode.Parse(await stage.Http.GetStringAsync("ledger?after=1"))!;
        var summary = JsonNode.Parse(await stage.Http.GetStringAsync("ledger/summary"))!;

        var session = ledger["sessions"]![0]!;
        Assert.Equal("developer", session["platform"]!.GetValue<string>());
        Assert.Equal(Setups.Prompt, session["prompt"]!.GetValue<string>());
        Assert.Equal(Setups.Tools, session["tools"]!.AsArray().Select(t => t!.GetValue<string>()));
        Assert.Equal("interested", session["toolCalls"]![0]!["args"]!["disposition"]!.GetValue<string>());
        Assert.Equal("yes, I will renew", session["heard"]![0]!["text"]!.GetValue<string>());
        Assert.Equal("client", session["closedBy"]!.GetValue<string>());
        Assert.Contains("\"model\"", session["setup"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(1, (int)session["audioMessages"]!.GetValue<long>() / 10);
        Assert.Equal(2, Assert.Single(later["sessions"]!.AsArray())!["sequence"]!.GetValue<int>());
        Assert.Equal((2, 1, 1), (summary["sessions"]!.GetValue<int>(), summary["unanswered"]!.GetValue<int>(), summary["heard"]!.GetValue<int>()));
    }

    [Fact]
    public async Task WhenAsync_ForTheFuture_CompletesThen()
    {
        await using var stage = await Stage.SetAsync();
        var closed = stage.Host.Ledger.WhenAsync(e => e.CloseCode == 1000);
        var client = await stage.BeginAsync(Setups.Live31);
        Assert.False(closed.IsCompleted);

        await client.CloseAsync();

        Assert.Equal(1, (await closed.WaitAsync(TimeSpan.FromSeconds(30))).Sequence);
    }

    [Fact]
    public async Task Dispose_WithALiveSession_DropsIt()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.BeginAsync(Setups.Live31);

        await stage.Host.DisposeAsync();

        await client.ClosedAsync();
        Assert.False(stage.Session(1).Live);
        Assert.Equal(0, stage.Host.Ledger.LiveSessions);
    }

    [Fact]
    public async Task Faults_OverHttp_AreThoseOfTheReadme()
    {
        await using var stage = await Stage.SetAsync();
        var served = JsonNode.Parse(await stage.Http.GetStringAsync("faults"))!.AsArray();

        var readme = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "README.md"));

        Assert.Equal(Faults.Rows.Count, served.Count);
        foreach (var row in Faults.Rows)
        {
            var value = row.Value is null ? "" : row.Default == int.MaxValue ? $"{row.Value} (always)" : $"{row.Value} ({row.Default})";
            Assert.Contains($"| `{row.Name}` | {value} | {row.Description} |", readme, StringComparison.Ordinal);
        }
    }
}
