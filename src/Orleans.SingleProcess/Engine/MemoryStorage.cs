using System.Globalization;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.SingleProcess;

/// <summary>What a memory store holds; it belongs to the cluster, so it outlives silos.</summary>
internal sealed class MemoryStore
{
    internal Dictionary<(string Name, GrainId Grain), (object? State, string Etag)> Records { get; } = [];

    internal Lock Lock { get; } = new();

    internal long LastEtag { get; set; }
}

/// <summary>Grain storage in memory, with versions, storing copies.</summary>
internal sealed class MemoryStorage(MemoryStore store) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (store.Lock)
        {
            var exists = store.Records.TryGetValue((stateName, grainId), out var record);
            grainState.RecordExists = exists;
            grainState.ETag = exists ? record.Etag : null;
            grainState.State = exists ? (T?)Copier.Copy(record.State) : default;
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (store.Lock)
        {
            Check(stateName, grainId, grainState.ETag);
            var etag = (++store.LastEtag).ToString(CultureInfo.InvariantCulture);
            store.Records[(stateName, grainId)] = (Copier.Copy(grainState.State), etag);
            (grainState.ETag, grainState.RecordExists) = (etag, true);
        }

        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (store.Lock)
        {
            Check(stateName, grainId, grainState.ETag);
            store.Records.Remove((stateName, grainId));
            (grainState.ETag, grainState.RecordExists) = (null, false);
        }

        return Task.CompletedTask;
    }

    private void Check(string stateName, GrainId grainId, string? presented)
    {
        var stored = store.Records.TryGetValue((stateName, grainId), out var record) ? record.Etag : null;
        if (!string.Equals(stored, presented, StringComparison.Ordinal))
        {
            throw new InconsistentStateException($"Version conflict on state {stateName} of {grainId}.", stored, presented);
        }
    }
}
