using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Campaigns.Grains;

/// <summary>
/// Calls that ask a grain which refuses to work on its silo (because that one drains) to come to the caller's: the refusing grain migrates, and
/// what placement is told here decides where to. Deactivating is not enough: callers go on sending to the silo they know, and the grain is made
/// anew there; and without a hint, a silo that drains is the least loaded of all and gets what is placed by load.
/// </summary>
public static class ActivateHere
{
    /// <summary>Makes the call. A grain that does not migrate stays where it is, whichever silo that may be.</summary>
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

    /// <summary>For a callee that stays: what it calls from here on is placed as if nobody had asked for anything.</summary>
    public static void Forget() => RequestContext.Remove(IPlacementDirector.PlacementHintKey);
}
