using Campaigns.Grains;
using Campaigns.Hosting.Schema;
using Campaigns.Postgres.Campaigns;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Hosting;

/// <summary>
/// Pauses whatever would dial, in the database and without any host: for a database that was restored, or taken over from a standby that lagged. It
/// does not know what was dialled after its state, and the first host that starts on it would dial those people again.
/// </summary>
internal static class PauseAll
{
    /// <summary>Pauses every campaign that runs or is scheduled.</summary>
    /// <returns>How many were paused. Repeated, 0.</returns>
    internal static async Task<int> RunAsync(NpgsqlDataSource database, string reason, TimeProvider clock, CancellationToken cancellationToken)
    {
        await new SchemaGate(database).StartAsync(cancellationToken);
        var store = new PostgresCampaignStore(database, new FrozenSpecs(database));
        var paused = 0;
        foreach (var campaign in await LiveAsync(database, cancellationToken))
        {
            var result = await store.ApplyAsync(campaign, CampaignCommand.Pause, reason, clock.GetUtcNow(), cancellationToken);
            paused += result.Kind == CommandResultKind.Applied ? 1 : 0;
        }

        return paused;
    }

    private static async Task<List<Guid>> LiveAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT id FROM campaigns WHERE status IN ('RUNNING', 'SCHEDULED') ORDER BY id");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<Guid> live = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            live.Add(reader.GetGuid(0));
        }

        return live;
    }
}
