using System.Reflection;
using Campaigns.Api.Problems;
using Campaigns.Postgres.Migrations;
using Campaigns.Silo.Draining;
using Campaigns.Silo.Engine;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Campaigns.Api.Health;

/// <summary><c>/health</c>, <c>/health/live</c>, <c>/health/ready</c> and <c>/version</c>; open to all, and silent about anything but themselves.</summary>
internal static class HealthEndpoints
{
    internal static readonly string BuildVersion =
        typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    internal static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("").WithTags("Health");
        group.MapGet("/health/live", () => TypedResults.Ok(new Health("live", OrleansEngine.Name))).WithSummary("The process answers");
        group.MapGet("/health/ready", ReadyAsync)
            .WithSummary("The database is reachable and has this build's schema, and the host is not about to go");
        group.MapGet("/health", StatusAsync).WithSummary("What the host is doing");
        group.MapGet("/version", () => TypedResults.Ok(new VersionBody("Campaigns.Orleans", BuildVersion, OrleansEngine.Name)))
            .WithSummary("The build and its Orleans engine");
    }

    private static Task<Results<Ok<Health>, ProblemHttpResult>> ReadyAsync(
        NpgsqlDataSource database, IServiceProvider services, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        var gone = lifetime.ApplicationStopping.IsCancellationRequested ? "The host stops."
            : services.GetService<SiloDrain>() is { State: not SiloState.Ready } ? "The host drains: its calls go on, and new work goes to others."
            : null;
        return gone is null ? SchemaAsync(database, cancellationToken) : Task.FromResult<Results<Ok<Health>, ProblemHttpResult>>(Problem.Unavailable(gone));
    }

    private static async Task<Ok<Status>> StatusAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (services.GetService<SiloDrain>() is not { } drain)
        {
            return TypedResults.Ok(new Status("ready", OrleansEngine.Name, null));
        }

        var silo = await drain.ReadAsync(cancellationToken);
        var state = silo.State == SiloState.Ready ? "ready" : "draining";
        return TypedResults.Ok(new Status(
            state, OrleansEngine.Name,
            new SiloStatus(
                silo.LiveCalls, Math.Round(silo.LongestCall.TotalSeconds, 1), silo.Ringing, silo.Campaigns, silo.DrainingSince, silo.DrainingUntil)));
    }

    private static async Task<Results<Ok<Health>, ProblemHttpResult>> SchemaAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
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

    internal sealed record Status(string State, string Engine, SiloStatus? Silo);

    internal sealed record SiloStatus(
        int LiveCalls, double LongestCallSeconds, int? Ringing, int Campaigns, DateTimeOffset? DrainingSince, DateTimeOffset? DrainingUntil);

    internal sealed record VersionBody(string Name, string Version, string Engine);
}
