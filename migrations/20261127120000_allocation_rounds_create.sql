-- Allocation rounds: the frozen snapshot, its runs, the cases with what is proposed, deviations, signatures, and the record of each decision.

-- What decides is frozen in here: who takes part, which places there are, and by which rules.
CREATE TABLE allocation_round (
    tenant_id       int NOT NULL REFERENCES tenant (id),
    id              uuid NOT NULL,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    -- First day of the Kita year for which places are given.
    kita_year       date NOT NULL,
    -- Last day until whose end demands count, all as if they came at once.
    key_date        date NOT NULL,
    -- First day of care at the earliest.
    start_on        date NOT NULL,
    mode            text NOT NULL CHECK (mode IN ('central', 'coordinated')),
    state           text NOT NULL CHECK (state IN ('planned', 'frozen', 'proposed', 'in_review', 'released', 'closed', 'paused', 'cancelled')),
    paused_from     text CHECK (paused_from IN ('frozen', 'proposed', 'in_review', 'released')),
    config          jsonb NOT NULL,
    -- Canonical instance without seed and deviations, as it was at the freeze.
    snapshot        text,
    snapshot_sha256 text CHECK (snapshot_sha256 ~ '^[0-9a-f]{64}$'),
    -- Names the criteria and their version; bound by the commitment.
    rule_set        text,
    -- Published at the freeze, before anybody knows the seed.
    commitment      text CHECK (commitment ~ '^[0-9a-f]{64}$'),
    -- What the public draw gave, once two persons entered the same.
    seed            text CHECK (length(seed) BETWEEN 1 AND 200),
    -- The run that stands: the newest before the release, the released one after it.
    run_id          uuid,
    created_by      uuid NOT NULL,
    created_at      timestamptz NOT NULL,
    frozen_at       timestamptz,
    released_at     timestamptz,
    ended_at        timestamptz,
    version         int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CHECK ((state = 'paused') = (paused_from IS NOT NULL)),
    CHECK ((snapshot IS NULL) = (frozen_at IS NULL)),
    CHECK ((snapshot IS NULL) = (snapshot_sha256 IS NULL)),
    CHECK ((snapshot IS NULL) = (commitment IS NULL))
);
CREATE INDEX allocation_round_created_idx ON allocation_round (tenant_id, created_at, id);
-- Two rounds under way would give the same places twice; a released one has given its own.
CREATE UNIQUE INDEX allocation_round_under_way_key ON allocation_round (tenant_id)
    WHERE state IN ('frozen', 'proposed', 'in_review') OR (state = 'paused' AND paused_from <> 'released');
CALL app.protect('allocation_round');

-- Places of a round: a facility's places in one age band, under the name that the instance has for them.
CREATE TABLE round_pool (
    tenant_id   int NOT NULL,
    round_id    uuid NOT NULL,
    pool        text NOT NULL CHECK (pool ~ '^p[0-9]+$'),
    facility_id uuid NOT NULL,
    age_band    text NOT NULL CHECK (age_band IN ('under3', 'over3', 'school_age')),
    cap         int NOT NULL CHECK (cap >= 0),
    PRIMARY KEY (tenant_id, round_id, pool),
    UNIQUE (tenant_id, round_id, facility_id, age_band),
    FOREIGN KEY (tenant_id, round_id) REFERENCES allocation_round (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id)
);
CREATE INDEX round_pool_facility_idx ON round_pool (tenant_id, facility_id);
CALL app.protect('round_pool');

-- A run is stored with what went in and what came out, and only after the verifier found nothing.
CREATE TABLE allocation_run (
    tenant_id       int NOT NULL,
    id              uuid NOT NULL,
    round_id        uuid NOT NULL,
    number          int NOT NULL CHECK (number >= 1),
    -- dry: before the draw; final: with the seed; followup: places that came back after the release.
    kind            text NOT NULL CHECK (kind IN ('dry', 'final', 'followup')),
    instance        text NOT NULL,
    instance_sha256 text NOT NULL CHECK (instance_sha256 ~ '^[0-9a-f]{64}$'),
    result          text NOT NULL,
    engine          text NOT NULL,
    metrics         jsonb NOT NULL,
    report          jsonb,
    verified_at     timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    created_by      uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, round_id, number),
    FOREIGN KEY (tenant_id, round_id) REFERENCES allocation_round (tenant_id, id)
);
CALL app.protect('allocation_run');
REVOKE UPDATE, DELETE ON allocation_run FROM kitaplatz_app;

