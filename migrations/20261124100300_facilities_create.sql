-- Providers, facilities and childminders, their capacity by month, the places that offers and contracts take, streets for the search.

CREATE TABLE provider (
    tenant_id int NOT NULL REFERENCES tenant (id),
    id        uuid NOT NULL,
    name      text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    kind      text CHECK (kind IN ('municipal','church','welfare','private_nonprofit','commercial','parents_initiative','company')),
    website   text,
    version   int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);
CALL app.protect('provider');

CREATE TABLE facility (
    tenant_id       int NOT NULL,
    id              uuid NOT NULL,
    provider_id     uuid,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    kind            text CHECK (kind IN ('nursery','kindergarten','daycare','after_school','daycare_with_after_school','parent_child_group','childminder')),
    care_types      text[] NOT NULL DEFAULT '{}',
    street          text NOT NULL DEFAULT '',
    house_number    text NOT NULL DEFAULT '',
    postal_code     text NOT NULL DEFAULT '',
    city            text NOT NULL DEFAULT '',
    district        text,
    latitude        float8 CHECK (latitude BETWEEN -90 AND 90),
    longitude       float8 CHECK (longitude BETWEEN -180 AND 180),
    opens_at        time,
    closes_at       time,
    languages       text[] NOT NULL DEFAULT '{}',
    concepts        text[] NOT NULL DEFAULT '{}',
    denomination    text,
    inclusive       boolean,
    barrier_free    boolean,
    age_from_months int CHECK (age_from_months BETWEEN 0 AND 240),
    age_to_months   int CHECK (age_to_months BETWEEN 0 AND 240),
    description     text,
    website         text,
    contact_email   text,
    phone           text,
    state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    -- Where an imported row comes from; all NULL for a facility entered by hand.
    source_id       text,
    source_hash     bytea,
    attribution     text,
    licence         text,
    data_as_of      text,
    flags           text[] NOT NULL DEFAULT '{}',
    declared_places int CHECK (declared_places >= 0),
    search_text     text NOT NULL DEFAULT '',
    created_at      timestamptz NOT NULL,
    version         int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, source_id),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES provider (tenant_id, id),
    CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX facility_provider_idx ON facility (tenant_id, provider_id);
CREATE INDEX facility_position_idx ON facility (tenant_id, latitude, longitude);
CREATE INDEX facility_name_idx ON facility (tenant_id, name, id);
CALL app.protect('facility');

CREATE TABLE membership (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    account_id  uuid NOT NULL,
    role        text NOT NULL CHECK (role IN ('tenant_admin','clerk','provider_manager','facility_manager','childminder','read_only')),
    provider_id uuid,
    facility_id uuid,
    created_by  uuid,
    created_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES provider (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    CHECK ((role = 'provider_manager') = (provider_id IS NOT NULL)),
    CHECK ((role IN ('facility_manager', 'childminder')) = (facility_id IS NOT NULL))
);
CREATE INDEX membership_account_idx ON membership (tenant_id, account_id);
CREATE INDEX membership_provider_idx ON membership (tenant_id, provider_id);
CREATE INDEX membership_facility_idx ON membership (tenant_id, facility_id);
CALL app.protect('membership');

CREATE TABLE childminder_licence (
    tenant_id   int NOT NULL,
    facility_id uuid NOT NULL,
    valid_from  date NOT NULL,
    valid_to    date NOT NULL,
    places      int NOT NULL CHECK (places BETWEEN 1 AND 5),
    PRIMARY KEY (tenant_id, facility_id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    CHECK (valid_to > valid_from)
);
CALL app.protect('childminder_licence');

CREATE TABLE closing_day (
    tenant_id   int NOT NULL REFERENCES tenant (id),
    id          uuid NOT NULL,
    day         date NOT NULL,
    note        text NOT NULL DEFAULT '',
    facility_id uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE NULLS NOT DISTINCT (tenant_id, day, facility_id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id)
);
CREATE INDEX closing_day_facility_idx ON closing_day (tenant_id, facility_id);
CALL app.protect('closing_day');

-- Figures hold from `from_month` until the next row. No row means unknown, and unknown stays unknown.
CREATE TABLE capacity (
    tenant_id         int NOT NULL,
    facility_id       uuid NOT NULL,
    age_band          text NOT NULL CHECK (age_band IN ('under3', 'over3', 'school_age')),
    from_month        date NOT NULL CHECK (extract(day FROM from_month) = 1),
    licensed          int NOT NULL CHECK (licensed BETWEEN 0 AND 2000),
    operable          int NOT NULL CHECK (operable >= 0),
    operable_reason   text,
    operable_since    date,
    reserved          int NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    reserved_purpose  text,
    reserved_until    date,
    -- Places taken by children whose contracts are not kept here.
    occupied_external int NOT NULL DEFAULT 0 CHECK (occupied_external >= 0),
    confirmed_on      date,
    is_example        boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant_id, facility_id, age_band, from_month),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    CHECK (operable <= licensed),
    CHECK (operable = licensed OR operable_reason IS NOT NULL),
    CHECK (reserved = 0 OR (reserved_purpose IS NOT NULL AND reserved_until IS NOT NULL))
);
CALL app.protect('capacity');

-- The row that an offer locks: one per facility and age band. `bookable[i]` is what is free in month base_month + i - 1 (derived, rebuilt by
-- every command that changes capacity or occupancy, in the same transaction).
CREATE TABLE place_pool (
    tenant_id    int NOT NULL,
    facility_id  uuid NOT NULL,
    age_band     text NOT NULL CHECK (age_band IN ('under3', 'over3', 'school_age')),
    base_month   date NOT NULL,
    bookable     int[] NOT NULL,
    confirmed_on date,
    is_example   boolean NOT NULL DEFAULT false,
    version      int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, facility_id, age_band),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id)
);
CALL app.protect('place_pool');

CREATE TABLE street (
    tenant_id   int NOT NULL REFERENCES tenant (id),
    name        text NOT NULL,
    postal_code text NOT NULL DEFAULT '',
    latitude    float8,
    longitude   float8,
    name_norm   text NOT NULL,
    PRIMARY KEY (tenant_id, name, postal_code)
);
CREATE INDEX street_norm_idx ON street (tenant_id, name_norm);
CALL app.protect('street');
