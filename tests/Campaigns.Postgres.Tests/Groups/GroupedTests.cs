using System.Collections.Concurrent;
using Campaigns.Postgres.Groups;
using Npgsql;

namespace Campaigns.Postgres.Tests.Groups;

/// <summary>How work of many callers becomes groups.</summary>
public sealed class GroupedTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string[]> _groups = new();
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _go = new(0);

    [Fact]
    public async Task Run_WhenIdle_RunsAtOnceAndAlone()
    {
        var work = Make(atOnce: 1);
        _go.Release();

        Assert.Equal("A", await work.RunAsync("a", CancellationToken.None).WaitAsync(Patience));

        Assert.Equal(["a"], Assert.Single(_groups));
    }

    [Fact]
    public async Task Run_WhileAGroupIsUnderWay_GathersWhatComesInOrderUpToTheLargest()
    {
        var work = Make(atOnce: 1, largest: 3);
        var first = work.RunAsync("a", CancellationToken.None);
        await BegunAsync();
        var others = "bcdef".Select(c => work.RunAsync(c.ToString(), CancellationToken.None)).ToArray();

        _go.Release(3);

        Assert.Equal(["A", "B", "C", "D", "E", "F"], await Task.WhenAll(others.Prepend(first)).WaitAsync(Patience));
        Assert.Equal(["a", "bcd", "ef"], _groups.Select(group => string.Concat(group)));
    }

    [Fact]
    public async Task Run_WhenTwoAreOfOneKey_KeepsThemApartAndInOrder()
    {
        var work = Make(atOnce: 1);
        var first = work.RunAsync("a", CancellationToken.None);
        await BegunAsync();
        var others = new[] { "b1", "b2", "c1", "b3" }.Select(item => work.RunAsync(item, CancellationToken.None)).ToArray();

        _go.Release(4);

        Assert.Equal(["B1", "B2", "C1", "B3"], await Task.WhenAll(others).WaitAsync(Patience));
        Assert.Equal("A", await first.WaitAsync(Patience));
        Assert.Equal(["a", "b1c1", "b2", "b3"], _groups.Select(group => string.Concat(group)));
    }

    [Fact]
    public async Task Run_WhenSeveralMayRun_RunsNoMoreThanThat()
    {
        var work = Make(atOnce: 2);
        var one = work.RunAsync("a", CancellationToken.None);
        await BegunAsync();
        var two = work.RunAsync("b", CancellationToken.None);
        await BegunAsync();
        var rest = "cd".Select(c => work.RunAsync(c.ToString(), CancellationToken.None)).ToArray();

        Assert.Equal(["a", "b"], _groups.Select(group => string.Concat(group)));
        _go.Release(4);

        Assert.Equal(["A", "B", "C", "D"], await Task.WhenAll([one, two, .. rest]).WaitAsync(Patience));
    }

    [Fact]
    public async Task Run_WhenTheServerRefusesAGroup_OnlyWhoIsAtFaultFails()
    {
        var work = Make(atOnce: 1, items => items.Contains("x", StringComparer.Ordinal)
            ? new PostgresException("no", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation) : null);
        var first = work.RunAsync("a", CancellationToken.None);
        await BegunAsync();
        var others = "bxc".Select(c => work.RunAsync(c.ToString(), CancellationToken.None)).ToArray();

        _go.Release(5);

        Assert.Equal("B", await others[0].WaitAsync(Patience));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, (await Assert.ThrowsAsync<PostgresException>(() => others[1].WaitAsync(Patience))).SqlState);
        Assert.Equal("C", await others[2].WaitAsync(Patience));
        Assert.Equal("A", await first.WaitAsync(Patience));
        Assert.Equal(["a", "bxc", "b", "x", "c"], _groups.Select(group => string.Concat(group)));
    }

    [Fact]
    public async Task Run_WhenTheConnectionBreaks_TellsEverybodyAndRunsNothingTwice()
    {
        var work = Make(atOnce: 1, items => items.Length > 1 ? new NpgsqlException("gone") : null);
        var first = work.RunAsync("a", CancellationToken.None);
        await BegunAsync();
        var others = "bc".Select(c => work.RunAsync(c.ToString(), CancellationToken.None)).ToArray();

        _go.Release(3);

        await first.WaitAsync(Patience);
        foreach (var other in others)
        {
            await Assert.ThrowsAsync<NpgsqlException>(() => other.WaitAsync(Patience));
        }

        Assert.Equal("D", await work.RunAsync("d", CancellationToken.None).WaitAsync(Patience));
        Assert.Equal(["a", "bc", "d"], _groups.Select(group => string.Concat(group)));
    }

    [Fact]
    public async Task Run_WhenTakenBackWhileItWaits_IsNotRun()
    {
        var work = Make(atOnce: 1);
        var first = work.RunAsync("a", CancellationToken.None);
        await BegunAsync();
        using var cancel = new CancellationTokenSource();
        var taken = work.RunAsync("b", cancel.Token);
        var stays = work.RunAsync("c", CancellationToken.None);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taken.WaitAsync(Patience));

        _go.Release(2);

        Assert.Equal("A", await first.WaitAsync(Patience));
        Assert.Equal("C", await stays.WaitAsync(Patience));
        Assert.Equal(["a", "c"], _groups.Select(group => string.Concat(group)));
    }

    [Fact]
    public async Task Run_WhenManyCallAtOnce_EveryOneGetsItsOwnResult()
    {
        _go.Release(100_000);
        var work = Make(atOnce: 2, largest: 16);

        var results = await Task.WhenAll(Enumerable.Range(0, 5_000).Select(i => Task.Run(() => work.RunAsync($"{(char)('a' + (i % 26))}{i}", CancellationToken.None))))
            .WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => $"{(char)('A' + (i % 26))}{i}"), results);
        Assert.All(_groups, group => Assert.InRange(group.Length, 1, 16));
        Assert.Equal(5_000, _groups.Sum(group => group.Length));
    }

    private async Task BegunAsync() => Assert.True(await _begun.WaitAsync(Patience), "No group began.");

    /// <summary>Work whose key is its first letter and whose result is itself in capitals; every group waits to be let go.</summary>
    private Grouped<char, string, string> Make(int atOnce, Func<string[], Exception?>? fail = null, int largest = 100) => new(
        atOnce, largest, item => item[0], async items =>
        {
            _groups.Enqueue([.. items]);
            _begun.Release();
            Assert.True(await _go.WaitAsync(Patience), "No group was let go.");
            return fail?.Invoke([.. items]) is { } failure ? throw failure : [.. items.Select(item => item.ToUpperInvariant())];
        });

    private Grouped<char, string, string> Make(int atOnce, int largest) => Make(atOnce, null, largest);
}
