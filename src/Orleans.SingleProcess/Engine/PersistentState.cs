using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.SingleProcess;

/// <summary>State that is loaded before OnActivateAsync.</summary>
internal interface IPersistentStateLoader
{
    Task LoadAsync(CancellationToken token);
}

/// <summary>A grain's state in a store. Operations queue up, so that each sees the version the one before left.</summary>
internal sealed class PersistentState<T> : IPersistentState<T>, IPersistentStateLoader
{
    private readonly Activation _activation;
    private readonly IGrainStorage _store;
    private readonly string _name;
    private readonly GrainState<T> _state = new(Activator.CreateInstance<T>());
    private Task _last = Task.CompletedTask;

    internal PersistentState(Activation activation, PersistentStateAttribute attribute)
    {
        (_activation, _name) = (activation, attribute.StateName);
        _store = activation.Silo.ServiceProvider.GetRequiredKeyedService<IGrainStorage>(attribute.StorageName ?? ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
        activation.Add(this);
    }

    private delegate Task Operation(string name, GrainId grain, IGrainState<T> state, CancellationToken token);

    public T State
    {
        get => _state.State!;
        set => _state.State = value;
    }

    public string? Etag => _state.ETag;

    public bool RecordExists => _state.RecordExists;

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) => Queue(_store.ReadStateAsync, "ReadState", true, cancellationToken);

    public Task WriteStateAsync(CancellationToken cancellationToken) => Queue(_store.WriteStateAsync, "WriteState", false, cancellationToken);

    public Task ClearStateAsync(CancellationToken cancellationToken) => Queue(_store.ClearStateAsync, "ClearState", true, cancellationToken);

    public Task LoadAsync(CancellationToken token) => ReadStateAsync(token);

    private Task Queue(Operation operation, string operationName, bool replacesState, CancellationToken token)
    {
        if (!ReferenceEquals(Activation.OnThread, _activation))
        {
            throw new InvalidOperationException($"State of {_activation.GrainId} was used outside of the grain's own turns.");
        }

        return _last = RunAsync(_last, operation, operationName, replacesState, token);
    }

    private async Task RunAsync(Task last, Operation operation, string operationName, bool replacesState, CancellationToken token)
    {
        // As in Orleans, storing takes a turn even where the store answers at once.
        await Task.Yield();
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            await operation(_name, _activation.GrainId, _state, token);
            if (replacesState && (_state.State is null || !_state.RecordExists))
            {
                _state.State = Activator.CreateInstance<T>();
            }
        }
        catch (Exception exception) when (exception is not OrleansException)
        {
            throw new OrleansException(
                $"Error from storage provider {_store.GetType().Name} during {operationName} for grain {_activation.GrainId}: {exception.Message}", exception);
        }
    }
}
