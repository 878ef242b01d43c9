namespace Campaigns.Postgres.Campaigns;

public sealed partial class PostgresCampaignStore
{
    /// <summary>Moves a campaign, keeping the clock of running time: $1 campaign, $2 status, $3 now, $4 pause reason.</summary>
    private const string SetStatus =
        """
        WITH stretch AS (
          UPDATE campaign_counters k SET
            ran_before = k.ran_before + ($3 - c.running_since), wanted_lines = 0, wanted_slots = 0, wanted_promised = 0, wanted_until = NULL
          FROM campaigns c WHERE c.id = $1 AND k.campaign_id = $1 AND c.status = 'RUNNING' AND $2 <> 'RUNNING')
        UPDATE campaigns SET
          status = $2,
          pause_reason = $4,
          started_at = CASE WHEN $2 = 'RUNNING' THEN coalesce(started_at, $3) ELSE started_at END,
          frozen_at = CASE WHEN $2 <> 'DRAFT' THEN coalesce(frozen_at, $3) END,
          running_since = CASE WHEN $2 = 'RUNNING' THEN coalesce(running_since, $3) END,
          finished_at = CASE WHEN $2 IN ('COMPLETED', 'CANCELLED') THEN $3 END,
          version = version + 1
        WHERE id = $1
        """;

    /// <summary>Claims that have no session were never dialled: back to PENDING with the attempt unused. $1 campaign, $2 now, $3 reason.</summary>
    private const string GiveBackClaims =
        """
        WITH freed AS (
          UPDATE campaign_contacts SET
            status = 'PENDING', attempts = attempts - 1, task_id = NULL, due_at = $2, updated_at = $2, version = version + 1
          WHERE campaign_id = $1 AND status = 'DISPATCHED' AND session_id IS NULL
          RETURNING id, attempts),
        log AS (
          INSERT INTO decisions (campaign_id, campaign_contact_id, at, kind, attempt, reason, due_at)
          SELECT $1, id, $2, 'RELEASED', attempts + 1, $3, $2 FROM freed)
        UPDATE campaign_counters SET pending = pending + n, in_flight = in_flight - n
        FROM (SELECT count(*)::int AS n FROM freed) AS f WHERE campaign_id = $1 AND n > 0
        """;

    /// <summary>Everyone who has no call on the way is cancelled. $1 campaign, $2 now, $3 reason.</summary>
    private const string CancelWaiting =
        """
        WITH target AS (
          SELECT id, status FROM campaign_contacts
          WHERE campaign_id = $1 AND (status = 'PENDING' OR (status = 'DISPATCHED' AND session_id IS NULL)) FOR UPDATE),
        ended AS (
          UPDATE campaign_contacts cc SET
            status = 'CANCELLED', attempts = cc.attempts - (t.status = 'DISPATCHED')::int, task_id = NULL, due_at = NULL,
            finished_at = $2, reason = $3, updated_at = $2, version = cc.version + 1
          FROM target t WHERE cc.id = t.id
          RETURNING t.status AS before)
        UPDATE campaign_counters SET pending = pending - p, in_flight = in_flight - d, cancelled = cancelled + p + d
        FROM (SELECT count(*) FILTER (WHERE before = 'PENDING')::int AS p, count(*) FILTER (WHERE before <> 'PENDING')::int AS d FROM ended) AS e
        WHERE campaign_id = $1
        """;

    /// <summary>Completes under the lease when nobody is left. $1 campaign, $2 epoch, $3 now.</summary>
    private const string CompleteIfDone =
        """
        UPDATE campaigns SET status = 'COMPLETED', finished_at = $3, running_since = NULL, version = version + 1
        WHERE id = $1 AND lease_epoch = $2 AND status = 'RUNNING'
          AND NOT EXISTS (
            SELECT 1 FROM campaign_contacts WHERE campaign_id = $1 AND status IN ('PENDING', 'DISPATCHED', 'IN_PROGRESS'))
        """;
}
