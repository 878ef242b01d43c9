-- Conversations: what was said in a call, what came of it, and what is remembered of it.

ALTER TABLE sessions
  -- The media stream that has the conversation. Set once: the session's secret opens one stream.
  ADD COLUMN media_begun_at        timestamptz,
  ADD COLUMN media_owner           text,
  -- While this lies ahead, the process that holds the stream lives, and nobody else concludes the conversation.
  ADD COLUMN media_until           timestamptz,
  ADD COLUMN stream_sid            text,
  ADD COLUMN conversation_ended_at timestamptz,
  ADD COLUMN conversation_outcome  text,
  ADD COLUMN conversation_end      text,
  ADD COLUMN conversation_detail   text,
  -- The carrier said that the call was over before its conversation was concluded.
  ADD COLUMN carrier_ended_at      timestamptz,
  ADD COLUMN disposition           text,
  ADD COLUMN disposition_notes     text,
  ADD COLUMN disposition_fields    jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN callback_at           timestamptz,
  ADD COLUMN callback_spoken       text,
  ADD COLUMN handoff_reason        text,
  -- The person asked in this call not to be called again.
  ADD COLUMN opted_out             boolean NOT NULL DEFAULT false,
  ADD COLUMN machine               text CHECK (machine IN ('VOICEMAIL', 'SCREENER', 'MENU')),
  ADD COLUMN message_left          boolean NOT NULL DEFAULT false,
  ADD COLUMN recording_file        text,
  ADD COLUMN first_audio_ms        integer CHECK (first_audio_ms >= 0),
  ADD COLUMN underruns             integer,
  ADD COLUMN usage                 jsonb,
  ADD COLUMN cost_micro_dollars    bigint CHECK (cost_micro_dollars >= 0),
  DROP CONSTRAINT sessions_outcome,
  ADD CONSTRAINT sessions_outcome CHECK (outcome IN ('COMPLETED', 'NO_ANSWER', 'BUSY', 'CANCELED', 'FAILED', 'REJECTED', 'REJECTED_FOR_NOW',
    'CARRIER_UNAVAILABLE', 'NOT_PLACED', 'UNKNOWN', 'MACHINE', 'INTERRUPTED_BY_US', 'MODEL_UNAVAILABLE', 'NO_SPEECH')),
  ADD CONSTRAINT sessions_media CHECK (
    (media_begun_at IS NULL) = (media_owner IS NULL) AND (media_begun_at IS NULL) = (media_until IS NULL)),
  ADD CONSTRAINT sessions_conversation CHECK (
    (conversation_ended_at IS NULL) = (conversation_outcome IS NULL) AND (conversation_ended_at IS NULL OR media_begun_at IS NOT NULL)),
  -- A conversation cannot end as a dial that rang no phone: such an attempt is given back, not settled.
  ADD CONSTRAINT sessions_conversation_outcome CHECK (conversation_outcome NOT IN ('REJECTED_FOR_NOW', 'CARRIER_UNAVAILABLE', 'NOT_PLACED'));

CREATE INDEX sessions_inbound_lapsed ON sessions (media_until) WHERE direction = 'INBOUND' AND state <> 'ENDED';
CREATE INDEX sessions_organization ON sessions (organization_id, started_at DESC, id DESC);
-- What a campaign's overview counts: calls whose sound reached us, far fewer than dials.
CREATE INDEX sessions_conversations ON sessions (campaign) WHERE media_begun_at IS NOT NULL;

ALTER TABLE session_turns
  -- What was really heard of an agent's turn; the whole text unless the turn was interrupted.
  ADD COLUMN heard_text text,
  ADD COLUMN spoken_ms  integer NOT NULL DEFAULT 0 CHECK (spoken_ms >= 0),
  ADD COLUMN heard_ms   integer NOT NULL DEFAULT 0 CHECK (heard_ms >= 0),
  ADD CONSTRAINT session_turns_heard CHECK (heard_ms <= spoken_ms);

ALTER TABLE campaign_contacts
  ADD COLUMN disposition_fields jsonb NOT NULL DEFAULT '{}';

ALTER TABLE memory_facts
  ADD COLUMN key         text CHECK (key ~ '^[a-z0-9][a-z0-9_]{0,59}$'),
  ADD COLUMN valid_until date,
  ADD COLUMN updated_at  timestamptz;
-- A fact from before there were keys is a note of its own.
UPDATE memory_facts SET key = 'note_' || replace(id::text, '-', ''), updated_at = created_at;
UPDATE memory_facts SET fact = key || ': ' || fact;
ALTER TABLE memory_facts
  ALTER COLUMN key SET NOT NULL,
  ALTER COLUMN updated_at SET NOT NULL,
  ADD CONSTRAINT memory_facts_text CHECK (starts_with(fact, key || ': '));
-- One fact in force per thing: what contradicts it supersedes it.
CREATE UNIQUE INDEX memory_facts_in_force ON memory_facts (contact_id, key) WHERE superseded_by IS NULL;
CREATE INDEX memory_facts_superseded ON memory_facts (superseded_by) WHERE superseded_by IS NOT NULL;

ALTER TABLE session_digests
  ADD COLUMN model      text NOT NULL DEFAULT '',
  ADD COLUMN usage      jsonb NOT NULL DEFAULT '{}',
  -- The session's own: the next call to a person begins with what the last ones came to.
  ADD COLUMN contact_id uuid;
UPDATE session_digests d SET contact_id = s.contact_id FROM sessions s WHERE s.id = d.session_id;
CREATE INDEX session_digests_contact ON session_digests (contact_id) WHERE contact_id IS NOT NULL;

-- Conversations waiting to be distilled.
CREATE TABLE extractions (
  session_id      uuid PRIMARY KEY REFERENCES sessions (id),
  organization_id uuid NOT NULL REFERENCES organizations (id),
  contact_id      uuid,
  state           text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'DONE', 'FAILED')),
  attempts        integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  -- Due at this time; a taken one becomes due again when whoever took it is overdue.
  next_attempt_at timestamptz,
  last_error      text,
  created_at      timestamptz NOT NULL,
  finished_at     timestamptz,
  CONSTRAINT extractions_finished CHECK ((state = 'PENDING') = (finished_at IS NULL) AND (state = 'PENDING') = (next_attempt_at IS NOT NULL))
);
CREATE INDEX extractions_due ON extractions (next_attempt_at) WHERE state = 'PENDING';
-- A person's calls are distilled in their order, so that an older call never contradicts a newer one.
CREATE INDEX extractions_person ON extractions (contact_id, created_at, session_id) WHERE state = 'PENDING';

ALTER TABLE agents
  -- SHA-256 of the secret in the address under which the carrier brings calls for this agent.
  ADD COLUMN inbound_secret_hash bytea CHECK (length(inbound_secret_hash) = 32);
