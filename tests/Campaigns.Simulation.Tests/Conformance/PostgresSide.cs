using System.Globalization;
using Campaigns.Postgres;
using Campaigns.Postgres.Campaigns;
using Campaigns.Postgres.Carrier;
using Campaigns.Postgres.Contacts;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.Virtual;
using Npgsql;

namespace Campaigns.Simulation.Tests.Conformance;

/// <summary>The stores on PostgreSQL, filled like the model and read whole.</summary>
internal sealed class PostgresSide
{
    private readonly NpgsqlDataSource _database;
    private readonly SetClock _clock = new();

    private PostgresSide(NpgsqlDataSource database, string account)
    {
        _database = database;
        var specs = new FrozenSpecs(database);
        Campaigns = new PostgresCampaignStore(database, specs);
        Contacts = new PostgresContactStore(database, specs);
        Permits = new PostgresCarrierPermits(database, account, _clock);
        ModelLimits = new PostgresModelLimits(database, account, _clock);
        Ledger = new PostgresPermitLedger(database);
    }

    public PostgresCampaignStore Campaigns { get; }

    public PostgresContactStore Contacts { get; }

    public PostgresPermitLedger Ledger { get; }

    private PostgresCarrierPermits Permits { get; }

    private PostgresModelLimits ModelLimits { get; }

    /// <summary>An empty database with the model's accounts, organizations, people and drafts in it.</summary>
    public static async Task<PostgresSide> CreateAsync(NpgsqlDataSource database, ModelDatabase model)
    {
        var side = new PostgresSide(database, model.Accounts.Keys.First());
        await side.ExecuteAsync("TRUNCATE carrier_accounts CASCADE");
        foreach (var account in model.Accounts.Values)
        {
            await side.ExecuteAsync("INSERT INTO carrier_accounts (id, calls_per_minute) VALUES ($1, $2)", account.Id, account.CallsPerMinute);
            await side.WriteLimitsAsync(account);
        }

        foreach (var organization in model.Organizations)
        {
            await side.ExecuteAsync(
                "INSERT INTO organizations (id, slug, name, time_zone, max_concurrent, carrier_account_id) VALUES ($1, $2, 'Test', $3, $4, $5)",
                organization.Id, $"org-{organization.Id.ToString("N")[..12]}", organization.TimeZone, organization.MaxConcurrent, organization.Account.Id);
            await side.WriteShareAsync(organization);
            await side.ExecuteAsync(
                "INSERT INTO agents (id, organization_id, name, system_prompt) VALUES ($1, $1, 'Asha', 'You are Asha.')", organization.Id);
            foreach (var person in organization.People)
            {
                await side.ExecuteAsync(
                    "INSERT INTO contacts (id, organization_id, name, phone, time_zone, marketing_consent) VALUES ($1, $2, 'Person', $3, $4, $5)",
                    person.Id, organization.Id, person.Phone, person.TimeZone, person.Consent.ToText());
            }
        }

        foreach (var campaign in model.Campaigns)
        {
            await side.ExecuteAsync(
                "INSERT INTO campaigns (id, organization_id, agent_id, name, spec, created_at) VALUES ($1, $2, $2, $3, $4::jsonb, $5)",
                campaign.Id, campaign.Organization.Id, campaign.Spec.Name, CampaignSpecJson.Write(campaign.Spec), campaign.CreatedAt);
        }

        return side;
    }

    /// <summary>The ids that a start gave the rows of a campaign, by position.</summary>
    public async Task<List<Guid>> SnapshotIdsAsync(Guid campaign)
        => [.. (await ReadAsync("SELECT id::text FROM campaign_contacts WHERE campaign_id = $1 ORDER BY position", campaign)).Select(Guid.Parse)];

    public async Task<bool> TakePermitAsync(DateTimeOffset now)
    {
        _clock.Now = now;
        return await Permits.TryTakeAsync(CancellationToken.None);
    }

    public async Task ReportThrottledAsync(TimeSpan? retryAfter, DateTimeOffset now)
    {
        _clock.Now = now;
        await Permits.ReportThrottledAsync(retryAfter, CancellationToken.None);
    }

    public async Task ReportExhaustedAsync(DateTimeOffset now)
    {
        _clock.Now = now;
        await ModelLimits.ReportExhaustedAsync(CancellationToken.None);
    }

