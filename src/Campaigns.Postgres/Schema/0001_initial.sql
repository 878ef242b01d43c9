-- Organizations, their people and agents, campaigns with their frozen audiences, and one row per call attempt.
-- The invariants live here: see the CHECKs and unique indexes, each with the promise it keeps.

CREATE TABLE carrier_accounts (
  id               text PRIMARY KEY,
  calls_per_minute integer NOT NULL DEFAULT 200 CHECK (calls_per_minute > 0),
  -- GCRA: the next request may start at this time.
  next_slot_at     timestamptz,
  -- Share of the rate in use after the carrier said "too many", recovering from throttled_at on.
  rate_factor      double precision NOT NULL DEFAULT 1 CHECK (rate_factor > 0 AND rate_factor <= 1),
  throttled_at     timestamptz,
  blocked_until    timestamptz
);

CREATE TABLE organizations (
  id                 uuid PRIMARY KEY,
  slug               text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name               text NOT NULL,
  time_zone          text NOT NULL DEFAULT 'Asia/Kolkata',
  calling_window     jsonb,
  default_region     text NOT NULL DEFAULT '91' CHECK (default_region ~ '^[1-9][0-9]{0,2}$'),
  max_concurrent     integer NOT NULL DEFAULT 100 CHECK (max_concurrent > 0),
  carrier_account_id text NOT NULL REFERENCES carrier_accounts (id),
  created_at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE api_keys (
  id              uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  name            text NOT NULL,
  prefix          text NOT NULL,
  key_hash        bytea NOT NULL UNIQUE CHECK (length(key_hash) = 32),
  role            text NOT NULL CHECK (role IN ('VIEWER', 'OPERATOR', 'ADMIN')),
  created_at      timestamptz NOT NULL DEFAULT now(),
  revoked_at      timestamptz
);

CREATE TABLE agents (
  id              uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  name            text NOT NULL,
  system_prompt   text NOT NULL,
  language        text NOT NULL DEFAULT 'en-IN',
  voice           text,
  settings        jsonb NOT NULL DEFAULT '{}',
  created_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, id)
);

CREATE TABLE contacts (
  id                 uuid PRIMARY KEY,
  organization_id    uuid NOT NULL REFERENCES organizations (id),
  name               text NOT NULL DEFAULT '',
  -- E.164, or null when the person has no usable number.
  phone              text CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  -- Last ten digits: what pasted numbers and carriers' notations are matched by.
  phone_key          text GENERATED ALWAYS AS (right(substr(phone, 2), 10)) STORED,
  email              text,
  status             text,
  city               text,
  occupation         text,
  preferred_language text,
  time_zone          text,
  marketing_consent  text NOT NULL DEFAULT 'UNKNOWN' CHECK (marketing_consent IN ('UNKNOWN', 'GRANTED', 'DENIED')),
  -- Every column of an import that has no place of its own.
  context            jsonb NOT NULL DEFAULT '{}',
  source             text NOT NULL DEFAULT 'API',
  created_at         timestamptz NOT NULL DEFAULT now(),
  updated_at         timestamptz NOT NULL DEFAULT now(),
  UNIQUE (organization_id, id)
);
-- One person of an organization is one phone number.
CREATE UNIQUE INDEX contacts_phone ON contacts (organization_id, phone) WHERE phone IS NOT NULL;
CREATE INDEX contacts_phone_key ON contacts (organization_id, phone_key) WHERE phone IS NOT NULL;
CREATE INDEX contacts_order ON contacts (organization_id, created_at, id);

CREATE TABLE do_not_call (
  organization_id uuid NOT NULL REFERENCES organizations (id),
  phone           text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  reason          text NOT NULL DEFAULT '',
  source          text NOT NULL DEFAULT 'API',
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, phone)
);

