-- Children who live elsewhere: guests of another municipality, whose consent and costs the office settles, and families who move here.

-- A demand for a child of another municipality. The office asks that municipality; its answer holds for a time.
CREATE TABLE guest_case (
    tenant_id        int NOT NULL,
    demand_id        uuid NOT NULL,
    child_id         uuid NOT NULL,
    state            text NOT NULL CHECK (state IN ('open', 'asked', 'granted', 'refused')),
    -- The municipality in which the child lives, for the letter.
    home_name        text CHECK (length(home_name) <= 200),
    home_address     text CHECK (length(home_address) <= 400),
    home_email       text CHECK (length(home_email) <= 254),
    asked_on         date,
    answered_on      date,
    valid_from       date,
    -- First day on which the consent does not hold any more; null: without an end.
    valid_until      date,
    costs_agreed     boolean,
    -- The other municipality's.
    home_file_number text CHECK (length(home_file_number) <= 100),
    note             text CHECK (length(note) <= 1000),
    -- The end of which the office was reminded.
    reminded_of      date,
    created_at       timestamptz NOT NULL,
    version          int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, demand_id),
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE,
    CHECK (state NOT IN ('granted', 'refused') OR answered_on IS NOT NULL),
    CHECK (state <> 'granted' OR valid_from IS NOT NULL),
    CHECK (valid_until > valid_from)
);
CREATE INDEX guest_case_child_idx ON guest_case (tenant_id, child_id);
CALL app.protect('guest_case');

-- A family that lives elsewhere and moves here. Of the new address only what planning and the office need: no street.
CREATE TABLE move_in (
    tenant_id   int NOT NULL,
    demand_id   uuid NOT NULL,
    child_id    uuid NOT NULL,
    move_on     date NOT NULL,
    postal_code text NOT NULL CHECK (length(postal_code) = 5),
    city        text NOT NULL CHECK (length(city) <= 100),
    -- Planning area, where the office named it.
    area        text CHECK (length(area) <= 100),
    -- What was seen: a contract shows the intention, a registration the move.
    evidence    text CHECK (evidence IN ('rental_contract', 'purchase_contract', 'registration', 'register')),
    seen_on     date,
    seen_by     uuid,
    -- When the family was reminded of the proof.
    reminded_on date,
    created_at  timestamptz NOT NULL,
    version     int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, demand_id),
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, seen_by) REFERENCES account (tenant_id, id) ON DELETE SET NULL (seen_by),
    CHECK ((evidence IS NULL) = (seen_on IS NULL))
);
CREATE INDEX move_in_child_idx ON move_in (tenant_id, child_id);
CREATE INDEX move_in_seen_by_idx ON move_in (tenant_id, seen_by);
CALL app.protect('move_in');
