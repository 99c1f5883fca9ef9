-- A childminder's places are bounded by the children who are there at the same time (§ 43 SGB VIII). Offers and contracts stand below the
-- figures of places; their times of day are read as data: those of the offer until there is a contract, then over all agreed terms of it
-- the earliest and the latest, and nothing where any of them names no times, so that no place is counted free that an old or a coming
-- version of the contract needs.
CREATE FUNCTION app.agreed_windows(of_tenant int, of_facilities uuid[])
RETURNS TABLE (offer_id uuid, window_from time, window_to time)
LANGUAGE sql STABLE AS $$
    SELECT o.id, min(v.window_from), max(v.window_to)
      FROM facility f
      JOIN place_offer o ON o.tenant_id = f.tenant_id AND o.facility_id = f.id
      LEFT JOIN care_contract k ON k.tenant_id = o.tenant_id AND k.offer_id = o.id
     CROSS JOIN LATERAL (
           SELECT CASE WHEN k.id IS NULL THEN o.window_from ELSE k.window_from END AS window_from,
                  CASE WHEN k.id IS NULL THEN o.window_to ELSE k.window_to END AS window_to
            UNION ALL
           SELECT a.window_from, a.window_to
             FROM contract_amendment a
            WHERE a.tenant_id = k.tenant_id AND a.contract_id = k.id AND a.state = 'signed_by_provider') v
     WHERE f.tenant_id = of_tenant AND f.id = ANY(of_facilities) AND f.kind = 'childminder'
     GROUP BY o.id
    HAVING bool_and(v.window_from IS NOT NULL AND v.window_to IS NOT NULL)
$$;
GRANT EXECUTE ON FUNCTION app.agreed_windows(int, uuid[]) TO kitaplatz_app;

-- Most children of a facility who are there at the same time in a month. Who has no agreed times may be there all day.
CREATE FUNCTION app.present_at_once(of_tenant int, of_facility uuid, of_month date)
RETURNS bigint
LANGUAGE sql STABLE AS $$
    WITH there AS (
         SELECT w.window_from, w.window_to
           FROM occupancy o
           LEFT JOIN app.agreed_windows(of_tenant, ARRAY[of_facility]) w ON w.offer_id = o.offer_id
          WHERE o.tenant_id = of_tenant AND o.facility_id = of_facility AND o.from_month <= of_month AND o.until_month > of_month)
    SELECT (SELECT count(*) FROM there WHERE window_from IS NULL)
           + COALESCE((SELECT max(n)
                         FROM (SELECT count(*) AS n
                                 FROM (SELECT DISTINCT window_from AS at FROM there WHERE window_from IS NOT NULL) t
                                 JOIN there o ON o.window_from <= t.at AND o.window_to > t.at
                                GROUP BY t.at) each), 0)
$$;
GRANT EXECUTE ON FUNCTION app.present_at_once(int, uuid, date) TO kitaplatz_app;