CREATE TABLE campaigns (
  id              uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  agent_id        uuid NOT NULL,
  name            text NOT NULL,
  status          text NOT NULL DEFAULT 'DRAFT'
                  CHECK (status IN ('DRAFT', 'SCHEDULED', 'RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED')),
  spec            jsonb NOT NULL,
  start_at        timestamptz,
  total_count     integer NOT NULL DEFAULT 0 CHECK (total_count >= 0),
  created_at      timestamptz NOT NULL,
  frozen_at       timestamptz,
  started_at      timestamptz,
  finished_at     timestamptz,
  pause_reason    text,
  -- Since when the campaign has been running without a break; outcomes before it do not trip the circuit breaker again.
  running_since   timestamptz,
  -- The right to drive it, fenced by the epoch.
  lease_owner     text,
  lease_epoch     bigint NOT NULL DEFAULT 0,
  lease_until     timestamptz,
  version         integer NOT NULL DEFAULT 0,
  UNIQUE (organization_id, id),
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  CONSTRAINT campaigns_finished CHECK ((status IN ('COMPLETED', 'CANCELLED')) = (finished_at IS NOT NULL)),
  CONSTRAINT campaigns_frozen CHECK ((status = 'DRAFT') = (frozen_at IS NULL)),
  CONSTRAINT campaigns_running CHECK ((status = 'RUNNING') = (running_since IS NOT NULL)),
  CONSTRAINT campaigns_pause_reason CHECK (pause_reason IS NULL OR status = 'PAUSED')
);
CREATE INDEX campaigns_organization ON campaigns (organization_id, created_at DESC, id);
CREATE INDEX campaigns_to_drive ON campaigns (lease_until) WHERE status IN ('RUNNING', 'SCHEDULED');

CREATE TABLE campaign_counters (
  campaign_id     uuid PRIMARY KEY REFERENCES campaigns (id),
  organization_id uuid NOT NULL REFERENCES organizations (id),
  pending         integer NOT NULL DEFAULT 0 CHECK (pending >= 0),
  -- DISPATCHED and IN_PROGRESS: from the claim to the terminal event.
  in_flight       integer NOT NULL DEFAULT 0 CHECK (in_flight >= 0),
  completed       integer NOT NULL DEFAULT 0 CHECK (completed >= 0),
  no_answer       integer NOT NULL DEFAULT 0 CHECK (no_answer >= 0),
  failed          integer NOT NULL DEFAULT 0 CHECK (failed >= 0),
  skipped         integer NOT NULL DEFAULT 0 CHECK (skipped >= 0),
  cancelled       integer NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
  -- Claims ever made, given back or not: the running average is judged by it.
  dispatched      bigint NOT NULL DEFAULT 0 CHECK (dispatched >= 0),
  next_slot_at    timestamptz,
  -- Running time before the present stretch; pauses do not count.
  ran_before      interval NOT NULL DEFAULT '0'
) WITH (fillfactor = 50);
-- The organization's live calls are summed from the few campaigns that have any.
CREATE INDEX campaign_counters_organization ON campaign_counters (organization_id);

