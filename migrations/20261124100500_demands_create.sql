-- Criteria of the tenant, care demands, ranked facility preferences, their history.

CREATE TABLE criterion (
    tenant_id   int NOT NULL REFERENCES tenant (id),
    id          uuid NOT NULL,
    code        text NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{1,40}$'),
    title_de    text NOT NULL,
    title_en    text NOT NULL,
    hint_de     text NOT NULL DEFAULT '',
    hint_en     text NOT NULL DEFAULT '',
    evidence_de text NOT NULL DEFAULT '',
    evidence_en text NOT NULL DEFAULT '',
    points      int NOT NULL CHECK (points BETWEEN -1000 AND 1000),
    scope       text NOT NULL CHECK (scope IN ('global', 'local')),
    position    int NOT NULL DEFAULT 0,
    active      boolean NOT NULL DEFAULT true,
    version     int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code)
);
CALL app.protect('criterion');

CREATE TABLE care_demand (
    tenant_id      int NOT NULL,
    id             uuid NOT NULL,
    child_id       uuid NOT NULL,
    reference_code text CHECK (reference_code ~ '^[0-9A-Z]{4}-[0-9A-Z]{4}$'),
    state          text NOT NULL CHECK (state IN ('draft','submitted','confirmed','in_allocation','offer_pending','covered','closed',
                                                  'withdrawn','expired','not_entitled','moved_away','superseded')),
    register_mismatch boolean NOT NULL DEFAULT false,
    care_type      text CHECK (care_type IN ('nursery', 'kindergarten', 'after_school', 'mixed_age')),
    desired_start  date,
    latest_start   date,
    hours_per_week int CHECK (hours_per_week BETWEEN 1 AND 60),
    window_from    time,
    window_to      time,
    legal_claim    boolean NOT NULL DEFAULT false,
    legal_claim_asserted_at timestamptz,
    legal_due_on   date,
    created_by     uuid,
    created_at     timestamptz NOT NULL,
    submitted_at   timestamptz,
    confirmed_at   timestamptz,
    ended_at       timestamptz,
    updated_at     timestamptz NOT NULL,
    version        int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, reference_code),
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id),
    CHECK (latest_start >= desired_start),
    CHECK (window_to > window_from),
    CHECK (state = 'draft' OR (reference_code IS NOT NULL AND submitted_at IS NOT NULL AND care_type IS NOT NULL
                               AND desired_start IS NOT NULL AND hours_per_week IS NOT NULL)),
    CHECK ((legal_claim_asserted_at IS NULL) = (legal_due_on IS NULL))
);
-- One demand a child that has not ended.
CREATE UNIQUE INDEX care_demand_open_key ON care_demand (tenant_id, child_id)
    WHERE state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending', 'covered');
CREATE INDEX care_demand_child_idx ON care_demand (tenant_id, child_id);
CREATE INDEX care_demand_state_idx ON care_demand (tenant_id, state, submitted_at, id);
CREATE INDEX care_demand_legal_idx ON care_demand (tenant_id, legal_due_on, id) WHERE legal_due_on IS NOT NULL;
CALL app.protect('care_demand');

CREATE TABLE demand_fact (
    tenant_id      int NOT NULL,
    demand_id      uuid NOT NULL,
    criterion_id   uuid NOT NULL,
    claimed        boolean NOT NULL,
    -- The document itself is not kept: who saw it, when, until when it holds.
    evidence_state text NOT NULL DEFAULT 'claimed' CHECK (evidence_state IN ('claimed', 'seen', 'rejected')),
    seen_on        date,
    seen_by        uuid,
    valid_until    date,
    PRIMARY KEY (tenant_id, demand_id, criterion_id),
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, criterion_id) REFERENCES criterion (tenant_id, id)
);
CREATE INDEX demand_fact_criterion_idx ON demand_fact (tenant_id, criterion_id);
CALL app.protect('demand_fact');

CREATE TABLE facility_preference (
    tenant_id     int NOT NULL,
    id            uuid NOT NULL,
    demand_id     uuid NOT NULL,
    facility_id   uuid NOT NULL,
    rank          int NOT NULL CHECK (rank BETWEEN 1 AND 50),
    -- 'draft' while the demand itself is a draft.
    state         text NOT NULL CHECK (state IN ('draft','received','under_review','invited','waitlisted','offered','accepted','contracted','paused',
                                                 'refused','declined','withdrawn','offer_expired','covered_elsewhere')),
    paused_from   text CHECK (paused_from IN ('received', 'under_review', 'invited', 'waitlisted')),
    refuse_reason text CHECK (refuse_reason IN ('no_place', 'age', 'hours', 'residence', 'group_mix', 'criteria', 'other')),
    note          text CHECK (length(note) <= 500),
    -- Sum of the claimed criteria that hold for this preference; rebuilt when facts or criteria change.
    points        int NOT NULL DEFAULT 0,
    received_at   timestamptz,
    answered_at   timestamptz,
    answer_due_on date,
    state_since   timestamptz NOT NULL,
    version       int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, demand_id, facility_id),
    UNIQUE (tenant_id, demand_id, rank) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    CHECK ((state = 'paused') = (paused_from IS NOT NULL)),
    CHECK (state <> 'refused' OR refuse_reason IS NOT NULL)
);
CREATE INDEX facility_preference_facility_idx ON facility_preference (tenant_id, facility_id, state, received_at, id);
CALL app.protect('facility_preference');

CREATE TABLE demand_event (
    tenant_id     int NOT NULL,
    id            uuid NOT NULL,
    demand_id     uuid NOT NULL,
    preference_id uuid,
    kind          text NOT NULL,
    from_state    text,
    to_state      text NOT NULL,
    reason        text,
    actor_kind    text NOT NULL,
    actor_id      uuid,
    at            timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, preference_id) REFERENCES facility_preference (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX demand_event_demand_idx ON demand_event (tenant_id, demand_id, at);
CREATE INDEX demand_event_preference_idx ON demand_event (tenant_id, preference_id);
CALL app.protect('demand_event');
