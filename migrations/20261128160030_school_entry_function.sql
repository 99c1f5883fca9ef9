-- The day of school entry itself, for whoever counts by it; the age band rests on it.

CREATE FUNCTION app.school_entry(birth date, decided date, six_by int, school_month int) RETURNS date
LANGUAGE sql STABLE AS $$
    SELECT COALESCE(decided, make_date(
        extract(year FROM birth)::int + 6 + (extract(month FROM birth) * 100 + extract(day FROM birth) > six_by)::int, school_month, 1))
$$;

CREATE OR REPLACE FUNCTION app.age_band(birth date, on_day date, decided date, six_by int, school_month int) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN on_day IS NULL OR birth IS NULL THEN NULL
        WHEN date_trunc('month', on_day) >= date_trunc('month', app.school_entry(birth, decided, six_by, school_month)) THEN 'school_age'
        WHEN date_trunc('month', on_day) > date_trunc('month',
                 birth + (to_char(birth, 'MMDD') = '0229')::int + interval '3 years')
            THEN 'over3'
        ELSE 'under3' END
$$;

GRANT EXECUTE ON FUNCTION app.school_entry(date, date, int, int) TO kitaplatz_app;
