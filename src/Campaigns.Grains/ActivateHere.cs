using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Campaigns.Grains;

/// <summary>
/// Calls whose callee, if it is active nowhere, is to be activated on the caller's silo. Without it a grain that left a silo which drains may be
/// placed there again, and again: such a silo is the least loaded of all, and what is placed by load goes there first.
/// </summary>
public static class ActivateHere
{
    /// <summary>Makes the call. An activation that exists is where it is, whichever silo that may be.</summary>
    /// <param name="silo">The caller's silo.</param>
    /// <param name="call">The call of one grain.</param>
    public static async Task<T> CallAsync<T>(ILocalSiloDetails silo, Func<Task<T>> call)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(call);

        // It flows with the call, and from this method nowhere else.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo.SiloAddress);
        return await call();
    }

    /// <summary>For the callee: what it calls from here on is placed as if nobody had asked for anything.</summary>
    public static void Forget() => RequestContext.Remove(IPlacementDirector.PlacementHintKey);
}
