-- A Frankfurt-sized tenant (800 facilities, 35,000 families, about 160,000 preferences) or a small one, made up from numbers.
-- Run as superuser with: -v slug=… -v facilities=… -v families=… -v drafts=…
-- Deterministic: setseed, and ids from md5 of what they are. A second run changes nothing.
\set ON_ERROR_STOP on
BEGIN;
SET LOCAL search_path = app, public;
SET LOCAL synchronous_commit = off;
SELECT setseed(0.42) \g /dev/null

SELECT id AS tenant FROM tenant WHERE slug = :'slug' \gset
CREATE TEMP TABLE run ON COMMIT DROP AS
    SELECT :tenant AS tenant_id, :facilities AS facilities, :families AS families, :drafts AS drafts, EXISTS (SELECT 1 FROM facility WHERE tenant_id = :tenant) AS done;

CREATE FUNCTION pg_temp.id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT md5('bench:' || kind || ':' || n)::uuid $$;

INSERT INTO provider (tenant_id, id, name, kind)
SELECT tenant_id, pg_temp.id('provider', n), 'Träger ' || n, (ARRAY['municipal','church','welfare','private_nonprofit','parents_initiative'])[1 + n % 5]
  FROM run, generate_series(1, greatest(facilities / 5, 1)) n WHERE NOT done;

INSERT INTO facility (tenant_id, id, provider_id, name, kind, care_types, street, house_number, postal_code, city, district, latitude, longitude,
                      opens_at, closes_at, languages, concepts, inclusive, barrier_free, age_from_months, age_to_months, search_text, created_at)
SELECT tenant_id, pg_temp.id('facility', n), pg_temp.id('provider', 1 + n % greatest(facilities / 5, 1)), 'Kita Nummer ' || n, 'daycare',
       ARRAY['nursery','kindergarten'], 'Straße ' || n % 300, (1 + n % 90)::text, to_char(60300 + n % 90, 'FM00000'), 'Frankfurt am Main', 'Ortsbezirk ' || n % 16,
       50.05 + random() * 0.16, 8.50 + random() * 0.28, '07:00', '17:00', ARRAY['Deutsch'],
       ARRAY[(ARRAY['Situationsansatz','Offene Arbeit','Waldpädagogik','Montessori'])[1 + n % 4]], n % 3 = 0, n % 2 = 0, 6, 83,
       app.norm('Kita Nummer ' || n || ' Straße ' || n % 300 || ' ' || to_char(60300 + n % 90, 'FM00000') || ' Frankfurt am Main Ortsbezirk ' || n % 16), now()
  FROM run, generate_series(1, facilities) n WHERE NOT done;

INSERT INTO capacity (tenant_id, facility_id, age_band, from_month, licensed, operable, occupied_external, confirmed_on, is_example)
SELECT tenant_id, pg_temp.id('facility', n), band, date_trunc('month', now())::date - interval '1 month', 2000, 2000, CASE WHEN n % 3 = 0 THEN 2000 ELSE 0 END, now()::date, true
  FROM run, generate_series(1, facilities) n, unnest(ARRAY['under3','over3']) band WHERE NOT done;

INSERT INTO place_pool (tenant_id, facility_id, age_band, base_month, bookable, confirmed_on, is_example)
SELECT tenant_id, pg_temp.id('facility', n), band, date_trunc('month', now())::date,
       array_fill(CASE WHEN n % 3 = 0 THEN 0 ELSE 2000 END, ARRAY[84]), now()::date, true
  FROM run, generate_series(1, facilities) n, unnest(ARRAY['under3','over3']) band WHERE NOT done;

-- Families: account, household, guardian, child, custody.
INSERT INTO account (tenant_id, id, email, email_confirmed_at, kind, created_at)
SELECT tenant_id, pg_temp.id('parent', n), 'parent' || n || '@bench.example', now(), 'parent', now() FROM run, generate_series(1, families) n WHERE NOT done;
INSERT INTO household (tenant_id, id, street, house_number, postal_code, city)
SELECT tenant_id, pg_temp.id('household', n), 'Straße ' || n % 300, (1 + n % 90)::text, to_char(60300 + n % 90, 'FM00000'), 'Frankfurt am Main'
  FROM run, generate_series(1, families) n WHERE NOT done;
INSERT INTO guardian (tenant_id, id, account_id, household_id, first_name, last_name)
SELECT tenant_id, pg_temp.id('guardian', n), pg_temp.id('parent', n), pg_temp.id('household', n), 'Vorname' || n % 900, 'Nachname' || n % 1600
  FROM run, generate_series(1, families) n WHERE NOT done;
INSERT INTO child (tenant_id, id, household_id, first_name, last_name, birth_date, created_at)
SELECT tenant_id, pg_temp.id('child', n), pg_temp.id('household', n), 'Kind' || n % 900, 'Nachname' || n % 1600, now()::date - (300 + n % 900)::int, now()
  FROM run, generate_series(1, families) n WHERE NOT done;
INSERT INTO custody (tenant_id, id, child_id, guardian_id, valid_from)
SELECT tenant_id, pg_temp.id('custody', n), pg_temp.id('child', n), pg_temp.id('guardian', n), now()::date - 300 FROM run, generate_series(1, families) n WHERE NOT done;

-- The first `drafts` families have a complete draft to send; all others have sent theirs.
INSERT INTO care_demand (tenant_id, id, child_id, reference_code, state, care_type, desired_start, latest_start, hours_per_week, window_from, window_to,
                         created_by, created_at, submitted_at, confirmed_at, updated_at)
