-- The audit as a chain of hashes, one a tenant: what was altered, removed or put in afterwards can be found. Every event is hashed in the
-- transaction that writes it, by a trigger that nobody who writes can leave out and without any order to wait for; a sealer puts the
-- committed ones into an order and links each to its predecessor. Why so: docs/decisions/0008.

-- In whose name somebody acted who has a mandate; stands before the chain so that it is part of the first hash.
ALTER TABLE audit_event ADD COLUMN on_behalf_of uuid;

-- What of an event counts. Nulls are left out: a column that comes later and is empty in old events changes no old hash.
CREATE FUNCTION app.audit_hash(e audit_event) RETURNS bytea
    LANGUAGE sql STABLE SET search_path = app, pg_temp SET timezone = 'UTC'
    AS $$ SELECT sha256(convert_to(jsonb_strip_nulls(to_jsonb(e))::text, 'UTF8')) $$;

-- One link an event. It goes with its event, by the deletion by period; so there is no foreign key to pay for with every event.
CREATE TABLE audit_link (
    tenant_id  int NOT NULL,
    event_id   uuid NOT NULL,
    at         timestamptz NOT NULL,
    -- SHA-256 of the event, made in its own transaction.
    event_hash bytea NOT NULL CHECK (length(event_hash) = 32),
    -- Its place in the chain, and SHA-256 over the predecessor's hash and the event's; empty until it is sealed.
    seq        bigint,
    chain_hash bytea CHECK (length(chain_hash) = 32),
    PRIMARY KEY (tenant_id, event_id),
    UNIQUE (tenant_id, seq),
    CHECK ((seq IS NULL) = (chain_hash IS NULL))
);
CREATE INDEX audit_link_pending_idx ON audit_link (tenant_id, at, event_id) WHERE seq IS NULL;

-- Where a tenant's chain ends, and where what was deleted by period ended.
CREATE TABLE audit_chain (
    tenant_id       int PRIMARY KEY REFERENCES tenant (id),
    sealed_seq      bigint NOT NULL,
    sealed_hash     bytea NOT NULL,
    forgotten_seq   bigint NOT NULL,
    forgotten_hash  bytea NOT NULL,
    -- The latest event that was deleted by period.
    forgotten_until timestamptz
);

