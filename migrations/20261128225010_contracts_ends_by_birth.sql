-- Contracts whose end followed from a birth that was expected or entered wrongly stand beside those of a former rule.

-- Standing contracts without notice whose usual end by the rule `to_six_by`, `to_begins` is another than the agreed one. `usual`: the agreed
-- end is the usual one by one of the rules that were in force since its place was offered (a rule with `rule_until` held no longer from that
-- day on), by the child's birth or by the one that was known of it before. The others were agreed for this child; they are answered where the
-- rules differ for it. A decision on school entry goes before any rule.
CREATE OR REPLACE FUNCTION app.other_ends(of_tenant int, today date, rule_six_by int[], rule_begins int[], rule_until date[], to_six_by int, to_begins int)
RETURNS TABLE (contract_id uuid, child_id uuid, facility_id uuid, usual_until date, usual boolean)
LANGUAGE sql STABLE AS $$
    SELECT e.contract_id, e.child_id, e.facility_id, e.usual_until, e.usual
      FROM (SELECT s.*, app.usual_end(s.birth, s.care_from, s.nursery, to_six_by, to_begins) AS usual_until, r.usual, r.ends
              FROM (SELECT k.id AS contract_id, k.child_id, k.facility_id, k.care_from, k.care_until,
                           COALESCE(c.birth_date, c.expected_birth_date) AS birth, c.former_birth,
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
                   SELECT COALESCE(bool_or(s.care_until IN (app.usual_end(s.birth, s.care_from, s.nursery, u.six_by, u.begins),
                                                            app.usual_end(s.former_birth, s.care_from, s.nursery, u.six_by, u.begins))), false) AS usual,
                          array_agg(app.usual_end(s.birth, s.care_from, s.nursery, u.six_by, u.begins)) AS ends
                     FROM unnest(rule_six_by, rule_begins, rule_until) AS u (six_by, begins, until)
                    WHERE u.until IS NULL OR u.until >= s.offered_on) r) e
     WHERE e.care_until <> e.usual_until AND (e.usual OR e.ends <> array_fill(e.usual_until, ARRAY[cardinality(e.ends)]))
$$;
