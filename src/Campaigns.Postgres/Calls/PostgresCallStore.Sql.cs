namespace Campaigns.Postgres.Calls;

public sealed partial class PostgresCallStore
{
    /// <summary>
    /// Every change that a decision about the contact may depend on begins so: the contact is locked before its session, as everywhere, and its
    /// version grows with the change, so that a decision made on the state before is made again. $1 is the session.
    /// </summary>
    private const string LockContact =
        """
        contact AS MATERIALIZED (
          SELECT id FROM campaign_contacts WHERE id = (SELECT campaign_contact_id FROM sessions WHERE id = $1) FOR NO KEY UPDATE)
        """;

    /// <summary>A condition that holds, and makes its statement wait for the contact's lock.</summary>
    private const string ContactLocked = "(SELECT count(*) FROM contact) >= 0";

    /// <summary>$2 owner, $3 now, $4 until, $5 carrier id, $6 stream id, $7 give up at.</summary>
    private const string Begin =
        $"""
        WITH {LockContact},
        session AS MATERIALIZED (
          SELECT state, media_begun_at, carrier_sid FROM sessions WHERE id = $1 AND {ContactLocked} FOR NO KEY UPDATE),
        begun AS (
          UPDATE sessions SET
            state = 'ANSWERED', answered_at = coalesce(answered_at, $3), placed_at = coalesce(placed_at, $3),
            carrier_sid = coalesce(carrier_sid, $5), stream_sid = $6, media_begun_at = $3, media_owner = $2, media_until = $4,
            check_at = greatest(check_at, $4 + interval '1 second'), give_up_at = greatest(give_up_at, $7)
          WHERE id = $1 AND EXISTS (
            SELECT 1 FROM session WHERE state <> 'ENDED' AND media_begun_at IS NULL AND coalesce(carrier_sid, $5) = $5)
          RETURNING id),
        moved AS (
          UPDATE campaign_contacts SET
            status = CASE WHEN status = 'DISPATCHED' AND session_id = $1 THEN 'IN_PROGRESS' ELSE status END,
            updated_at = $3, version = version + 1
          WHERE id = (SELECT id FROM contact) AND EXISTS (SELECT 1 FROM begun))
        SELECT EXISTS (SELECT 1 FROM begun), state, media_begun_at IS NOT NULL FROM session
        """;

    /// <remarks>Locked in the order of their ids, as groups of news lock them: whoever takes several rows takes them in one order.</remarks>
    private const string Renew =
        """
        WITH held AS MATERIALIZED (
          SELECT id FROM sessions
          WHERE id = ANY ($1) AND media_owner = $2 AND state <> 'ENDED' AND conversation_ended_at IS NULL
          ORDER BY id FOR NO KEY UPDATE)
        UPDATE sessions s SET
          media_until = greatest(s.media_until, $3),
          check_at = CASE WHEN s.direction = 'OUTBOUND' AND s.state = 'ANSWERED' AND s.carrier_ended_at IS NULL
            THEN greatest(s.check_at, $3 + interval '1 second') ELSE s.check_at END
        FROM held WHERE s.id = held.id
        """;

    /// <summary>$2 position, $3 speaker, $4 text, $5 and $6 from and to, $7 interrupted, $8 heard, $9 and $10 milliseconds spoken and heard.</summary>
    private const string AddTurn =
        """
        INSERT INTO session_turns (session_id, position, speaker, text, started_at, ended_at, interrupted, heard_text, spoken_ms, heard_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, least($9, $10))
        ON CONFLICT (session_id, position) DO NOTHING
        """;

    /// <summary>$2 reason, $3 now.</summary>
    private const string MarkDoNotCall =
        $"""
        WITH {LockContact},
        listed AS (
          INSERT INTO do_not_call (organization_id, phone, reason, source, created_at)
          SELECT organization_id, phone, $2, 'CALL', $3 FROM sessions WHERE id = $1
          ON CONFLICT (organization_id, phone) DO NOTHING),
        session AS (
          UPDATE sessions SET opted_out = true, callback_at = NULL, callback_spoken = NULL WHERE id = $1 AND {ContactLocked}
          RETURNING id),
        moved AS (
          UPDATE campaign_contacts SET version = version + 1 WHERE id = (SELECT id FROM contact) AND EXISTS (SELECT 1 FROM session))
        SELECT EXISTS (SELECT 1 FROM session)
        """;

    /// <summary>
    /// $2 owner, $3 when, $4 outcome, $5 end, $6 detail, $7 machine, $8 message left, $9 recording, $10 first audio in ms, $11 underruns, $12 usage,
    /// $13 cost, $14 duration. An inbound call has no carrier that reports its end: it is over with its conversation.
    /// </summary>
    private const string Conclude =
        $"""
        WITH {LockContact},
        concluded AS (
          UPDATE sessions SET
            conversation_ended_at = $3, conversation_outcome = $4, conversation_end = $5, conversation_detail = $6, machine = $7, message_left = $8,
            recording_file = $9, first_audio_ms = $10, underruns = $11, usage = $12, cost_micro_dollars = $13,
            duration = CASE WHEN direction = 'INBOUND' THEN $14 ELSE duration END,
            state = CASE WHEN direction = 'INBOUND' THEN 'ENDED' ELSE state END,
            outcome = CASE WHEN direction = 'INBOUND' THEN $4 ELSE outcome END,
            ended_at = CASE WHEN direction = 'INBOUND' THEN $3 ELSE ended_at END,
            check_at = CASE WHEN direction = 'INBOUND' THEN NULL ELSE check_at END
          WHERE id = $1 AND media_owner = $2 AND conversation_ended_at IS NULL AND state <> 'ENDED' AND {ContactLocked}
          RETURNING id, organization_id, contact_id),
        moved AS (
          UPDATE campaign_contacts SET version = version + 1 WHERE id = (SELECT id FROM contact) AND EXISTS (SELECT 1 FROM concluded)),
        queued AS (
          INSERT INTO extractions (session_id, organization_id, contact_id, next_attempt_at, created_at)
          SELECT id, organization_id, contact_id, $3, $3 FROM concluded c
          WHERE EXISTS (SELECT 1 FROM session_turns t WHERE t.session_id = c.id AND t.speaker = 'PERSON' AND t.text ~ '\S')
          ON CONFLICT DO NOTHING)
        SELECT EXISTS (SELECT 1 FROM concluded)
        """;

    /// <summary>A change of a live session, its parameters from $2 on.</summary>
    private static string Note(string change) =>
        $"""
        WITH {LockContact},
        session AS (
          UPDATE sessions SET {change} WHERE id = $1 AND state <> 'ENDED' AND {ContactLocked}
          RETURNING id)
        UPDATE campaign_contacts SET version = version + 1 WHERE id = (SELECT id FROM contact) AND EXISTS (SELECT 1 FROM session)
        """;
}
