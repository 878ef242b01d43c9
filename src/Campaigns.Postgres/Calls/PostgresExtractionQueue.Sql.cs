namespace Campaigns.Postgres.Calls;

public sealed partial class PostgresExtractionQueue
{
    /// <summary>$1 now, $2 hold, $3 limit. Whoever is taken is due again when the hold is over.</summary>
    private const string Take =
        """
        WITH due AS (
          SELECT e.session_id FROM extractions e
          WHERE e.state = 'PENDING' AND e.next_attempt_at <= $1
            AND NOT EXISTS (
              SELECT 1 FROM extractions o WHERE o.contact_id = e.contact_id AND o.state = 'PENDING'
                AND (o.created_at, o.session_id) < (e.created_at, e.session_id))
          ORDER BY e.next_attempt_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED)
        UPDATE extractions e SET next_attempt_at = $1 + $2, attempts = e.attempts + 1
        FROM due, sessions s, agents a
        WHERE e.session_id = due.session_id AND s.id = e.session_id AND a.id = s.agent_id
        RETURNING e.session_id, e.organization_id, e.contact_id, e.attempts, a.language, s.task_instructions
        """;

    private const string Turns =
        """
        SELECT session_id, position, speaker, coalesce(CASE WHEN speaker = 'AGENT' THEN heard_text END, text)
        FROM session_turns WHERE session_id = ANY ($1) AND coalesce(CASE WHEN speaker = 'AGENT' THEN heard_text END, text) ~ '\S'
        ORDER BY session_id, position
        """;

    private const string FactsOf =
        $"""
        SELECT f.contact_id, {FactSql.Columns} FROM memory_facts f WHERE f.contact_id = ANY ($1) AND f.superseded_by IS NULL ORDER BY f.contact_id, f.key
        """;

    private const string FactsInForce =
        $"SELECT {FactSql.Columns} FROM memory_facts f WHERE f.contact_id = $1 AND f.superseded_by IS NULL ORDER BY f.key";

    /// <summary>$2 now, $3 summary, $4 model, $5 usage.</summary>
    private const string Finish =
        """
        WITH done AS (
          UPDATE extractions SET state = 'DONE', finished_at = $2, next_attempt_at = NULL, last_error = NULL
          WHERE session_id = $1 AND state = 'PENDING'
          RETURNING session_id, contact_id),
        digest AS (
          INSERT INTO session_digests (session_id, contact_id, summary, model, usage, created_at)
          SELECT session_id, contact_id, $3, $4, $5, $2 FROM done
          ON CONFLICT (session_id) DO NOTHING)
        SELECT EXISTS (SELECT 1 FROM done)
        """;

    /// <summary>
    /// $1 contact, $2 organization, $3 session, $4 now; then the columns of the new facts, the ids that are superseded and by which, and the ids
    /// that are confirmed and how. What is superseded leaves force before what replaces it comes into it: one fact in force per key.
    /// </summary>
    private const string WriteFacts =
        """
        WITH ended AS (
          UPDATE memory_facts f SET superseded_by = x.by, updated_at = $4
          FROM unnest($11, $12) AS x (id, by) WHERE f.id = x.id AND f.contact_id = $1 AND f.superseded_by IS NULL
          RETURNING f.id),
        confirmed AS (
          UPDATE memory_facts f SET confidence = x.confidence, updated_at = $4
          FROM unnest($13, $14) AS x (id, confidence) WHERE f.id = x.id AND f.contact_id = $1 AND f.superseded_by IS NULL)
        INSERT INTO memory_facts (id, organization_id, contact_id, key, fact, confidence, session_id, turn_position, valid_until, created_at, updated_at)
        SELECT x.id, $2, $1, x.key, x.key || ': ' || x.value, x.confidence, $3, x.turn, x.until, $4, $4
        FROM unnest($5, $6, $7, $8, $9, $10) AS x (id, key, value, confidence, turn, until)
        WHERE (SELECT count(*) FROM ended) >= 0
        """;

    /// <summary>$2 attempt, $3 error, $4 next attempt or null, $5 now.</summary>
    private const string Fail =
        """
        UPDATE extractions SET
          state = CASE WHEN $4 IS NULL THEN 'FAILED' ELSE 'PENDING' END, next_attempt_at = $4, last_error = left($3, 2000),
          finished_at = CASE WHEN $4 IS NULL THEN $5 END
        WHERE session_id = $1 AND state = 'PENDING' AND attempts = $2
        """;
}