CREATE TABLE campaign_contacts (
  id              uuid PRIMARY KEY,
  campaign_id     uuid NOT NULL,
  organization_id uuid NOT NULL,
  contact_id      uuid NOT NULL,
  position        integer NOT NULL,
  -- Frozen at start: what is dialled and said does not change under a running campaign.
  phone           text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  name            text NOT NULL,
  time_zone       text,
  context         jsonb NOT NULL DEFAULT '{}',
  status          text NOT NULL DEFAULT 'PENDING'
                  CHECK (status IN ('PENDING', 'DISPATCHED', 'IN_PROGRESS', 'COMPLETED', 'NO_ANSWER', 'FAILED', 'SKIPPED', 'CANCELLED')),
  attempts        integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  -- Promised callbacks go first.
  priority        smallint NOT NULL DEFAULT 0,
  due_at          timestamptz,
  task_id         uuid,
  claim_epoch     bigint,
  claimed_at      timestamptz,
  session_id      uuid,
  outcome         text,
  disposition     text,
  reason          text,
  updated_at      timestamptz NOT NULL,
  finished_at     timestamptz,
  version         integer NOT NULL DEFAULT 0,
  UNIQUE (campaign_id, position),
  FOREIGN KEY (organization_id, campaign_id) REFERENCES campaigns (organization_id, id),
  FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id),
  -- Nobody is lost: terminal and finished are the same thing.
  CONSTRAINT campaign_contacts_finished
    CHECK ((status IN ('COMPLETED', 'NO_ANSWER', 'FAILED', 'SKIPPED', 'CANCELLED')) = (finished_at IS NOT NULL)),
  CONSTRAINT campaign_contacts_due CHECK ((status = 'PENDING') = (due_at IS NOT NULL)),
  CONSTRAINT campaign_contacts_claim CHECK ((status IN ('DISPATCHED', 'IN_PROGRESS')) = (task_id IS NOT NULL))
) WITH (fillfactor = 80);
-- A person stands once in a campaign, however many contacts share the number; the others are SKIPPED.
CREATE UNIQUE INDEX campaign_contacts_person ON campaign_contacts (campaign_id, phone) WHERE status <> 'SKIPPED';
CREATE INDEX campaign_contacts_due_next ON campaign_contacts (campaign_id, priority DESC, due_at, position) WHERE status = 'PENDING';
CREATE INDEX campaign_contacts_claims ON campaign_contacts (campaign_id, claim_epoch) WHERE status = 'DISPATCHED';
CREATE INDEX campaign_contacts_status ON campaign_contacts (campaign_id, status, position);
CREATE INDEX campaign_contacts_contact ON campaign_contacts (contact_id);

CREATE TABLE sessions (
  id                  uuid PRIMARY KEY,
  organization_id     uuid NOT NULL REFERENCES organizations (id),
  agent_id            uuid NOT NULL,
  contact_id          uuid,
  campaign            uuid REFERENCES campaigns (id),
  campaign_contact_id uuid REFERENCES campaign_contacts (id),
  attempt             integer NOT NULL DEFAULT 1 CHECK (attempt >= 1),
  direction           text NOT NULL DEFAULT 'OUTBOUND' CHECK (direction IN ('OUTBOUND', 'INBOUND')),
  phone               text NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
  state               text NOT NULL CHECK (state IN ('DIALING', 'UNKNOWN', 'RINGING', 'ANSWERED', 'ENDED')),
  outcome             text,
  -- The objective and the contact's fields as they were when the call was placed.
  task_instructions   text NOT NULL DEFAULT '',
  context             jsonb NOT NULL DEFAULT '{}',
  carrier_sid         text,
  token_hash          bytea NOT NULL CHECK (length(token_hash) = 32),
  token_expires_at    timestamptz NOT NULL,
  owner               text NOT NULL,
  started_at          timestamptz NOT NULL,
  send_before         timestamptz NOT NULL,
  placed_at           timestamptz,
  answered_at         timestamptz,
  ended_at            timestamptz,
  duration            interval,
  recording_url       text,
  detail              text,
  check_at            timestamptz,
  give_up_at          timestamptz NOT NULL,
  FOREIGN KEY (organization_id, agent_id) REFERENCES agents (organization_id, id),
  CONSTRAINT sessions_ended CHECK ((state = 'ENDED') = (ended_at IS NOT NULL) AND (state = 'ENDED') = (outcome IS NOT NULL)),
  CONSTRAINT sessions_check CHECK ((state = 'ENDED') = (check_at IS NULL)),
  CONSTRAINT sessions_outcome CHECK (outcome IN ('COMPLETED', 'NO_ANSWER', 'BUSY', 'CANCELED', 'FAILED', 'REJECTED', 'REJECTED_FOR_NOW',
    'CARRIER_UNAVAILABLE', 'NOT_PLACED', 'UNKNOWN', 'MACHINE', 'INTERRUPTED_BY_US'))
) WITH (fillfactor = 70);
-- Nobody is called twice: one live call per person, over all campaigns of the organization.
CREATE UNIQUE INDEX sessions_live_person ON sessions (organization_id, phone) WHERE state <> 'ENDED';
-- Nobody is called twice: one dial per contact and attempt. A dial that certainly rang no phone gives its attempt back.
CREATE UNIQUE INDEX sessions_attempt ON sessions (campaign_contact_id, attempt)
  WHERE outcome IS NULL OR outcome NOT IN ('REJECTED_FOR_NOW', 'CARRIER_UNAVAILABLE', 'NOT_PLACED');
