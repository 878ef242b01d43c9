using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>
/// What grain interfaces and states must look like to work on Orleans itself, plus the house rule that every wire type has an alias.
/// Found at start, all at once, instead of at the first call or the first restart.
/// </summary>
internal sealed class WireRules
{
    private static readonly HashSet<Type> CollectionInterfaces =
    [
        typeof(IEnumerable<>), typeof(ICollection<>), typeof(IList<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyList<>),
        typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>), typeof(ISet<>), typeof(IReadOnlySet<>),
    ];

    private readonly List<string> _problems = [];
    private readonly HashSet<(Type, bool)> _seen = [];

    internal static IReadOnlyList<string> Check(IEnumerable<Type> interfaces, IEnumerable<Type> classes)
    {
        var rules = new WireRules();
        foreach (var type in interfaces.OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            rules.CheckInterface(type);
        }

        foreach (var type in classes.OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            rules.CheckClass(type);
        }

        return rules._problems;
    }

    /// <summary>The id a field is serialized under: its own, its property's or its record parameter's.</summary>
    internal static uint? IdOf(FieldInfo field)
    {
        if (field.GetCustomAttribute<IdAttribute>() is { } own)
        {
            return own.Id;
        }

        if (PropertyOf(field) is not { } property)
        {
            return null;
        }

        return property.GetCustomAttribute<IdAttribute>()?.Id
            ?? field.DeclaringType!.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .SelectMany(c => c.GetParameters())
                .Where(p => string.Equals(p.Name, property.Name, StringComparison.Ordinal))
                .Select(p => p.GetCustomAttribute<IdAttribute>()?.Id)
                .FirstOrDefault(id => id is not null);
    }

    private static PropertyInfo? PropertyOf(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.EndsWith(">k__BackingField", StringComparison.Ordinal)
            ? field.DeclaringType!.GetProperty(
                field.Name[1..^">k__BackingField".Length], BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            : null;

    private void CheckInterface(Type type)
    {
        if (type.IsGenericType)
        {
            Add(type, "generic grain interfaces are not offered by this engine");
            return;
        }

        if (!typeof(IGrain).IsAssignableFrom(type))
        {
            Add(type, "must derive from IGrainWithGuidKey, IGrainWithStringKey or IGrainWithIntegerKey");
        }

        foreach (var method in type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Where(m => m.IsAbstract))
        {
            CheckMethod($"{type.FullName}.{method.Name}", method);
        }
    }

    private void CheckMethod(string where, MethodInfo method)
    {
        if (method.IsSpecialName)
        {
            Add(where, "grain interfaces have methods only, no properties or events");
            return;
        }

        var returned = method.ReturnType;
        var open = returned.IsGenericType ? returned.GetGenericTypeDefinition() : returned;
        if (open != typeof(Task) && open != typeof(ValueTask) && open != typeof(Task<>) && open != typeof(ValueTask<>))
        {
            Add(where, $"returns {NameOf(returned)}; grain methods return Task, Task<T>, ValueTask or ValueTask<T>");
        }
        else if (returned.IsGenericType)
        {
            CheckType(returned.GetGenericArguments()[0], $"{where} result", true);
            if (method.IsDefined(typeof(OneWayAttribute)))
            {
                Add(where, "a [OneWay] method cannot have a result");
            }
        }

        if (method.IsGenericMethod)
        {
            Add(where, "generic grain methods are not offered by this engine");
            return;
        }

        if (method.GetParameters().Count(p => p.ParameterType == typeof(CancellationToken)) > 1)
        {
            Add(where, "has more than one CancellationToken");
        }

        foreach (var parameter in method.GetParameters())
        {
            if (parameter.ParameterType.IsByRef)
            {
                Add(where, $"parameter {parameter.Name} is passed by reference");
            }
            else
            {
                CheckType(parameter.ParameterType, $"{where}({parameter.Name})", true);
            }
        }
    }

    private void CheckClass(Type type)
    {
        foreach (var parameter in type.GetConstructors().SelectMany(c => c.GetParameters()).Where(p => p.IsDefined(typeof(PersistentStateAttribute))))
        {
            var where = $"{type.FullName}({parameter.Name})";
            if (!parameter.ParameterType.IsGenericType || parameter.ParameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
            {
                Add(where, "a [PersistentState] parameter must be an IPersistentState<T>");
                continue;
            }

            var state = parameter.ParameterType.GetGenericArguments()[0];
            CheckType(state, where, false);
            CheckInitialState(state);
        }
    }

    /// <summary>The default ADO.NET serializer omits default values, so an initialiser that is no default comes back instead of the value saved.</summary>
    private void CheckInitialState(Type state)
    {
        if (state.IsValueType || !state.IsDefined(typeof(GenerateSerializerAttribute), false))
        {
            return;
        }

        if (state.GetConstructor(Type.EmptyTypes) is null)
        {
            Add(state, "a persisted state class needs a public constructor without parameters");
            return;
        }

        var initial = Activator.CreateInstance(state);
        foreach (var field in Copier.OwnFields(state).Where(f => f.FieldType.IsValueType && IdOf(f) is not null))
        {
            if (!Equals(field.GetValue(initial), Activator.CreateInstance(field.FieldType)))
            {
                Add(state, $"{MemberName(field)} starts as a value that is not its type's default: a saved default would be read back as that value");
            }
        }
    }

    private void CheckType(Type type, string where, bool onWire)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsArray)
        {
            CheckType(type.GetElementType()!, where, onWire);
            return;
        }

        var open = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (CollectionInterfaces.Contains(open) || (type.IsGenericType && Copier.IsKnown(open)))
        {
            foreach (var argument in type.GetGenericArguments())
            {
                CheckType(argument, where, onWire);
            }

            return;
        }

        var exempt = type.IsGenericParameter || type == typeof(object) || type.IsEnum || type.IsPrimitive || typeof(IAddressable).IsAssignableFrom(type)
            || typeof(Exception).IsAssignableFrom(type) || (Copier.IsImmutable(type) && !type.IsDefined(typeof(GenerateSerializerAttribute), false));
        if (!exempt && _seen.Add((open, onWire)))
        {
            CheckOwnType(open, where, onWire);
        }

        foreach (var argument in type.IsGenericType ? type.GetGenericArguments() : [])
        {
            CheckType(argument, where, onWire);
        }
    }

    private void CheckOwnType(Type type, string where, bool onWire)
    {
        if (!type.IsDefined(typeof(GenerateSerializerAttribute), false))
        {
            Add(type, $"has no serializer: mark it [GenerateSerializer] (used by {where})");
            return;
        }

        if (!type.IsDefined(typeof(AliasAttribute), false))
        {
            Add(type, "needs an [Alias], so that it may be renamed");
        }

        var immutable = type.IsDefined(typeof(ImmutableAttribute), false);
        if (onWire && !immutable && type.GetMethod("<Clone>$") is not null)
        {
            Add(type, "is a record that crosses grain calls and must be [Immutable]");
        }

        HashSet<(Type?, uint)> ids = [];
        foreach (var field in Copier.OwnFields(type).Where(f => !f.IsDefined(typeof(NonSerializedAttribute), false)))
        {
            if (IdOf(field) is not { } id)
            {
                Add(type, $"{MemberName(field)} has no [Id]: it would be lost on the way");
            }
            else if (!ids.Add((field.DeclaringType, id)))
            {
                Add(type, $"{MemberName(field)} has the [Id({id})] of another member");
            }

            if (immutable && PropertyOf(field)?.SetMethod is { IsPublic: true } setter && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
            {
                Add(type, $"is [Immutable] but {MemberName(field)} can be set");
            }

            CheckType(field.FieldType, $"{NameOf(type)}.{MemberName(field)}", onWire);
        }

        foreach (var derived in type.Assembly.GetTypes().Where(t => t.BaseType == type || (type.IsInterface && !t.IsInterface && type.IsAssignableFrom(t))))
        {
            CheckType(derived, where, onWire);
        }
    }

    private static string MemberName(FieldInfo field) => PropertyOf(field)?.Name ?? field.Name;

    private static string NameOf(Type type) => type.FullName ?? type.Name;

    private void Add(Type type, string problem) => Add(NameOf(type), problem);

    private void Add(string where, string problem) => _problems.Add($"{where}: {problem}.");
}
