namespace Campaigns.Postgres.Contacts;

public sealed partial class PostgresContactStore
{
    private const string Load =
        """
        SELECT cc.id, cc.campaign_id, cc.organization_id, cc.phone, cc.status, cc.attempts, cc.task_id, cc.version, cc.time_zone,
               c.status, o.time_zone, o.calling_window,
               s.id, s.attempt, s.state, s.carrier_sid, s.outcome, s.started_at, s.answered_at, s.give_up_at,
               s.media_until, s.conversation_outcome, s.conversation_detail, s.disposition, s.callback_at, s.carrier_ended_at
        FROM campaign_contacts cc
        JOIN campaigns c ON c.id = cc.campaign_id
        JOIN organizations o ON o.id = cc.organization_id
        LEFT JOIN sessions s ON s.id = cc.session_id
        WHERE cc.id = $1
        """;

    /// <summary>
    /// The gate. The campaign is locked shared, so that a pause or a new owner either comes first (and the gate stays shut) or waits
    /// until the session is on record (and sees the dial under way). A unique index that objects means the person has a live call.
    /// </summary>
    private const string Gate =
        """
        WITH gate AS MATERIALIZED (
          SELECT agent_id FROM campaigns WHERE id = $1 AND status = 'RUNNING' AND lease_epoch = $2 FOR SHARE),
        claim AS MATERIALIZED (
          SELECT id, contact_id, context FROM campaign_contacts
          WHERE id = $3 AND status = 'DISPATCHED' AND task_id = $4 AND session_id IS NULL AND EXISTS (SELECT 1 FROM gate)
          FOR NO KEY UPDATE),
        blocked AS (SELECT 1 FROM do_not_call WHERE organization_id = $5 AND phone = $6),
        opened AS (
          INSERT INTO sessions (id, organization_id, agent_id, contact_id, campaign, campaign_contact_id, attempt, phone, state,
            task_instructions, context, token_hash, token_expires_at, owner, started_at, send_before, check_at, give_up_at)
          SELECT $7, $5, gate.agent_id, claim.contact_id, $1, claim.id, $8, $6, 'DIALING',
            $9, claim.context, $10, $11, $12, $13, $14, $15, $16
          FROM claim CROSS JOIN gate WHERE NOT EXISTS (SELECT 1 FROM blocked)
          ON CONFLICT DO NOTHING
          RETURNING id),
        marked AS (
          UPDATE campaign_contacts SET session_id = $7 WHERE id = $3 AND EXISTS (SELECT 1 FROM opened))
        SELECT EXISTS (SELECT 1 FROM gate), EXISTS (SELECT 1 FROM claim), EXISTS (SELECT 1 FROM blocked), EXISTS (SELECT 1 FROM opened)
        """;

