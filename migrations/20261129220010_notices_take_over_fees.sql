-- Fee notices of before become notices: what they say is kept, the day of posting is the day of issue, and the calendar moves them on.
-- Nobody approved them, and the row says so. Drafts get the file number under which they will be posted.

ALTER TABLE fee_assessment NO FORCE ROW LEVEL SECURITY;
ALTER TABLE fee_register NO FORCE ROW LEVEL SECURITY;
ALTER TABLE fee_schedule NO FORCE ROW LEVEL SECURITY;
ALTER TABLE care_contract NO FORCE ROW LEVEL SECURITY;
ALTER TABLE contract_amendment NO FORCE ROW LEVEL SECURITY;
ALTER TABLE closing_day NO FORCE ROW LEVEL SECURITY;
ALTER TABLE child NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tenant_profile NO FORCE ROW LEVEL SECURITY;
ALTER TABLE notice NO FORCE ROW LEVEL SECURITY;

WITH waiting AS (
    SELECT d.tenant_id, d.id, d.year, row_number() OVER (PARTITION BY d.tenant_id, d.year ORDER BY d.drafted_at, d.id)::int AS n
      FROM (SELECT tenant_id, id, drafted_at, extract(year FROM drafted_at AT TIME ZONE 'Europe/Berlin')::int AS year
              FROM fee_assessment
             WHERE file_serial IS NULL) d
)
UPDATE fee_assessment a
   SET file_year = w.year,
       file_serial = w.n + COALESCE((SELECT r.last FROM fee_register r WHERE r.tenant_id = w.tenant_id AND r.year = w.year), 0)
  FROM waiting w
 WHERE a.tenant_id = w.tenant_id AND a.id = w.id;

INSERT INTO fee_register (tenant_id, year, last)
SELECT tenant_id, file_year, max(file_serial) FROM fee_assessment GROUP BY tenant_id, file_year
    ON CONFLICT (tenant_id, year) DO UPDATE SET last = GREATEST(fee_register.last, EXCLUDED.last);

INSERT INTO notice (tenant_id, id, demand_id, fee_id, kind, state, file_number, title, decision, reasons, remedy, objection_months, drafted_by,
                    drafted_at, edited_by, issued_by, posted_on, served_on, objection_until, sums, taken_over)
