-- Criteria become questions; what they count is said by versioned sets of a tenant or a provider. Scores keep how they came about.

-- Who answers: the family (yes or no, or a number), or the data.
ALTER TABLE criterion
    ADD COLUMN source text NOT NULL DEFAULT 'asked'
        CHECK (source IN ('asked', 'asked_number', 'sibling_there', 'sibling_earlier', 'was_here', 'main_residence', 'school_entry_soon',
                          'preschool_without_place', 'no_place_yet', 'follow_up', 'age_3_or_4', 'age_5_or_older', 'age_years')),
    -- Points and scope are said by the sets from now on; the columns go in a later release.
    ALTER COLUMN points SET DEFAULT 0,
    ALTER COLUMN scope SET DEFAULT 'global';

ALTER TABLE demand_fact ADD COLUMN number int CHECK (number BETWEEN 0 AND 1000);

CREATE TABLE criteria_set (
    tenant_id    int NOT NULL REFERENCES tenant (id),
    id           uuid NOT NULL,
    -- NULL: the municipality's own.
    provider_id  uuid,
    number       int NOT NULL CHECK (number > 0),
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    state        text NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
    -- First day on which it counts; it holds until a later one of the same owner does.
    valid_from   date,
    tie_breaks   text[] NOT NULL,
    template     text,
    copied_from  uuid,
    -- What courts have held against its criteria, and why it was published all the same.
    acknowledged jsonb NOT NULL DEFAULT '[]',
    created_by   uuid,
    created_at   timestamptz NOT NULL,
    published_by uuid,
    published_at timestamptz,
    version      int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE NULLS NOT DISTINCT (tenant_id, provider_id, number),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES provider (tenant_id, id),
    CHECK (state <> 'published' OR (valid_from IS NOT NULL AND published_at IS NOT NULL))
);
CREATE UNIQUE INDEX criteria_set_start_key ON criteria_set (tenant_id, provider_id, valid_from) NULLS NOT DISTINCT
    WHERE state = 'published';

CREATE TABLE criteria_rule (
    tenant_id    int NOT NULL,
    set_id       uuid NOT NULL,
    position     int NOT NULL,
    criterion_id uuid NOT NULL,
    points       jsonb NOT NULL,
    rank         int NOT NULL DEFAULT 0 CHECK (rank BETWEEN 0 AND 9),
    best_of      text,
    evidence     jsonb NOT NULL,
    reserve      jsonb,
    PRIMARY KEY (tenant_id, set_id, position),
    UNIQUE (tenant_id, set_id, criterion_id),
    FOREIGN KEY (tenant_id, set_id) REFERENCES criteria_set (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, criterion_id) REFERENCES criterion (tenant_id, id)
);
CREATE INDEX criteria_rule_criterion_idx ON criteria_rule (tenant_id, criterion_id);

-- What a set made of a preference, with a line for every rule. Kept when the demand has ended: it is part of the record.
CREATE TABLE preference_score (
    tenant_id     int NOT NULL,
    preference_id uuid NOT NULL,
    set_id        uuid NOT NULL,
    -- The day that counts: the key date that lay ahead, or the day of counting.
    counts_on     date NOT NULL,
    rank          int NOT NULL,
    points        int NOT NULL,
    ties          bigint[] NOT NULL,
    reserves      text[] NOT NULL,
    lines         jsonb NOT NULL,
    counted_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, preference_id),
    FOREIGN KEY (tenant_id, preference_id) REFERENCES facility_preference (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, set_id) REFERENCES criteria_set (tenant_id, id)
);
CREATE INDEX preference_score_set_idx ON preference_score (tenant_id, set_id);
CALL app.protect('preference_score');

-- For the order of lists: rank goes before points, the first tie-break after them (smaller first).
ALTER TABLE facility_preference
    ADD COLUMN criteria_rank int NOT NULL DEFAULT 0,
    ADD COLUMN tie_key bigint;

-- The day on which the preferences were last counted; open ones are counted once a day, because criteria know dates.
ALTER TABLE care_demand ADD COLUMN scored_on date;
CREATE INDEX care_demand_scored_idx ON care_demand (tenant_id, scored_on)
    WHERE state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending');

-- What a tenant counted until now becomes its set number 1. The owner passes row-level security only while it is not forced.
ALTER TABLE criterion NO FORCE ROW LEVEL SECURITY;
UPDATE criterion SET source = 'sibling_there' WHERE code = 'sibling' AND scope = 'local';
INSERT INTO criteria_set (tenant_id, id, number, name, state, valid_from, tie_breaks, created_at, published_at)
SELECT tenant_id, gen_random_uuid(), 1, 'Kriterien', 'published', (now() AT TIME ZONE 'Europe/Berlin')::date,
       '{registered_earlier,lottery}', now(), now()
  FROM criterion
 WHERE active
 GROUP BY tenant_id;
INSERT INTO criteria_rule (tenant_id, set_id, position, criterion_id, points, evidence)
SELECT c.tenant_id, s.id, row_number() OVER (PARTITION BY c.tenant_id ORDER BY c.position, c.code), c.id,
       jsonb_build_object('kind', 'flat', 'points', c.points),
       jsonb_build_object('kind', CASE WHEN c.source = 'asked' THEN 'at_contract' ELSE 'none' END)
  FROM criterion c
  JOIN criteria_set s ON s.tenant_id = c.tenant_id
 WHERE c.active;
ALTER TABLE criterion FORCE ROW LEVEL SECURITY;
CALL app.protect('criteria_set');
CALL app.protect('criteria_rule');
