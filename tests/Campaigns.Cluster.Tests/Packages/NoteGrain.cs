#if ORLEANS_PACKAGES
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;

namespace Campaigns.Cluster.Tests.Packages;

/// <summary>Keeps a text in the default grain storage.</summary>
[Alias("Campaigns.Cluster.Tests.INoteGrain")]
public interface INoteGrain : IGrainWithStringKey
{
    [Alias("ReadAsync")]
    Task<string> ReadAsync();

    [Alias("WriteAsync")]
    Task WriteAsync(string text);

    [Alias("ClearAsync")]
    Task ClearAsync();

    /// <summary>The name of the silo it is on.</summary>
    [Alias("SiloAsync")]
    Task<string> SiloAsync();
}

[GenerateSerializer]
[Alias("Campaigns.Cluster.Tests.NoteState")]
public sealed class NoteState
{
    [Id(0)]
    public string Text { get; set; } = "";
}

[PreferLocalPlacement]
public sealed class NoteGrain([PersistentState("note")] IPersistentState<NoteState> state, ILocalSiloDetails silo) : Grain, INoteGrain
{
    public Task<string> ReadAsync() => Task.FromResult(state.RecordExists ? state.State.Text : "nothing");

    public Task WriteAsync(string text)
    {
        state.State = new NoteState { Text = text };
        return state.WriteStateAsync();
    }

    public Task ClearAsync() => state.ClearStateAsync();

    public Task<string> SiloAsync() => Task.FromResult(silo.Name);
}
#endif
