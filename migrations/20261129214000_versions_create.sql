-- What a municipality sets, as it stood after each change: who, when, and the whole of it. Written with the change, never again.

CREATE TABLE content_version (
    tenant_id   int NOT NULL REFERENCES tenant (id),
    kind        text NOT NULL CHECK (kind IN ('settings', 'profile', 'legal_page', 'closing_days', 'basis', 'figures', 'roles')),
    -- Which of its kind: an id, a page with its language, or nothing where there is one only.
    subject     text NOT NULL,
    number      int NOT NULL CHECK (number > 0),
    content     jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    -- Since when it stood so; unknown where it was found.
    since       timestamptz,
    -- The account or the machine client's key; forgotten with the audit.
    made_by     uuid,
    -- It stood so when the next change came; nobody's change made it that was recorded.
    found       boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, kind, subject, number),
    CHECK (NOT found OR made_by IS NULL)
);
CREATE INDEX content_version_recorded_idx ON content_version (tenant_id, recorded_at, kind, subject, number);
CALL app.protect('content_version');
REVOKE UPDATE, DELETE ON content_version FROM kitaplatz_app;

-- Settings have had versions from the beginning. The owner passes row-level security only while it is not forced.
ALTER TABLE tenant_settings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE content_version NO FORCE ROW LEVEL SECURITY;
INSERT INTO content_version (tenant_id, kind, subject, number, content, recorded_at, since, made_by)
SELECT s.tenant_id, 'settings', '', s.version, s.settings || jsonb_build_object('valid_from', s.valid_from), s.created_at, s.created_at, s.created_by
  FROM tenant_settings s;
ALTER TABLE content_version FORCE ROW LEVEL SECURITY;
ALTER TABLE tenant_settings FORCE ROW LEVEL SECURITY;

-- Who made a version is forgotten when the audit forgets who did something; what stood then stays.
CREATE FUNCTION app.forget_version_authors(before timestamptz) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$
    UPDATE content_version v SET made_by = NULL
     WHERE v.tenant_id = app.tenant() AND v.made_by IS NOT NULL
       AND v.recorded_at < LEAST(before, (SELECT max(e.at) FROM audit_event e WHERE e.tenant_id = app.tenant()) - interval '1 year') $$;
GRANT SELECT (made_by, recorded_at), UPDATE (made_by) ON content_version TO kitaplatz_jobs;
GRANT CREATE ON SCHEMA app TO kitaplatz_jobs;
ALTER FUNCTION app.forget_version_authors(timestamptz) OWNER TO kitaplatz_jobs;
REVOKE CREATE ON SCHEMA app FROM kitaplatz_jobs;
REVOKE ALL ON FUNCTION app.forget_version_authors(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.forget_version_authors(timestamptz) TO kitaplatz_app;