CREATE UNIQUE INDEX sessions_carrier_sid ON sessions (carrier_sid) WHERE carrier_sid IS NOT NULL;
CREATE INDEX sessions_overdue ON sessions (check_at) WHERE state <> 'ENDED';
CREATE INDEX sessions_under_way ON sessions (campaign) WHERE state = 'DIALING';
CREATE INDEX sessions_person ON sessions (organization_id, phone, started_at);
CREATE INDEX sessions_recent ON sessions (campaign, ended_at DESC) WHERE state = 'ENDED';

CREATE TABLE session_turns (
  session_id  uuid NOT NULL REFERENCES sessions (id),
  position    integer NOT NULL,
  speaker     text NOT NULL CHECK (speaker IN ('AGENT', 'PERSON')),
  text        text NOT NULL,
  started_at  timestamptz NOT NULL,
  ended_at    timestamptz,
  interrupted boolean NOT NULL DEFAULT false,
  PRIMARY KEY (session_id, position)
);

CREATE TABLE session_digests (
  session_id  uuid PRIMARY KEY REFERENCES sessions (id),
  summary     text NOT NULL,
  data        jsonb NOT NULL DEFAULT '{}',
  created_at  timestamptz NOT NULL
);

CREATE TABLE memory_facts (
  id              uuid PRIMARY KEY,
  organization_id uuid NOT NULL,
  contact_id      uuid NOT NULL,
  fact            text NOT NULL,
  confidence      real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
  session_id      uuid REFERENCES sessions (id),
  turn_position   integer,
  superseded_by   uuid REFERENCES memory_facts (id),
  created_at      timestamptz NOT NULL,
  FOREIGN KEY (organization_id, contact_id) REFERENCES contacts (organization_id, id)
);
CREATE INDEX memory_facts_contact ON memory_facts (contact_id) WHERE superseded_by IS NULL;

-- Why a contact was called, skipped or deferred.
CREATE TABLE decisions (
  id                  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  campaign_id         uuid NOT NULL,
  campaign_contact_id uuid NOT NULL REFERENCES campaign_contacts (id),
  at                  timestamptz NOT NULL,
  kind                text NOT NULL CHECK (kind IN ('CLAIMED', 'SKIPPED', 'DEFERRED', 'RELEASED', 'RETRIED', 'SETTLED', 'CORRECTED')),
  attempt             integer NOT NULL,
  reason              text NOT NULL,
  due_at              timestamptz,
  epoch               bigint,
  session_id          uuid,
  actor               text
);
CREATE INDEX decisions_contact ON decisions (campaign_contact_id, id);

CREATE TABLE imports (
  id              uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  file_name       text NOT NULL,
  mode            text NOT NULL CHECK (mode IN ('GOOD_ROWS', 'ALL_OR_NOTHING')),
  rows_read       integer NOT NULL,
  rows_imported   integer NOT NULL,
  rows_rejected   integer NOT NULL,
  errors          jsonb NOT NULL DEFAULT '[]',
  created_at      timestamptz NOT NULL
);

CREATE TABLE webhook_deliveries (
  id              uuid PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organizations (id),
  event           text NOT NULL,
  payload         jsonb NOT NULL,
  target          text NOT NULL,
  state           text NOT NULL CHECK (state IN ('PENDING', 'DELIVERED', 'FAILED')),
  attempts        integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  created_at      timestamptz NOT NULL
);

CREATE TABLE audit_log (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organization_id uuid NOT NULL,
  at              timestamptz NOT NULL,
  actor           text NOT NULL,
  action          text NOT NULL,
  entity          text NOT NULL,
  entity_id       uuid,
  detail          jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_organization ON audit_log (organization_id, id);
