-- Permits: who holds the lines and slots of a carrier account, who waits for them, and how they are shared.

ALTER TABLE carrier_accounts
  -- Live calls of all its organizations; null without a limit.
  ADD COLUMN max_concurrent   integer CHECK (max_concurrent > 0),
  -- Of these, kept free for inbound calls.
  ADD COLUMN inbound_reserve  integer NOT NULL DEFAULT 0 CHECK (inbound_reserve >= 0),
  -- Live calls right after the live model last refused a session for want of quota, recovering from then on.
  ADD COLUMN model_lines      integer CHECK (model_lines > 0),
  ADD COLUMN model_refused_at timestamptz,
  -- Free slots before next_slot_at, left between the slots of slower campaigns.
  ADD COLUMN open_slots       timestamptz[] NOT NULL DEFAULT '{}',
  -- How far the sharing of slots has come: see ShareClock.
  ADD COLUMN share_clock      double precision NOT NULL DEFAULT 0,
  ADD CONSTRAINT carrier_accounts_model CHECK ((model_lines IS NULL) = (model_refused_at IS NULL));

ALTER TABLE organizations
  ADD COLUMN weight          integer NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 100),
  ADD COLUMN inbound_reserve integer NOT NULL DEFAULT 0 CHECK (inbound_reserve >= 0);
CREATE INDEX organizations_account ON organizations (carrier_account_id);

ALTER TABLE campaign_counters
  ADD COLUMN weight          integer NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 100),
  -- Whether the campaign can still hold or want anything. Claims read the live ones only, so that history does not slow them down.
  ADD COLUMN live            boolean NOT NULL DEFAULT true,
  -- What its last claim lacked; counts until wanted_until.
  ADD COLUMN wanted_lines    integer NOT NULL DEFAULT 0 CHECK (wanted_lines >= 0),
  ADD COLUMN wanted_slots    integer NOT NULL DEFAULT 0 CHECK (wanted_slots >= 0),
  ADD COLUMN wanted_promised integer NOT NULL DEFAULT 0 CHECK (wanted_promised >= 0),
  ADD COLUMN wanted_until    timestamptz,
  ADD COLUMN share_clock     double precision NOT NULL DEFAULT 0,
  -- When its counts were last checked against the rows they stand for.
  ADD COLUMN reconciled_at   timestamptz;
UPDATE campaign_counters k SET live = false
FROM campaigns c WHERE c.id = k.campaign_id AND c.status IN ('COMPLETED', 'CANCELLED') AND k.in_flight = 0 AND k.pending = 0;
ALTER TABLE campaign_counters
  ADD CONSTRAINT campaign_counters_live CHECK (live OR (in_flight = 0 AND pending = 0)),
  ADD CONSTRAINT campaign_counters_wanted CHECK (wanted_until IS NOT NULL OR (wanted_lines, wanted_slots, wanted_promised) = (0, 0, 0));
DROP INDEX campaign_counters_organization;
CREATE INDEX campaign_counters_live ON campaign_counters (organization_id) WHERE live;
CREATE INDEX campaign_counters_reconciled ON campaign_counters (reconciled_at NULLS FIRST) WHERE live;

ALTER TABLE campaign_contacts
  -- A claim that is no dial by then is given back.
  ADD COLUMN claim_until timestamptz;

-- Inbound calls take lines of their organization: counted with every claim.
CREATE INDEX sessions_inbound_live ON sessions (organization_id) WHERE direction = 'INBOUND' AND state <> 'ENDED';

-- Every line in use, with who answers for it and until when. A claim's deadline frees it, because nothing has left the system; a call's makes the
-- rescuer ask the carrier first.
CREATE VIEW permits AS
SELECT CASE WHEN s.id IS NULL THEN 'CLAIM' ELSE 'CALL' END AS kind, o.carrier_account_id, cc.organization_id, cc.campaign_id,
       cc.id AS campaign_contact_id, s.id AS session_id, s.state AS session_state,
       coalesce(s.owner, 'epoch ' || cc.claim_epoch) AS owner, cc.claimed_at AS since,
       CASE WHEN s.id IS NULL THEN cc.claim_until ELSE s.check_at END AS check_at,
       CASE WHEN s.id IS NULL THEN cc.claim_until ELSE s.give_up_at END AS deadline
FROM campaign_contacts cc
JOIN organizations o ON o.id = cc.organization_id
LEFT JOIN sessions s ON s.id = cc.session_id
WHERE cc.status IN ('DISPATCHED', 'IN_PROGRESS')
UNION ALL
SELECT 'INBOUND', o.carrier_account_id, s.organization_id, NULL, NULL, s.id, s.state, s.media_owner, s.started_at, s.media_until, s.media_until
FROM sessions s JOIN organizations o ON o.id = s.organization_id
WHERE s.direction = 'INBOUND' AND s.state <> 'ENDED';