SELECT tenant_id, pg_temp.id('demand', n), pg_temp.id('child', n),
       CASE WHEN n > drafts THEN upper(substr(md5('ref' || n), 1, 4) || '-' || substr(md5('ref' || n), 5, 4)) END,
       CASE WHEN n > drafts THEN 'confirmed' ELSE 'draft' END, 'mixed_age', (date_trunc('month', now()) + interval '9 months')::date,
       (date_trunc('month', now()) + interval '11 months')::date, 35, '08:00', '15:00',
       pg_temp.id('parent', n), now(), CASE WHEN n > drafts THEN now() - (n % 300) * interval '1 day' END,
       CASE WHEN n > drafts THEN now() END, now()
  FROM run, generate_series(1, families) n WHERE NOT done
ON CONFLICT DO NOTHING;

-- Counted today, as the job of each night leaves it; by a set with a question and a tie-break.
UPDATE care_demand SET scored_on = (now() AT TIME ZONE 'Europe/Berlin')::date WHERE tenant_id = :tenant;
INSERT INTO criterion (tenant_id, id, code, title_de, title_en)
SELECT tenant_id, pg_temp.id('criterion', 1), 'both_work', 'Beide Eltern arbeiten', 'Both parents work' FROM run WHERE NOT done
ON CONFLICT DO NOTHING;
INSERT INTO criteria_set (tenant_id, id, number, name, state, valid_from, tie_breaks, created_at, published_at)
SELECT tenant_id, pg_temp.id('set', 1), 1, 'Kriterien', 'published', now()::date - 1, '{registered_earlier,lottery}', now(), now() FROM run WHERE NOT done
ON CONFLICT DO NOTHING;
INSERT INTO criteria_rule (tenant_id, set_id, position, criterion_id, points, evidence)
SELECT c.tenant_id, pg_temp.id('set', 1), 1, c.id, '{"kind": "flat", "points": 4}', '{"kind": "none"}'
  FROM run JOIN criterion c ON c.tenant_id = run.tenant_id AND c.code = 'both_work' WHERE NOT done
ON CONFLICT DO NOTHING;
INSERT INTO demand_fact (tenant_id, demand_id, criterion_id, claimed)
SELECT d.tenant_id, d.id, c.id, true FROM run JOIN care_demand d ON d.tenant_id = run.tenant_id
  JOIN criterion c ON c.tenant_id = d.tenant_id AND c.code = 'both_work' WHERE NOT done
ON CONFLICT DO NOTHING;

-- Four or five wishes each: about 4.57 a family.
INSERT INTO facility_preference (tenant_id, id, demand_id, facility_id, rank, state, points, received_at, answer_due_on, state_since)
SELECT r.tenant_id, pg_temp.id('preference', d.n * 10 + k), pg_temp.id('demand', d.n), pg_temp.id('facility', 1 + (d.n * 37 + k * 101) % r.facilities), k,
       CASE WHEN d.n > r.drafts THEN 'received' ELSE 'draft' END, (d.n * 7) % 40,
       CASE WHEN d.n > r.drafts THEN now() - (d.n % 300) * interval '1 day' END,
       CASE WHEN d.n > r.drafts THEN now()::date + (d.n % 60)::int - 20 END, now()
  FROM run r, generate_series(1, r.families) AS d(n), generate_series(1, 5) k
 WHERE NOT r.done AND (k < 5 OR d.n % 7 < 4)
   AND EXISTS (SELECT 1 FROM care_demand c WHERE c.tenant_id = r.tenant_id AND c.id = pg_temp.id('demand', d.n))
ON CONFLICT (tenant_id, demand_id, facility_id) DO NOTHING;

-- One manager a facility, and sessions: the cookie's secret is `parent-N` or `manager-N`.
INSERT INTO account (tenant_id, id, email, email_confirmed_at, kind, created_at)
SELECT tenant_id, pg_temp.id('manager', n), 'manager' || n || '@bench.example', now(), 'staff', now() FROM run, generate_series(1, facilities) n WHERE NOT done;
INSERT INTO membership (tenant_id, id, account_id, role, facility_id, created_at)
SELECT tenant_id, pg_temp.id('membership', n), pg_temp.id('manager', n), 'facility_manager', pg_temp.id('facility', n), now()
  FROM run, generate_series(1, facilities) n WHERE NOT done;
INSERT INTO session (tenant_id, id, token_hash, account_id, created_at, last_seen_at, expires_at)
SELECT tenant_id, pg_temp.id('session-parent', n), sha256(('parent-' || n)::bytea), pg_temp.id('parent', n), now(), now(), now() + interval '10 hours'
  FROM run, generate_series(1, drafts) n
ON CONFLICT DO NOTHING;
INSERT INTO session (tenant_id, id, token_hash, account_id, created_at, last_seen_at, expires_at)
SELECT tenant_id, pg_temp.id('session-manager', n), sha256(('manager-' || n)::bytea), pg_temp.id('manager', n), now(), now(), now() + interval '10 hours'
  FROM run, generate_series(1, facilities) n
ON CONFLICT DO NOTHING;
-- Sessions of an earlier run are fresh again.
UPDATE session SET last_seen_at = now(), expires_at = now() + interval '10 hours' WHERE tenant_id = :tenant;
COMMIT;
