using Campaigns.Postgres.Local;
using Xunit;

namespace Campaigns.Testing;

/// <summary>Whether tests that need PostgreSQL can run here. On a laptop without it they are skipped; where CI=true they run, and fail.</summary>
public static class PostgresPrerequisite
{
    /// <summary>Environment variable with a connection string of a server to use instead of a private one. Its user must be able to create databases.</summary>
    public const string ServerVariable = "CAMPAIGNS_TEST_POSTGRES";

    /// <summary>Why the tests are skipped, or <see langword="null"/>.</summary>
    public static string? SkipReason { get; } = Find(privateServer: false);

    /// <summary>The same for tests of the private server itself, which another server cannot stand in for.</summary>
    public static string? PrivateServerSkipReason { get; } = Find(privateServer: true);

    private static string? Find(bool privateServer) =>
        (!privateServer && Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 })
        || string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase)
        || Task.Run(() => LocalPostgres.IsInstalledAsync(CancellationToken.None)).GetAwaiter().GetResult()
            ? null
            : $"PostgreSQL 15 or later is not installed, and {ServerVariable} names no server.";
}

/// <summary>A test that needs PostgreSQL; see <see cref="PostgresPrerequisite"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    /// <inheritdoc/>
    public override string? Skip
    {
        get => base.Skip ?? (PrivateServer ? PostgresPrerequisite.PrivateServerSkipReason : PostgresPrerequisite.SkipReason);
        set => base.Skip = value;
    }

    /// <summary>Whether it must be a private server of this machine's programs.</summary>
    public bool PrivateServer { get; set; }
}

/// <summary>A theory that needs PostgreSQL; see <see cref="PostgresPrerequisite"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    /// <inheritdoc/>
    public override string? Skip
    {
        get => base.Skip ?? PostgresPrerequisite.SkipReason;
        set => base.Skip = value;
    }
}
