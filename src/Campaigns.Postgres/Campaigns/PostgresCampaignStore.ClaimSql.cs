using System.Collections.Immutable;
using Campaigns.Domain.Eligibility;
using Campaigns.Domain.Pacing;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Postgres.Campaigns;

public sealed partial class PostgresCampaignStore
{
    /// <summary>
    /// The locks of a claim, in the order of the clauses. The campaign's lock is shared: claims and dials go on beside each other,
    /// while pause, cancel and a change of lease wait for them and they for it.
    /// </summary>
    /// <remarks>
    /// The settings hold for this transaction. The planner would plan a claim anew each time, because a LIMIT that it knows looks cheaper
    /// than one that it does not; both come to the same index. The commit of a claim does not wait for the disk, and need not: nothing
    /// leaves the system before the gate of the dial has committed, and that commit waits for everything before it in the log, this claim
    /// included. A claim that a power cut undoes was not dialled: its contact is PENDING again and the gate does not know its task.
    /// </remarks>
    private const string LockDesk =
        $"""
        SELECT {PermitRows.AccountColumns},
               o.id, o.time_zone, o.calling_window,
               c.status, c.lease_epoch, c.running_since,
               k.pending, k.in_flight, k.dispatched, k.next_slot_at, k.ran_before, k.wanted_lines + k.wanted_slots > 0,
               set_config('plan_cache_mode', 'force_generic_plan', true), set_config('synchronous_commit', 'off', true)
        FROM campaigns c
        JOIN organizations o ON o.id = c.organization_id
        JOIN carrier_accounts a ON a.id = o.carrier_account_id
        JOIN campaign_counters k ON k.campaign_id = c.id
        WHERE c.id = $1
        FOR NO KEY UPDATE OF a FOR NO KEY UPDATE OF o FOR SHARE OF c FOR NO KEY UPDATE OF k
        """;

    /// <summary>Due contacts. Promised callbacks have a statement of their own so that each reads one end of the index.</summary>
    /// <remarks>
    /// What is known of a person is looked up one by one, by sub-queries with a LIMIT: of an EXISTS or a join the planner may make a hash
    /// of the whole do-not-call list or of all contacts, because it plans for many more rows than a claim takes.
    /// </remarks>
    private const string Candidates =
        """
        SELECT cc.id, cc.phone, cc.attempts, cc.time_zone,
               (SELECT p.marketing_consent FROM contacts p WHERE p.id = cc.contact_id LIMIT 1),
               coalesce((SELECT true FROM do_not_call d WHERE d.organization_id = cc.organization_id AND d.phone = cc.phone LIMIT 1), false),
               coalesce((SELECT true FROM sessions s
                         WHERE s.organization_id = cc.organization_id AND s.phone = cc.phone AND s.state <> 'ENDED' LIMIT 1), false),
               ARRAY(SELECT s.started_at FROM sessions s
                     WHERE s.organization_id = cc.organization_id AND s.phone = cc.phone AND s.started_at > $2 - interval '48 hours'
                       AND s.direction = 'OUTBOUND'
                       AND (s.outcome IS NULL OR s.outcome NOT IN ('REJECTED_FOR_NOW', 'CARRIER_UNAVAILABLE', 'NOT_PLACED')))
        FROM campaign_contacts cc
        WHERE cc.campaign_id = $1 AND cc.status = 'PENDING' AND cc.priority = $4 AND cc.due_at <= $2
        ORDER BY cc.due_at, cc.position LIMIT $3
        FOR UPDATE OF cc SKIP LOCKED
        """;

    private const string ClaimContacts =
        """
        WITH taken AS (
          UPDATE campaign_contacts cc SET
            status = 'DISPATCHED', attempts = cc.attempts + 1, task_id = x.task, session_id = NULL, claim_epoch = $3, claimed_at = $4,
            claim_until = $5, due_at = NULL, updated_at = $4, version = cc.version + 1
          FROM unnest($1::uuid[], $2::uuid[]) AS x (id, task) WHERE cc.id = x.id
          RETURNING cc.id, cc.campaign_id, cc.attempts)
        INSERT INTO decisions (campaign_id, campaign_contact_id, at, kind, attempt, reason, epoch)
        SELECT campaign_id, id, $4, 'CLAIMED', attempts, 'due', $3 FROM taken
        """;

    private const string SkipContacts =
        """
        WITH skipped AS (
          UPDATE campaign_contacts cc SET
            status = 'SKIPPED', due_at = NULL, finished_at = $3, reason = x.reason, updated_at = $3, version = cc.version + 1
          FROM unnest($1::uuid[], $2::text[]) AS x (id, reason) WHERE cc.id = x.id
          RETURNING cc.id, cc.campaign_id, cc.attempts, cc.reason)
        INSERT INTO decisions (campaign_id, campaign_contact_id, at, kind, attempt, reason)
        SELECT campaign_id, id, $3, 'SKIPPED', attempts, reason FROM skipped
        """;

    /// <summary>A reason is logged when it is new, not at every look.</summary>
    private const string DeferContacts =
        """
        WITH before AS (
          SELECT cc.id, cc.reason AS old, x.reason, x.until
          FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS x (id, reason, until) JOIN campaign_contacts cc ON cc.id = x.id),
        deferred AS (
          UPDATE campaign_contacts cc SET due_at = b.until, reason = b.reason, updated_at = $4, version = cc.version + 1
          FROM before b WHERE cc.id = b.id
          RETURNING cc.id, cc.campaign_id, cc.attempts, b.old, b.reason, b.until)
        INSERT INTO decisions (campaign_id, campaign_contact_id, at, kind, attempt, reason, due_at)
        SELECT campaign_id, id, $4, 'DEFERRED', attempts, reason, until FROM deferred WHERE old IS DISTINCT FROM reason
        """;

