using Campaigns.Postgres.Migrations;
using Campaigns.Testing;

namespace Campaigns.Postgres.Tests;

public sealed class FixtureTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task DataSource_WhenTheClassStarts_IsMigratedDatabaseOfItsOwn()
    {
        await using var command = fixture.DataSource.CreateCommand("SELECT count(*)::int FROM schema_migrations");
        Assert.Equal(MigrationScripts.Embedded.Count, (int)(await command.ExecuteScalarAsync())!);
    }
}
