namespace Campaigns.Hosting.Telemetry;

/// <summary>The sources and meters whose spans and measures a host sends, by name.</summary>
public static class TelemetryNames
{
    /// <summary>Activity sources: our own, the web server's, HTTP clients', the database's, and Orleans' of grain calls.</summary>
    public static IReadOnlyList<string> Sources { get; } =
        ["Campaigns.*", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "Microsoft.Orleans.Application"];

    /// <summary>Meters: our own, the web server's, HTTP clients', the database's, Orleans' and the runtime's.</summary>
    public static IReadOnlyList<string> Meters { get; } =
    [
        "Campaigns.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "Npgsql", "Microsoft.Orleans", "System.Runtime",
    ];
}
