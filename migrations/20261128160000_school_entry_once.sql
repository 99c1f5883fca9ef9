-- School entry in one place: as it was decided for a child, else by the key day of the municipality. Whatever asks for the age band of a
-- child on a day reads it here; `facilities::SchoolEntries` is the same in the application.

-- The decision that counts for each child that has one: the last. One that was taken back leaves the key day.
CREATE FUNCTION app.decided_entries(of_tenant int) RETURNS TABLE (child_id uuid, entry_on date)
LANGUAGE sql STABLE AS $$
    SELECT d.child_id, d.entry_on
      FROM (SELECT DISTINCT ON (s.child_id) s.child_id, s.entry_on, s.kind
              FROM school_entry_decision s
             WHERE s.tenant_id = of_tenant
             ORDER BY s.child_id, s.number DESC) d
     WHERE d.kind <> 'by_rule'
$$;

-- The age band of a child in the month of a day. `six_by` is the key day as a number (630: who is six by 30 June begins in the same year),
-- `school_month` the month with which the Kita year begins. A child born on 29 February is three on 1 March.
CREATE FUNCTION app.age_band(birth date, on_day date, decided date, six_by int, school_month int) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN on_day IS NULL OR birth IS NULL THEN NULL
        WHEN date_trunc('month', on_day) >= date_trunc('month', COALESCE(decided, make_date(
                 extract(year FROM birth)::int + 6
                 + (extract(month FROM birth) * 100 + extract(day FROM birth) > six_by)::int, school_month, 1)))
            THEN 'school_age'
        WHEN date_trunc('month', on_day) > date_trunc('month',
                 birth + (to_char(birth, 'MMDD') = '0229')::int + interval '3 years')
            THEN 'over3'
        ELSE 'under3' END
$$;

GRANT EXECUTE ON FUNCTION app.decided_entries(int), app.age_band(date, date, date, int, int) TO kitaplatz_app;
