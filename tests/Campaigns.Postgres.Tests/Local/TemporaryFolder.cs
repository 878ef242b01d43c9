using Campaigns.Postgres.Local;

namespace Campaigns.Postgres.Tests.Local;

/// <summary>A folder for one server, not made yet, deleted at the end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "campaigns-local-" + Guid.NewGuid().ToString("N")[..8]);

    internal string Cluster => System.IO.Path.Combine(Path, "cluster");

    internal LocalPostgresOptions Options(int? port = null) => new() { DataDirectory = Path, Durable = false, Port = port };

    internal Task<LocalPostgres> StartAsync(int? port = null) => LocalPostgres.StartAsync(Options(port), CancellationToken.None);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
