using Campaigns.Postgres.Migrations;
using Npgsql;

namespace Campaigns.Api;

/// <summary>Brings the database to this build's schema.</summary>
public static class SchemaMigration
{
    /// <summary>Applies what is missing, one host at a time. Call it before the host starts: everything in it relies on the schema.</summary>
    /// <exception cref="MigrationException">The database is newer than this build, contradicts it, or a script failed.</exception>
    public static async Task MigrateCampaignsAsync(this IHost host, CancellationToken cancellationToken = default)
    {
        var migrator = new Migrator(
            host.Services.GetRequiredService<NpgsqlDataSource>(),
            MigrationScripts.Embedded,
            host.Services.GetRequiredService<ILogger<Migrator>>());
        await migrator.MigrateAsync(cancellationToken);
    }
}
