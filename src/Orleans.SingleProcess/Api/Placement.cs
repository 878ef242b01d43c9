namespace Orleans.Placement;

/// <summary>Where the activations of a grain class are made.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public abstract class PlacementAttribute : Attribute;

/// <summary>On any silo.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class RandomPlacementAttribute : PlacementAttribute;

/// <summary>On the silo of the caller, if the caller is on one.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class PreferLocalPlacementAttribute : PlacementAttribute;

/// <summary>By the hash of the key; any silo here.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class HashBasedPlacementAttribute : PlacementAttribute;

/// <summary>By the number of activations; any silo here.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class ActivationCountBasedPlacementAttribute : PlacementAttribute;

/// <summary>By load; any silo here.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class ResourceOptimizedPlacementAttribute : PlacementAttribute;

/// <summary>What an immovable activation is protected from.</summary>
[Flags]
public enum ImmovableKind : byte
{
    /// <summary>The activation repartitioner.</summary>
    Repartitioner = 1,

    /// <summary>The activation rebalancer.</summary>
    Rebalancer = 2,

    /// <summary>Both.</summary>
    Any = 3,
}

/// <summary>Activations stay where they are, as all do in this engine.</summary>
/// <param name="kind">What they are protected from.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public sealed class ImmovableAttribute(ImmovableKind kind = ImmovableKind.Any) : Attribute
{
    /// <summary>What they are protected from.</summary>
    public ImmovableKind Kind { get; } = kind;
}
