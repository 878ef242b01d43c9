using Campaigns.Hosting.Engine;
using Campaigns.Hosting.Health;
using Campaigns.Hosting.Schema;
using Campaigns.Postgres;
using Campaigns.Postgres.Migrations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Hosting;

/// <summary>What the programs of all hosts have in common. What is wrong goes to stderr, in words for whoever runs them.</summary>
public static partial class HostProgram
{
    private const int Failed = 1;

    /// <summary>Runs a host until it is told to stop; <c>--version</c> names the build and its engine.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Func<WebApplication> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        if (args is ["--version"])
        {
            Console.WriteLine($"Campaigns.Orleans {HealthEndpoints.BuildVersion}, engine {OrleansEngine.Name}");
            return 0;
        }

        return await ReportAsync(async () =>
        {
            await using var app = build();
            LogEngine(app.Logger, OrleansEngine.Name, HealthEndpoints.BuildVersion);
            await app.RunAsync();
        });
    }

    /// <summary>
    /// Brings the database of <c>ConnectionStrings:Campaigns</c> to this build's schema. It is the only program that needs rights to make tables.
    /// </summary>
    /// <returns>The exit code.</returns>
    public static Task<int> MigrateAsync(string[] args) => ReportAsync(async () =>
    {
        var builder = Host.CreateApplicationBuilder(args);
        using var host = builder.Build();
        var loggers = host.Services.GetRequiredService<ILoggerFactory>();
        await using var database = PostgresRegistration.CreateDataSource(HostDatabase.ConnectionString(builder.Configuration), loggers);
        await SchemaMigration.MigrateAsync(database, loggers, host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
    });

    /// <summary>
    /// Pauses every campaign of the database of <c>ConnectionStrings:Campaigns</c> that runs or is scheduled, without any host: to be run on a database
    /// that was restored, before the first host starts on it.
    /// </summary>
    /// <returns>The exit code.</returns>
    public static Task<int> PauseAllAsync(string[] args) => ReportAsync(async () =>
    {
        if (args is not [{ Length: > 0 } reason, .. var rest])
        {
            throw new HostStartException("pause-all needs a reason, which operators read at each campaign: Campaigns.Api pause-all \"restored from last night's backup\"");
        }

        var builder = Host.CreateApplicationBuilder(rest);
        await using var database = PostgresRegistration.CreateDataSource(HostDatabase.ConnectionString(builder.Configuration));
        var paused = await PauseAll.RunAsync(database, reason, TimeProvider.System, CancellationToken.None);
        Console.WriteLine($"{paused} campaigns paused: {reason}");
    });

    private static async Task<int> ReportAsync(Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (Exception error) when (error is HostStartException or OptionsValidationException or MigrationException or Npgsql.NpgsqlException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return Failed;
        }
    }

    [LoggerMessage(3001, LogLevel.Information, "Orleans engine {Engine}, version {Version}")]
    private static partial void LogEngine(ILogger logger, string engine, string version);
}
