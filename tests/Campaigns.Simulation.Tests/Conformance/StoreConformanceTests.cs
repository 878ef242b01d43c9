using Campaigns.Simulation.Virtual;
using Campaigns.Testing;
using Xunit.Abstractions;

namespace Campaigns.Simulation.Tests.Conformance;

/// <summary>The model of the store does what PostgreSQL does, command by command: without that the simulation would prove nothing.</summary>
public sealed class StoreConformanceTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const int Commands = 120;

    [PostgresTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Commands_DrawnAtRandom_AreAnsweredAlikeAndLeaveTheSameRows(int part)
    {
        for (var run = 0; run < 5; run++)
        {
            var seed = (ulong)((part * 1000) + run);
            var dice = new Dice(seed);
            List<ulong> commands = [.. Enumerable.Range(0, Commands).Select(_ => dice.Next())];
            if (await TwoStores.RunAsync(postgres.DataSource, seed, commands) is not null)
            {
                commands = await ShrinkAsync(seed, commands);
                Assert.Fail($"Seed {seed}, shrunk to {commands.Count} commands:\n{await TwoStores.RunAsync(postgres.DataSource, seed, commands)}");
            }
        }
    }

    /// <summary>Leaves out whatever the difference does not need.</summary>
    private async Task<List<ulong>> ShrinkAsync(ulong seed, List<ulong> commands)
    {
        for (var size = commands.Count / 2; size > 0; size /= 2)
        {
            for (var at = 0; at + size <= commands.Count;)
            {
                List<ulong> fewer = [.. commands.Take(at), .. commands.Skip(at + size)];
                if (await TwoStores.RunAsync(postgres.DataSource, seed, fewer) is not null)
                {
                    commands = fewer;
                    output.WriteLine($"still different with {commands.Count} commands");
                }
                else
                {
                    at += size;
                }
            }
        }

        return commands;
    }
}
