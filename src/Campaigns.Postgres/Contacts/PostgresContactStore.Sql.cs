namespace Campaigns.Postgres.Contacts;

public sealed partial class PostgresContactStore
{
    /// <summary>$1 contacts. Their number is hidden from the planner, which would otherwise plan each group anew for its size.</summary>
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
        WHERE cc.id = ANY ((SELECT $1)::uuid[])
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
    /// Decided changes, each of its own contact, each against the version that it was decided on; those that met it are told. Back to PENDING needs a
    /// campaign that is not over, locked against a cancel: without it a retry decided just before a cancel would leave a contact waiting in a campaign
    /// that nobody drives any more.
    /// </summary>
    /// <remarks>
    /// Rows of each kind are locked in the order of their ids, and campaigns, contacts, sessions and counters one after the other, as everywhere. The counters
    /// come last, once for each campaign: their row is what everybody of a campaign waits for. The number of changes is hidden from the planner, as above.
    /// </remarks>
    private const string Apply =
        """
        WITH change AS MATERIALIZED (
          SELECT * FROM unnest((SELECT $1)::uuid[], $2::int[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::text[], $8::text[], $9::text[],
            $10::timestamptz[], $11::text[], $12::text[], $13::boolean[], $14::uuid[], $15::text[], $16::text[], $17::text[], $18::timestamptz[],
            $19::timestamptz[], $20::timestamptz[], $21::interval[], $22::text[], $23::text[], $24::timestamptz[])
          AS t (id, version, was, becomes, attempts, due_at, outcome, reason, disposition, at, kind, actor, promised, session_id, state, carrier_sid,
            call_outcome, answered_at, check_at, give_up_at, duration, recording_url, detail, carrier_ended_at)),
        alive AS MATERIALIZED (
          SELECT id FROM campaigns
          WHERE id IN (SELECT cc.campaign_id FROM change t JOIN campaign_contacts cc ON cc.id = t.id WHERE t.becomes = 'PENDING')
            AND status NOT IN ('COMPLETED', 'CANCELLED')
          ORDER BY id FOR SHARE),
        met AS MATERIALIZED (
          SELECT cc.id FROM change t JOIN campaign_contacts cc ON cc.id = t.id
          WHERE cc.version = t.version AND cc.status = t.was AND (t.becomes <> 'PENDING' OR cc.campaign_id IN (SELECT id FROM alive))
          ORDER BY cc.id FOR NO KEY UPDATE OF cc),
        contact AS (
          UPDATE campaign_contacts cc SET
            status = t.becomes, attempts = cc.attempts + t.attempts, due_at = t.due_at,
            task_id = CASE WHEN t.becomes IN ('DISPATCHED', 'IN_PROGRESS') THEN cc.task_id END,
            priority = CASE WHEN t.promised THEN 1 WHEN t.becomes = 'PENDING' AND t.attempts = 0 THEN 0 ELSE cc.priority END,
            disposition_fields = CASE WHEN t.state = 'ENDED' AND t.disposition IS NOT NULL
              THEN (SELECT disposition_fields FROM sessions WHERE id = t.session_id) ELSE cc.disposition_fields END,
            outcome = coalesce(t.outcome, cc.outcome), reason = coalesce(t.reason, cc.reason), disposition = coalesce(t.disposition, cc.disposition),
            finished_at = CASE WHEN t.becomes IN ('COMPLETED', 'NO_ANSWER', 'FAILED', 'SKIPPED', 'CANCELLED') THEN coalesce(cc.finished_at, t.at) END,
            updated_at = t.at, version = cc.version + 1
          FROM change t, met WHERE met.id = t.id AND cc.id = t.id
          RETURNING cc.id, cc.campaign_id, cc.attempts),
        held AS MATERIALIZED (
          SELECT s.id FROM sessions s JOIN change t ON t.session_id = s.id JOIN contact ON contact.id = t.id
          ORDER BY s.id FOR NO KEY UPDATE OF s),
        session AS (
          UPDATE sessions s SET
            state = t.state, carrier_sid = coalesce(s.carrier_sid, t.carrier_sid), outcome = t.call_outcome,
            answered_at = coalesce(s.answered_at, t.answered_at),
            placed_at = CASE WHEN t.state IN ('RINGING', 'ANSWERED') THEN coalesce(s.placed_at, t.at) ELSE s.placed_at END,
            check_at = t.check_at, give_up_at = coalesce(t.give_up_at, s.give_up_at), duration = coalesce(t.duration, s.duration),
            recording_url = coalesce(t.recording_url, s.recording_url), detail = coalesce(t.detail, s.detail),
            carrier_ended_at = coalesce(s.carrier_ended_at, t.carrier_ended_at),
            ended_at = CASE WHEN t.state = 'ENDED' THEN t.at END
          FROM change t, held WHERE held.id = t.session_id AND s.id = t.session_id
          RETURNING s.id),
        log AS (
          INSERT INTO decisions (campaign_id, campaign_contact_id, at, kind, attempt, reason, due_at, session_id, actor)
          SELECT contact.campaign_id, t.id, t.at, t.kind, contact.attempts - t.attempts, coalesce(t.reason, t.outcome, t.becomes), t.due_at, t.session_id, t.actor
          FROM change t JOIN contact ON contact.id = t.id WHERE t.kind IS NOT NULL
          RETURNING 1),
        tally AS MATERIALIZED (
          SELECT campaign_id,
            (count(*) FILTER (WHERE t.becomes IN ('PENDING')) - count(*) FILTER (WHERE t.was IN ('PENDING')))::int AS pending,
            (count(*) FILTER (WHERE t.becomes IN ('DISPATCHED', 'IN_PROGRESS')) - count(*) FILTER (WHERE t.was IN ('DISPATCHED', 'IN_PROGRESS')))::int AS in_flight,
            (count(*) FILTER (WHERE t.becomes IN ('COMPLETED')) - count(*) FILTER (WHERE t.was IN ('COMPLETED')))::int AS completed,
            (count(*) FILTER (WHERE t.becomes IN ('NO_ANSWER')) - count(*) FILTER (WHERE t.was IN ('NO_ANSWER')))::int AS no_answer,
            (count(*) FILTER (WHERE t.becomes IN ('FAILED')) - count(*) FILTER (WHERE t.was IN ('FAILED')))::int AS failed,
            (count(*) FILTER (WHERE t.becomes IN ('SKIPPED')) - count(*) FILTER (WHERE t.was IN ('SKIPPED')))::int AS skipped,
            (count(*) FILTER (WHERE t.becomes IN ('CANCELLED')) - count(*) FILTER (WHERE t.was IN ('CANCELLED')))::int AS cancelled
          FROM change t JOIN contact ON contact.id = t.id WHERE t.was <> t.becomes GROUP BY campaign_id),
        counters AS MATERIALIZED (
          SELECT campaign_id FROM campaign_counters
          WHERE campaign_id IN (SELECT campaign_id FROM tally) AND (SELECT count(*) FROM session) + (SELECT count(*) FROM log) >= 0
          ORDER BY campaign_id FOR NO KEY UPDATE),
        counted AS (
          UPDATE campaign_counters k SET
            pending = k.pending + d.pending, in_flight = k.in_flight + d.in_flight, completed = k.completed + d.completed,
            no_answer = k.no_answer + d.no_answer, failed = k.failed + d.failed, skipped = k.skipped + d.skipped, cancelled = k.cancelled + d.cancelled
          FROM tally d, counters WHERE counters.campaign_id = d.campaign_id AND k.campaign_id = d.campaign_id)
        SELECT id FROM contact
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
