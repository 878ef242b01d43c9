using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Orleans.SingleProcess;

namespace Campaigns.Simulation.Faults;

/// <summary>Where silos have died, over all runs of this process: the place in the product's code, the port it asked, and before or after.</summary>
internal static class CrashPoints
{
    private static readonly ConcurrentDictionary<string, long> Seen = new(StringComparer.Ordinal);

    public static int Count => Seen.Count;

    public static IReadOnlyList<KeyValuePair<string, long>> All => [.. Seen.OrderBy(p => p.Key, StringComparer.Ordinal)];

    /// <summary>A crash at a port's call, noted inside the call.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AtCall(PortMethod method, Fault fault)
    {
        // Taken only where a silo dies: walking the stack is slow.
        foreach (var frame in new StackTrace(1, fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod() is { DeclaringType: { } type } found && IsProduct(type))
            {
                var machine = type.DeclaringType is not null && type.Name.StartsWith('<');
                var name = machine
                    ? $"{type.DeclaringType!.Name}.{type.Name[1..type.Name.IndexOf('>', StringComparison.Ordinal)]}"
                    : $"{type.Name}.{found.Name}";
                Note(string.Create(CultureInfo.InvariantCulture, $"{name}+{frame.GetILOffset():x} {method} {fault}"));
                return;
            }
        }

        Note($"outside {method} {fault}");
    }

    /// <summary>A crash before a turn.</summary>
    public static void AtTurn(Turn turn, TurnFate fate) => Note($"{turn.Grain.Type} turn {turn.Kind} {turn.Name} {fate}");

    private static void Note(string point) => Seen.AddOrUpdate(point, 1, static (_, n) => n + 1);

    private static bool IsProduct(Type type)
        => type.Namespace is { } space && !space.StartsWith("Campaigns.Simulation", StringComparison.Ordinal)
            && space.StartsWith("Campaigns", StringComparison.Ordinal);
}
