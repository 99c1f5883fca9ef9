-- Contracts, offers, and the places that both take month by month.

CREATE TABLE place_offer (
    tenant_id      int NOT NULL,
    id             uuid NOT NULL,
    demand_id      uuid NOT NULL,
    preference_id  uuid NOT NULL,
    facility_id    uuid NOT NULL,
    child_id       uuid NOT NULL,
    state          text NOT NULL CHECK (state IN ('drafted', 'sent', 'viewed', 'accepted', 'declined', 'expired', 'revoked')),
    care_from      date NOT NULL,
    -- First day on which the place is free again.
    care_until     date NOT NULL,
    hours_per_week int NOT NULL CHECK (hours_per_week BETWEEN 1 AND 60),
    window_from    time,
    window_to      time,
    deadline_on    date NOT NULL,
    -- First instant after the deadline's last day in Europe/Berlin.
    expires_at     timestamptz NOT NULL,
    sent_at        timestamptz,
    viewed_at      timestamptz,
    answered_at    timestamptz,
    reminded_at    timestamptz,
    decline_reason text CHECK (decline_reason IN ('other_place', 'too_far', 'hours', 'start', 'cost', 'other')),
    revoke_reason  text CHECK (length(revoke_reason) <= 500),
    created_by     uuid,
    created_at     timestamptz NOT NULL,
    version        int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id),
    FOREIGN KEY (tenant_id, preference_id) REFERENCES facility_preference (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id),
    CHECK (care_until > care_from),
    CHECK (state <> 'revoked' OR revoke_reason IS NOT NULL)
);
-- One open offer a preference at most; "one a child" is a setting of the tenant and held by the command, which locks the demand.
CREATE UNIQUE INDEX place_offer_open_key ON place_offer (tenant_id, preference_id) WHERE state IN ('sent', 'viewed');
CREATE INDEX place_offer_demand_idx ON place_offer (tenant_id, demand_id);
CREATE INDEX place_offer_facility_idx ON place_offer (tenant_id, facility_id, state);
CREATE INDEX place_offer_child_idx ON place_offer (tenant_id, child_id);
CREATE INDEX place_offer_expiry_idx ON place_offer (tenant_id, expires_at) WHERE state IN ('sent', 'viewed');
CREATE INDEX place_offer_preference_idx ON place_offer (tenant_id, preference_id);
CALL app.protect('place_offer');

CREATE TABLE care_contract (
    tenant_id      int NOT NULL,
    id             uuid NOT NULL,
    offer_id       uuid NOT NULL,
    demand_id      uuid NOT NULL,
    child_id       uuid NOT NULL,
    facility_id    uuid NOT NULL,
    state          text NOT NULL CHECK (state IN ('drafted', 'sent', 'signed_by_guardians', 'signed_by_provider', 'active', 'terminated', 'ended')),
    care_from      date NOT NULL,
    care_until     date NOT NULL,
    hours_per_week int NOT NULL CHECK (hours_per_week BETWEEN 1 AND 60),
    window_from    time,
    window_to      time,
    created_at     timestamptz NOT NULL,
    version        int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, offer_id),
    FOREIGN KEY (tenant_id, offer_id) REFERENCES place_offer (tenant_id, id),
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id),
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    CHECK (care_until > care_from),
    -- A child is in one place at a time.
    EXCLUDE USING gist (tenant_id WITH =, child_id WITH =, daterange(care_from, care_until) WITH &&) WHERE (state <> 'terminated')
);
CREATE INDEX care_contract_child_idx ON care_contract (tenant_id, child_id);
CREATE INDEX care_contract_facility_idx ON care_contract (tenant_id, facility_id, state);
CREATE INDEX care_contract_demand_idx ON care_contract (tenant_id, demand_id);
CALL app.protect('care_contract');

-- What an offer (held) or a contract (occupied) takes: one row per age band that the child passes through.
CREATE TABLE occupancy (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    facility_id uuid NOT NULL,
    age_band    text NOT NULL CHECK (age_band IN ('under3', 'over3', 'school_age')),
    child_id    uuid NOT NULL,
    offer_id    uuid NOT NULL,
    state       text NOT NULL CHECK (state IN ('held', 'occupied')),
    from_month  date NOT NULL CHECK (extract(day FROM from_month) = 1),
    -- First month in which the place is free again.
    until_month date NOT NULL CHECK (extract(day FROM until_month) = 1),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id),
    FOREIGN KEY (tenant_id, offer_id) REFERENCES place_offer (tenant_id, id),
    CHECK (until_month > from_month)
);
CREATE INDEX occupancy_facility_idx ON occupancy (tenant_id, facility_id, age_band);
CREATE INDEX occupancy_child_idx ON occupancy (tenant_id, child_id);
CREATE INDEX occupancy_offer_idx ON occupancy (tenant_id, offer_id);
CALL app.protect('occupancy');
