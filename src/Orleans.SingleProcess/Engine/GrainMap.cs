using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Orleans.SingleProcess;

/// <summary>The grain interfaces and classes of the application's assemblies, and what is wrong with them.</summary>
internal sealed class GrainMap
{
    private static readonly ConditionalWeakTable<Func<Type, bool>, GrainMap> Known = [];

    private readonly Dictionary<GrainType, GrainClass> _byGrainType = [];
    private readonly ConcurrentDictionary<Type, (InterfaceInfo Info, GrainClass Class)> _implementations = new();
    private readonly GrainClass[] _classes;

    internal GrainMap(Func<Type, bool> included)
    {
        Type[] types = [.. ApplicationAssemblies().SelectMany(a => a.GetTypes()).Where(t => typeof(IAddressable).IsAssignableFrom(t) && included(t))];
        Type[] interfaces = [.. types.Where(t => t.IsInterface)];
        Type[] classes = [.. types.Where(t => t is { IsClass: true, IsAbstract: false } && typeof(IGrainBase).IsAssignableFrom(t))];
        List<string> violations = [.. WireRules.Check(interfaces, classes)];
        _classes = violations.Count > 0 ? [] : [.. classes.Select(c => new GrainClass(c))];
        foreach (var grainClass in _classes)
        {
            if (!_byGrainType.TryAdd(grainClass.GrainType, grainClass))
            {
                violations.Add($"{grainClass.Type.FullName}: {_byGrainType[grainClass.GrainType].Type.FullName} has the same grain type \"{grainClass.GrainType}\"; name one by [GrainType].");
            }
        }

        Violations = violations;
    }

    internal IReadOnlyList<string> Violations { get; }

    internal int Count => _byGrainType.Count;

    /// <summary>What the options ask for. Clusters that are given the same choice of types share what was found: a simulation builds thousands.</summary>
    internal static GrainMap Of(SingleProcessOptions options)
        => options.ChoosesTypes ? Known.GetValue(options.GrainTypes, static choice => new GrainMap(choice)) : new GrainMap(options.GrainTypes);

    internal GrainClass ClassOf(GrainType type) =>
        _byGrainType.GetValueOrDefault(type) ?? throw new ArgumentException($"There is no grain class for grain type \"{type}\".", nameof(type));

    internal (InterfaceInfo Info, GrainClass Class) Implementation(Type type, string? prefix)
    {
        if (prefix is null && _implementations.TryGetValue(type, out var known))
        {
            return known;
        }

        var found = Array.FindAll(_classes, c => type.IsAssignableFrom(c.Type) && (prefix is null || c.Type.FullName!.StartsWith(prefix, StringComparison.Ordinal)));
        if (found.Length != 1)
        {
            throw new ArgumentException(found.Length == 0
                ? $"Could not find an implementation for interface {type}."
                : $"Unable to identify a single appropriate grain type for interface {type}. Candidates: {string.Join(", ", found.Select(c => c.Type))}", nameof(type));
        }

        var made = (InterfaceInfo.Get(type), found[0]);
        if (prefix is null)
        {
            _implementations.TryAdd(type, made);
        }

        return made;
    }

    /// <summary>What is loaded, and what that references, as far as it knows this engine.</summary>
    private static IEnumerable<Assembly> ApplicationAssemblies()
    {
        var engine = typeof(GrainMap).Assembly;
        Dictionary<string, Assembly> seen = new(StringComparer.Ordinal);
        Queue<Assembly> open = new(AppDomain.CurrentDomain.GetAssemblies().Where(a => !a.IsDynamic && References(a).Any(r => r.Name == engine.GetName().Name)));
        while (open.TryDequeue(out var assembly))
        {
            if (!seen.TryAdd(assembly.FullName!, assembly))
            {
                continue;
            }

            foreach (var reference in References(assembly).Where(r => !IsPlatform(r.Name!)))
            {
                try
                {
                    open.Enqueue(Assembly.Load(reference));
                }
                catch (FileNotFoundException)
                {
                    // A reference that was not deployed holds no grain of this process.
                }
            }
        }

        return seen.Values.Where(a => a != engine && References(a).Any(r => r.Name == engine.GetName().Name)).OrderBy(a => a.FullName, StringComparer.Ordinal);
    }

    private static AssemblyName[] References(Assembly assembly) => assembly.GetReferencedAssemblies();

    private static bool IsPlatform(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal) || name is "netstandard" or "mscorlib";
}