-- What came of looking the chain through. The application can add and read, nobody changes.
CREATE TABLE audit_check (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id        uuid NOT NULL,
    at        timestamptz NOT NULL,
    events    bigint NOT NULL,
    head_seq  bigint NOT NULL,
    head_hash bytea NOT NULL,
    -- What is wrong first, and where; empty when all is well.
    fault     text CHECK (fault IN ('altered', 'removed', 'inserted', 'backdated', 'relinked', 'hidden', 'cut')),
    event_id  uuid,
    event_at  timestamptz,
    CHECK (fault IS NOT NULL OR event_id IS NULL),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_check_at_idx ON audit_check (tenant_id, at, id);

-- The events that are there already. The owner passes row-level security only while it is not forced.
ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY;
INSERT INTO audit_link (tenant_id, event_id, at, event_hash) SELECT e.tenant_id, e.id, e.at, app.audit_hash(e) FROM audit_event e;
ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;

CALL app.protect('audit_link');
CALL app.protect('audit_chain');
CALL app.protect('audit_check');
REVOKE INSERT, UPDATE, DELETE ON audit_link, audit_chain FROM kitaplatz_app;
REVOKE UPDATE, DELETE ON audit_check FROM kitaplatz_app;

CREATE FUNCTION app.link_audit() RETURNS trigger
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$
BEGIN
    INSERT INTO audit_link (tenant_id, event_id, at, event_hash) VALUES (NEW.tenant_id, NEW.id, NEW.at, app.audit_hash(NEW));
    RETURN NULL;
END $$;
CREATE TRIGGER audit_event_link AFTER INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION app.link_audit();

-- Puts up to n committed events at the end of the chain, the oldest first; answers how many. One sealer a tenant; whoever comes second has
-- nothing to do. Nobody who writes an event waits for it.
CREATE FUNCTION app.seal_audit(n int) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$
DECLARE
    head audit_chain;
    link record;
    sealed bigint := 0;
BEGIN
    INSERT INTO audit_chain (tenant_id, sealed_seq, sealed_hash, forgotten_seq, forgotten_hash)
    SELECT app.tenant(), 0, first.hash, 0, first.hash
      FROM (SELECT sha256(convert_to('kitaplatz-audit/1 ' || app.tenant(), 'UTF8')) AS hash) first
     WHERE NOT EXISTS (SELECT 1 FROM audit_chain c WHERE c.tenant_id = app.tenant())
    ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM audit_chain c WHERE c.tenant_id = app.tenant() FOR UPDATE SKIP LOCKED;
    IF head.tenant_id IS NULL THEN
        RETURN 0;
    END IF;
    FOR link IN SELECT l.event_id, l.event_hash FROM audit_link l
                 WHERE l.tenant_id = head.tenant_id AND l.seq IS NULL ORDER BY l.at, l.event_id LIMIT n
    LOOP
        head.sealed_seq := head.sealed_seq + 1;
        head.sealed_hash := sha256(head.sealed_hash || link.event_hash);
        UPDATE audit_link l SET seq = head.sealed_seq, chain_hash = head.sealed_hash
         WHERE l.tenant_id = head.tenant_id AND l.event_id = link.event_id;
        sealed := sealed + 1;
    END LOOP;
    UPDATE audit_chain c SET sealed_seq = head.sealed_seq, sealed_hash = head.sealed_hash
     WHERE c.tenant_id = head.tenant_id AND sealed > 0;
    RETURN sealed;
END $$;

-- Deletion by period takes the beginning of the chain, up to the first event that must be kept, and keeps the hash where it stopped: what
-- follows can still be verified. As before, nothing younger than a year before the newest event goes, whatever is asked for.
CREATE OR REPLACE FUNCTION app.forget_audit(before timestamptz, n int) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$
DECLARE
    cutoff timestamptz := LEAST(before, (SELECT max(newest.at) FROM audit_event newest WHERE newest.tenant_id = app.tenant()) - interval '1 year');
    head audit_chain;
    last record;
    events uuid[];
    until timestamptz;
    gone bigint;
BEGIN
    SELECT * INTO head FROM audit_chain c WHERE c.tenant_id = app.tenant() FOR UPDATE;
    SELECT l.seq, l.chain_hash INTO last
      FROM (SELECT f.seq, f.chain_hash, bool_and(f.at < cutoff) OVER (ORDER BY f.seq) AS is_due
              FROM (SELECT k.seq, k.chain_hash, k.at FROM audit_link k
                     WHERE k.tenant_id = head.tenant_id AND k.seq > head.forgotten_seq ORDER BY k.seq LIMIT n) f) l
     WHERE l.is_due ORDER BY l.seq DESC LIMIT 1;
    IF last.seq IS NULL THEN
        RETURN 0;
    END IF;
    SELECT array_agg(l.event_id), max(l.at) INTO events, until
      FROM audit_link l WHERE l.tenant_id = head.tenant_id AND l.seq > head.forgotten_seq AND l.seq <= last.seq;
    DELETE FROM audit_child c WHERE c.tenant_id = head.tenant_id AND c.at < cutoff AND c.event_id = ANY(events);
    DELETE FROM audit_event e WHERE e.tenant_id = head.tenant_id AND e.id = ANY(events);
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM audit_link l WHERE l.tenant_id = head.tenant_id AND l.event_id = ANY(events);
    UPDATE audit_chain c
       SET forgotten_seq = last.seq, forgotten_hash = last.chain_hash, forgotten_until = GREATEST(c.forgotten_until, until)
     WHERE c.tenant_id = head.tenant_id;
    RETURN gone;
END $$;

GRANT SELECT, INSERT, UPDATE, DELETE ON audit_link TO kitaplatz_jobs;
GRANT SELECT, INSERT, UPDATE ON audit_chain TO kitaplatz_jobs;
REVOKE ALL ON FUNCTION app.audit_hash(audit_event), app.link_audit(), app.seal_audit(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.audit_hash(audit_event) TO kitaplatz_app, kitaplatz_jobs;
GRANT CREATE ON SCHEMA app TO kitaplatz_jobs;
ALTER FUNCTION app.link_audit() OWNER TO kitaplatz_jobs;
ALTER FUNCTION app.seal_audit(int) OWNER TO kitaplatz_jobs;
REVOKE CREATE ON SCHEMA app FROM kitaplatz_jobs;
GRANT EXECUTE ON FUNCTION app.seal_audit(int) TO kitaplatz_app;
