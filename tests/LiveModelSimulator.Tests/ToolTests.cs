namespace LiveModelSimulator.Tests;

public sealed class ToolTests
{
    private const string Ok = """{"output":{"status":"ok"}}""";

    [Fact]
    public async Task Response_OfACall_IsTimed()
    {
        await using var stage = await Stage.SetAsync();
        var (client, call) = await CalledAsync(stage, Setups.Live31);

        stage.Clock.Advance(TimeSpan.FromMilliseconds(120));
        await client.RespondAsync(call, Ok);
        var entry = await stage.WhenAsync(client, e => e.ToolCalls[0].Response is not null, "the response");

        Assert.Equal((120.0, Ok), (entry.ToolCalls[0].LatencyMs!.Value, entry.ToolCalls[0].Response));
    }

    [Theory]
    [InlineData("never-issued", "update_campaign_contact", 1008)]
    [InlineData(null, "update_campaign_contact", 1007)]
    [InlineData("", "mark_do_not_call", 1007)]
    public async Task Response_ToNoCall_ClosesTheSession(string? id, string name, int code)
    {
        await using var stage = await Stage.SetAsync();
        var (client, call) = await CalledAsync(stage, Setups.Native25);

        await client.RespondAsync(id is "" ? call.Id : id, name, Ok);

        Assert.Equal(code, (await client.ClosedAsync()).Code);
    }

    [Fact]
    public async Task Response_TheSecondTime_Is1008()
    {
        await using var stage = await Stage.SetAsync();
        var (client, call) = await CalledAsync(stage, Setups.Live31);

        await client.RespondAsync(call, Ok);
        await client.RespondAsync(call, Ok);

        Assert.Equal(1008, (await client.ClosedAsync()).Code);
    }

    [Fact]
    public async Task Response_WithSchedulingOn25_IsTaken()
    {
        await using var stage = await Stage.SetAsync();
        var (client, call) = await CalledAsync(stage, Setups.Native25);

        await client.RespondAsync(call, Ok, """{"scheduling":"SILENT"}""");
        await stage.WhenAsync(client, e => e.ToolCalls[0].Response is not null, "the response");

        Assert.Empty(stage.Session(1).ProtocolErrors);
    }

    [Fact]
    public async Task Response_OnVertexWithoutId_IsFoundByName()
    {
        await using var stage = await Stage.SetAsync();
        var (client, call) = await CalledAsync(stage, Setups.Vertex);

        await client.RespondAsync((string?)null, call.Name, Ok);
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 2, "the next call");

        Assert.Equal(Ok, stage.Session(1).ToolCalls[0].Response);
    }

    [Fact]
    public async Task Call_OfAToolThatIsNotDeclared_IsLeftOutAndNoted()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Live31, """{"tools":[]}""");

        await stage.ConverseAsync(client, "yes, I will renew");

        Assert.Empty(stage.Session(1).ToolCalls);
        Assert.Equal("Thank you. Goodbye.", stage.Session(1).Said[^1].Text);
        Assert.Equal(2, stage.Session(1).Notes.Count);
    }

    [Theory]
    [InlineData(Setups.Native25, false, 1, true)]
    [InlineData(Setups.Native25, true, 1, false)]
    [InlineData(Setups.Live31, true, 0, true)]
    public async Task Audio_WhileACallIsPending_IsCountedAndRefusedByOption(string model, bool refuses, int counted, bool lives)
    {
        await using var stage = await Stage.SetAsync(o => o.RefuseInputDuringToolCall = refuses);
        var (client, call) = await CalledAsync(stage, model);

        await client.SendAudioAsync(new short[1600]);
        await client.SendAsync("""{"realtimeInput":{"video":{"data":"","mimeType":"image/png"}}}""");
        await client.RespondAsync("none-yet", "f", "{}");
        await stage.WhenAsync(client, e => !e.Live, "the close after the sentinel");
        Assert.Equal(0, stage.Session(1).InputDuringToolCall);

        (client, call) = await CalledAsync(stage, model);
        stage.Clock.Advance(TimeSpan.FromMilliseconds(251));
        await client.SendAudioAsync(new short[1600]);
        if (lives)
        {
            await client.RespondAsync(call, Ok);
            await stage.WhenAsync(client, e => e.ToolCalls[0].Response is not null, "the response");
        }
        else
        {
            Assert.Equal(1008, (await client.ClosedAsync()).Code);
        }

        Assert.Equal(counted, stage.Session(2).InputDuringToolCall);
    }

    private static async Task<(LiveClient Client, ToolRecord Call)> CalledAsync(Stage stage, string model)
    {
        var client = await stage.GreetedAsync(model);
        await stage.SayAsync(client, "yes, I will renew");
        await stage.UntilAsync(client, e => e.ToolCalls.Count == 1, "the tool call");
        await client.WhenAsync(m => m.TryGetProperty("toolCall", out _), "toolCall");
        return (client, stage.Session(client.Number).ToolCalls[0]);
    }
}
