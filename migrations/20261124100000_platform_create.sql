-- The floor: tenant context, the one way to make a tenant table, the registry of tenants, jobs, audit, idempotency.

ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO kitaplatz_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON SEQUENCES TO kitaplatz_backup;
GRANT USAGE ON SCHEMA app TO kitaplatz_app, kitaplatz_worker, kitaplatz_ops, kitaplatz_backup, kitaplatz_jobs;

-- After a transaction-local setting ends it is an empty string, not NULL: both must mean "no tenant".
CREATE FUNCTION app.tenant() RETURNS int
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.tenant_id', true), '')::int $$;
GRANT EXECUTE ON FUNCTION app.tenant() TO PUBLIC;

-- Text as people search it: lower case, German letters written out, accents dropped.
CREATE FUNCTION app.norm(t text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT public.unaccent('public.unaccent'::regdictionary,
              replace(replace(replace(replace(lower(t), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss')) $$;
GRANT EXECUTE ON FUNCTION app.norm(text) TO kitaplatz_app;

-- Forces isolation on a tenant table. RESTRICTIVE: a careless permissive policy added later cannot open the tenant.
CREATE PROCEDURE app.protect(t regclass)
    LANGUAGE plpgsql
    AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant_isolation ON %s AS RESTRICTIVE FOR ALL TO PUBLIC
                    USING (tenant_id = (SELECT app.tenant())) WITH CHECK (tenant_id = (SELECT app.tenant()))', t);
    EXECUTE format('CREATE POLICY app_rows ON %s FOR ALL TO kitaplatz_app USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO kitaplatz_app', t);
END $$;

-- Registry of tenants (global). The number is internal; the outside knows the slug.
CREATE TABLE tenant (
    id            int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug          text NOT NULL UNIQUE CHECK (slug ~ '^[a-z][a-z0-9-]{1,38}[a-z0-9]$'),
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    ags           text NOT NULL CHECK (ags ~ '^[0-9]{5}([0-9]{3})?$'),
    ars           text NOT NULL CHECK (ars ~ '^[0-9]{5}([0-9]{7})?$'),
    federal_state text NOT NULL CHECK (federal_state IN ('BW','BY','BE','BB','HB','HH','HE','MV','NI','NW','RP','SL','SN','ST','SH','TH')),
    host          text UNIQUE,
    state         text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    created_at    timestamptz NOT NULL
);
GRANT SELECT ON tenant TO kitaplatz_app, kitaplatz_worker;
GRANT SELECT, INSERT, UPDATE ON tenant TO kitaplatz_ops;

-- Platform operators (global): they run tenants and never see families.
CREATE TABLE operator_account (
    id            uuid PRIMARY KEY,
    email         text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    totp_secret   bytea,
    totp_enabled_at timestamptz,
    totp_last_step bigint NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL
);
CREATE TABLE operator_session (
    token_hash    bytea PRIMARY KEY,
    operator_id   uuid NOT NULL REFERENCES operator_account (id) ON DELETE CASCADE,
    created_at    timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL
);
CREATE INDEX operator_session_operator_idx ON operator_session (operator_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON operator_account, operator_session TO kitaplatz_ops;

-- Postal codes of Germany (global, open data, loaded by an import).
CREATE TABLE postal_code (
    code      text NOT NULL CHECK (code ~ '^[0-9]{5}$'),
    place     text NOT NULL,
    district_ags text NOT NULL,
    latitude  float8 NOT NULL,
    longitude float8 NOT NULL,
    place_norm text NOT NULL GENERATED ALWAYS AS (app.norm(place)) STORED,
    PRIMARY KEY (code, place)
);
CREATE INDEX postal_code_place_idx ON postal_code (place_norm text_pattern_ops);
GRANT SELECT ON postal_code TO kitaplatz_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON postal_code TO kitaplatz_ops;

-- Background work (global). A row carries ids only, never personal data. The application inserts in the transaction of the change;
-- the worker claims and settles through the two functions below and has no other right here.
CREATE TABLE job (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id    int REFERENCES tenant (id),
    kind         text NOT NULL,
    payload      jsonb NOT NULL,
    dedup_key    text,
    run_at       timestamptz NOT NULL,
    attempts     int NOT NULL DEFAULT 0,
    max_attempts int NOT NULL DEFAULT 12,
    state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    locked_until timestamptz,
    last_error   text,
    created_at   timestamptz NOT NULL
);
CREATE INDEX job_due_idx ON job (run_at) WHERE state IN ('waiting', 'running');
CREATE INDEX job_tenant_idx ON job (tenant_id);
-- One waiting job a key: enqueueing the same work twice is one run.
CREATE UNIQUE INDEX job_dedup_key ON job (tenant_id, kind, dedup_key) NULLS NOT DISTINCT WHERE dedup_key IS NOT NULL AND state = 'waiting';
GRANT SELECT, INSERT, UPDATE ON job TO kitaplatz_jobs;
GRANT INSERT ON job TO kitaplatz_app, kitaplatz_ops;
GRANT SELECT ON job TO kitaplatz_ops;
-- Inserting with ON CONFLICT needs to read the key columns, nothing else.
GRANT SELECT (tenant_id, kind, dedup_key, state) ON job TO kitaplatz_app;
GRANT USAGE ON SEQUENCE job_id_seq TO kitaplatz_app, kitaplatz_ops, kitaplatz_jobs;
GRANT SELECT ON tenant TO kitaplatz_jobs;

-- Claims up to n due jobs for `lease` seconds. A worker that died loses its lease and the job runs again: jobs are idempotent.
-- `only_tenant` narrows to one tenant (NULL: all).
CREATE FUNCTION app.job_claim(at timestamptz, n int, lease int, only_tenant int)
    RETURNS TABLE (id bigint, tenant_id int, kind text, payload jsonb, attempts int, max_attempts int)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$
    UPDATE job j
       SET state = 'running', attempts = j.attempts + 1, locked_until = at + make_interval(secs => lease)
      FROM (SELECT c.id FROM job c
             WHERE c.state IN ('waiting', 'running') AND c.run_at <= at AND (only_tenant IS NULL OR c.tenant_id = only_tenant) AND (c.state = 'waiting' OR c.locked_until < at)
             ORDER BY c.run_at, c.id
             FOR UPDATE SKIP LOCKED
             LIMIT n) due
     WHERE j.id = due.id
    RETURNING j.id, j.tenant_id, j.kind, j.payload, j.attempts, j.max_attempts $$;

-- Settles a claimed job: no error = done; an error with `retry_at` waits; without it the job is dead.
CREATE FUNCTION app.job_settle(job_id bigint, error text, retry_at timestamptz)
    RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$
    UPDATE job
       SET state = CASE WHEN error IS NULL THEN 'done' WHEN retry_at IS NULL THEN 'dead' ELSE 'waiting' END,
           run_at = COALESCE(retry_at, run_at), last_error = error, locked_until = NULL,
           dedup_key = CASE WHEN error IS NOT NULL AND retry_at IS NOT NULL
                             AND EXISTS (SELECT 1 FROM job o WHERE o.id <> job_id AND o.state = 'waiting' AND o.kind = job.kind
                                           AND o.dedup_key = job.dedup_key AND o.tenant_id IS NOT DISTINCT FROM job.tenant_id)
                            THEN NULL ELSE dedup_key END
     WHERE id = job_id AND state = 'running' $$;
GRANT CREATE ON SCHEMA app TO kitaplatz_jobs;
ALTER FUNCTION app.job_claim(timestamptz, int, int, int) OWNER TO kitaplatz_jobs;
ALTER FUNCTION app.job_settle(bigint, text, timestamptz) OWNER TO kitaplatz_jobs;
REVOKE CREATE ON SCHEMA app FROM kitaplatz_jobs;
REVOKE ALL ON FUNCTION app.job_claim(timestamptz, int, int, int), app.job_settle(bigint, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.job_claim(timestamptz, int, int, int), app.job_settle(bigint, text, timestamptz) TO kitaplatz_worker;

-- Who did what to whose data. The application can add and read, nobody changes.
CREATE TABLE audit_event (
    tenant_id  int NOT NULL REFERENCES tenant (id),
    id         uuid NOT NULL,
    at         timestamptz NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('anonymous', 'parent', 'staff', 'api_key', 'system')),
    actor_id   uuid,
    role       text,
    action     text NOT NULL,
    object_id  uuid,
    child_ids  uuid[] NOT NULL DEFAULT '{}',
    request_id text,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_event_at_idx ON audit_event (tenant_id, at);
CREATE INDEX audit_event_object_idx ON audit_event (tenant_id, object_id);
CALL app.protect('audit_event');
REVOKE UPDATE, DELETE ON audit_event FROM kitaplatz_app;

-- Answers of creating requests, so that a repeated request has one effect.
CREATE TABLE idempotency_key (
    tenant_id  int NOT NULL REFERENCES tenant (id),
    actor      text NOT NULL,
    key        text NOT NULL,
    body_hash  bytea NOT NULL,
    status     int,
    location   text,
    etag       text,
    body       jsonb,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, actor, key)
);
CREATE INDEX idempotency_key_created_idx ON idempotency_key (tenant_id, created_at);
CALL app.protect('idempotency_key');

-- Counters for limits that must hold across instances (failed log-ins per account, mails per address).
CREATE TABLE throttle (
    tenant_id    int NOT NULL REFERENCES tenant (id),
    key          text NOT NULL,
    window_start timestamptz NOT NULL,
    count        int NOT NULL,
    PRIMARY KEY (tenant_id, key, window_start)
);
CALL app.protect('throttle');
