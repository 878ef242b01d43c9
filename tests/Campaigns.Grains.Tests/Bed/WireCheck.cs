using System.Reflection;
using Orleans;
using Orleans.Runtime;

namespace Campaigns.Grains.Tests.Bed;

/// <summary>
/// What every type that crosses a grain call or is persisted must carry. Real Orleans notices a part of it only when a state is read back
/// after a restart, or when another version of the program joins.
/// </summary>
internal sealed class WireCheck
{
    private readonly List<string> _violations = [];
    private readonly HashSet<Type> _seen = [];
    private readonly Dictionary<string, Type> _aliases = new(StringComparer.Ordinal);

    private WireCheck()
    {
    }

    /// <summary>What is wrong with these grain interfaces, these state classes and all that they hold; empty when nothing is.</summary>
    public static IReadOnlyList<string> Run(IEnumerable<Type> interfaces, IEnumerable<Type> states)
    {
        var check = new WireCheck();
        foreach (var type in interfaces)
        {
            check.Interface(type);
        }

        foreach (var type in states)
        {
            check.Value(type, "grain state");
        }

        return check._violations;
    }

    /// <summary>The grain interfaces of an assembly.</summary>
    public static IEnumerable<Type> InterfacesOf(Assembly assembly)
        => assembly.GetTypes().Where(t => t.IsInterface && typeof(IAddressable).IsAssignableFrom(t));

    /// <summary>The persisted states of an assembly's grain classes.</summary>
    public static IEnumerable<Type> StatesOf(Assembly assembly)
        => from type in assembly.GetTypes()
           where typeof(IGrainBase).IsAssignableFrom(type)
           from parameter in type.GetConstructors().SelectMany(c => c.GetParameters())
           where parameter.ParameterType.IsGenericType && parameter.ParameterType.GetGenericTypeDefinition() == typeof(IPersistentState<>)
           select parameter.ParameterType.GetGenericArguments()[0];

    private void Interface(Type type)
    {
        Alias(type, type.GetCustomAttribute<AliasAttribute>()?.Alias);
        var methods = type.GetMethods();
        foreach (var method in methods)
        {
            var where = $"{type.Name}.{method.Name}";
            Require(method.GetCustomAttribute<AliasAttribute>() is not null, where, "has no [Alias]");
            Require(typeof(Task).IsAssignableFrom(method.ReturnType), where, "returns no task");
            Value(method.ReturnType, where);
            foreach (var parameter in method.GetParameters())
            {
                Value(parameter.ParameterType, where);
            }
        }

        Require(
            methods.Select(m => m.GetCustomAttribute<AliasAttribute>()?.Alias).Distinct().Count() == methods.Length, type.Name, "has a method alias twice");
    }

    private void Value(Type type, string where)
    {
        foreach (var inner in type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments())
        {
            Value(inner, where);
        }

        if (type.IsEnum || type.IsArray || !type.Assembly.GetName().Name!.StartsWith("Campaigns.", StringComparison.Ordinal) || !_seen.Add(type))
        {
            return;
        }

        Require(type.GetCustomAttribute<GenerateSerializerAttribute>() is not null, type.Name, $"has no [GenerateSerializer] (used by {where})");
        Require(type.GetCustomAttribute<ImmutableAttribute>() is not null, type.Name, "has no [Immutable]");
        Alias(type, type.GetCustomAttribute<AliasAttribute>()?.Alias);
        var ids = new HashSet<uint>();
        foreach (var (member, held) in Members(type))
        {
            var id = member.GetCustomAttribute<IdAttribute>()?.Id;
            Require(id is not null, $"{type.Name}.{member.Name}", "has no [Id]");
            Require(id is null || ids.Add(id.Value), $"{type.Name}.{member.Name}", $"has the [Id({id})] of another member");
            Value(held, type.Name);
        }
    }

    /// <summary>Everything that holds a value: fields, and the properties behind compiler-made fields.</summary>
    private static IEnumerable<(MemberInfo Member, Type Type)> Members(Type type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (var field in type.GetFields(Own))
        {
            var property = field.Name.StartsWith('<') ? type.GetProperty(field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)], Own) : null;
            yield return (property ?? (MemberInfo)field, field.FieldType);
        }
    }

    private void Alias(Type type, string? alias)
    {
        Require(alias is not null, type.Name, "has no [Alias]");
        if (alias is not null && !_aliases.TryAdd(alias, type))
        {
            Require(_aliases[alias] == type, type.Name, $"has the alias of {_aliases[alias].Name}");
        }
    }

    private void Require(bool holds, string what, string problem)
    {
        if (!holds)
        {
            _violations.Add($"{what} {problem}");
        }
    }
}
