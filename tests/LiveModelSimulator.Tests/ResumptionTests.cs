namespace LiveModelSimulator.Tests;

public sealed class ResumptionTests
{
    [Fact]
    public async Task Conversation_OverThreeTurnsABargeInAToolAndAResumption_HoldsTogether()
    {
        await using var stage = await Stage.SetAsync();
        var client = await stage.GreetedAsync(Setups.Vertex);
        await stage.SayAsync(client, "yes, speaking");
        await stage.UntilAsync(client, e => e.Said.Count == 2, "the question to begin");
        await stage.SayAsync(client, "my birthday month is March");
        await stage.UntilAsync(client, e => e.TurnsEnded == 3, "the note");
        await stage.ConverseAsync(client, "blue");
        await client.TurnsAsync(4);

        await client.CloseAsync();
        var resumed = await ResumeAsync(stage, Setups.Vertex, stage.Session(1).Handles[^1]);
        await stage.ConverseAsync(resumed, "green");
        await stage.SayAsync(resumed, "red");
        await stage.UntilAsync(resumed, e => e.ToolCalls.Count == 1, "end_call after the third unclear answer");
        await resumed.RespondAsync(stage.Session(2).ToolCalls[0], "{}");
        await stage.UntilAsync(resumed, e => e.TurnsEnded == 2, "the end");

        Assert.Equal(
            ["Hello Asha. I remember her plan is gold.", "Will you renew this year?", "Noted, March. Will you renew this year?", "Sorry, could you repeat that?"],
            stage.Session(1).Said.Select(s => s.Text));
        Assert.Equal([false, true, false, false], stage.Session(1).Said.Select(s => s.Interrupted));
        Assert.Equal([1, 2, 3, 4], stage.Session(1).Said.Select(s => s.Turn));
        Assert.Equal(["Sorry, could you repeat that?", "Goodbye."], stage.Session(2).Said.Select(s => s.Text));
        Assert.Equal(new ResumptionRecord(stage.Session(1).Handles[^1], 1, OldSocketOpen: false, Accepted: true), stage.Session(2).Resumption);
        Assert.Equal(1, stage.Host.Ledger.PeakSessions);
        Assert.All(stage.Host.Ledger.Sessions, s => Assert.Empty(s.ProtocolErrors));
    }

    [Fact]
    public async Task Resumption_FromAnOlderHandle_GoesBackToItsState()
    {
        await using var stage = await Stage.SetAsync(o => o.HandleAfterSetup = true);
        var client = await stage.GreetedAsync(Setups.Live31);
        await client.CloseAsync();
        Assert.Equal(2, stage.Session(1).Handles.Count);

        var resumed = await ResumeAsync(stage, Setups.Live31, stage.Session(1).Handles[0]);
        await stage.ConverseAsync(resumed, "hello");

        Assert.StartsWith("Hello Asha.", stage.Session(2).Said[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handle_WithoutSessionResumption_IsNotSent()
    {
        await using var stage = await Stage.SetAsync(o => o.HandleAfterSetup = true);
        var client = await stage.GreetedAsync(Setups.Live31, """{"sessionResumption":null}""");
        await client.TurnsAsync(1);

        Assert.DoesNotContain(client.Messages, m => m.TryGetProperty("sessionResumptionUpdate", out _));
        Assert.Empty(stage.Session(1).Handles);
    }

    [Fact]
    public async Task Resumption_WhileTheOlderSocketIsOpen_Is1011()
    {
        await using var stage = await Stage.SetAsync();
        await stage.GreetedAsync(Setups.Live31);

        var second = await stage.OpenAsync(Setups.Live31, Resume(stage.Session(1).Handles[0]));
        await stage.UntilAsync(second, e => !e.Live, "the refusal");

        Assert.Equal(1011, (await second.ClosedAsync()).Code);
        Assert.Equal((true, false), (stage.Session(2).Resumption!.OldSocketOpen, stage.Session(2).Resumption!.Accepted));
        Assert.True(stage.Session(1).Live);
    }

    [Fact]
    public async Task Resumption_WithinTheGraceOfAnAbortedSocket_IsTaken()
    {
        await using var stage = await Stage.SetAsync();
        var first = await stage.GreetedAsync(Setups.Live31);

        first.Abort();
        var second = await stage.OpenAsync(Setups.Live31, Resume(stage.Session(1).Handles[0]));
        await stage.WhenAsync(first, e => !e.Live, "the abort to be seen");
        await stage.UntilAsync(second, e => e.SetupCompleteAt is not null, "the resumption");

        Assert.True(stage.Session(2).Resumption!.Accepted);
    }

    [Theory]
    [InlineData(Setups.Live31, 2)]
    [InlineData(Setups.Vertex, 24)]
    public async Task Handle_AfterItsLifetime_IsRefused(string model, int hours)
    {
        await using var stage = await Stage.SetAsync();
        var first = await stage.GreetedAsync(model);
        var handle = stage.Session(1).Handles[0];
        await first.CloseAsync();

        stage.Clock.Advance(TimeSpan.FromHours(hours));
        var inTime = await ResumeAsync(stage, model, handle);
        await inTime.CloseAsync();
        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        var late = await stage.OpenAsync(model, Resume(handle));

        Assert.Equal(1008, (await late.ClosedAsync()).Code);
    }

    [Fact]
    public async Task Handle_NobodyIssued_IsRefused()
    {
        await using var stage = await Stage.SetAsync();

        var client = await stage.OpenAsync(Setups.Live31, Resume("made-up"));

        Assert.Equal(1008, (await client.ClosedAsync()).Code);
        Assert.Equal(new ResumptionRecord("made-up", null, false, false), stage.Session(1).Resumption);
    }

    [Fact]
    public async Task Resumption_WithAnotherModel_Is1007()
    {
        await using var stage = await Stage.SetAsync();
        var first = await stage.GreetedAsync(Setups.Live31);
        await first.CloseAsync();

        var second = await stage.OpenAsync(Setups.Native25, Resume(stage.Session(1).Handles[0]));

        Assert.Equal(1007, (await second.ClosedAsync()).Code);
    }

    internal static string Resume(string handle) => $$$"""{"sessionResumption":{"handle":"{{{handle}}}"}}""";

    private static Task<LiveClient> ResumeAsync(Stage stage, string model, string handle) => stage.BeginAsync(model, Resume(handle));
}
