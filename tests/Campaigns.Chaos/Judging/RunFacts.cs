using Campaigns.Chaos.Bed;
using CarrierSimulator;
using Dapper;
using Npgsql;

namespace Campaigns.Chaos.Judging;

/// <summary>Everything a run is judged by: the carrier's ledger first, and the rows that say what it should show.</summary>
public sealed record RunFacts
{
    /// <summary>Every request that the carrier was sent.</summary>
    public required IReadOnlyList<LedgerEntry> Dials { get; init; }

    public required IReadOnlyList<ContactRow> Contacts { get; init; }

    public required IReadOnlyList<SessionRow> Sessions { get; init; }

    /// <summary>Where the counters say something else than the rows.</summary>
    public required IReadOnlyList<string> CounterDifferences { get; init; }

    public required IReadOnlyList<Disturbance> Disturbances { get; init; }

    public required Caps Caps { get; init; }

    /// <summary>Whether the machine was too busy for sound between two moments.</summary>
    public required Func<DateTimeOffset, DateTimeOffset, bool> WasStarved { get; init; }

    public static async Task<RunFacts> ReadAsync(ChaosBed bed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bed);
        await using var database = await bed.Postgres.DataSource.OpenConnectionAsync(cancellationToken);
        var contacts = (await database.QueryAsync<ContactRow>("SELECT campaign_id AS Campaign, phone, status, outcome, attempts FROM campaign_contacts")).AsList();
        var sessions = (await database.QueryAsync<SessionRow>(
            "SELECT id, campaign_contact_id AS Contact, attempt, phone, state, outcome, coalesce(underruns, 0) AS Underruns FROM sessions")).AsList();
        var differences = new List<string>();
        foreach (var campaign in bed.Campaigns)
        {
            if (await campaign.Seed.CounterDifferenceAsync() is { } difference)
            {
                differences.Add($"campaign {campaign.Number}: {difference}");
            }
        }

        return new RunFacts
        {
            Dials = bed.Carrier.Ledger.Entries,
            Contacts = contacts,
            Sessions = sessions,
            CounterDifferences = differences,
            Disturbances = bed.Disturbances,
            Caps = bed.Caps,
            WasStarved = bed.Machine.WasStarved,
        };
    }
}

/// <summary>A row of <c>campaign_contacts</c>.</summary>
public sealed record ContactRow(Guid Campaign, string Phone, string Status, string? Outcome, int Attempts);

/// <summary>A row of <c>sessions</c>.</summary>
public sealed record SessionRow(Guid Id, Guid? Contact, int Attempt, string Phone, string State, string? Outcome, int Underruns);
