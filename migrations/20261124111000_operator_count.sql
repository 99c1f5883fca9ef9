-- What the operator may know of a tenant: counts. The function belongs to the role that stands above row-level security, reads only the
-- columns granted here, and answers numbers.

GRANT SELECT (tenant_id, state) ON account, care_demand TO kitaplatz_jobs;
GRANT SELECT (tenant_id, state) ON facility TO kitaplatz_jobs;

CREATE FUNCTION app.tenant_usage()
    RETURNS TABLE (tenant_id int, accounts bigint, facilities bigint, demands_open bigint, jobs_waiting bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = app, pg_temp
    AS $$
    SELECT t.id,
           (SELECT count(*) FROM account a WHERE a.tenant_id = t.id AND a.state = 'active'),
           (SELECT count(*) FROM facility f WHERE f.tenant_id = t.id AND f.state = 'open'),
           (SELECT count(*) FROM care_demand d WHERE d.tenant_id = t.id
               AND d.state IN ('submitted', 'confirmed', 'in_allocation', 'offer_pending')),
           (SELECT count(*) FROM job j WHERE j.tenant_id = t.id AND j.state = 'waiting')
      FROM tenant t $$;
GRANT CREATE ON SCHEMA app TO kitaplatz_jobs;
ALTER FUNCTION app.tenant_usage() OWNER TO kitaplatz_jobs;
REVOKE CREATE ON SCHEMA app FROM kitaplatz_jobs;
REVOKE ALL ON FUNCTION app.tenant_usage() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.tenant_usage() TO kitaplatz_ops;
