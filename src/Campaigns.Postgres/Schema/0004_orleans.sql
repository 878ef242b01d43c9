-- What Orleans' ADO.NET providers need: statements by key in OrleansQuery, which is the only name of ours that they know, and the tables those
-- statements work on. Each statement decides and writes at once, so that the providers need no transaction.

CREATE TABLE orleansquery (
    querykey text PRIMARY KEY,
    querytext text NOT NULL CHECK (querytext <> ''));

-- One row per cluster: every change of its membership raises the version, and names the one it was decided on.
CREATE TABLE orleans_membership_versions (
    cluster_id text PRIMARY KEY,
    version integer NOT NULL DEFAULT 0 CHECK (version >= 0),
    changed_at timestamptz NOT NULL DEFAULT now());

CREATE TABLE orleans_memberships (
    cluster_id text NOT NULL REFERENCES orleans_membership_versions ON DELETE CASCADE,
    address text NOT NULL,
    port integer NOT NULL CHECK (port BETWEEN 0 AND 65535),
    generation integer NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status integer NOT NULL CHECK (status BETWEEN 0 AND 6),
    proxy_port integer NOT NULL CHECK (proxy_port BETWEEN 0 AND 65535),
    suspect_times text,
    started_at timestamptz NOT NULL,
    alive_at timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation));

-- A grain's private state. The key is the grain's whole identity, so that two activations cannot both believe that they wrote the first row. An
-- identity without an extension has '': Orleans takes no blank one.
CREATE TABLE orleans_grain_states (
    service_id text NOT NULL,
    grain_type text NOT NULL,
    id_n0 bigint NOT NULL,
    id_n1 bigint NOT NULL,
    id_extension text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    payload bytea,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service_id, grain_type, id_n0, id_n1, id_extension));

INSERT INTO orleansquery (querykey, querytext) VALUES
('InsertMembershipVersionKey', '
WITH made AS (
  INSERT INTO orleans_membership_versions (cluster_id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
SELECT EXISTS (SELECT FROM made)'),

-- The version is raised first: of two silos that decided on the same one, the second waits for the row, finds another version and writes nothing.
('InsertMembershipKey', '
WITH raised AS (
  UPDATE orleans_membership_versions v SET version = version + 1, changed_at = now()
  WHERE v.cluster_id = @DeploymentId AND v.version = @Version
    AND NOT EXISTS (
      SELECT FROM orleans_memberships m
      WHERE m.cluster_id = @DeploymentId AND m.address = @Address AND m.port = @Port AND m.generation = @Generation)
  RETURNING v.cluster_id),
joined AS (
  INSERT INTO orleans_memberships
    (cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, started_at, alive_at)
  SELECT cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM raised
  RETURNING 1)
SELECT EXISTS (SELECT FROM joined)'),

('UpdateMembershipKey', '
WITH raised AS (
  UPDATE orleans_membership_versions v SET version = version + 1, changed_at = now()
  WHERE v.cluster_id = @DeploymentId AND v.version = @Version
    AND EXISTS (
      SELECT FROM orleans_memberships m
      WHERE m.cluster_id = @DeploymentId AND m.address = @Address AND m.port = @Port AND m.generation = @Generation)
  RETURNING v.cluster_id),
changed AS (
  UPDATE orleans_memberships m SET status = @Status, suspect_times = @SuspectTimes, alive_at = @IAmAliveTime
  FROM raised r
  WHERE m.cluster_id = r.cluster_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
  RETURNING 1)
SELECT EXISTS (SELECT FROM changed)'),

-- A sign of life changes nothing that others decide on: the version stays.
('UpdateIAmAlivetimeKey', '
UPDATE orleans_memberships SET alive_at = @IAmAliveTime
WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation'),

('MembershipReadRowKey', '
SELECT m.address AS "Address", m.port AS "Port", m.generation AS "Generation", m.silo_name AS "SiloName", m.host_name AS "HostName",
  m.status AS "Status", m.proxy_port AS "ProxyPort", m.suspect_times AS "SuspectTimes", m.started_at AS "StartTime", m.alive_at AS "IAmAliveTime",
  v.version AS "Version"
FROM orleans_membership_versions v
LEFT JOIN orleans_memberships m
  ON m.cluster_id = v.cluster_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
WHERE v.cluster_id = @DeploymentId'),

('MembershipReadAllKey', '
SELECT m.address AS "Address", m.port AS "Port", m.generation AS "Generation", m.silo_name AS "SiloName", m.host_name AS "HostName",
  m.status AS "Status", m.proxy_port AS "ProxyPort", m.suspect_times AS "SuspectTimes", m.started_at AS "StartTime", m.alive_at AS "IAmAliveTime",
  v.version AS "Version"
FROM orleans_membership_versions v
LEFT JOIN orleans_memberships m ON m.cluster_id = v.cluster_id
WHERE v.cluster_id = @DeploymentId'),

('GatewaysQueryKey', '
SELECT address AS "Address", proxy_port AS "ProxyPort", generation AS "Generation" FROM orleans_memberships
WHERE cluster_id = @DeploymentId AND status = @Status AND proxy_port > 0'),

('DeleteMembershipTableEntriesKey', '
DELETE FROM orleans_membership_versions WHERE cluster_id = @DeploymentId'),

-- 6 is dead.
('CleanupDefunctSiloEntriesKey', '
DELETE FROM orleans_memberships WHERE cluster_id = @DeploymentId AND status = 6 AND alive_at < @IAmAliveTime'),

('ReadFromStorageKey', '
SELECT payload AS "PayloadBinary", version AS "Version" FROM orleans_grain_states
WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
  AND id_extension = coalesce(@GrainIdExtensionString, '''')'),

-- No row comes back when the version is not the one that was read, or when the first row is not the first: the provider takes that for a conflict.
('WriteToStorageKey', '
WITH first AS (
  INSERT INTO orleans_grain_states (service_id, grain_type, id_n0, id_n1, id_extension, version, payload)
  SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''''), 1, @PayloadBinary
  WHERE @GrainStateVersion IS NULL
  ON CONFLICT DO NOTHING
  RETURNING version),
next AS (
  UPDATE orleans_grain_states SET version = version + 1, payload = @PayloadBinary, written_at = now()
  WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
    AND id_extension = coalesce(@GrainIdExtensionString, '''') AND version = @GrainStateVersion
  RETURNING version)
SELECT version AS "NewGrainStateVersion" FROM first UNION ALL SELECT version FROM next'),

('ClearStorageKey', '
UPDATE orleans_grain_states SET version = version + 1, payload = NULL, written_at = now()
WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
  AND id_extension = coalesce(@GrainIdExtensionString, '''') AND version = @GrainStateVersion
RETURNING version AS "NewGrainStateVersion"'),

('DeleteStorageKey', '
DELETE FROM orleans_grain_states
WHERE service_id = @ServiceId AND grain_type = @GrainTypeString AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
  AND id_extension = coalesce(@GrainIdExtensionString, '''') AND version = @GrainStateVersion
RETURNING version + 1 AS "NewGrainStateVersion"');