    /// <summary>What an operator may change of an account at any time.</summary>
    public Task WriteLimitsAsync(AccountRow account) => ExecuteAsync(
        "UPDATE carrier_accounts SET calls_per_minute = $2, max_concurrent = $3::int, inbound_reserve = $4 WHERE id = $1",
        account.Id, account.CallsPerMinute, account.MaxConcurrent, account.InboundReserve);

    /// <summary>What an operator may change of an organization at any time.</summary>
    public Task WriteShareAsync(OrganizationRow organization) => ExecuteAsync(
        "UPDATE organizations SET weight = $2, inbound_reserve = $3 WHERE id = $1", organization.Id, organization.Weight, organization.InboundReserve);

    public async Task ExecuteAsync(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Every row that the model has, too, a line each.</summary>
    public async Task<List<string>> DumpAsync() =>
    [
        .. await ReadAsync(
            """
            SELECT 'account', id, next_slot_at, rate_factor, throttled_at, blocked_until, open_slots, share_clock, model_lines, model_refused_at
            FROM carrier_accounts ORDER BY id
            """),
        .. await ReadAsync(
            """
            SELECT 'campaign', id, status, start_at, total_count, frozen_at, started_at, finished_at, pause_reason, running_since,
                   lease_owner, lease_epoch, lease_until, version
            FROM campaigns ORDER BY name
            """),
        .. await ReadAsync(
            """
            SELECT 'counters', k.campaign_id, k.pending, k.in_flight, k.completed, k.no_answer, k.failed, k.skipped, k.cancelled, k.dispatched,
                   k.next_slot_at, k.ran_before, k.weight, k.live, k.wanted_lines, k.wanted_slots, k.wanted_promised, k.wanted_until, k.share_clock,
                   k.reconciled_at
            FROM campaign_counters k JOIN campaigns c ON c.id = k.campaign_id ORDER BY c.name
            """),
        .. await ReadAsync(
            """
            SELECT 'contact', cc.id, cc.contact_id, cc.position, cc.phone, cc.status, cc.attempts, cc.priority, cc.due_at, cc.task_id, cc.claim_epoch,
                   cc.claimed_at, cc.claim_until, cc.session_id, cc.outcome, cc.disposition, cc.reason, cc.updated_at, cc.finished_at, cc.version
            FROM campaign_contacts cc JOIN campaigns c ON c.id = cc.campaign_id ORDER BY c.name, cc.position
            """),
        .. await ReadAsync(
            """
            SELECT 'permit', p.kind, p.carrier_account_id, p.campaign_contact_id, p.session_id, p.session_state, p.owner, p.since, p.check_at, p.deadline
            FROM permits p JOIN campaign_contacts cc ON cc.id = p.campaign_contact_id JOIN campaigns c ON c.id = cc.campaign_id ORDER BY c.name, cc.position
            """),
        .. await ReadAsync(
            """
            SELECT 'session', id, campaign_contact_id, attempt, phone, state, outcome, carrier_sid, token_expires_at, owner, started_at, send_before,
                   placed_at, answered_at, ended_at, carrier_ended_at, duration, recording_url, detail, check_at, give_up_at
            FROM sessions ORDER BY id::text
            """),
        .. await ReadAsync(
            """
            SELECT 'decision', d.campaign_contact_id, d.at, d.kind, d.attempt, d.reason, d.due_at, d.epoch, d.session_id, d.actor
            FROM decisions d JOIN campaign_contacts cc ON cc.id = d.campaign_contact_id JOIN campaigns c ON c.id = cc.campaign_id
            ORDER BY c.name, cc.position, d.id
            """),
    ];

    /// <summary>A value as both sides write it.</summary>
    public static string Word(object? value) => value switch
    {
        null or DBNull => "-",
        DateTime time => Words.Of(new DateTimeOffset(time, TimeSpan.Zero)),
        DateTimeOffset time => Words.Of(time),
        DateTime[] times => string.Join(' ', times.Select(t => Word(t))),
        IEnumerable<DateTimeOffset> times => string.Join(' ', times.Select(t => Word(t))),
        TimeSpan span => span.TotalMicroseconds.ToString("F0", CultureInfo.InvariantCulture),
        double number => number.ToString("F9", CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private async Task<List<string>> ReadAsync(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        var row = new object[reader.FieldCount];
        while (await reader.ReadAsync())
        {
            reader.GetValues(row);
            lines.Add(string.Join('|', row.Select(Word)));
        }

        return lines;
    }

    private NpgsqlCommand Command(string sql, object?[] values)
    {
        var command = _database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }

    /// <summary>Shows the time of the command; whoever waits on it waits for nothing.</summary>
    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = VirtualClock.Start;

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