ALTER TABLE allocation_round ADD FOREIGN KEY (tenant_id, run_id) REFERENCES allocation_run (tenant_id, id);
CREATE INDEX allocation_round_run_idx ON allocation_round (tenant_id, run_id);

-- A demand in a round: frozen at the freeze, then what came of it.
CREATE TABLE round_case (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    round_id    uuid NOT NULL,
    demand_id   uuid NOT NULL,
    child_id    uuid NOT NULL,
    -- Random names of family and child in this round; nobody outside can tell who it is.
    family      text NOT NULL,
    child       text NOT NULL,
    birth_date  date NOT NULL,
    age_band    text NOT NULL CHECK (age_band IN ('under3', 'over3', 'school_age')),
    care_from   date NOT NULL,
    legal_claim boolean NOT NULL,
    -- Wishes in the parents' order: preference, facility, pool, priority, points, breakdown, or why it is no candidate.
    -- Kept as text, because they are written and read as a whole.
    wishes      json NOT NULL,
    -- After the release: waiting until the job has dealt with it, then what happened last.
    outcome     text NOT NULL DEFAULT 'none' CHECK (outcome IN ('none', 'waiting', 'decided', 'offered', 'not_sent', 'left')),
    outcome_reason text,
    -- The run that decided last, and the offer that came of it.
    run_id      uuid,
    offer_id    uuid,
    PRIMARY KEY (tenant_id, id),
    -- In this order it also finds the rounds of a demand.
    UNIQUE (tenant_id, demand_id, round_id),
    FOREIGN KEY (tenant_id, round_id) REFERENCES allocation_round (tenant_id, id),
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id),
    FOREIGN KEY (tenant_id, run_id) REFERENCES allocation_run (tenant_id, id),
    FOREIGN KEY (tenant_id, offer_id) REFERENCES place_offer (tenant_id, id)
);
CREATE INDEX round_case_round_idx ON round_case (tenant_id, round_id, id);
-- Empty until the release, so that a freeze writes few index entries.
CREATE INDEX round_case_run_idx ON round_case (tenant_id, run_id) WHERE run_id IS NOT NULL;
CREATE UNIQUE INDEX round_case_offer_key ON round_case (tenant_id, offer_id) WHERE offer_id IS NOT NULL;
CREATE INDEX round_case_waiting_idx ON round_case (tenant_id, round_id) WHERE outcome = 'waiting';
CALL app.protect('round_case');

