using System.Diagnostics;
using Campaigns.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Orleans.Storage;

namespace Orleans.SingleProcess.Tests;

public sealed class LifeTests
{
    [Fact]
    public async Task DeactivateOnIdle_WithCallsQueued_MovesThemToTheNextActivation()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Work("a").Add(5);
        var holding = cluster.Work("a").Hold("s");
        await cluster.Board["s"].Arrived();
        var leaving = cluster.Work("a").Leave();
        var after = cluster.Work("a").Add(1);
        cluster.Board["s"].Open();
        await Task.WhenAll(holding, leaving);
        Assert.Equal(1, await after);
        Assert.Equal(["activate a", "deactivate a ApplicationRequested", "activate a"], cluster.Board.Events);
    }

    [Fact]
    public async Task Collection_WhenIdleForTheAge_EndsTheActivation()
    {
        var clock = new FakeClock();
        await using var cluster = await TestCluster.StartAsync(clock: clock);
        await cluster.Work("idle").Add(1);
        await cluster.Work("used").Add(1);
        await cluster.Work("delayed").Delay(TimeSpan.FromMinutes(30));
        var held = cluster.Work("busy").Fire("s");
        await cluster.Board["s"].Arrived();
        await held;
        var ended = cluster.EndOf(cluster.Work("idle"));
        clock.Advance(TimeSpan.FromMinutes(9));
        await cluster.Work("used").Add(1);
        clock.Advance(TimeSpan.FromMinutes(2));
        await ended;
        Assert.Equal(3, cluster.Engine.ActivationCount);
        Assert.Contains("deactivate idle ActivationIdle", cluster.Board.Events);
        Assert.Equal(1, await cluster.Work("idle").Add(1));
        cluster.Board["s"].Open();
    }

    [Fact]
    public async Task Kill_WithCallsRunningAndQueued_FailsThemAndStartsAnew()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await cluster.Work("a").Add(5);
        var running = cluster.Work("a").Hold("s");
        await cluster.Board["s"].Arrived();
        var queued = cluster.Work("a").Add(1);
        Assert.True(cluster.Engine.Kill(cluster.Work("a")));
        await Assert.ThrowsAsync<SiloUnavailableException>(() => running);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => queued);
        Assert.Equal(1, await cluster.Work("a").Add(1));
        Assert.DoesNotContain(cluster.Board.Events, e => e.StartsWith("deactivate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Kill_AndDeactivate_UnderLoad_LeaveNoCallUnanswered()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        using var done = new CancellationTokenSource();
        var lost = 0;
        var callers = Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            // At least that many, and on until a kill has met a call: which turn it meets is the machine's affair.
            for (var i = 0; i < 3_000 || Volatile.Read(ref lost) == 0; i++)
            {
                try
                {
                    await cluster.Work($"{(caller + i) % 4}").Add(1);
                }
                catch (SiloUnavailableException)
                {
                    Interlocked.Increment(ref lost);
                }
            }
        })).ToList();
        var reaper = Task.Run(async () =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++)
            {
                var grain = cluster.Work($"{i % 4}");
                if (i % 3 == 0)
                {
                    cluster.Engine.Kill(grain);
                }
                else
                {
                    await cluster.Engine.DeactivateAsync(grain);
                }

                if (i % 200 == 199)
                {
                    await cluster.Cluster.KillSiloAsync(cluster.Cluster.Silos[0]);
                    await cluster.Cluster.StartAdditionalSiloAsync();
                }
            }
        });
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(25));
        await done.CancelAsync();
        await reaper;
        Assert.Equal(1, await cluster.Work("fresh").Add(1));
        Assert.NotEqual(0, lost);
    }

    [Fact]
    public async Task KillSilo_WithActivations_MovesTheirNextCallsElsewhere()
    {
        await using var cluster = await TestCluster.StartAsync(3);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => cluster.Work($"{i}").Add(1)));
        var victim = cluster.Cluster.Silos[1];
        var lost = Enumerable.Range(0, 60).Where(i => cluster.Engine.SiloOf(cluster.Work($"{i}")) == victim.Name).ToList();
        Assert.NotEmpty(lost);
        await cluster.Cluster.KillSiloAsync(victim);
        var counts = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => cluster.Work($"{i}").Add(1)));
        Assert.Equal(lost, Enumerable.Range(0, 60).Where(i => counts[i] == 1));
        Assert.Equal(2, cluster.Cluster.Silos.Count);
        Assert.False(victim.IsActive);
    }

    [Fact]
    public async Task StopSilo_WithActivations_DeactivatesThemInOrder()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => cluster.Work($"{i}").Add(1)));
        await cluster.Cluster.StopSiloAsync(cluster.Cluster.Silos[0]);
        await cluster.Cluster.StopSiloAsync(cluster.Cluster.Silos[0]);
        Assert.Equal(20, cluster.Board.Events.Count(e => e.EndsWith("ShuttingDown", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<SiloUnavailableException>(() => cluster.Work("1").Add(1));
        await cluster.Cluster.StartAdditionalSiloAsync();
        Assert.Equal(1, await cluster.Work("1").Add(1));
    }

    [Fact]
    public async Task ForceDuplicate_WithState_EndsInAVersionConflictAndRecovery()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var key = Guid.NewGuid();
        var grain = cluster.Client.GetGrain<ICounterGrain>(key);
        Assert.Equal(1, await grain.Increment());
        var other = cluster.Cluster.Silos.Single(s => s.Name != cluster.Engine.SiloOf(grain));
        var second = other.ServiceProvider.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>(key);
        await using (cluster.Engine.ForceDuplicate(grain, other))
        {
            Assert.Equal(2, cluster.Engine.ActivationCount);
            Assert.Equal(2, await second.Increment());
            Assert.Equal(1, await grain.Get());
            var conflict = await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Increment());
            Assert.NotEqual(conflict.StoredEtag, conflict.CurrentEtag);
        }

        // The loser was deactivated and reads again.
        Assert.Equal(3, await grain.Increment());
        Assert.Equal(3, await second.Get());
        Assert.Equal(1, cluster.Engine.ActivationCount);
    }

    [Fact]
    public async Task Isolate_WhileTheSilosCodeGoesOn_TheOthersMakeActivationsOfTheirOwn()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var key = Guid.NewGuid();
        var grain = cluster.Client.GetGrain<ICounterGrain>(key);
        Assert.Equal(1, await grain.Increment());
        var silo = cluster.Cluster.Silos.Single(s => s.Name == cluster.Engine.SiloOf(grain));
        var within = silo.ServiceProvider.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>(key);
        Assert.Equal(1, await within.Get());

        cluster.Engine.Isolate(silo);
        Assert.Equal(1, await grain.Get());
        Assert.NotEqual(silo.Name, cluster.Engine.SiloOf(grain));
        Assert.Equal(2, await within.Increment());
        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Increment());

        await cluster.Cluster.KillSiloAsync(silo);
        Assert.Equal(3, await grain.Increment());
        Assert.Equal(1, cluster.Engine.ActivationCount);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => within.Get());
    }

    [Fact]
    public async Task State_AfterDeactivationOrKill_IsWhatWasWritten()
    {
        await using var cluster = await TestCluster.StartAsync();
        var grain = cluster.Client.GetGrain<ICounterGrain>(Guid.NewGuid());
        Assert.Null(await grain.Etag());
        await grain.Increment();
        await cluster.Engine.DeactivateAsync(grain);
        Assert.Equal(2, await grain.Increment());
        cluster.Engine.Kill(grain);
        Assert.Equal(2, await grain.Get());
        await grain.Clear();
        Assert.Equal(0, await grain.Get());
        Assert.Null(await grain.Etag());
    }

    [Fact]
    public async Task Activation_ThatFails_FailsItsCallsWithTheReason()
    {
        await using var cluster = await TestCluster.StartAsync();
        await Assert.ThrowsAsync<InconsistentStateException>(() => cluster.Client.GetGrain<IBrokenGrain>("x").Ping());
        await Assert.ThrowsAsync<NotSupportedException>(() => cluster.Client.GetGrain<IUnbuildableGrain>("x").Ping());
        Assert.Equal(0, cluster.Engine.ActivationCount);
    }

    [Fact]
    public async Task PreferLocalPlacement_WhenCalledByAGrain_IsOnItsSilo()
    {
        await using var cluster = await TestCluster.StartAsync(4);
        for (var i = 0; i < 20; i++)
        {
            Assert.True(await cluster.Client.GetGrain<IPlacedGrain>($"{i}").IsNextToItsCallee());
        }
    }

    [Fact]
    public async Task PlacementHint_WhenItsSiloIsThere_IsFollowed()
    {
        await using var cluster = await TestCluster.StartAsync(4);
        var here = cluster.Cluster.Silos[2];
        RequestContext.Set(IPlacementDirector.PlacementHintKey, here.SiloAddress);
        for (var i = 0; i < 20; i++)
        {
            Assert.StartsWith(here.SiloAddress.ToString(), await cluster.Client.GetGrain<IPlacedGrain>($"{i}").Where(), StringComparison.Ordinal);
        }

        await cluster.Cluster.StopSiloAsync(here);
        Assert.DoesNotContain(here.SiloAddress.ToString(), await cluster.Client.GetGrain<IPlacedGrain>("after").Where(), StringComparison.Ordinal);
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
    }

    [Fact]
    public async Task DeactivateOnIdle_WhenTheCallerKnowsTheSilo_IsMadeAnewThere_AndMigrationFollowsTheHint()
    {
        await using var cluster = await TestCluster.StartAsync(4);
        var grain = cluster.Client.GetGrain<IPlacedGrain>("a");
        var first = await grain.Where();
        var other = cluster.Cluster.Silos.First(s => !string.Equals(s.SiloAddress.ToString(), first, StringComparison.Ordinal)).SiloAddress;
        RequestContext.Set(IPlacementDirector.PlacementHintKey, other);

        await grain.Leave(migrating: false);
        Assert.Equal(first, await grain.Where());
        await grain.Leave(migrating: true);
        Assert.Equal(other.ToString(), await grain.Where());
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
    }

    [Fact]
    public async Task ActivityPropagation_WhenAskedFor_MakesTheCallAChildOfTheCallers()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.Orleans.Application" or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        await using var cluster = await TestCluster.StartAsync(configure: silo => silo.AddActivityPropagation());
        using var mine = source.StartActivity("mine");
        Assert.Equal(mine!.Id, await cluster.Client.GetGrain<IPlacedGrain>("a").ActivityParent());
    }

    [Fact]
    public async Task Options_OfTheSilo_SetTheResponseTimeout()
    {
        var clock = new FakeClock();
        await using var cluster = await TestCluster.StartAsync(
            clock: clock,
            configure: silo => silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(3)));
        var grain = cluster.Cluster.GetSiloServiceProvider().GetRequiredService<IGrainFactory>().GetGrain<IWorkGrain>("a");
        var call = grain.Hold("s");
        await cluster.Board["s"].Arrived();
        clock.Advance(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAsync<TimeoutException>(() => call);
    }

    [Fact]
    public async Task Activation_WhenIdle_CostsLessThanAKilobyte()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Client.GetGrain<IBareGrain>(-1).Ping();
        const int Count = 20_000;
        var before = GC.GetTotalMemory(true);
        for (var i = 0; i < Count; i += 100)
        {
            await Task.WhenAll(Enumerable.Range(i, 100).Select(n => cluster.Client.GetGrain<IBareGrain>(n).Ping()));
        }

        var each = (GC.GetTotalMemory(true) - before) / Count;
        Assert.Equal(Count + 1, cluster.Engine.ActivationCount);
        Assert.InRange(each, 1, 1023);
    }
}
