using System.Globalization;

namespace Campaigns.Postgres.Local;

/// <summary>The server's command line: every setting is given at each start, so that the data folder carries none that could go stale.</summary>
internal static class ServerSettings
{
    private static readonly string[] Reserved = ["listen_addresses", "port", "unix_socket_directories", "data_directory"];

    internal static bool IsReserved(string name) => Reserved.Contains(name, StringComparer.OrdinalIgnoreCase);

    internal static IEnumerable<string> Arguments(LocalPostgresOptions options, string cluster, int port)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["shared_buffers"] = string.Create(CultureInfo.InvariantCulture, $"{options.SharedBuffersMegabytes}MB"),
            ["fsync"] = options.Durable ? "on" : "off",
            // Also without fsync a commit must outlive the server's death: only that of the machine may cost it.
            ["synchronous_commit"] = "on",
            ["full_page_writes"] = options.Durable ? "on" : "off",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            // The messages are read to tell a taken port from other failures.
            ["lc_messages"] = "C",
            ["logging_collector"] = "off",
            ["log_destination"] = "stderr",
        };
        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }

        settings["listen_addresses"] = "127.0.0.1";
        settings["port"] = port.ToString(CultureInfo.InvariantCulture);
        settings["unix_socket_directories"] = "";
        return ["-D", cluster, .. settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })];
    }
}
