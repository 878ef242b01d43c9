using Campaigns.Testing;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.SingleProcess.Tests;

public sealed class CallTests
{
    [Fact]
    public async Task Call_FromManyThreads_RunsOneTurnAtATime()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        const int Callers = 16;
        const int Calls = 2_000;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var grain = cluster.Work("shared");
            for (var i = 0; i < Calls; i++)
            {
                await grain.Add(1);
            }
        })));
        Assert.Equal(Callers * Calls, await cluster.Work("shared").Add(0));
    }

    [Fact]
    public async Task Call_WhenSentAllAtOnce_RunsOneTurnAtATime()
    {
        await using var cluster = await TestCluster.StartAsync();
        var grain = cluster.Work("burst");
        var results = await Task.WhenAll(Enumerable.Range(0, 10_000).Select(_ => grain.Add(1)));
        Assert.Equal(Enumerable.Range(1, 10_000), results);
    }

    [Fact]
    public async Task Await_InGrain_ComesBackToItsScheduler()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.True(await cluster.Work("a").StaysOnScheduler());
    }

    [Fact]
    public async Task Call_ToOneself_TimesOut()
    {
        var clock = new FakeClock();
        await using var cluster = await TestCluster.StartAsync(clock: clock);
        var call = cluster.Work("a").CallSelf();
        var other = cluster.Work("b").Where();
        await other;
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => call);
    }

    [Fact]
    public async Task Call_WithResponseTimeout_TimesOutAfterIt()
    {
        var clock = new FakeClock();
        await using var cluster = await TestCluster.StartAsync(clock: clock);
        var call = cluster.Work("a").HoldShortly("s");
        await cluster.Board["s"].Arrived();
        clock.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<TimeoutException>(() => call);
        // The grain itself is still at it: others wait.
        var next = cluster.Work("a").Add(1);
        Assert.False(next.IsCompleted);
        cluster.Board["s"].Open();
        Assert.Equal(1, await next);
    }

    [Fact]
    public async Task Call_ThatThrows_KeepsTheExceptionType()
    {
        await using var cluster = await TestCluster.StartAsync();
        var thrown = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => cluster.Work("a").Fail("count"));
        Assert.Equal("count", thrown.ParamName);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.Work("a").FailByCancel());
    }

    [Fact]
    public async Task Call_ThatThrowsATypeWithoutSerializer_LosesItsMembersAsInOrleans()
    {
        await using var cluster = await TestCluster.StartAsync();
        var thrown = await Assert.ThrowsAsync<OddException>(() => cluster.Work("a").FailOddly());
        Assert.Equal("odd", thrown.Message);
        Assert.Equal(0, thrown.Code);
    }

    [Fact]
    public async Task OneWay_WhenTheGrainIsBusyOrFails_DoesNotHoldTheCaller()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Work("a").Fire("s");
        await cluster.Board["s"].Arrived();
        cluster.Board["s"].Open();
        Assert.Equal(1, await cluster.Work("a").Add(1));
    }

    [Fact]
    public async Task Cancel_WhenTheGrainRuns_ReachesItsToken()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var source = new CancellationTokenSource();
        var call = cluster.Work("a").Wait("s", source.Token);
        await cluster.Board["s"].Arrived();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await cluster.Board["s cancelled"].Arrived();
    }

    [Fact]
    public async Task Cancel_WhenTheCallStillWaits_NeverRunsIt()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var source = new CancellationTokenSource();
        var holding = cluster.Work("a").Hold("h");
        await cluster.Board["h"].Arrived();
        var call = cluster.Work("a").Wait("s", source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        cluster.Board["h"].Open();
        await holding;
        await cluster.Work("a").Add(1);
        Assert.False(cluster.Board["s"].HasArrived);
    }

    [Fact]
    public async Task Cancel_BeforeTheCall_FailsIt()
    {
        await using var cluster = await TestCluster.StartAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.Work("a").Wait("s", new CancellationToken(true)));
        Assert.DoesNotContain("activate a", cluster.Board.Events);
    }

    [Fact]
    public async Task RequestContext_FlowsDownAndNotBack()
    {
        await using var cluster = await TestCluster.StartAsync();
        RequestContext.Set("k", "mine");
        Assert.Equal("mine", await cluster.Work("a").Context("k", false));
        Assert.Equal("mine", RequestContext.Get("k"));
        Assert.Equal("changed by the callee", await cluster.Work("a").Context("k", true));
        Assert.True(RequestContext.Remove("k"));
        Assert.Null(await cluster.Work("a").Context("k", false));
    }

    [Fact]
    public async Task Arguments_WhenMutable_AreCopiedBothWays()
    {
        await using var cluster = await TestCluster.StartAsync();
        var basket = new Basket { Items = ["one"], Counts = { ["x"] = [1, 2] } };
        basket.Inner = basket;
        var back = await cluster.Work("a").Echo(basket);
        Assert.Equal(["one"], basket.Items);
        Assert.Equal(["one", "seen"], back.Items);
        Assert.Same(back, back.Inner);
        back.Items.Add("mine");
        Assert.Equal(2, await cluster.Work("a").KeptItems());
        await cluster.Work("a").Keep(basket);
        basket.Items.Clear();
        basket.Counts["x"][0] = 9;
        Assert.Equal(1, await cluster.Work("a").KeptItems());
        Assert.Equal(1, back.Counts["x"][0]);
    }

    [Fact]
    public async Task Arguments_WhenImmutable_AreShared()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.True(await cluster.Work("a").IsSame(WorkGrain.TheOrder));
        Assert.Same(WorkGrain.TheOrder, await cluster.Work("a").GetOrder());
    }

    [Fact]
    public async Task Arguments_OfATypeWithoutSerializer_AreRefused()
    {
        await using var cluster = await TestCluster.StartAsync();
        await Assert.ThrowsAsync<CodecNotFoundException>(() => cluster.Work("a").EchoAny(new Board()));
        IReadOnlyList<int> lazy = [1, 2, 3];
        await Assert.ThrowsAsync<CodecNotFoundException>(() => cluster.Work("a").EchoAny(lazy));
        int[] array = [1, 2, 3];
        var back = await cluster.Work("a").EchoAny(array);
        Assert.Equal<IEnumerable<int>>(array, (int[])back);
    }

    [Fact]
    public async Task Keys_OfEachKind_ComeBack()
    {
        await using var cluster = await TestCluster.StartAsync();
        var guid = Guid.NewGuid();
        Assert.Equal(guid, cluster.Client.GetGrain<ICounterGrain>(guid).GetPrimaryKey());
        Assert.Equal(-5, cluster.Client.GetGrain<ITimerGrain>(-5).GetPrimaryKeyLong());
        Assert.Equal("work/a/b", await cluster.Work("a/b").Key());
        Assert.Equal(GrainId.Create("work", "a/b"), GrainId.Parse(await cluster.Work("a/b").Key()));
        Assert.Same(cluster.Work("x").GetType(), cluster.Client.GetGrain<IWorkGrain>(GrainId.Create("work", "x")).GetType());
    }
}
