using Campaigns.Postgres.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Campaigns.Hosting.Schema;

/// <summary>Brings the database to this build's schema.</summary>
public static class SchemaMigration
{
    /// <summary>
    /// Applies what is missing, one process at a time, for a host that owns its database, as the quickstart does. Call it before the host starts.
    /// </summary>
    /// <exception cref="MigrationException">The database is newer than this build, contradicts it, or a script failed.</exception>
    public static Task MigrateCampaignsAsync(this IHost host, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        return MigrateAsync(
            host.Services.GetRequiredService<NpgsqlDataSource>(), host.Services.GetRequiredService<ILoggerFactory>(), cancellationToken);
    }

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="MigrationException">The database is newer than this build, contradicts it, or a script failed.</exception>
    internal static Task MigrateAsync(NpgsqlDataSource database, ILoggerFactory loggers, CancellationToken cancellationToken)
        => new Migrator(database, MigrationScripts.Embedded, loggers.CreateLogger<Migrator>()).MigrateAsync(cancellationToken);
}
