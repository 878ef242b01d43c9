using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Runtime;
using Orleans.Serialization;

namespace Orleans.SingleProcess;

/// <summary>Copies what crosses a grain call: immutable values by reference, everything else deeply, anything without a serializer not at all.</summary>
internal static class Copier
{
    private static readonly ConcurrentDictionary<Type, bool> Immutables = new();
    private static readonly ConcurrentDictionary<Type, CopyFunction> Functions = new();

    private static readonly HashSet<Type> ImmutableTypes =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(Half), typeof(Int128), typeof(UInt128), typeof(BigInteger), typeof(IPAddress),
        typeof(CancellationToken), typeof(GrainId), typeof(GrainType), typeof(IdSpan), typeof(SiloAddress), typeof(Nothing),
    ];

    /// <summary>Generic types whose values are immutable when their arguments are.</summary>
    private static readonly HashSet<Type> ImmutableGenerics =
    [
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>),
        typeof(ValueTuple<,,,,>), typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(ImmutableArray<>), typeof(ImmutableList<>),
        typeof(ImmutableHashSet<>), typeof(ImmutableDictionary<,>),
    ];

    private static readonly Dictionary<Type, string> Collections = new()
    {
        [typeof(List<>)] = nameof(CopyList),
        [typeof(HashSet<>)] = nameof(CopySet),
        [typeof(Dictionary<,>)] = nameof(CopyDictionary),
        [typeof(SortedDictionary<,>)] = nameof(CopySortedDictionary),
        [typeof(Queue<>)] = nameof(CopyQueue),
        [typeof(Stack<>)] = nameof(CopyStack),
        [typeof(ImmutableArray<>)] = nameof(CopyImmutableArray),
        [typeof(ImmutableList<>)] = nameof(CopyImmutableList),
        [typeof(ImmutableHashSet<>)] = nameof(CopyImmutableSet),
        [typeof(ImmutableDictionary<,>)] = nameof(CopyImmutableDictionary),
    };

    private delegate object CopyFunction(object value, Dictionary<object, object> done);

    /// <summary>True when every value declared as that type may be shared: nothing mutable can derive from it.</summary>
    internal static bool IsDeclaredImmutable(Type type) => (type.IsSealed || typeof(Type) == type || typeof(Uri) == type || typeof(IPAddress) == type) && IsImmutable(type);

    /// <summary>True when a value of exactly that type may be shared.</summary>
    internal static bool IsImmutable(Type type) => Immutables.GetOrAdd(type, static t => Decide(t));

    /// <summary>Whether the engine has a copier for that type of the class library.</summary>
    internal static bool IsKnown(Type type) =>
        IsImmutable(type) || type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() is var d && (Collections.ContainsKey(d) || ImmutableGenerics.Contains(d)));

    internal static object? Copy(object? value) =>
        value is null || IsImmutable(value.GetType()) ? value : Copy(value, new Dictionary<object, object>(ReferenceEqualityComparer.Instance));

    /// <summary>Orleans restores only the base of an exception without serializer: its own members are lost on the way, and so they are here.</summary>
    internal static Exception CopyException(Exception exception)
    {
        var type = exception.GetType();
        if (type.IsDefined(typeof(GenerateSerializerAttribute), false) || type.Assembly == typeof(Exception).Assembly || OwnFields(type, typeof(Exception)).Length == 0)
        {
            return exception;
        }

        if (!type.Assembly.GetReferencedAssemblies().Any(r => r.Name == typeof(Copier).Assembly.GetName().Name))
        {
            return exception;
        }

        var copy = (Exception)RuntimeHelpers.GetUninitializedObject(type);
        foreach (var field in typeof(Exception).GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
        {
            field.SetValue(copy, field.GetValue(exception));
        }

        return copy;
    }

    /// <summary>The fields of a serializable type that have an id, from itself and its bases.</summary>
    internal static FieldInfo[] OwnFields(Type type, Type? end = null)
    {
        List<FieldInfo> fields = [];
        for (var t = type; t is not null && t != typeof(object) && t != typeof(ValueType) && t != end; t = t.BaseType)
        {
            fields.AddRange(t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
        }

        return [.. fields];
    }

    private static object? CopyMember(object? value, Dictionary<object, object> done) =>
        value is null || IsImmutable(value.GetType()) ? value : Copy(value, done);

    private static object Copy(object value, Dictionary<object, object> done) =>
        done.TryGetValue(value, out var copy) ? copy : Functions.GetOrAdd(value.GetType(), static t => Build(t))(value, done);

    private static bool Decide(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || ImmutableTypes.Contains(type) || typeof(GrainReference).IsAssignableFrom(type) || typeof(Type).IsAssignableFrom(type))
        {
            return true;
        }

        if (type.IsGenericType && ImmutableGenerics.Contains(type.GetGenericTypeDefinition()))
        {
            return type.GetGenericArguments().All(IsDeclaredImmutable);
        }

        return type.IsDefined(typeof(ImmutableAttribute), false) && type.IsDefined(typeof(GenerateSerializerAttribute), false);
    }

    private static CopyFunction Build(Type type)
    {
        if (type.IsArray && type.GetArrayRank() == 1)
        {
            var element = type.GetElementType()!;
            return IsDeclaredImmutable(element)
                ? static (value, done) => done[value] = ((Array)value).Clone()
                : (value, done) => CopyArray((Array)value, element, done);
        }

        if (type.IsGenericType && Collections.TryGetValue(type.GetGenericTypeDefinition(), out var name))
        {
            return typeof(Copier).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<CopyFunction>();
        }

        if (typeof(Exception).IsAssignableFrom(type))
        {
            return static (value, _) => CopyException((Exception)value);
        }

        var serializable = type.IsDefined(typeof(GenerateSerializerAttribute), false);
        if (serializable || (type.IsGenericType && ImmutableGenerics.Contains(type.GetGenericTypeDefinition())))
        {
            var fields = serializable ? [.. OwnFields(type).Where(f => WireRules.IdOf(f) is not null)] : OwnFields(type);
            return (value, done) => CopyFields(value, type, fields, done);
        }

        throw new CodecNotFoundException($"Could not find a copier for type {type.FullName}. Wire types must be [GenerateSerializer].");
    }

    private static Array CopyArray(Array source, Type element, Dictionary<object, object> done)
    {
        var copy = Array.CreateInstance(element, source.Length);
        done[source] = copy;
        for (var i = 0; i < source.Length; i++)
        {
            copy.SetValue(CopyMember(source.GetValue(i), done), i);
        }

        return copy;
    }

    private static object CopyFields(object source, Type type, FieldInfo[] fields, Dictionary<object, object> done)
    {
        var copy = RuntimeHelpers.GetUninitializedObject(type);
        done[source] = copy;
        foreach (var field in fields)
        {
            field.SetValue(copy, CopyMember(field.GetValue(source), done));
        }

        return copy;
    }

    private static TC Keep<TC>(object source, TC copy, Dictionary<object, object> done)
        where TC : notnull
    {
        done[source] = copy;
        return copy;
    }

    private static IEnumerable<T> Items<T>(object source, Dictionary<object, object> done) => ((IEnumerable<T>)source).Select(item => (T)CopyMember(item, done)!);

    private static List<T> CopyList<T>(object source, Dictionary<object, object> done)
    {
        var copy = Keep(source, new List<T>(((List<T>)source).Count), done);
        copy.AddRange(Items<T>(source, done));
        return copy;
    }

    private static HashSet<T> CopySet<T>(object source, Dictionary<object, object> done)
    {
        var copy = Keep(source, new HashSet<T>(((HashSet<T>)source).Comparer), done);
        copy.UnionWith(Items<T>(source, done));
        return copy;
    }

    private static Dictionary<TKey, T> CopyDictionary<TKey, T>(object source, Dictionary<object, object> done)
        where TKey : notnull
    {
        var from = (Dictionary<TKey, T>)source;
        var copy = Keep(source, new Dictionary<TKey, T>(from.Count, from.Comparer), done);
        foreach (var (key, value) in from)
        {
            copy.Add((TKey)CopyMember(key, done)!, (T)CopyMember(value, done)!);
        }

        return copy;
    }

    private static SortedDictionary<TKey, T> CopySortedDictionary<TKey, T>(object source, Dictionary<object, object> done)
        where TKey : notnull
    {
        var from = (SortedDictionary<TKey, T>)source;
        var copy = Keep(source, new SortedDictionary<TKey, T>(from.Comparer), done);
        foreach (var (key, value) in from)
        {
            copy.Add((TKey)CopyMember(key, done)!, (T)CopyMember(value, done)!);
        }

        return copy;
    }

    private static Queue<T> CopyQueue<T>(object source, Dictionary<object, object> done) => Keep(source, new Queue<T>(Items<T>(source, done)), done);

    private static Stack<T> CopyStack<T>(object source, Dictionary<object, object> done) => Keep(source, new Stack<T>(Items<T>(source, done).Reverse()), done);

    private static object CopyImmutableArray<T>(object source, Dictionary<object, object> done) =>
        ((ImmutableArray<T>)source).IsDefault ? source : ImmutableArray.CreateRange(Items<T>(source, done));

    private static ImmutableList<T> CopyImmutableList<T>(object source, Dictionary<object, object> done) => ImmutableList.CreateRange(Items<T>(source, done));

    private static ImmutableHashSet<T> CopyImmutableSet<T>(object source, Dictionary<object, object> done) =>
        ImmutableHashSet.CreateRange(((ImmutableHashSet<T>)source).KeyComparer, Items<T>(source, done));

    private static ImmutableDictionary<TKey, T> CopyImmutableDictionary<TKey, T>(object source, Dictionary<object, object> done)
        where TKey : notnull
    {
        var from = (ImmutableDictionary<TKey, T>)source;
        return ImmutableDictionary.CreateRange(
            from.KeyComparer, from.ValueComparer, from.Select(p => KeyValuePair.Create((TKey)CopyMember(p.Key, done)!, (T)CopyMember(p.Value, done)!)));
    }
}
