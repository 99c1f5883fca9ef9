-- A contract can agree other times on each day of the week. Ten times of day from Monday to Friday, two for each day, empty for a day
-- without care; the window beside them is the earliest and the latest of them, and the hours a week are their sum, a begun hour as a
-- whole one. Without them the window holds on every day, as before.
CREATE FUNCTION app.is_week(week time[], window_from time, window_to time, hours_per_week int)
RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT week IS NULL OR COALESCE(
           array_ndims(week) = 1 AND array_lower(week, 1) = 1 AND cardinality(week) = 10
           AND (SELECT bool_and((d.comes IS NULL) = (d.goes IS NULL) AND COALESCE(d.comes < d.goes, true))
                       AND min(d.comes) = window_from AND max(d.goes) = window_to
                       AND ceil(sum(extract(epoch FROM d.goes - d.comes)) / 3600) = hours_per_week
                  FROM (SELECT week[2 * n - 1] AS comes, week[2 * n] AS goes FROM generate_series(1, 5) n) d), false)
$$;
GRANT EXECUTE ON FUNCTION app.is_week(time[], time, time, int) TO kitaplatz_app;

ALTER TABLE care_contract
    ADD COLUMN week time[],
    ADD CONSTRAINT care_contract_week_check CHECK (app.is_week(week, window_from, window_to, hours_per_week));
ALTER TABLE contract_amendment
    ADD COLUMN week time[],
    ADD CONSTRAINT contract_amendment_week_check CHECK (app.is_week(week, window_from, window_to, hours_per_week));

-- The terms of a contract that hold on a day.
DROP FUNCTION app.terms_on(int, uuid, date);
CREATE FUNCTION app.terms_on(of_tenant int, of_contract uuid, day date)
RETURNS TABLE (hours_per_week int, window_from time, window_to time, week time[])
LANGUAGE sql STABLE AS $$
    SELECT v.hours_per_week, v.window_from, v.window_to, v.week
      FROM (SELECT 0 AS number, k.hours_per_week, k.window_from, k.window_to, k.week
              FROM care_contract k
             WHERE k.tenant_id = of_tenant AND k.id = of_contract
             UNION ALL
            SELECT a.number, a.hours_per_week, a.window_from, a.window_to, a.week
              FROM contract_amendment a
             WHERE a.tenant_id = of_tenant AND a.contract_id = of_contract AND a.state = 'signed_by_provider' AND a.valid_from <= day) v
     ORDER BY v.number DESC
     LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION app.terms_on(int, uuid, date) TO kitaplatz_app;

-- The times that count at a childminder's, weekday by weekday: those of the offer until there is a contract, then over all agreed terms of
-- it the earliest and the latest of each day, and nothing where any of them names no times, so that no place is counted free that an old or
-- a coming version of the contract needs. A day on which no version has care stays empty.
DROP FUNCTION app.present_at_once(int, uuid, date);
DROP FUNCTION app.agreed_windows(int, uuid[]);
CREATE FUNCTION app.agreed_weeks(of_tenant int, of_facilities uuid[])
RETURNS TABLE (offer_id uuid, week time[])
LANGUAGE sql STABLE AS $$
    WITH version AS (
         SELECT o.id AS offer_id, v.window_from, v.window_to, v.week
           FROM facility f
           JOIN place_offer o ON o.tenant_id = f.tenant_id AND o.facility_id = f.id
           LEFT JOIN care_contract k ON k.tenant_id = o.tenant_id AND k.offer_id = o.id
          CROSS JOIN LATERAL (
                SELECT CASE WHEN k.id IS NULL THEN o.window_from ELSE k.window_from END AS window_from,
                       CASE WHEN k.id IS NULL THEN o.window_to ELSE k.window_to END AS window_to, k.week
                 UNION ALL
                SELECT a.window_from, a.window_to, a.week
                  FROM contract_amendment a
                 WHERE a.tenant_id = k.tenant_id AND a.contract_id = k.id AND a.state = 'signed_by_provider') v
          WHERE f.tenant_id = of_tenant AND f.id = ANY(of_facilities) AND f.kind = 'childminder'),
    day AS (
         SELECT v.offer_id, n, min(CASE WHEN v.week IS NULL THEN v.window_from ELSE v.week[2 * n - 1] END) AS comes,
                max(CASE WHEN v.week IS NULL THEN v.window_to ELSE v.week[2 * n] END) AS goes
           FROM version v
          CROSS JOIN generate_series(1, 5) n
          GROUP BY v.offer_id, n
         HAVING bool_and(v.window_from IS NOT NULL AND v.window_to IS NOT NULL))
    SELECT d.offer_id, array_agg(t.at ORDER BY d.n, t.step)
      FROM day d
     CROSS JOIN LATERAL (VALUES (1, d.comes), (2, d.goes)) t (step, at)
     GROUP BY d.offer_id
$$;
GRANT EXECUTE ON FUNCTION app.agreed_weeks(int, uuid[]) TO kitaplatz_app;

-- Most children of a facility who are there at the same time in a week of a month. Who has no agreed times may be there all day.
CREATE FUNCTION app.present_at_once(of_tenant int, of_facility uuid, of_month date)
RETURNS bigint
LANGUAGE sql STABLE AS $$
    WITH there AS (
         SELECT w.week
           FROM occupancy o
           LEFT JOIN app.agreed_weeks(of_tenant, ARRAY[of_facility]) w ON w.offer_id = o.offer_id
          WHERE o.tenant_id = of_tenant AND o.facility_id = of_facility AND o.from_month <= of_month AND o.until_month > of_month),
    day AS (
         SELECT n, t.week[2 * n - 1] AS comes, t.week[2 * n] AS goes
           FROM there t
          CROSS JOIN generate_series(1, 5) n
          WHERE t.week[2 * n - 1] IS NOT NULL)
    SELECT (SELECT count(*) FROM there WHERE week IS NULL)
           + COALESCE((SELECT max(children)
                         FROM (SELECT count(*) AS children
                                 FROM (SELECT DISTINCT n, comes AS at FROM day) t
                                 JOIN day d ON d.n = t.n AND d.comes <= t.at AND d.goes > t.at
                                GROUP BY t.n, t.at) each), 0)
$$;
GRANT EXECUTE ON FUNCTION app.present_at_once(int, uuid, date) TO kitaplatz_app;