SELECT a.tenant_id, gen_random_uuid(), k.demand_id, a.id, 'fee', a.state,
       'EB-' || a.file_year || '-' || lpad(a.file_serial::text, GREATEST(5, length(a.file_serial::text)), '0'),
       'Bescheid über den Elternbeitrag',
       'Für die Betreuung von ' || COALESCE(c.first_name || ' ' || left(c.last_name, 1) || '.', 'Ihrem erwarteten Kind')
           || ' setzen wir den Elternbeitrag fest.',
       'Der Beitrag richtet sich nach diesen Angaben.',
       'Gegen diesen Bescheid können Sie innerhalb eines Monats nach Bekanntgabe Widerspruch erheben: schriftlich, in elektronischer Form oder zur '
           'Niederschrift bei ' || office.name || ', ' || office.address || '. Ein Brief gilt am vierten Tag nach '
           'der Aufgabe zur Post als bekannt gegeben, außer er kommt nicht oder später an. Der Widerspruch schiebt die Zahlung nicht auf, wo das '
           'Gesetz es so bestimmt.',
       1, a.drafted_by, a.drafted_at, a.drafted_by, a.issued_by, day.posted_on, day.posted_on + 4,
       -- No Saturday, Sunday, holiday of all of Germany or closing day.
       CASE WHEN day.posted_on IS NOT NULL THEN (
           SELECT min(d.day)::date
             FROM generate_series(day.posted_on + 4 + interval '1 month', day.posted_on + 4 + interval '1 month 60 days', interval '1 day') d (day)
            WHERE extract(isodow FROM d.day) < 6
              AND to_char(d.day, 'MM-DD') NOT IN ('01-01', '05-01', '10-03', '12-25', '12-26')
              AND d.day::date NOT IN ('2026-04-03', '2026-04-06', '2026-05-14', '2026-05-25', '2027-03-26', '2027-03-29', '2027-05-06', '2027-05-17')
              AND NOT EXISTS (SELECT 1 FROM closing_day x WHERE x.tenant_id = a.tenant_id AND x.day = d.day::date AND x.facility_id IS NULL)) END,
       jsonb_build_object(
           'from_month', a.from_month, 'care_from', k.care_from, 'care_until', k.care_until,
           'hours_per_week', COALESCE((SELECT v.hours_per_week
                                         FROM contract_amendment v
                                        WHERE v.tenant_id = k.tenant_id AND v.contract_id = k.id AND v.state = 'signed_by_provider'
                                          AND date_trunc('month', v.valid_from::timestamp) <= a.from_month
                                        ORDER BY v.number DESC
                                        LIMIT 1), k.hours_per_week),
           'child_position', a.child_position, 'lone_parent', a.lone_parent, 'income_up_to', a.income_up_to,
           'due_day', COALESCE((SELECT s.due_day FROM fee_schedule s
                                 WHERE s.tenant_id = a.tenant_id AND s.id::text = a.periods -> 0 ->> 'schedule_id'), 15),
           'periods', COALESCE((SELECT jsonb_agg(e.period - 'schedule_id' - 'relief' ORDER BY e.n)
                                  FROM jsonb_array_elements(a.periods) WITH ORDINALITY e (period, n)), '[]'),
           'reliefs', COALESCE((SELECT jsonb_agg(e.period -> 'relief' || jsonb_build_object('from_month', e.period -> 'from_month',
                                                                                            'until_month', e.period -> 'until_month') ORDER BY e.n)
                                  FROM jsonb_array_elements(a.periods) WITH ORDINALITY e (period, n)
                                 WHERE jsonb_typeof(e.period -> 'relief') = 'object'), '[]'),
           'grounds', COALESCE((SELECT jsonb_agg(g.ground ORDER BY g.n)
                                  FROM (SELECT s.legal_basis AS ground, min(e.n) AS n
                                          FROM jsonb_array_elements(a.periods) WITH ORDINALITY e (period, n)
                                          JOIN fee_schedule s ON s.tenant_id = a.tenant_id AND s.id::text = e.period ->> 'schedule_id'
                                         WHERE s.legal_basis <> ''
                                         GROUP BY s.legal_basis
                                         UNION ALL
                                        SELECT '§ 90 Absatz 4 SGB VIII', 1000
                                         WHERE jsonb_path_exists(a.periods, '$[*].relief.reason')) g), '[]'),
           'note', a.note, 'replaces', NULL),
       a.state = 'issued'
  FROM fee_assessment a
  JOIN care_contract k ON k.tenant_id = a.tenant_id AND k.id = a.contract_id
  JOIN child c ON c.tenant_id = a.tenant_id AND c.id = a.child_id
  LEFT JOIN tenant_profile p ON p.tenant_id = a.tenant_id
 CROSS JOIN LATERAL (SELECT (a.issued_at AT TIME ZONE 'Europe/Berlin')::date) day (posted_on)
 -- A draft whose place of objection is not known is not approved before somebody wrote it.
 CROSS JOIN LATERAL (SELECT COALESCE(NULLIF(p.office_name, ''), CASE WHEN a.state = 'drafted' THEN '[office]' ELSE '' END),
                            COALESCE(NULLIF(p.contact_address, ''), CASE WHEN a.state = 'drafted' THEN '[office_address]' ELSE '' END))
            office (name, address)
 WHERE NOT EXISTS (SELECT 1 FROM notice n WHERE n.tenant_id = a.tenant_id AND n.fee_id = a.id);

-- Each takes over from the one that was issued last before it.
WITH before AS (
    SELECT n.tenant_id, n.id, lag(n.id) OVER (PARTITION BY a.tenant_id, a.contract_id ORDER BY a.issued_at NULLS LAST, a.file_year, a.file_serial) AS last
      FROM notice n
      JOIN fee_assessment a ON a.tenant_id = n.tenant_id AND a.id = n.fee_id
)
UPDATE notice n SET replaces_id = b.last FROM before b WHERE n.tenant_id = b.tenant_id AND n.id = b.id AND n.replaces_id IS DISTINCT FROM b.last;

ALTER TABLE notice FORCE ROW LEVEL SECURITY;
ALTER TABLE tenant_profile FORCE ROW LEVEL SECURITY;
ALTER TABLE child FORCE ROW LEVEL SECURITY;
ALTER TABLE closing_day FORCE ROW LEVEL SECURITY;
ALTER TABLE contract_amendment FORCE ROW LEVEL SECURITY;
ALTER TABLE care_contract FORCE ROW LEVEL SECURITY;
ALTER TABLE fee_schedule FORCE ROW LEVEL SECURITY;
ALTER TABLE fee_register FORCE ROW LEVEL SECURITY;
ALTER TABLE fee_assessment FORCE ROW LEVEL SECURITY;
