namespace Orleans.Runtime.Placement;

/// <summary>Chooses silos for new activations; this engine's own choice cannot be replaced.</summary>
public interface IPlacementDirector
{
    /// <summary>
    /// The <see cref="RequestContext"/> key of the silo (<see cref="SiloAddress"/>) on which a call would have its callee activated when it is
    /// active nowhere. A silo that is gone or stops is passed over.
    /// </summary>
    public const string PlacementHintKey = nameof(PlacementHintKey);
}
