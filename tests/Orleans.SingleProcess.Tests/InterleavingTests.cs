namespace Orleans.SingleProcess.Tests;

public sealed class InterleavingTests
{
    [Fact]
    public async Task AlwaysInterleave_WhileACallHolds_Runs()
    {
        await using var cluster = await TestCluster.StartAsync();
        var holding = cluster.Work("a").Hold("s");
        await cluster.Board["s"].Arrived();
        var blocked = cluster.Work("a").Add(1);
        await cluster.Work("a").Ping();
        Assert.False(blocked.IsCompleted);
        cluster.Board["s"].Open();
        await holding;
        Assert.Equal(1, await blocked);
    }

    [Fact]
    public async Task ReadOnly_WhileAReadOnlyCallHolds_Runs()
    {
        await using var cluster = await TestCluster.StartAsync();
        var first = cluster.Work("a").Read("s");
        await cluster.Board["s"].Arrived();
        var writer = cluster.Work("a").Add(1);
        var second = cluster.Work("a").Read("s");
        await cluster.Board["s"].Arrived();
        Assert.False(writer.IsCompleted);
        cluster.Board["s"].Open();
        await Task.WhenAll(first, second, writer);
    }

    [Fact]
    public async Task ReadOnly_WhileAWriterHolds_Waits()
    {
        await using var cluster = await TestCluster.StartAsync();
        var writer = cluster.Work("a").Hold("w");
        await cluster.Board["w"].Arrived();
        var reader = cluster.Work("a").Read("r");
        await cluster.Work("a").Ping();
        Assert.False(cluster.Board["r"].HasArrived);
        cluster.Board["w"].Open();
        await writer;
        await cluster.Board["r"].Arrived();
        cluster.Board["r"].Open();
        await reader;
    }

    [Fact]
    public async Task Reentrant_WhileACallHolds_RunsOthersAndItself()
    {
        await using var cluster = await TestCluster.StartAsync();
        var grain = cluster.Client.GetGrain<IReentrantGrain>("r");
        var holding = grain.Hold("s");
        await cluster.Board["s"].Arrived();
        Assert.Equal(7, await grain.CallSelf());
        cluster.Board["s"].Open();
        await holding;
    }
}
