namespace Campaigns.Grains;

/// <summary>This process as a holder of conversations.</summary>
/// <param name="Name">Unique per start of a process: a silo that starts again under its old name must not vouch for calls that died with it.</param>
public sealed record CallOwner(string Name)
{
    /// <summary>The name for a start of a silo.</summary>
    /// <param name="silo">The silo's own name.</param>
    public static CallOwner ForStartOf(string silo) => new($"{silo}/{Guid.NewGuid():N}");
}
