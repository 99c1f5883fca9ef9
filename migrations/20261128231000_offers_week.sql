-- A place can be offered with other times on each day of the week, as contracts agree them: in the same shape, under the same check.
ALTER TABLE place_offer
    ADD COLUMN week time[],
    ADD CONSTRAINT place_offer_week_check CHECK (app.is_week(week, window_from, window_to, hours_per_week));

-- As before, and until there is a contract the week of the offer: who is offered Fridays takes no place from Monday to Thursday.
CREATE OR REPLACE FUNCTION app.agreed_weeks(of_tenant int, of_facilities uuid[])
RETURNS TABLE (offer_id uuid, week time[])
LANGUAGE sql STABLE AS $$
    WITH version AS (
         SELECT o.id AS offer_id, v.window_from, v.window_to, v.week
           FROM facility f
           JOIN place_offer o ON o.tenant_id = f.tenant_id AND o.facility_id = f.id
           LEFT JOIN care_contract k ON k.tenant_id = o.tenant_id AND k.offer_id = o.id
          CROSS JOIN LATERAL (
                SELECT o.window_from, o.window_to, o.week
                 WHERE k.id IS NULL
                 UNION ALL
                SELECT k.window_from, k.window_to, k.week
                 WHERE k.id IS NOT NULL
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
