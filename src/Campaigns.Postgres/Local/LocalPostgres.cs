using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Campaigns.Postgres.Local;

/// <summary>
/// A private PostgreSQL server from the machine's own programs, in a data folder of the caller: on 127.0.0.1 only, with a random password,
/// no Unix socket, as an ordinary user. It stops with its owner, also when the owner is killed, and starts again after any crash of
/// either. It touches no other server: a process counts as its own only if it is a PostgreSQL that works in this data folder.
/// </summary>
public sealed class LocalPostgres : IAsyncDisposable
{
    private readonly LocalPostgresOptions _options;
    private readonly DataFolder _folder;
    private readonly Supervisor _supervisor;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly string _password;
    private int _disposed;

    private LocalPostgres(
        LocalPostgresOptions options, DataFolder folder, Supervisor supervisor, int port, string password, TimeProvider timeProvider, ILogger logger)
    {
        _options = options;
        _folder = folder;
        _supervisor = supervisor;
        _password = password;
        _timeProvider = timeProvider;
        _logger = logger;
        Port = port;
        Completion = WatchAsync();
    }

    /// <summary>The TCP port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The data folder, with all links resolved.</summary>
    public string DataDirectory => _folder.Path;

    /// <summary>The superuser's connection string to <see cref="LocalPostgresOptions.Database"/>. It holds the password: never log it.</summary>
    public string ConnectionString => ConnectionStringTo(_options.Database);

    /// <summary>Completes when the server has ended, whether asked to or by itself. A dead server is not started again: dispose of this one and start another.</summary>
    public Task Completion { get; }

    /// <summary>The superuser's connection string to another database of the server. It holds the password: never log it.</summary>
    /// <param name="database">The database's name.</param>
    public string ConnectionStringTo(string database) => ConnectionStringFor(Port, _password, database);

    /// <summary>Whether a PostgreSQL that can be started is on the machine: version 15 or later, or in <c>CAMPAIGNS_PG_BIN</c> if that is set.</summary>
    /// <param name="cancellationToken">Ends the search.</param>
    public static Task<bool> IsInstalledAsync(CancellationToken cancellationToken) => PostgresBinaries.AnyAsync(cancellationToken);

    /// <summary>
    /// A data folder that the server's user can get to. That is the wanted one, except for root, whose folders other users often cannot enter
    /// (a clone in <c>/root</c>): then one below <c>/var/lib/campaigns-orleans</c>, always the same for the same wanted folder.
    /// </summary>
    /// <param name="wanted">The folder the data should be in; it need not exist.</param>
    public static string ReachableDataDirectory(string wanted) => ReachableFolder.For(wanted);

    /// <inheritdoc cref="StartAsync(LocalPostgresOptions, ILogger, TimeProvider, CancellationToken)"/>
    public static Task<LocalPostgres> StartAsync(LocalPostgresOptions options, CancellationToken cancellationToken) =>
        StartAsync(options, NullLogger.Instance, TimeProvider.System, cancellationToken);

    /// <summary>
    /// Starts the server, making its data folder first if there is none, and returns when it accepts connections. A server that a dead owner
    /// left in the folder is waited for, and told to stop. Takes about a second, and three more for a new folder.
    /// </summary>
    /// <param name="options">Where and how.</param>
    /// <param name="logger">Told of start, stop and recovery.</param>
    /// <param name="timeProvider">Measures the time-outs.</param>
    /// <param name="cancellationToken">Gives up and stops what was started.</param>
    /// <exception cref="ArgumentException">The options contradict themselves; the message lists every error.</exception>
    /// <exception cref="LocalPostgresException">The server cannot be had; the message says what to do.</exception>
    /// <exception cref="PlatformNotSupportedException">On Windows.</exception>
    public static async Task<LocalPostgres> StartAsync(
        LocalPostgresOptions options, ILogger logger, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }

        var path = Path.GetFullPath(options.DataDirectory);
        var binaries = await PostgresBinaries.FindAsync(options.BinDirectory, DataFolder.MajorVersion(path), cancellationToken);
        var folder = DataFolder.Take(path);
        try
        {
            return await StartAsync(options, folder, binaries, timeProvider, logger, cancellationToken);
        }
        catch (IOException exception)
        {
            Release(folder, options);
            throw DataFolder.ForIo(path, exception);
        }
        catch
        {
            Release(folder, options);
            throw;
        }
    }

    /// <summary>Stops the server (a fast shutdown: open transactions are rolled back) and frees the data folder. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            var stopped = await _supervisor.StopAsync(_options.StopTimeout, _timeProvider);
            if (!stopped)
            {
                LocalPostgresLog.CutShort(_logger, DataDirectory);
            }

            // The server outlives its supervisor when that was killed, and here also when it was too slow.
            var patience = stopped ? _options.StopTimeout : TimeSpan.Zero;
            await new OrphanServer(_folder.Cluster, patience, _timeProvider, _logger).SettleAsync(CancellationToken.None);
            _supervisor.Dispose();
            Release(_folder, _options);
            LocalPostgresLog.Stopped(_logger, DataDirectory);
        }

        await Completion;
    }

    private static async Task<LocalPostgres> StartAsync(
        LocalPostgresOptions options,
        DataFolder folder,
        PostgresBinaries binaries,
        TimeProvider timeProvider,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var account = await ServerAccount.ResolveAsync(options.RunAsUser, folder.Cluster, cancellationToken);
        await folder.OpenToAsync(account, cancellationToken);
        if (!Directory.Exists(folder.Cluster))
        {
            LocalPostgresLog.Initializing(logger, folder.Path);
            await ClusterInitializer.RunAsync(folder, binaries, account, options.Durable, cancellationToken);
        }

        var password = ReadPassword(folder);
        using var timeout = new CancellationTokenSource(options.StartTimeout + options.StopTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var launcher = new ServerLauncher(options, folder, binaries, account, timeProvider, logger);
            var (supervisor, port) = await launcher.StartAsync(either.Token);
            try
            {
                await DatabasePreparation.RunAsync(
                    ConnectionStringFor(port, password, ClusterInitializer.Superuser), folder, options.Database, either.Token);
            }
            catch
            {
                await supervisor.StopAsync(options.StopTimeout, timeProvider);
                supervisor.Dispose();
                throw;
            }

            LocalPostgresLog.Started(logger, binaries.Major, port, folder.Path, account.Name);
            return new LocalPostgres(options, folder, supervisor, port, password, timeProvider, logger);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new LocalPostgresException(
                LocalPostgresFailure.TimedOut, $"PostgreSQL did not come up within {options.StartTimeout}; its log is {folder.Log}.", exception);
        }
    }

    private static void Release(DataFolder folder, LocalPostgresOptions options)
    {
        if (options.Throwaway)
        {
            folder.Delete();
        }

        folder.Dispose();
    }

    private async Task WatchAsync()
    {
        await _supervisor.Exited;
        if (Volatile.Read(ref _disposed) == 0)
        {
            LocalPostgresLog.Died(_logger, DataDirectory, _folder.Log);
        }
    }

    private static string ReadPassword(DataFolder folder)
    {
        try
        {
            return File.ReadAllText(folder.PasswordFile).Trim();
        }
        catch (Exception exception) when (exception is FileNotFoundException or UnauthorizedAccessException)
        {
            throw DataFolder.Unusable($"The password of {folder.Path} cannot be read from {folder.PasswordFile}: {exception.Message}", exception);
        }
    }

    private static string ConnectionStringFor(int port, string password, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = ClusterInitializer.Superuser,
            Password = password,
            Database = database,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
}
