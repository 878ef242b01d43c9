using Campaigns.Postgres.Local;

namespace Campaigns.Postgres.Tests;

/// <summary>Started by a test as <c>dotnet Campaigns.Postgres.Tests.dll FOLDER [throwaway]</c>: owns a server until it is killed or its input ends.</summary>
internal static class Program
{
    internal static async Task Main(string[] arguments)
    {
        var options = new LocalPostgresOptions { DataDirectory = arguments[0], Durable = false, Throwaway = arguments.Contains("throwaway") };
        await using var server = await LocalPostgres.StartAsync(options, CancellationToken.None);
        await Console.Out.WriteLineAsync(server.ConnectionString);
        await Console.In.ReadToEndAsync();
    }
}
