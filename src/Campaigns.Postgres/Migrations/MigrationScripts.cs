using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Campaigns.Postgres.Migrations;

/// <summary>Where scripts come from.</summary>
public static partial class MigrationScripts
{
    /// <summary>The product's own schema: every <c>Schema/NNNN_name.sql</c> of this assembly, in order.</summary>
    /// <exception cref="InvalidOperationException">A script's name does not follow the pattern, or two share a version.</exception>
    public static IReadOnlyList<MigrationScript> Embedded { get; } = Read(typeof(MigrationScripts).Assembly);

    /// <summary>The scripts in the given order of versions.</summary>
    /// <exception cref="InvalidOperationException">Two share a version, or one has a version below 1.</exception>
    internal static IReadOnlyList<MigrationScript> Ordered(IEnumerable<MigrationScript> scripts)
    {
        MigrationScript[] ordered = [.. scripts.OrderBy(script => script.Version)];
        foreach (var (script, next) in ordered.Zip(ordered.Skip(1)))
        {
            if (script.Version == next.Version)
            {
                throw new InvalidOperationException($"The schema scripts {script} and {next} share a version.");
            }
        }

        return ordered is [{ Version: < 1 } first, ..] ? throw new InvalidOperationException($"{first}: versions start at 1.") : ordered;
    }

    private static IReadOnlyList<MigrationScript> Read(Assembly assembly) =>
        Ordered(assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Select(name => Read(assembly, name)));

    private static MigrationScript Read(Assembly assembly, string resource)
    {
        var match = ResourceName().Match(resource);
        if (!match.Success)
        {
            throw new InvalidOperationException($"The schema script {resource} is not named NNNN_name.sql.");
        }

        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var version = int.Parse(match.Groups["version"].ValueSpan, CultureInfo.InvariantCulture);
        return new MigrationScript(version, match.Groups["name"].Value, reader.ReadToEnd());
    }

    [GeneratedRegex(@"\.(?<version>\d{4})_(?<name>[a-z0-9_]+)\.sql$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ResourceName();
}
