using Campaigns.Postgres.Local;
using Campaigns.Testing;

namespace Campaigns.Postgres.Tests.Local;

/// <summary>What is refused, with what words, and that nothing was harmed by it.</summary>
public sealed class LocalPostgresRefusalTests
{
    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenAnotherProcessOwnsTheFolder_NamesItAndLeavesItsServerAlone()
    {
        using var folder = new TemporaryFolder();
        using var owner = await OwnerProcess.StartAsync(folder);

        var refusal = await RefusedAsync(folder.Options());

        Assert.Equal(LocalPostgresFailure.DataDirectoryInUse, refusal.Failure);
        Assert.Contains($"process {owner.Id}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, await Sql.ScalarAsync<int>(owner.ConnectionString, "SELECT 1"));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenThisProcessOwnsTheFolderAlready_Refuses()
    {
        using var folder = new TemporaryFolder();
        await using var server = await folder.StartAsync();

        var refusal = await RefusedAsync(folder.Options());

        Assert.Equal(LocalPostgresFailure.DataDirectoryInUse, refusal.Failure);
        Assert.Equal(1, await Sql.ScalarAsync<int>(server.ConnectionString, "SELECT 1"));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenTheFixedPortIsTaken_SaysSoAndStartsOnceItIsFree()
    {
        using var folder = new TemporaryFolder();
        var listener = Loopback.Occupy();
        var port = Loopback.PortOf(listener);

        var refusal = await RefusedAsync(folder.Options(port));
        listener.Dispose();
        await using var server = await folder.StartAsync(port);

        Assert.Equal(LocalPostgresFailure.PortInUse, refusal.Failure);
        Assert.Contains(port.ToString(System.Globalization.CultureInfo.InvariantCulture), refusal.Message, StringComparison.Ordinal);
        Assert.Equal(port, server.Port);
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenAnotherServerHasTheFixedPort_LeavesThatServerAlone()
    {
        using var othersFolder = new TemporaryFolder();
        await using var other = await othersFolder.StartAsync();
        using var folder = new TemporaryFolder();

        var refusal = await RefusedAsync(folder.Options(other.Port));

        Assert.Equal(LocalPostgresFailure.PortInUse, refusal.Failure);
        Assert.Equal(1, await Sql.ScalarAsync<int>(other.ConnectionString, "SELECT 1"));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenTheFolderHoldsSomethingElse_RefusesAndTouchesNothing()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "thesis.txt"), "mine");

        var refusal = await RefusedAsync(folder.Options());

        Assert.Equal(LocalPostgresFailure.DataDirectoryUnusable, refusal.Failure);
        Assert.Contains("thesis.txt", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(folder.Path, "thesis.txt")], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenAnotherMajorVersionMadeTheCluster_NamesBothAndKeepsTheCluster()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Cluster);
        await File.WriteAllTextAsync(Path.Combine(folder.Cluster, "PG_VERSION"), "99\n");

        var refusal = await RefusedAsync(folder.Options());

        Assert.Equal(LocalPostgresFailure.VersionMismatch, refusal.Failure);
        Assert.Contains("PostgreSQL 99", refusal.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder.Cluster, "PG_VERSION")));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenACompletedClusterIsDamaged_RefusesAndKeepsTheRest()
    {
        using var folder = new TemporaryFolder();
        await using (await folder.StartAsync())
        {
        }

        File.Delete(Path.Combine(folder.Cluster, "PG_VERSION"));
        var refusal = await RefusedAsync(folder.Options());

        Assert.Equal(LocalPostgresFailure.DataDirectoryUnusable, refusal.Failure);
        Assert.True(Directory.Exists(Path.Combine(folder.Cluster, "base")));
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenThePasswordFileIsLost_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        await using (await folder.StartAsync())
        {
        }

        File.Delete(Path.Combine(folder.Cluster, "campaigns.password"));
        var refusal = await RefusedAsync(folder.Options());

        Assert.Equal(LocalPostgresFailure.DataDirectoryUnusable, refusal.Failure);
        Assert.Contains("campaigns.password", refusal.Message, StringComparison.Ordinal);
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenASettingIsUnknown_QuotesTheServer()
    {
        using var folder = new TemporaryFolder();
        var options = new LocalPostgresOptions
        {
            DataDirectory = folder.Path,
            Durable = false,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["no_such_thing"] = "1" },
        };

        var refusal = await RefusedAsync(options);

        Assert.Equal(LocalPostgresFailure.StartFailed, refusal.Failure);
        Assert.Contains("no_such_thing", refusal.Message, StringComparison.Ordinal);
    }

    [PostgresFact(PrivateServer = true)]
    public async Task StartAsync_WhenAParentIsClosed_RootIsToldWhichAndOthersStart()
    {
        using var parent = new TemporaryFolder();
        Directory.CreateDirectory(parent.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var wanted = Path.Combine(parent.Path, "data");
        var options = new LocalPostgresOptions { DataDirectory = wanted, Durable = false };
        if (Environment.IsPrivilegedProcess)
        {
            var refusal = await RefusedAsync(options);
            Assert.Equal(LocalPostgresFailure.DataDirectoryUnusable, refusal.Failure);
            Assert.Contains($"cannot enter {parent.Path}.", refusal.Message, StringComparison.Ordinal);
            Assert.StartsWith("/var/lib/campaigns-orleans/data-", LocalPostgres.ReachableDataDirectory(wanted), StringComparison.Ordinal);
        }
        else
        {
            await using var server = await LocalPostgres.StartAsync(options, CancellationToken.None);
            Assert.Equal(1, await Sql.ScalarAsync<int>(server.ConnectionString, "SELECT 1"));
            Assert.Equal(wanted, LocalPostgres.ReachableDataDirectory(wanted));
        }
    }

    [Fact]
    public async Task StartAsync_WhenThereIsNoPostgres_NamesPackageAndCommandAndMakesNoFolder()
    {
        using var folder = new TemporaryFolder();
        using var empty = new TemporaryFolder();
        Directory.CreateDirectory(empty.Path);

        var refusal = await RefusedAsync(new LocalPostgresOptions { DataDirectory = folder.Path, BinDirectory = empty.Path });

        Assert.Equal(LocalPostgresFailure.BinariesMissing, refusal.Failure);
        Assert.Contains("apt-get install postgresql", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public async Task StartAsync_WhenOptionsAreWrong_ListsEveryError()
    {
        var options = new LocalPostgresOptions
        {
            DataDirectory = " ",
            Port = 70000,
            StartTimeout = TimeSpan.Zero,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["PORT"] = "1" },
        };

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => LocalPostgres.StartAsync(options, CancellationToken.None));

        foreach (var property in new[] { "DataDirectory", "Port", "StartTimeout", "Settings" })
        {
            Assert.Contains($"LocalPostgresOptions.{property} ", refusal.Message, StringComparison.Ordinal);
        }
    }

    private static Task<LocalPostgresException> RefusedAsync(LocalPostgresOptions options) =>
        Assert.ThrowsAsync<LocalPostgresException>(async () =>
        {
            await using var server = await LocalPostgres.StartAsync(options, CancellationToken.None);
        });
}
