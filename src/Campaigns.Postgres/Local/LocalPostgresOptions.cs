namespace Campaigns.Postgres.Local;

/// <summary>What a private PostgreSQL server needs to know. Only <see cref="DataDirectory"/> has no default.</summary>
public sealed class LocalPostgresOptions
{
    /// <summary>
    /// The folder that belongs to this server alone; made when missing. It must be empty or have been made by an earlier
    /// <see cref="LocalPostgres"/>: a folder with anything else in it is refused and left as it is. Below it lie <c>cluster</c> (PostgreSQL's
    /// own data folder, with the superuser's password in a file of mode 0600), <c>server.log</c> and the owner's lock.
    /// </summary>
    public required string DataDirectory { get; init; }

    /// <summary>The TCP port on 127.0.0.1. Default <see langword="null"/>: any free one. Fix it when other programs must find the server.</summary>
    public int? Port { get; init; }

    /// <summary>
    /// The folder of the <c>postgres</c> and <c>initdb</c> programs. Default <see langword="null"/>: environment variable
    /// <c>CAMPAIGNS_PG_BIN</c> if set, else the newest version from 15 on that is found on the machine, or the version that made the data folder.
    /// </summary>
    public string? BinDirectory { get; init; }

    /// <summary>
    /// Whom the server runs as when its owner is root, because PostgreSQL refuses root. Default <c>postgres</c>, the user that the
    /// distributions' packages make. A data folder that exists already keeps its user. Ignored when the owner is not root.
    /// </summary>
    public string RunAsUser { get; init; } = "postgres";

    /// <summary>The database that <see cref="LocalPostgres.ConnectionString"/> names; made when missing. Default <c>campaigns</c>.</summary>
    public string Database { get; init; } = "campaigns";

    /// <summary>PostgreSQL's <c>max_connections</c>. Default 100. Raise it when several hosts share the server.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>PostgreSQL's <c>shared_buffers</c> in MiB. Default 128. Raise it when the data outgrows it and memory is free.</summary>
    public int SharedBuffersMegabytes { get; init; } = 128;

    /// <summary>
    /// Default <see langword="true"/>: what was committed survives a power cut (<c>fsync</c> and <c>full_page_writes</c> on). Turned off, the
    /// server is faster, still keeps every commit when processes are killed, and may lose the whole cluster with the machine: for tests only.
    /// </summary>
    public bool Durable { get; init; } = true;

    /// <summary>
    /// Default <see langword="false"/>. Turned on, the server is stopped without a checkpoint and the whole data folder is deleted when
    /// the owner disposes of it or dies, however it dies: for tests.
    /// </summary>
    public bool Throwaway { get; init; }

    /// <summary>
    /// Further settings of <c>postgresql.conf</c> by name. They win over the defaults here; <c>listen_addresses</c>, <c>port</c>,
    /// <c>unix_socket_directories</c> and <c>data_directory</c> are refused. Default none.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long to wait for the server to accept connections, recovery after a crash included. Default 1 minute.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a clean stop may take, also that of a server left by a dead owner, before it is cut short. Default 30 seconds.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <returns>Every error, each naming its property.</returns>
    internal IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        void Check(bool valid, string name, string rule)
        {
            if (!valid)
            {
                errors.Add($"{nameof(LocalPostgresOptions)}.{name} {rule}.");
            }
        }

        Check(!string.IsNullOrWhiteSpace(DataDirectory), nameof(DataDirectory), "must name a folder");
        Check(Port is null or (> 0 and <= 65535), nameof(Port), "must be between 1 and 65535");
        Check(!string.IsNullOrWhiteSpace(RunAsUser), nameof(RunAsUser), "must name a user");
        Check(Database is { Length: > 0 and <= 63 }, nameof(Database), "must have 1 to 63 characters");
        Check(MaxConnections >= 10, nameof(MaxConnections), "must be at least 10");
        Check(SharedBuffersMegabytes >= 1, nameof(SharedBuffersMegabytes), "must be at least 1");
        Check(StartTimeout > TimeSpan.Zero, nameof(StartTimeout), "must be positive");
        Check(StopTimeout > TimeSpan.Zero, nameof(StopTimeout), "must be positive");
        foreach (var name in Settings.Keys.Where(ServerSettings.IsReserved))
        {
            Check(valid: false, nameof(Settings), $"must not set {name}");
        }

        return errors;
    }
}
