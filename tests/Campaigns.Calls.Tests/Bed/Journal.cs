namespace Campaigns.Calls.Tests.Bed;

/// <summary>What happened at the edges of a call, in order, with a barrier to wait at.</summary>
public sealed class Journal(TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly long origin = clock.GetTimestamp();
    private readonly List<Entry> entries = [];
    private readonly List<(Func<IReadOnlyList<Entry>, bool> Predicate, TaskCompletionSource Reached)> waits = [];

    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (gate)
            {
                return [.. entries];
            }
        }
    }

    public void Add(string what, object? data = null)
    {
        lock (gate)
        {
            entries.Add(new Entry(clock.GetElapsedTime(origin), what, data));
            foreach (var (predicate, reached) in waits)
            {
                if (predicate(entries))
                {
                    reached.TrySetResult();
                }
            }
        }
    }

    public IReadOnlyList<Entry> Of(string what) => [.. Entries.Where(entry => entry.What == what)];

    public IReadOnlyList<T> Of<T>(string what) => [.. Of(what).Select(entry => (T)entry.Data!)];

    public Task WhenAsync(string what, int count = 1)
        => WhenAsync(all => all.Count(entry => entry.What == what) >= count, $"{count} × {what}");

    public async Task WhenAsync(Func<IReadOnlyList<Entry>, bool> predicate, string expected)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (predicate(entries))
            {
                return;
            }

            waits.Add((predicate, reached));
        }

        try
        {
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"Waited for {expected}; happened has:\n{this}", error);
        }
    }

    public override string ToString() => string.Join('\n', Entries.Where(entry => entry.What != "audio"));
}

/// <summary>One thing that happened.</summary>
/// <param name="At">Time since the bed was made.</param>
public sealed record Entry(TimeSpan At, string What, object? Data);
