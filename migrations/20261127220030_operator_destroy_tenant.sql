-- Off-boarding: a tenant is destroyed by two operators, after its data were handed over, and what was deleted is proved by numbers.

-- Outlives the tenant, so it refers to nothing and names no family.
CREATE TABLE tenant_destruction (
    id              uuid PRIMARY KEY,
    slug            text NOT NULL,
    tenant_number   int NOT NULL,
    -- SHA-256 of the manifest of what was handed over.
    manifest_sha256 text NOT NULL CHECK (manifest_sha256 ~ '^[0-9a-f]{64}$'),
    requested_by    text NOT NULL,
    requested_at    timestamptz NOT NULL,
    confirmed_by    text,
    confirmed_at    timestamptz,
    destroyed_at    timestamptz,
    -- Rows deleted by table, and how many were left afterwards: none.
    deleted         jsonb,
    rows_left       bigint,
    CHECK (confirmed_by <> requested_by),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CHECK (destroyed_at IS NULL OR (confirmed_by IS NOT NULL AND rows_left = 0))
);
CREATE UNIQUE INDEX tenant_destruction_open_key ON tenant_destruction (tenant_number) WHERE destroyed_at IS NULL;
GRANT SELECT, INSERT ON tenant_destruction TO kitaplatz_ops;
GRANT UPDATE (confirmed_by, confirmed_at) ON tenant_destruction TO kitaplatz_ops;
GRANT SELECT, UPDATE ON tenant_destruction TO kitaplatz_jobs;

-- Tables to come are protected with the right that destruction needs; it belongs to a role that nobody can log in as.
CREATE OR REPLACE PROCEDURE app.protect(t regclass)
    LANGUAGE plpgsql
    AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant_isolation ON %s AS RESTRICTIVE FOR ALL TO PUBLIC
                    USING (tenant_id = (SELECT app.tenant())) WITH CHECK (tenant_id = (SELECT app.tenant()))', t);
    EXECUTE format('CREATE POLICY app_rows ON %s FOR ALL TO kitaplatz_app USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO kitaplatz_app', t);
    EXECUTE format('GRANT SELECT (tenant_id), DELETE ON %s TO kitaplatz_jobs', t);
END $$;

DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
              WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p')
    LOOP
        EXECUTE format('GRANT SELECT (tenant_id), DELETE ON %s TO kitaplatz_jobs', t.name);
    END LOOP;
END $$;
GRANT DELETE ON tenant TO kitaplatz_jobs;

-- Deletes every row of a suspended tenant whose destruction two persons asked for, and answers the numbers by table. One statement for
-- all tables: foreign keys are looked at when it ends, so that no order and no circle of tables is in the way.
CREATE FUNCTION app.destroy_tenant(destruction uuid, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$
DECLARE
    asked tenant_destruction;
    tables text[];
    numbers jsonb;
    remaining bigint;
BEGIN
    SELECT * INTO asked FROM tenant_destruction WHERE id = destruction AND destroyed_at IS NULL FOR UPDATE;
    IF asked.id IS NULL OR asked.confirmed_by IS NULL OR asked.confirmed_by = asked.requested_by THEN
        RAISE EXCEPTION 'two persons must ask for it' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM tenant WHERE id = asked.tenant_number AND slug = asked.slug AND state = 'suspended') THEN
        RAISE EXCEPTION 'the tenant is not suspended' USING ERRCODE = 'check_violation';
    END IF;
    SELECT array_agg(c.relname::text ORDER BY c.relname) INTO tables
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
     WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition;
    EXECUTE (SELECT 'WITH ' || string_agg(format('%I AS (DELETE FROM app.%I WHERE tenant_id = $1 RETURNING 1)', 'gone_' || t, t), ', ')
                    || ' SELECT ' || string_agg(format('jsonb_build_object(%L, (SELECT count(*) FROM %I))', t, 'gone_' || t), ' || ')
               FROM unnest(tables) AS t)
       INTO numbers USING asked.tenant_number;
    EXECUTE (SELECT 'SELECT ' || string_agg(format('(SELECT count(*) FROM app.%I WHERE tenant_id = $1)', t), ' + ') FROM unnest(tables) AS t)
       INTO remaining USING asked.tenant_number;
    DELETE FROM tenant WHERE id = asked.tenant_number;
    UPDATE tenant_destruction d SET destroyed_at = at, deleted = numbers, rows_left = remaining
     WHERE d.id = destruction;
    RETURN numbers;
END $$;
GRANT CREATE ON SCHEMA app TO kitaplatz_jobs;
ALTER FUNCTION app.destroy_tenant(uuid, timestamptz) OWNER TO kitaplatz_jobs;
REVOKE CREATE ON SCHEMA app FROM kitaplatz_jobs;
REVOKE ALL ON FUNCTION app.destroy_tenant(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.destroy_tenant(uuid, timestamptz) TO kitaplatz_ops;
