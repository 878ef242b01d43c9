using Orleans.SingleProcess;

namespace Orleans.Runtime;

/// <summary>Stands for a grain wherever it is; the engine makes a class derived from it for each grain interface.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private readonly InterfaceInfo _interface;

    // The activation that took the last call, so that most calls need no directory.
    private Activation? _last;

    internal GrainReference(Node node, InterfaceInfo info, GrainId grainId) => (Node, _interface, GrainId) = (node, info, grainId);

    /// <summary>The grain's identity.</summary>
    public GrainId GrainId { get; }

    internal Node Node { get; }

    internal Activation? Last
    {
        get => Volatile.Read(ref _last);
        set => Volatile.Write(ref _last, value);
    }

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <summary><c>GrainReference:type/key</c>.</summary>
    public sealed override string ToString() => $"GrainReference:{GrainId}";

    /// <summary>True when both name the same grain.</summary>
    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) => reference1?.Equals(reference2) ?? reference2 is null;

    /// <summary>True when they name different grains.</summary>
    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);

    internal Task Call(int method, object?[] arguments) => CallCore<Nothing>(method, arguments);

    internal Task<T> Call<T>(int method, object?[] arguments) => CallCore<T>(method, arguments);

    internal ValueTask CallValue(int method, object?[] arguments) => new(CallCore<Nothing>(method, arguments));

    internal ValueTask<T> CallValue<T>(int method, object?[] arguments) => new(CallCore<T>(method, arguments));

    private Task<T> CallCore<T>(int method, object?[] arguments)
    {
        var request = new Call<T>(this, _interface.Methods[method], arguments);
        // A grain calls as its silo, whoever made the reference.
        (Activation.OnThread?.Silo ?? Node).Send(request);
        return request.Response;
    }
}
