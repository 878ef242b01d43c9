using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Campaigns.Api;
using Microsoft.Extensions.DependencyInjection;

namespace Campaigns.Hosting.Tests;

/// <summary>The instruments of the product, found in its code: every class of its assemblies whose name ends in <c>Telemetry</c> is made.</summary>
internal static class Instruments
{
    /// <summary>All of them, one for each name.</summary>
    public static IReadOnlyDictionary<string, Instrument> All { get; } = Find();

    /// <summary>The name that Prometheus has for one that came by OTLP.</summary>
    public static IEnumerable<string> PrometheusNamesOf(Instrument instrument)
    {
        var kind = instrument.GetType().Name;
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "1" => "_ratio",
            null or "" => "",
            ['{', .., '}'] => "",
            var other => throw new InvalidOperationException($"{instrument.Name}: the unit '{other}' is not one of those that are used here."),
        };
        var name = instrument.Name.Replace('.', '_') + unit;
        return kind switch
        {
            _ when kind.StartsWith("Counter", StringComparison.Ordinal) => [$"{name}_total"],
            _ when kind.StartsWith("Histogram", StringComparison.Ordinal) => [$"{name}_bucket", $"{name}_sum", $"{name}_count"],
            _ => [name],
        };
    }

    private static Dictionary<string, Instrument> Find()
    {
        var found = new Dictionary<string, Instrument>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("Campaigns.", StringComparison.Ordinal)
                    && !instrument.Meter.Name.EndsWith("Tests", StringComparison.Ordinal))
                {
                    lock (found)
                    {
                        found[instrument.Name] = instrument;
                    }
                }
            },
        };
        listener.Start();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        var types = Assemblies(typeof(ApiHost).Assembly).SelectMany(a => a.GetTypes());
        foreach (var type in types.Where(t => t.Name.EndsWith("Telemetry", StringComparison.Ordinal)))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            if (type.GetConstructors() is [var constructor])
            {
                constructor.Invoke([.. constructor.GetParameters().Select(p => p.ParameterType).Select(
                    needed => needed == typeof(IMeterFactory) ? factory : RuntimeHelpers.GetUninitializedObject(needed))]);
            }
        }

        lock (found)
        {
            return new(found, StringComparer.Ordinal);
        }
    }

    private static HashSet<Assembly> Assemblies(Assembly from)
    {
        var all = new HashSet<Assembly>();
        Add(from);
        return all;

        void Add(Assembly assembly)
        {
            if (all.Add(assembly))
            {
                foreach (var name in assembly.GetReferencedAssemblies().Where(n => n.Name!.StartsWith("Campaigns.", StringComparison.Ordinal)))
                {
                    Add(Assembly.Load(name));
                }
            }
        }
    }
}
