using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Placement;
using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>What the engine knows of one grain class.</summary>
internal sealed class GrainClass
{
    private readonly ConstructorInvoker _constructor;
    private readonly Func<Activation, object?>[] _arguments;
    private readonly TimeSpan? _ageLimit;
    private readonly Lazy<InterfaceInfo> _defaultInterface;

    internal GrainClass(Type type)
    {
        Type = type;
        GrainType = GrainType.Create(type.GetCustomAttribute<GrainTypeAttribute>()?.Name ?? NameOf(type));
        Reentrant = type.IsDefined(typeof(ReentrantAttribute));
        PrefersLocal = type.IsDefined(typeof(PreferLocalPlacementAttribute));
        _ageLimit = type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.AgeLimit;
        HasActivation = Overrides(type, nameof(IGrainBase.OnActivateAsync));
        HasDeactivation = Overrides(type, nameof(IGrainBase.OnDeactivateAsync));
        var constructor = ConstructorOf(type);
        _constructor = ConstructorInvoker.Create(constructor);
        _arguments = [.. constructor.GetParameters().Select(ResolverOf)];
        _defaultInterface = new(() => InterfaceInfo.Get(type.GetInterfaces().First(i => typeof(IGrain).IsAssignableFrom(i) && i.Assembly != typeof(IGrain).Assembly)));
    }

    internal Type Type { get; }

    internal GrainType GrainType { get; }

    internal bool Reentrant { get; }

    internal bool PrefersLocal { get; }

    internal bool HasActivation { get; }

    internal bool HasDeactivation { get; }

    internal InterfaceInfo DefaultInterface => _defaultInterface.Value;

    internal TimeSpan AgeLimit(GrainCollectionOptions options) =>
        options.ClassSpecificCollectionAge.TryGetValue(Type.FullName!, out var age) ? age : _ageLimit ?? options.CollectionAge;

    /// <summary>Makes the grain in a turn of its activation.</summary>
    internal object Create(Activation activation)
    {
        var arguments = new object?[_arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = _arguments[i](activation);
        }

        return _constructor.Invoke(arguments.AsSpan());
    }

    internal static ConstructorInfo ConstructorOf(Type type)
    {
        var constructors = type.GetConstructors();
        return Array.Find(constructors, c => c.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? constructors.MaxBy(c => c.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type} has no public constructor.");
    }

    private static string NameOf(Type type)
    {
        var name = type.Name.ToLowerInvariant();
        return name.EndsWith("grain", StringComparison.Ordinal) && name.Length > 5 ? name[..^5] : name;
    }

    private static bool Overrides(Type type, string method)
    {
        var map = type.GetInterfaceMap(typeof(IGrainBase));
        var target = map.TargetMethods[Array.FindIndex(map.InterfaceMethods, m => m.Name == method)];
        return target.DeclaringType != typeof(Grain) && target.DeclaringType != typeof(IGrainBase);
    }

    private static Func<Activation, object?> ResolverOf(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
        {
            return PersistentStateResolver(type.GetGenericArguments()[0], state);
        }

        if (type == typeof(IGrainContext))
        {
            return static activation => activation;
        }

        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
        {
            return activation => activation.ActivationServices.GetRequiredKeyedService(type, keyed.Key);
        }

        return parameter.HasDefaultValue
            ? activation => activation.ActivationServices.GetService(type) ?? parameter.DefaultValue
            : activation => activation.ActivationServices.GetRequiredService(type);
    }

    private static Func<Activation, object?> PersistentStateResolver(Type state, PersistentStateAttribute attribute)
    {
        var activation = Expression.Parameter(typeof(Activation));
        var constructor = typeof(PersistentState<>).MakeGenericType(state).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic)[0];
        return Expression.Lambda<Func<Activation, object?>>(
            Expression.New(constructor, activation, Expression.Constant(attribute)), activation).Compile();
    }
}
