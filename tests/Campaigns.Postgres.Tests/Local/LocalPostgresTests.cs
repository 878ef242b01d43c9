using Campaigns.Postgres.Local;
using Campaigns.Testing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Campaigns.Postgres.Tests.Local;

public sealed class LocalPostgresTests
{
    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenStoppedAndStartedAgain_KeepsTheData()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await folder.StartAsync())
        {
            await Sql.RunAsync(server.ConnectionString, "CREATE TABLE kept (value text); INSERT INTO kept VALUES ('yes')");
        }

        await using var again = await folder.StartAsync();

        Assert.Equal("yes", await Sql.ScalarAsync<string>(again.ConnectionString, "SELECT value FROM kept"));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_ByDefault_IsDurablePrivateUtf8AndNamedDatabase()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LocalPostgres.StartAsync(
            new LocalPostgresOptions { DataDirectory = folder.Path, Database = "it's \"mine\"" }, CancellationToken.None);

        Task<string> Setting(string name) => Sql.ScalarAsync<string>(server.ConnectionString, $"SELECT current_setting('{name}')");
        Assert.Equal("on", await Setting("fsync"));
        Assert.Equal("on", await Setting("synchronous_commit"));
        Assert.Equal("on", await Setting("full_page_writes"));
        Assert.Equal("on", await Setting("data_checksums"));
        Assert.Equal("127.0.0.1", await Setting("listen_addresses"));
        Assert.Equal("", await Setting("unix_socket_directories"));
        Assert.Equal("UTF8", await Setting("server_encoding"));
        Assert.Equal("C", await Sql.ScalarAsync<string>(server.ConnectionString, "SELECT datcollate FROM pg_database WHERE datname = current_database()"));
        Assert.Equal("it's \"mine\"", await Sql.ScalarAsync<string>(server.ConnectionString, "SELECT current_database()::text"));
        Assert.Equal(Path.Combine(server.DataDirectory, "cluster"), await Setting("data_directory"));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenThePasswordIsWrong_LetsNobodyIn()
    {
        using var folder = new TemporaryFolder();
        await using var server = await folder.StartAsync();
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "postgres", Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(wrong);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Cluster, "campaigns.password")));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenAnInitdbWasInterrupted_MakesTheClusterAnew()
    {
        using var folder = new TemporaryFolder();
        var unfinished = Directory.CreateDirectory(Path.Combine(folder.Path, "cluster.new.0badcafe"));
        await File.WriteAllTextAsync(Path.Combine(unfinished.FullName, "PG_VERSION"), "15");
        await File.WriteAllTextAsync(unfinished.FullName + ".password", "half");

        await using var server = await folder.StartAsync();

        Assert.Equal(1, await Sql.ScalarAsync<int>(server.ConnectionString, "SELECT 1"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path, "cluster.new*"));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenCancelledBeforeTheClusterIsMade_LeavesTheFolderForTheNextStart()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var logger = new CallbackLogger(entry =>
        {
            if (entry.Id == 2002)
            {
                cancellation.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => LocalPostgres.StartAsync(folder.Options(), logger, TimeProvider.System, cancellation.Token));
        await using var server = await folder.StartAsync();

        Assert.Equal(1, await Sql.ScalarAsync<int>(server.ConnectionString, "SELECT 1"));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task DisposeAsync_WhenClientsAreConnected_StopsAllTheSameAndTwiceIsNoHarm()
    {
        using var folder = new TemporaryFolder();
        var server = await folder.StartAsync();
        await using var client = await Sql.OpenAsync(server.ConnectionString);
        using var postmaster = ServerProcess.Postmaster(folder.Cluster);

        await server.DisposeAsync();
        await server.DisposeAsync();

        await ServerProcess.WaitForExitAsync(postmaster);
        Assert.True(server.Completion.IsCompletedSuccessfully);
        Assert.False(File.Exists(Path.Combine(folder.Cluster, "postmaster.pid")));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task DisposeAsync_WhenThrowaway_DeletesTheFolder()
    {
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions { DataDirectory = folder.Path, Durable = false, Throwaway = true };
        await using (var server = await LocalPostgres.StartAsync(options, CancellationToken.None))
        {
            Assert.True(Directory.Exists(folder.Cluster));
        }

        Assert.False(Directory.Exists(folder.Path));
    }

    private sealed class CallbackLogger(Action<EventId> callback) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            callback(eventId);
    }
}