    /// <summary>
    /// A decided change. Back to PENDING needs a campaign that is not over, locked against a cancel: without it a retry decided just before
    /// a cancel would leave a contact waiting in a campaign that nobody drives any more.
    /// </summary>
    private const string Apply =
        """
        WITH alive AS MATERIALIZED (
          SELECT 1 FROM campaigns
          WHERE id = (SELECT campaign_id FROM campaign_contacts WHERE id = $1) AND status NOT IN ('COMPLETED', 'CANCELLED') FOR SHARE),
        contact AS (
          UPDATE campaign_contacts SET
            status = $4, attempts = attempts + $5, due_at = $6,
            task_id = CASE WHEN $4 IN ('DISPATCHED', 'IN_PROGRESS') THEN task_id END,
            priority = CASE WHEN $31 THEN 1 WHEN $4 = 'PENDING' AND $5 = 0 THEN 0 ELSE priority END,
            disposition_fields = CASE WHEN $21 = 'ENDED' AND $9 IS NOT NULL
              THEN (SELECT disposition_fields FROM sessions WHERE id = $20) ELSE disposition_fields END,
            outcome = coalesce($7, outcome), reason = coalesce($8, reason), disposition = coalesce($9, disposition),
            finished_at = CASE WHEN $4 IN ('COMPLETED', 'NO_ANSWER', 'FAILED', 'SKIPPED', 'CANCELLED') THEN coalesce(finished_at, $10) END,
            updated_at = $10, version = version + 1
          WHERE id = $1 AND version = $2 AND status = $3 AND ($4 <> 'PENDING' OR EXISTS (SELECT 1 FROM alive))
          RETURNING id, campaign_id, attempts),
        counted AS (
          UPDATE campaign_counters SET
            pending = pending + $13, in_flight = in_flight + $14, completed = completed + $15, no_answer = no_answer + $16,
            failed = failed + $17, skipped = skipped + $18, cancelled = cancelled + $19
          WHERE ($13, $14, $15, $16, $17, $18, $19) <> (0, 0, 0, 0, 0, 0, 0) AND campaign_id = (SELECT campaign_id FROM contact)),
        session AS (
          UPDATE sessions SET
            state = $21, carrier_sid = coalesce(carrier_sid, $22), outcome = $23, answered_at = coalesce(answered_at, $24),
            placed_at = CASE WHEN $21 IN ('RINGING', 'ANSWERED') THEN coalesce(placed_at, $10) ELSE placed_at END,
            check_at = $25, give_up_at = coalesce($26, give_up_at), duration = coalesce($27, duration),
            recording_url = coalesce($28, recording_url), detail = coalesce($29, detail),
            carrier_ended_at = coalesce(carrier_ended_at, $30),
            ended_at = CASE WHEN $21 = 'ENDED' THEN $10 END
          WHERE id = $20 AND EXISTS (SELECT 1 FROM contact)),
        log AS (
          INSERT INTO decisions (campaign_id, campaign_contact_id, at, kind, attempt, reason, due_at, session_id, actor)
          SELECT campaign_id, id, $10, $11, attempts - $5, coalesce($8, $7, $4), $6, $20, $12 FROM contact WHERE $11 IS NOT NULL)
        SELECT EXISTS (SELECT 1 FROM contact)
        """;

    /// <summary>Claims without a session, given back: the filter, then what becomes of the rows and the counters.</summary>
    private const string GiveBack =
        """
        freed AS (
          UPDATE campaign_contacts cc SET
            status = 'PENDING', attempts = cc.attempts - 1, task_id = NULL, due_at = $1, reason = $2, updated_at = $3, version = cc.version + 1
          FROM target WHERE cc.id = target.id
          RETURNING cc.id, cc.campaign_id, cc.attempts),
        log AS (
          INSERT INTO decisions (campaign_id, campaign_contact_id, at, kind, attempt, reason, due_at)
          SELECT campaign_id, id, $3, 'RELEASED', attempts + 1, $2, $1 FROM freed),
        counted AS (
          UPDATE campaign_counters k SET pending = k.pending + f.n, in_flight = k.in_flight - f.n
          FROM (SELECT campaign_id, count(*)::int AS n FROM freed GROUP BY campaign_id) AS f WHERE k.campaign_id = f.campaign_id)
        SELECT count(*)::int FROM freed
        """;

    private const string SkipClaim =
        """
        WITH ended AS (
          UPDATE campaign_contacts SET
            status = 'SKIPPED', attempts = attempts - 1, task_id = NULL, finished_at = $4, reason = $3, updated_at = $4, version = version + 1
          WHERE id = $1 AND task_id = $2 AND status = 'DISPATCHED' AND session_id IS NULL
          RETURNING id, campaign_id, attempts),
        log AS (
          INSERT INTO decisions (campaign_id, campaign_contact_id, at, kind, attempt, reason)
          SELECT campaign_id, id, $4, 'SKIPPED', attempts + 1, $3 FROM ended),
        counted AS (
          UPDATE campaign_counters SET in_flight = in_flight - 1, skipped = skipped + 1
          WHERE campaign_id = (SELECT campaign_id FROM ended))
        SELECT EXISTS (SELECT 1 FROM ended)
        """;
}
