-- Jobs are done on lanes side by side: a mail that somebody waits for does not wait behind the work of the night.
-- Without the last two arguments all kinds are claimed, as before: `these` alone, or all `but` these.
DROP FUNCTION app.job_claim(timestamptz, int, int, int);
CREATE FUNCTION app.job_claim(at timestamptz, n int, lease int, only_tenant int, these text[] DEFAULT NULL, but text[] DEFAULT '{}')
    RETURNS TABLE (id bigint, tenant_id int, kind text, payload jsonb, attempts int, max_attempts int)
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$
    UPDATE job j
       SET state = 'running', attempts = j.attempts + 1, locked_until = at + make_interval(secs => lease)
      FROM (SELECT c.id FROM job c
             WHERE c.state IN ('waiting', 'running') AND c.run_at <= at AND (only_tenant IS NULL OR c.tenant_id = only_tenant)
               AND (c.state = 'waiting' OR c.locked_until < at) AND (these IS NULL OR c.kind = ANY (these)) AND c.kind <> ALL (but)
             ORDER BY c.run_at, c.id
             FOR UPDATE SKIP LOCKED
             LIMIT n) due
     WHERE j.id = due.id
    RETURNING j.id, j.tenant_id, j.kind, j.payload, j.attempts, j.max_attempts $$;
GRANT CREATE ON SCHEMA app TO kitaplatz_jobs;
ALTER FUNCTION app.job_claim(timestamptz, int, int, int, text[], text[]) OWNER TO kitaplatz_jobs;
REVOKE CREATE ON SCHEMA app FROM kitaplatz_jobs;
REVOKE ALL ON FUNCTION app.job_claim(timestamptz, int, int, int, text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.job_claim(timestamptz, int, int, int, text[], text[]) TO kitaplatz_worker;
