-- What a facility's places rest on: permits, groups, staff, closures, reserved contingents, and the staffing keys of the tenant.

CREATE TABLE operating_permit (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    facility_id uuid NOT NULL,
    reference   text CHECK (length(reference) BETWEEN 1 AND 100),
    valid_from  date NOT NULL,
    -- Last day; NULL: without end.
    valid_to    date,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    CHECK (valid_to >= valid_from),
    -- One permit a day.
    EXCLUDE USING gist (tenant_id WITH =, facility_id WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX operating_permit_facility_idx ON operating_permit (tenant_id, facility_id);
CALL app.protect('operating_permit');

CREATE TABLE permit_places (
    tenant_id int NOT NULL,
    permit_id uuid NOT NULL,
    care_type text NOT NULL CHECK (care_type IN ('nursery', 'kindergarten', 'after_school', 'mixed_age')),
    age_band  text NOT NULL CHECK (age_band IN ('under3', 'over3', 'school_age')),
    places    int NOT NULL CHECK (places BETWEEN 0 AND 2000),
    PRIMARY KEY (tenant_id, permit_id, care_type, age_band),
    FOREIGN KEY (tenant_id, permit_id) REFERENCES operating_permit (tenant_id, id) ON DELETE CASCADE
);
CALL app.protect('permit_places');

CREATE TABLE care_group (
    tenant_id       int NOT NULL,
    id              uuid NOT NULL,
    facility_id     uuid NOT NULL,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    age_from_months int NOT NULL CHECK (age_from_months BETWEEN 0 AND 240),
    age_to_months   int NOT NULL CHECK (age_to_months BETWEEN 0 AND 240),
    -- Places by age band; their sum is the size of the group.
    under3          int NOT NULL CHECK (under3 BETWEEN 0 AND 500),
    over3           int NOT NULL CHECK (over3 BETWEEN 0 AND 500),
    school_age      int NOT NULL CHECK (school_age BETWEEN 0 AND 500),
    opens_at        time,
    closes_at       time,
    valid_from      date NOT NULL,
    valid_to        date,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, facility_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    CHECK (age_to_months > age_from_months),
    CHECK (valid_to >= valid_from),
    CHECK (closes_at > opens_at)
);
CALL app.protect('care_group');

-- Hours of qualified staff; nobody's name.
CREATE TABLE qualified_staff (
    tenant_id      int NOT NULL,
    id             uuid NOT NULL,
    facility_id    uuid NOT NULL,
    -- NULL: for the whole facility.
    group_id       uuid,
    weekly_minutes int NOT NULL CHECK (weekly_minutes BETWEEN 1 AND 1000000),
    valid_from     date NOT NULL,
    valid_to       date,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id, group_id) REFERENCES care_group (tenant_id, facility_id, id),
    CHECK (valid_to >= valid_from)
);
CREATE INDEX qualified_staff_facility_idx ON qualified_staff (tenant_id, facility_id, group_id);
CALL app.protect('qualified_staff');

CREATE TABLE capacity_closure (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    facility_id uuid NOT NULL,
    -- NULL: the whole facility.
    group_id    uuid,
    reason      text NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
    valid_from  date NOT NULL,
    valid_to    date,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id, group_id) REFERENCES care_group (tenant_id, facility_id, id),
    CHECK (valid_to >= valid_from)
);
CREATE INDEX capacity_closure_facility_idx ON capacity_closure (tenant_id, facility_id, group_id);
CALL app.protect('capacity_closure');

CREATE TABLE reserved_contingent (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    facility_id uuid NOT NULL,
    age_band    text NOT NULL CHECK (age_band IN ('under3', 'over3', 'school_age')),
    places      int NOT NULL CHECK (places BETWEEN 1 AND 2000),
    purpose     text NOT NULL CHECK (length(purpose) BETWEEN 1 AND 500),
    valid_from  date NOT NULL,
    valid_to    date NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    CHECK (valid_to >= valid_from)
);
CREATE INDEX reserved_contingent_facility_idx ON reserved_contingent (tenant_id, facility_id);

-- The one reservation that a figure could carry becomes a row: from the figure's month to its own end or the day before the next figure.
-- Nobody reads these tables under a tenant here, so the policies are lifted for these statements, which one transaction holds together.
ALTER TABLE capacity NO FORCE ROW LEVEL SECURITY;
INSERT INTO reserved_contingent (tenant_id, id, facility_id, age_band, places, purpose, valid_from, valid_to)
SELECT tenant_id, gen_random_uuid(), facility_id, age_band, reserved, reserved_purpose, from_month, valid_to
  FROM (SELECT c.*, least(reserved_until, lead(from_month) OVER (PARTITION BY tenant_id, facility_id, age_band ORDER BY from_month) - 1) AS valid_to
          FROM capacity c) c
 WHERE reserved > 0 AND valid_to >= from_month;
-- The columns go in a later release; until then nothing writes them.
UPDATE capacity SET reserved = 0, reserved_purpose = NULL, reserved_until = NULL WHERE reserved > 0;
ALTER TABLE capacity FORCE ROW LEVEL SECURITY;
CALL app.protect('reserved_contingent');

-- One version of what a facility's places rest on, for people who edit it at the same time; and a childminder's substitute.
CREATE TABLE capacity_basis (
    tenant_id     int NOT NULL,
    facility_id   uuid NOT NULL,
    substitute_id uuid,
    version       int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, facility_id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    FOREIGN KEY (tenant_id, substitute_id) REFERENCES facility (tenant_id, id),
    CHECK (substitute_id <> facility_id)
);
CREATE INDEX capacity_basis_substitute_idx ON capacity_basis (tenant_id, substitute_id);
CALL app.protect('capacity_basis');

-- Staffing keys of the tenant's own; those of the federal states come with the product.
CREATE TABLE staffing_key (
    tenant_id  int NOT NULL REFERENCES tenant (id),
    id         uuid NOT NULL,
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    valid_from date NOT NULL,
    rule       jsonb NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, valid_from),
    FOREIGN KEY (tenant_id, created_by) REFERENCES account (tenant_id, id)
);
CREATE INDEX staffing_key_created_by_idx ON staffing_key (tenant_id, created_by);
CALL app.protect('staffing_key');

-- In which group a child is, with its history.
CREATE TABLE group_placement (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    facility_id uuid NOT NULL,
    group_id    uuid NOT NULL,
    child_id    uuid NOT NULL,
    valid_from  date NOT NULL,
    -- Last day; NULL: as long as the child has a contract here.
    valid_to    date,
    created_by  uuid,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id, group_id) REFERENCES care_group (tenant_id, facility_id, id),
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES account (tenant_id, id),
    CHECK (valid_to >= valid_from),
    -- A child is in one group of a facility at a time.
    EXCLUDE USING gist (tenant_id WITH =, facility_id WITH =, child_id WITH =, daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX group_placement_group_idx ON group_placement (tenant_id, facility_id, group_id);
CREATE INDEX group_placement_child_idx ON group_placement (tenant_id, child_id);
CREATE INDEX group_placement_created_by_idx ON group_placement (tenant_id, created_by);
CALL app.protect('group_placement');
