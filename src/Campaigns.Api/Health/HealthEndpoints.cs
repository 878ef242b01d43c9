using System.Reflection;
using Campaigns.Api.Problems;
using Campaigns.Postgres.Migrations;
using Campaigns.Silo.Engine;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Campaigns.Api.Health;

/// <summary><c>/health/live</c>, <c>/health/ready</c> and <c>/version</c>; open to all, and silent about anything but themselves.</summary>
internal static class HealthEndpoints
{
    internal static readonly string BuildVersion =
        typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    internal static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("").WithTags("Health");
        group.MapGet("/health/live", () => TypedResults.Ok(new Health("live", OrleansEngine.Name))).WithSummary("The process answers");
        group.MapGet("/health/ready", ReadyAsync).WithSummary("The database is reachable and has this build's schema");
        group.MapGet("/version", () => TypedResults.Ok(new VersionBody("Campaigns.Orleans", BuildVersion, OrleansEngine.Name)))
            .WithSummary("The build and its Orleans engine");
    }

    private static async Task<Results<Ok<Health>, ProblemHttpResult>> ReadyAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        try
        {
            // Hosts share a database while they are upgraded one by one: a newer schema is as good as our own.
            await using var command = database.CreateCommand("SELECT max(version) FROM schema_migrations");
            command.CommandTimeout = 5;
            var version = await command.ExecuteScalarAsync(cancellationToken) as int? ?? 0;
            return version >= MigrationScripts.Embedded[^1].Version
                ? TypedResults.Ok(new Health("ready", OrleansEngine.Name))
                : Problem.Unavailable("The database's schema is older than this build's.");
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return Problem.Unavailable("The database has no schema yet.");
        }
        catch (NpgsqlException)
        {
            return Problem.Unavailable("The database cannot be reached.");
        }
    }

    internal sealed record Health(string Status, string Engine);

    internal sealed record VersionBody(string Name, string Version, string Engine);
}
