using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>The silos of one process and the directory that says where each grain is active.</summary>
internal sealed class Cluster(SingleProcessOptions options)
{
    private readonly ConcurrentDictionary<GrainId, Activation> _directory = new();
    private readonly Lazy<GrainMap> _map = new(() => GrainMap.Of(options));
    private readonly Lock _siloLock = new();
    private volatile Silo[] _silos = [];
    private int _duplicates;

    internal IEngineScheduler? Scheduler { get; } = options.Scheduler;

    internal IEngineHooks? Hooks { get; } = options.Hooks;

    internal GrainMap Map => _map.Value;

    internal Silo[] Silos => _silos;

    internal ConcurrentDictionary<string, MemoryStore> Stores { get; } = new(StringComparer.Ordinal);

    internal IEnumerable<Activation> Activations => _directory.Values.Concat(_silos.SelectMany(s => s.Duplicates.Values));

    /// <summary>The activations of a silo; with a scheduler in an order that a replay in another process meets again.</summary>
    internal List<Activation> ActivationsOf(Silo silo)
    {
        var found = Activations.Concat(silo.Duplicates.Values).Where(a => ReferenceEquals(a.Silo, silo)).Distinct();
        return [.. Scheduler is null ? found : found.OrderBy(a => a.GrainId)];
    }

    internal void Join(Silo silo)
    {
        lock (_siloLock)
        {
            _silos = [.. _silos, silo];
        }
    }

    internal void Leave(Silo silo)
    {
        lock (_siloLock)
        {
            _silos = [.. _silos.Where(s => !ReferenceEquals(s, silo))];
        }
    }

    internal void Route(CallRequest call, Node from)
    {
        var reference = call.Reference;
        Silo? known = null;
        if (_duplicates == 0 && reference.Last is { } last)
        {
            if (last.Receive(call))
            {
                return;
            }

            reference.Last = null;
            known = KnownBy(last);
        }

        while (true)
        {
            if (Find(reference.GrainId, from, known, call.PlacementHint) is not { } activation)
            {
                call.Fail(new SiloUnavailableException($"There is no active silo to process the request: {call.Name} to {reference.GrainId}."));
                return;
            }

            if (activation.Receive(call))
            {
                reference.Last = activation;
                return;
            }

            known = KnownBy(activation);
            Unregister(activation);
        }
    }

    internal void Unregister(Activation activation)
    {
        if (!_directory.TryRemove(KeyValuePair.Create(activation.GrainId, activation))
            && activation.Silo.Duplicates.TryRemove(KeyValuePair.Create(activation.GrainId, activation)))
        {
            Interlocked.Decrement(ref _duplicates);
        }
    }

    internal Activation? TryFind(GrainId id) => _directory.GetValueOrDefault(id);

    /// <summary>Makes a second activation, which the callers on its silo reach while everyone else reaches the first.</summary>
    internal Activation Duplicate(GrainId id, Silo silo)
    {
        var duplicate = new Activation(id, Map.ClassOf(id.Type), silo);
        if (!silo.Duplicates.TryAdd(id, duplicate))
        {
            throw new InvalidOperationException($"{id} has a duplicate on {silo.Name} already.");
        }

        Interlocked.Increment(ref _duplicates);
        duplicate.Start();
        return duplicate;
    }

    /// <summary>
    /// Takes a silo for dead whose code goes on: everyone else's calls find or make other activations, its own callers still reach those it has.
    /// </summary>
    internal void Isolate(Silo silo)
    {
        Leave(silo);
        foreach (var activation in ActivationsOf(silo))
        {
            if (_directory.TryRemove(KeyValuePair.Create(activation.GrainId, activation)) && silo.Duplicates.TryAdd(activation.GrainId, activation))
            {
                Interlocked.Increment(ref _duplicates);
            }
        }
    }

    private Activation? Find(GrainId id, Node from, Silo? known, SiloAddress? hint)
    {
        if (_duplicates > 0 && from is Silo here && here.Duplicates.TryGetValue(id, out var duplicate))
        {
            return duplicate;
        }

        if (_directory.TryGetValue(id, out var found))
        {
            return found;
        }

        var grainClass = Map.ClassOf(id.Type);
        if (Place(grainClass, from, known, hint) is not { } silo)
        {
            return null;
        }

        var made = new Activation(id, grainClass, silo);
        var winner = _directory.GetOrAdd(id, made);
        if (ReferenceEquals(winner, made))
        {
            made.Start();
            if (silo.IsDown)
            {
                // It went down between the choice and the entry.
                made.Kill();
            }
        }

        return winner;
    }

    /// <summary>Where the caller knows the grain to be, and sends the call before it asks anybody: an activation that is gone is made anew there.</summary>
    private static Silo? KnownBy(Activation last) => last.IsMigrating ? null : last.Silo;

    private Silo? Place(GrainClass grainClass, Node from, Silo? known, SiloAddress? hint)
    {
        var silos = _silos;
        if (known is { IsDown: false, IsStopping: false } && Array.IndexOf(silos, known) >= 0)
        {
            return known;
        }

        if (hint is not null && Array.Find(silos, s => !s.IsDown && !s.IsStopping && s.SiloAddress.Equals(hint)) is { } hinted)
        {
            return hinted;
        }

        if (grainClass.PrefersLocal && from is Silo { IsDown: false, IsStopping: false } local)
        {
            return local;
        }

        var open = Array.Exists(silos, s => s.IsStopping) ? Array.FindAll(silos, s => !s.IsStopping) : silos;
        return open.Length switch
        {
            0 => null,
            1 => open[0],
            _ => open[Scheduler?.Choose(open.Length) ?? Random.Shared.Next(open.Length)],
        };
    }
}
