-- A childminder is away for some days, and who looks after each of the children meanwhile.
CREATE TABLE childminder_absence (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    facility_id uuid NOT NULL,
    -- First and last day.
    from_on     date NOT NULL,
    to_on       date NOT NULL,
    -- The kind only: nothing about anybody's health.
    reason      text NOT NULL CHECK (reason IN ('illness', 'holiday', 'training', 'other')),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id) ON DELETE CASCADE,
    CHECK (from_on <= to_on)
);
CREATE INDEX childminder_absence_facility_idx ON childminder_absence (tenant_id, facility_id, to_on);
CREATE INDEX childminder_absence_to_on_idx ON childminder_absence (tenant_id, to_on);
CALL app.protect('childminder_absence');

CREATE TABLE substitution (
    tenant_id     int NOT NULL,
    absence_id    uuid NOT NULL,
    contract_id   uuid NOT NULL,
    -- Where the child goes on these days.
    substitute_id uuid NOT NULL,
    arranged_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, absence_id, contract_id),
    FOREIGN KEY (tenant_id, absence_id) REFERENCES childminder_absence (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, contract_id) REFERENCES care_contract (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, substitute_id) REFERENCES facility (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX substitution_contract_idx ON substitution (tenant_id, contract_id);
CREATE INDEX substitution_substitute_idx ON substitution (tenant_id, substitute_id);
CALL app.protect('substitution');

-- Absences that are not over on a day, with how many children come on some day of it and have nobody: at weekends nobody comes, nor on a
-- day of the week without care.
CREATE FUNCTION app.uncovered_absences(of_tenant int, today date)
RETURNS TABLE (id uuid, facility_id uuid, from_on date, recorded_at timestamptz, children bigint)
LANGUAGE sql STABLE AS $$
    SELECT a.id, a.facility_id, a.from_on, a.recorded_at, count(*)
      FROM childminder_absence a
      JOIN care_contract k ON k.tenant_id = a.tenant_id AND k.facility_id = a.facility_id
                          AND (k.state <> 'terminated' OR k.began_on IS NOT NULL)
     WHERE a.tenant_id = of_tenant AND a.to_on >= today
       AND NOT EXISTS (SELECT 1 FROM substitution s
                        WHERE s.tenant_id = a.tenant_id AND s.absence_id = a.id AND s.contract_id = k.id)
       AND EXISTS (SELECT 1
                     FROM generate_series(greatest(a.from_on, today, k.care_from)::timestamp,
                                          least(a.to_on, k.care_until - 1)::timestamp, interval '1 day') d
                    CROSS JOIN LATERAL app.terms_on(k.tenant_id, k.id, d::date) t
                    WHERE extract(isodow FROM d) < 6 AND (t.week IS NULL OR t.week[2 * extract(isodow FROM d)::int] IS NOT NULL))
     GROUP BY a.tenant_id, a.id
$$;
GRANT EXECUTE ON FUNCTION app.uncovered_absences(int, date) TO kitaplatz_app;