-- What the newest run that decided about a case says: a row of its own, so that a run rewrites no more than this. It is there from the
-- freeze on.
CREATE TABLE case_proposal (
    tenant_id     int NOT NULL,
    case_id       uuid NOT NULL,
    round_id      uuid NOT NULL,
    pool          text,
    preference_id uuid,
    -- Wish by wish, in the order of the case's wishes.
    codes         json NOT NULL DEFAULT '[]',
    flags         text[] NOT NULL DEFAULT '{}',
    -- How much a person should look at it; larger first.
    weight        int NOT NULL DEFAULT 0,
    lottery       text,
    PRIMARY KEY (tenant_id, case_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES round_case (tenant_id, id),
    CHECK ((pool IS NULL) = (preference_id IS NULL))
);
CREATE INDEX case_proposal_weight_idx ON case_proposal (tenant_id, round_id, weight DESC, case_id);
CALL app.protect('case_proposal');

-- Entries of the drawn seed: each person's own, and they must agree.
CREATE TABLE round_seed (
    tenant_id  int NOT NULL,
    round_id   uuid NOT NULL,
    account_id uuid NOT NULL,
    seed       text NOT NULL CHECK (length(seed) BETWEEN 1 AND 200),
    at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, round_id, account_id),
    FOREIGN KEY (tenant_id, round_id) REFERENCES allocation_round (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
);
CREATE INDEX round_seed_account_idx ON round_seed (tenant_id, account_id);
CALL app.protect('round_seed');

-- Who opened the conflicts of which run.
CREATE TABLE round_review (
    tenant_id  int NOT NULL,
    run_id     uuid NOT NULL,
    account_id uuid NOT NULL,
    round_id   uuid NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, run_id, account_id),
    FOREIGN KEY (tenant_id, round_id) REFERENCES allocation_round (tenant_id, id),
    FOREIGN KEY (tenant_id, run_id) REFERENCES allocation_run (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
);
CREATE INDEX round_review_round_idx ON round_review (tenant_id, round_id);
CREATE INDEX round_review_account_idx ON round_review (tenant_id, account_id);
CALL app.protect('round_review');
REVOKE UPDATE, DELETE ON round_review FROM kitaplatz_app;

-- A person's decision against the proposal: a reason of the published list, and four eyes.
CREATE TABLE allocation_deviation (
    tenant_id     int NOT NULL,
    id            uuid NOT NULL,
    round_id      uuid NOT NULL,
    case_id       uuid NOT NULL,
    -- place: the child gets this place; exclude: this wish does not count.
    kind          text NOT NULL CHECK (kind IN ('place', 'exclude')),
    preference_id uuid NOT NULL,
    reason        text NOT NULL CHECK (reason IN ('court_order', 'hardship', 'inclusion', 'siblings_together', 'group_mix', 'data_error')),
    note          text NOT NULL CHECK (length(note) BETWEEN 1 AND 1000),
    state         text NOT NULL CHECK (state IN ('proposed', 'approved', 'withdrawn')),
    proposed_by   uuid NOT NULL,
    proposed_at   timestamptz NOT NULL,
    approved_by   uuid,
    approved_at   timestamptz,
    withdrawn_by  uuid,
    withdrawn_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, round_id) REFERENCES allocation_round (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES round_case (tenant_id, id),
    FOREIGN KEY (tenant_id, preference_id) REFERENCES facility_preference (tenant_id, id),
    -- Four eyes.
    CHECK (approved_by <> proposed_by),
    CHECK (state <> 'approved' OR approved_by IS NOT NULL)
);
CREATE INDEX allocation_deviation_round_idx ON allocation_deviation (tenant_id, round_id, proposed_at, id);
CREATE INDEX allocation_deviation_case_idx ON allocation_deviation (tenant_id, case_id);
CREATE INDEX allocation_deviation_preference_idx ON allocation_deviation (tenant_id, preference_id);
-- A child is placed by one decision at most, and a wish decided about once.
CREATE UNIQUE INDEX allocation_deviation_place_key ON allocation_deviation (tenant_id, case_id) WHERE kind = 'place' AND state <> 'withdrawn';
CREATE UNIQUE INDEX allocation_deviation_wish_key ON allocation_deviation (tenant_id, case_id, preference_id) WHERE state <> 'withdrawn';
CALL app.protect('allocation_deviation');

-- Who signed the release of which run. Two different persons make it.
CREATE TABLE round_signature (
    tenant_id  int NOT NULL,
    run_id     uuid NOT NULL,
    account_id uuid NOT NULL,
    round_id   uuid NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, run_id, account_id),
    FOREIGN KEY (tenant_id, round_id) REFERENCES allocation_round (tenant_id, id),
    FOREIGN KEY (tenant_id, run_id) REFERENCES allocation_run (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
);
CREATE INDEX round_signature_round_idx ON round_signature (tenant_id, round_id);
CREATE INDEX round_signature_account_idx ON round_signature (tenant_id, account_id);
CALL app.protect('round_signature');
REVOKE UPDATE, DELETE ON round_signature FROM kitaplatz_app;

-- What was decided about a child, on which ground, by whom. The application can add and read, nobody changes.
CREATE TABLE decision_record (
    tenant_id int NOT NULL,
    id        uuid NOT NULL,
    round_id  uuid NOT NULL,
    run_id    uuid NOT NULL,
    case_id   uuid NOT NULL,
    body      text NOT NULL,
    sha256    text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, case_id, run_id),
    FOREIGN KEY (tenant_id, round_id) REFERENCES allocation_round (tenant_id, id),
    FOREIGN KEY (tenant_id, run_id) REFERENCES allocation_run (tenant_id, id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES round_case (tenant_id, id)
);
CREATE INDEX decision_record_round_idx ON decision_record (tenant_id, round_id, at, id);
CREATE INDEX decision_record_run_idx ON decision_record (tenant_id, run_id);
CALL app.protect('decision_record');
REVOKE UPDATE, DELETE ON decision_record FROM kitaplatz_app;