    private const string CountClaims =
        """
        UPDATE campaign_counters SET
          pending = pending - $2 - $3, in_flight = in_flight + $2, skipped = skipped + $3, dispatched = dispatched + $2, next_slot_at = $4,
          wanted_lines = $5, wanted_slots = $6, wanted_promised = $7, wanted_until = $8, share_clock = $9
        WHERE campaign_id = $1
        """;

    private const string BookSlots = "UPDATE carrier_accounts SET next_slot_at = $2, open_slots = $3, share_clock = $4 WHERE id = $1";

    private static async Task<ClaimDesk?> ReadDeskAsync(
        NpgsqlConnection connection, ClaimRequest request, CampaignSpec spec, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        var id = request.Lease.CampaignId;
        batch.Add("BEGIN");
        batch.Add(LockDesk, id);
        // A statement of its own, after the locks: it must see what the last claimer of the account committed.
        batch.Add(PermitRows.Nodes, id, request.Now);
        batch.Add(Candidates, id, request.Now, request.MaxBatch, (short)1);
        batch.Add(Candidates, id, request.Now, request.MaxBatch, (short)0);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var desk = ReadDesk(reader, spec, request.Now);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (node, inbound) = PermitRows.ReadNode(reader);
            desk.Nodes.Add(node);
            desk.Account = inbound == 0 ? desk.Account : desk.Account with { Inbound = inbound };
        }

        for (var promised = true; await reader.NextResultAsync(cancellationToken); promised = false)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                desk.Candidates.Add(ReadCandidate(reader, promised));
            }
        }

        return desk;
    }

    private static ClaimDesk ReadDesk(NpgsqlDataReader reader, CampaignSpec spec, DateTimeOffset now)
    {
        const int Rest = PermitRows.AccountWidth;
        return new ClaimDesk
        {
            AccountId = reader.GetString(0),
            Account = PermitRows.ReadAccount(reader, 0, now),
            OrganizationId = reader.GetGuid(Rest),
            OrganizationTimeZone = reader.GetString(Rest + 1),
            OrganizationWindow = FrozenSpecs.ReadWindow(reader.TextOrNull(Rest + 2)),
            Status = EnumText.Parse<CampaignStatus>(reader.GetString(Rest + 3)),
            Epoch = reader.GetInt64(Rest + 4),
            Spec = spec,
            RunningSince = reader.TimeOrNull(Rest + 5),
            Pending = reader.GetInt32(Rest + 6),
            InFlight = reader.GetInt32(Rest + 7),
            Dispatched = reader.GetInt64(Rest + 8),
            NextSlotAt = reader.TimeOrNull(Rest + 9),
            RanBefore = reader.GetFieldValue<TimeSpan>(Rest + 10),
            SaidToWait = reader.GetBoolean(Rest + 11),
        };
    }

    private static Candidate ReadCandidate(NpgsqlDataReader reader, bool promised) => new(
        reader.GetGuid(0),
        reader.GetString(1),
        reader.GetInt32(2),
        promised,
        new CandidateFacts
        {
            TimeZone = reader.TextOrNull(3),
            Consent = EnumText.Parse<ConsentState>(reader.GetString(4)),
            DoNotCall = reader.GetBoolean(5),
            LiveCall = reader.GetBoolean(6),
            RecentAttempts = [.. reader.GetFieldValue<DateTimeOffset[]>(7)],
        });

    private static async Task WriteAsync(
        NpgsqlConnection connection, ClaimRequest request, ClaimDesk desk, ClaimOutcome outcome, PermitOutcome after,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        var orders = outcome.Orders;
        if (!orders.IsEmpty)
        {
            batch.Add(
                ClaimContacts, orders.Select(o => o.CampaignContactId).ToArray(), orders.Select(o => o.TaskId).ToArray(), desk.Epoch, request.Now,
                orders[^1].DialAt + request.HoldFor);
            batch.Add(BookSlots, desk.AccountId, after.Account.NextSlotAt, after.Account.Open.ToArray(), after.AccountClock);
        }

        if (outcome.Skipped.Count > 0)
        {
            batch.Add(
                SkipContacts, outcome.Skipped.Select(s => s.Id).ToArray(), outcome.Skipped.Select(s => s.Reason).ToArray(), request.Now);
        }

        if (outcome.Deferred.Count > 0)
        {
            batch.Add(
                DeferContacts, outcome.Deferred.Select(d => d.Id).ToArray(), outcome.Deferred.Select(d => d.Reason).ToArray(),
                outcome.Deferred.Select(d => d.Until.ToUniversalTime()).ToArray(), request.Now);
        }

        var wait = after.Wait;
        if (orders.Length + outcome.Skipped.Count > 0 || !wait.IsNone || desk.SaidToWait)
        {
            batch.Add(
                CountClaims, request.Lease.CampaignId, orders.Length, outcome.Skipped.Count, after.NextSlotAt,
                wait.Lines, wait.Slots, wait.Promised,
                wait.IsNone ? null : request.Now + PermitTree.Remembered(request.Horizon - request.Now), after.Clock);
        }

        batch.Add("COMMIT");
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
