-- Coordinated rounds: what each facility chose, the steps, and who answered in which. What is held, final and waited for follows from
-- these, from the snapshot and from the seed; none of it is stored.

CREATE TABLE round_facility (
    tenant_id          int NOT NULL,
    round_id           uuid NOT NULL,
    facility_id        uuid NOT NULL,
    mode               text NOT NULL CHECK (mode IN ('by_points', 'by_hand')),
    -- Whether a step that passes without an answer goes on by the order that stands.
    continue_by_points boolean NOT NULL,
    decided_by         uuid NOT NULL,
    decided_at         timestamptz NOT NULL,
    version            int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, round_id, facility_id),
    FOREIGN KEY (tenant_id, round_id) REFERENCES allocation_round (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    FOREIGN KEY (tenant_id, decided_by) REFERENCES account (tenant_id, id)
);
CREATE INDEX round_facility_facility_idx ON round_facility (tenant_id, facility_id);
CREATE INDEX round_facility_account_idx ON round_facility (tenant_id, decided_by);
CALL app.protect('round_facility');

CREATE TABLE round_step (
    tenant_id int NOT NULL,
    round_id  uuid NOT NULL,
    number    int NOT NULL CHECK (number >= 1),
    days      int NOT NULL CHECK (days BETWEEN 1 AND 60),
    -- Last day to answer.
    due_on    date NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (tenant_id, round_id, number),
    FOREIGN KEY (tenant_id, round_id) REFERENCES allocation_round (tenant_id, id)
);
CREATE UNIQUE INDEX round_step_open_key ON round_step (tenant_id, round_id) WHERE closed_at IS NULL;
CALL app.protect('round_step');

CREATE TABLE round_answer (
    tenant_id   int NOT NULL,
    round_id    uuid NOT NULL,
    step        int NOT NULL,
    facility_id uuid NOT NULL,
    -- hand: an order of the facility's own; points: the order that stands; continued: the deadline passed, and it goes on by that order.
    kind        text NOT NULL CHECK (kind IN ('hand', 'points', 'continued')),
    -- For each pool that was ordered: the children, best first, with the reasons.
    orders      jsonb NOT NULL,
    at          timestamptz NOT NULL,
    -- None where the round went on by itself.
    account_id  uuid,
    -- The office's ground for going on.
    note        text CHECK (length(note) BETWEEN 1 AND 1000),
    PRIMARY KEY (tenant_id, round_id, step, facility_id),
    FOREIGN KEY (tenant_id, round_id, step) REFERENCES round_step (tenant_id, round_id, number),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
);
CREATE INDEX round_answer_facility_idx ON round_answer (tenant_id, facility_id);
CREATE INDEX round_answer_account_idx ON round_answer (tenant_id, account_id);
CALL app.protect('round_answer');
