-- Deletion by period: what a child's restriction stops, when somebody signed in last, the proof log, and narrow doors to what the
-- application itself can only add to.

-- Restriction (Art. 18 GDPR): kept, shown to the administrators only, and not deleted.
ALTER TABLE child
    ADD COLUMN restricted_at timestamptz,
    ADD COLUMN restricted_reason text CHECK (restricted_reason IN ('accuracy', 'unlawful', 'legal_claim', 'objection')),
    ADD CHECK ((restricted_at IS NULL) = (restricted_reason IS NULL));
CREATE INDEX child_created_idx ON child (tenant_id, created_at);

-- Unused accounts are deleted after a period; until now the day of registration stands for the last use.
ALTER TABLE account ADD COLUMN last_sign_in_at timestamptz;

-- What was deleted, without anybody in it: class, cut-off, number. The application can add and read, nobody changes.
CREATE TABLE retention_log (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id        uuid NOT NULL,
    run_id    uuid NOT NULL,
    at        timestamptz NOT NULL,
    class     text NOT NULL CHECK (class IN ('draft', 'unserved', 'served', 'decision', 'family', 'account', 'undelivered', 'sent', 'audit', 'job')),
    -- What lay before this day was deleted.
    cutoff    date NOT NULL,
    deleted   bigint NOT NULL CHECK (deleted > 0),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX retention_log_at_idx ON retention_log (tenant_id, at, id);
CALL app.protect('retention_log');
REVOKE UPDATE, DELETE ON retention_log FROM kitaplatz_app;

-- The newest event of the tenant stands for now: nothing younger than the shortest lawful period before it can be deleted by these doors,
-- whatever is asked for.
CREATE FUNCTION app.forget_audit(before timestamptz, n int) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$
    WITH due AS (
        SELECT e.id FROM audit_event e
         WHERE e.tenant_id = app.tenant()
           AND e.at < LEAST(before, (SELECT max(newest.at) FROM audit_event newest WHERE newest.tenant_id = app.tenant()) - interval '1 year')
         ORDER BY e.at LIMIT n),
    children AS (
        DELETE FROM audit_child c
         WHERE c.tenant_id = app.tenant()
           AND c.at < LEAST(before, (SELECT max(newest.at) FROM audit_event newest WHERE newest.tenant_id = app.tenant()) - interval '1 year')
           AND c.event_id IN (SELECT id FROM due)),
    gone AS (
        DELETE FROM audit_event e WHERE e.tenant_id = app.tenant() AND e.id IN (SELECT id FROM due) RETURNING 1)
    SELECT count(*) FROM gone $$;

-- Cases of rounds that ended, and decisions of follow-up lists, with all that was recorded about them.
CREATE FUNCTION app.forget_decisions(before timestamptz, n int) RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$
DECLARE
    cutoff timestamptz := LEAST(before, (SELECT max(newest.at) FROM audit_event newest WHERE newest.tenant_id = app.tenant()) - interval '6 months');
    cases uuid[];
    gone bigint;
    more bigint;
BEGIN
    SELECT array_agg(due.id) INTO cases
      FROM (SELECT c.id FROM round_case c
              JOIN allocation_round r ON r.tenant_id = c.tenant_id AND r.id = c.round_id
              JOIN child k ON k.tenant_id = c.tenant_id AND k.id = c.child_id
             WHERE c.tenant_id = app.tenant() AND r.state IN ('closed', 'cancelled') AND r.ended_at < cutoff AND k.restricted_at IS NULL
             ORDER BY c.id LIMIT n) due;
    DELETE FROM decision_record WHERE tenant_id = app.tenant() AND case_id = ANY(cases);
    DELETE FROM allocation_deviation WHERE tenant_id = app.tenant() AND case_id = ANY(cases);
    DELETE FROM case_chance WHERE tenant_id = app.tenant() AND case_id = ANY(cases);
    DELETE FROM case_proposal WHERE tenant_id = app.tenant() AND case_id = ANY(cases);
    DELETE FROM round_case WHERE tenant_id = app.tenant() AND id = ANY(cases);
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM followup_decision f
     WHERE f.tenant_id = app.tenant() AND f.id IN (
           SELECT d.id FROM followup_decision d
             JOIN place_offer o ON o.tenant_id = d.tenant_id AND o.id = d.offer_id
             JOIN child k ON k.tenant_id = o.tenant_id AND k.id = o.child_id
            WHERE d.tenant_id = app.tenant() AND d.at < cutoff AND o.state NOT IN ('sent', 'viewed') AND k.restricted_at IS NULL
            LIMIT n);
    GET DIAGNOSTICS more = ROW_COUNT;
    RETURN gone + more;
END $$;

-- Jobs that are over carry ids.
CREATE FUNCTION app.forget_jobs(before timestamptz, n int) RETURNS bigint
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$
    WITH gone AS (
        DELETE FROM job j WHERE j.id IN (
            SELECT d.id FROM job d WHERE d.tenant_id = app.tenant() AND d.state IN ('done', 'dead') AND d.run_at < before ORDER BY d.id LIMIT n)
        RETURNING 1)
    SELECT count(*) FROM gone $$;

-- How many jobs would go, and since when; the application cannot read the table.
CREATE FUNCTION app.forgettable_jobs(before timestamptz, OUT count bigint, OUT since timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$ SELECT count(*), min(run_at) FROM job WHERE tenant_id = app.tenant() AND state IN ('done', 'dead') AND run_at < before $$;

GRANT SELECT, DELETE ON audit_event, audit_child, decision_record, allocation_deviation, case_chance, case_proposal, round_case,
    followup_decision TO kitaplatz_jobs;
GRANT DELETE ON job TO kitaplatz_jobs;
GRANT SELECT ON allocation_round, place_offer, child TO kitaplatz_jobs;
GRANT CREATE ON SCHEMA app TO kitaplatz_jobs;
ALTER FUNCTION app.forget_audit(timestamptz, int) OWNER TO kitaplatz_jobs;
ALTER FUNCTION app.forget_decisions(timestamptz, int) OWNER TO kitaplatz_jobs;
ALTER FUNCTION app.forget_jobs(timestamptz, int) OWNER TO kitaplatz_jobs;
ALTER FUNCTION app.forgettable_jobs(timestamptz) OWNER TO kitaplatz_jobs;
REVOKE CREATE ON SCHEMA app FROM kitaplatz_jobs;
REVOKE ALL ON FUNCTION app.forget_audit(timestamptz, int), app.forget_decisions(timestamptz, int), app.forget_jobs(timestamptz, int),
    app.forgettable_jobs(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.forget_audit(timestamptz, int), app.forget_decisions(timestamptz, int), app.forget_jobs(timestamptz, int),
    app.forgettable_jobs(timestamptz) TO kitaplatz_app;
