-- Contracts that end as a former rule of school entry had it: the usual end counted as `facilities::usual_end` counts it, for all standing
-- contracts at once. Each is one expression, so that the planner takes it into the query that asks.

-- The first day of school by the key day. `begins` is the first day of the Kita year as a number (801: 1 August), as `six_by` is.
CREATE FUNCTION app.entry_by_rule(birth date, six_by int, begins int) RETURNS date
LANGUAGE sql IMMUTABLE AS $$
    SELECT make_date(date_part('year', birth)::int + 6 + (date_part('month', birth) * 100 + date_part('day', birth) > six_by)::int,
                     begins / 100, begins % 100)
$$;

-- The third birthday; born on 29 February, a child is three on 1 March.
CREATE FUNCTION app.third_birthday(birth date) RETURNS date
LANGUAGE sql IMMUTABLE AS $$
    SELECT (birth + (date_part('month', birth) = 2 AND date_part('day', birth) = 29)::int + interval '3 years')::date
$$;

-- The first day without the place where nobody agreed on another. `nursery`: the facility cares for children under three alone.
CREATE FUNCTION app.usual_end(birth date, care_from date, nursery boolean, six_by int, begins int) RETURNS date
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN nursery AND care_from < app.third_birthday(birth) THEN app.third_birthday(birth)
        WHEN care_from < app.entry_by_rule(birth, six_by, begins) THEN app.entry_by_rule(birth, six_by, begins)
        ELSE (app.entry_by_rule(birth, six_by, begins) + interval '4 years')::date END
$$;

-- Standing contracts without notice whose usual end by the rule `to_six_by`, `to_begins` is another than the agreed one. `usual`: the agreed
-- end is the usual one by one of the rules that were in force since its place was offered (a rule with `rule_until` held no longer from that
-- day on). The others were agreed for this child; they are answered where the rules differ for it. A decision on school entry goes before any
-- rule.
CREATE FUNCTION app.other_ends(of_tenant int, today date, rule_six_by int[], rule_begins int[], rule_until date[], to_six_by int, to_begins int)
RETURNS TABLE (contract_id uuid, child_id uuid, facility_id uuid, usual_until date, usual boolean)
LANGUAGE sql STABLE AS $$
    SELECT e.contract_id, e.child_id, e.facility_id, e.usual_until, e.usual
      FROM (SELECT s.*, app.usual_end(s.birth, s.care_from, s.nursery, to_six_by, to_begins) AS usual_until, r.usual, r.ends
              FROM (SELECT k.id AS contract_id, k.child_id, k.facility_id, k.care_from, k.care_until,
                           COALESCE(c.birth_date, c.expected_birth_date) AS birth,
                           COALESCE(f.kind = 'nursery', false) OR f.care_types = ARRAY['nursery'] AS nursery,
                           (o.created_at AT TIME ZONE 'Europe/Berlin')::date AS offered_on
                      FROM care_contract k
                      JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
                      JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
                      JOIN place_offer o ON o.tenant_id = k.tenant_id AND o.id = k.offer_id
                      LEFT JOIN app.decided_entries(of_tenant) d ON d.child_id = k.child_id
                     WHERE k.tenant_id = of_tenant AND k.care_until > today AND k.notice_by IS NULL
                       AND k.state IN ('drafted', 'sent', 'signed_by_guardians', 'signed_by_provider', 'active')
                       AND c.restricted_at IS NULL AND COALESCE(c.birth_date, c.expected_birth_date) IS NOT NULL
                       AND d.child_id IS NULL) s
             CROSS JOIN LATERAL (
                   SELECT COALESCE(bool_or(app.usual_end(s.birth, s.care_from, s.nursery, u.six_by, u.begins) = s.care_until), false) AS usual,
                          array_agg(app.usual_end(s.birth, s.care_from, s.nursery, u.six_by, u.begins)) AS ends
                     FROM unnest(rule_six_by, rule_begins, rule_until) AS u (six_by, begins, until)
                    WHERE u.until IS NULL OR u.until >= s.offered_on) r) e
     WHERE e.care_until <> e.usual_until AND (e.usual OR e.ends <> array_fill(e.usual_until, ARRAY[cardinality(e.ends)]))
$$;

GRANT EXECUTE ON FUNCTION app.entry_by_rule(date, int, int), app.third_birthday(date), app.usual_end(date, date, boolean, int, int),
    app.other_ends(int, date, int[], int[], date[], int, int) TO kitaplatz_app;
