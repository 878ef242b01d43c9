namespace Orleans.Core;

/// <summary>State kept by a storage provider. Operations may only be called from the grain's own turns.</summary>
public interface IStorage
{
    /// <summary>The version of the stored state; null when nothing is stored.</summary>
    string? Etag { get; }

    /// <summary>Whether something is stored.</summary>
    bool RecordExists { get; }

    /// <summary>Deletes the stored state and resets the one in memory.</summary>
    Task ClearStateAsync();

    /// <summary>Stores the state; throws <see cref="Storage.InconsistentStateException"/> when someone else stored since it was read.</summary>
    Task WriteStateAsync();

    /// <summary>Replaces the state in memory by the stored one.</summary>
    Task ReadStateAsync();

    /// <inheritdoc cref="ClearStateAsync()"/>
    Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

    /// <inheritdoc cref="WriteStateAsync()"/>
    Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

    /// <inheritdoc cref="ReadStateAsync()"/>
    Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
}

/// <summary>Typed state kept by a storage provider.</summary>
/// <typeparam name="TState">The state class.</typeparam>
public interface IStorage<TState> : IStorage
{
    /// <summary>The state in memory; saved only by <see cref="IStorage.WriteStateAsync()"/>.</summary>
    TState State { get; set; }
}
