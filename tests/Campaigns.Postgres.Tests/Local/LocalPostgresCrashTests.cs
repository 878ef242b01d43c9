using System.Globalization;
using Campaigns.Postgres.Local;
using Campaigns.Testing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Campaigns.Postgres.Tests.Local;

/// <summary>What dies, and what must live on or follow.</summary>
public sealed class LocalPostgresCrashTests
{
    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenTheServerWasKilled_RecoversWhatWasCommitted()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await folder.StartAsync())
        {
            await Sql.RunAsync(server.ConnectionString, "CREATE TABLE kept (value int); INSERT INTO kept VALUES (42)");
            using var postmaster = ServerProcess.Postmaster(folder.Cluster);
            postmaster.Kill();
            await server.Completion.WaitAsync(TimeSpan.FromSeconds(30));
        }

        await using var again = await folder.StartAsync();

        Assert.Equal(42, await Sql.ScalarAsync<int>(again.ConnectionString, "SELECT value FROM kept"));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task Completion_WhenTheServerIsKilled_CompletesAndTheLogSaysSo()
    {
        using var folder = new TemporaryFolder();
        using var log = new LogCapture();
        await using var server = await LocalPostgres.StartAsync(
            folder.Options(), log.CreateLogger("local"), TimeProvider.System, CancellationToken.None);
        using var postmaster = ServerProcess.Postmaster(folder.Cluster);

        postmaster.Kill();
        await server.Completion.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error && entry.Event.Id == 2006);
    }

    [PostgresFact(PrivateServer = true)]
    public async Task Owner_WhenKilled_TakesTheServerDownAndTheDataStay()
    {
        using var folder = new TemporaryFolder();
        using var owner = await OwnerProcess.StartAsync(folder);
        await Sql.RunAsync(owner.ConnectionString, "CREATE TABLE kept (value int); INSERT INTO kept VALUES (42)");
        using var postmaster = ServerProcess.Postmaster(folder.Cluster);

        await owner.KillAsync();

        await ServerProcess.WaitForExitAsync(postmaster);
        await using var again = await folder.StartAsync();
        Assert.Equal(42, await Sql.ScalarAsync<int>(again.ConnectionString, "SELECT value FROM kept"));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task Owner_WhenKilledWithAThrowawayFolder_LeavesNothingBehind()
    {
        using var folder = new TemporaryFolder();
        using var owner = await OwnerProcess.StartAsync(folder, throwaway: true);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(folder.Path)!, Path.GetFileName(folder.Path));
        watcher.Deleted += (_, _) => gone.TrySetResult();
        watcher.EnableRaisingEvents = true;

        await owner.KillAsync();

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(Directory.Exists(folder.Path));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenTheOrphanIsStillStopping_WaitsForItsEnd()
    {
        using var folder = new TemporaryFolder();
        using var owner = await OwnerProcess.StartAsync(folder);
        await Sql.RunAsync(owner.ConnectionString, "CREATE TABLE kept AS SELECT generate_series(1, 200000) AS value");
        using var postmaster = ServerProcess.Postmaster(folder.Cluster);

        await owner.KillAsync();
        await using var again = await folder.StartAsync();

        Assert.True(postmaster.HasExited);
        Assert.Equal(200000, await Sql.ScalarAsync<long>(again.ConnectionString, "SELECT count(*) FROM kept"));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenOwnerAndSupervisorWereKilled_StopsTheOrphanItself()
    {
        using var folder = new TemporaryFolder();
        using var owner = await OwnerProcess.StartAsync(folder);
        using var postmaster = ServerProcess.Postmaster(folder.Cluster);
        using var supervisor = ServerProcess.Parent(postmaster);
        await KillWholeSupervisorAsync(supervisor);
        await owner.KillAsync();
        Assert.Equal(1, await Sql.ScalarAsync<int>(owner.ConnectionString, "SELECT 1"));

        await using var again = await folder.StartAsync();

        Assert.Equal(1, await Sql.ScalarAsync<int>(again.ConnectionString, "SELECT 1"));
        Assert.NotEqual(postmaster.Id, ServerProcess.Postmaster(folder.Cluster).Id);
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenAStalePidFileNamesAnotherLivingServer_StartsAndLeavesThatServerAlone()
    {
        using var othersFolder = new TemporaryFolder();
        await using var other = await othersFolder.StartAsync();
        await using var othersClient = await Sql.OpenAsync(other.ConnectionString);
        using var folder = new TemporaryFolder();
        await using (await folder.StartAsync())
        {
        }

        using var othersPostmaster = ServerProcess.Postmaster(othersFolder.Cluster);
        await WriteStaleFileAsync(folder, othersPostmaster.Id, other.Port);
        await using var server = await folder.StartAsync();

        Assert.NotEqual(other.Port, server.Port);
        Assert.Equal(1, await Sql.ScalarAsync<int>(server.ConnectionString, "SELECT 1"));
        await using var stillThere = new NpgsqlCommand("SELECT 2", othersClient);
        Assert.Equal(2, await stillThere.ExecuteScalarAsync());
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenAStalePidFileNamesThisVeryProcess_Starts()
    {
        using var folder = new TemporaryFolder();
        await using (await folder.StartAsync())
        {
        }

        await WriteStaleFileAsync(folder, Environment.ProcessId, port: 5432);
        await using var server = await folder.StartAsync();

        Assert.Equal(1, await Sql.ScalarAsync<int>(server.ConnectionString, "SELECT 1"));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenThePidFileIsEmpty_StartsWithTheData()
    {
        using var folder = new TemporaryFolder();
        await using (var first = await folder.StartAsync())
        {
            await Sql.RunAsync(first.ConnectionString, "CREATE TABLE kept (value int); INSERT INTO kept VALUES (42)");
        }

        var file = Path.Combine(folder.Cluster, "postmaster.pid");
        await File.WriteAllTextAsync(file, "");
        await using var server = await folder.StartAsync();

        Assert.Equal(42, await Sql.ScalarAsync<int>(server.ConnectionString, "SELECT value FROM kept"));
    }

    private static async Task WriteStaleFileAsync(TemporaryFolder folder, int processId, int port)
    {
        // As PostgreSQL writes it: pid, folder, start time, port, socket folder, address, shared memory key and id, status.
        var id = processId.ToString(CultureInfo.InvariantCulture);
        var lines = new[] { id, folder.Cluster, "1700000000", port.ToString(CultureInfo.InvariantCulture), "", "127.0.0.1", "  1234567  99", "ready   " };
        await File.WriteAllLinesAsync(Path.Combine(folder.Cluster, "postmaster.pid"), lines);
    }

    /// <summary>The supervisor is two shells: the one that waits for the server and the one that waits for the owner.</summary>
    private static async Task KillWholeSupervisorAsync(System.Diagnostics.Process supervisor)
    {
        var children = await File.ReadAllTextAsync($"/proc/{supervisor.Id}/task/{supervisor.Id}/children");
        foreach (var child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            using var process = System.Diagnostics.Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture));
            if (process.ProcessName == "sh")
            {
                process.Kill();
            }
        }

        supervisor.Kill();
    }
}
