-- Parent fees: versioned tables as a statute has them, what a contract costs by them, and the numbers of the notices.

CREATE TABLE fee_schedule (
    tenant_id    int NOT NULL REFERENCES tenant (id),
    id           uuid NOT NULL,
    number       int NOT NULL CHECK (number >= 1),
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    -- What the notice names as its ground: statute, date, section.
    legal_basis  text NOT NULL DEFAULT '' CHECK (length(legal_basis) <= 500),
    -- On this day of the month a fee is due.
    due_day      int NOT NULL DEFAULT 15 CHECK (due_day BETWEEN 1 AND 28),
    state        text NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
    valid_from   date CHECK (extract(day FROM valid_from) = 1),
    -- How the table was worked out, if it was, and every row of it.
    formula      jsonb,
    rows         jsonb NOT NULL,
    published_at timestamptz,
    version      int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    CHECK ((state = 'draft') OR valid_from IS NOT NULL OR state = 'withdrawn')
);
CREATE UNIQUE INDEX fee_schedule_day_key ON fee_schedule (tenant_id, valid_from) WHERE state = 'published';
CALL app.protect('fee_schedule');

-- What the guardians of a child owe for a contract from a month on. Drafts can be changed and dropped; what was issued stays as it is,
-- and a later notice takes over from its own month.
CREATE TABLE fee_assessment (
    tenant_id      int NOT NULL,
    id             uuid NOT NULL,
    contract_id    uuid NOT NULL,
    child_id       uuid NOT NULL,
    state          text NOT NULL CHECK (state IN ('drafted', 'issued')),
    from_month     date NOT NULL CHECK (extract(day FROM from_month) = 1),
    -- The facts that the table asks for, and nothing more: the bracket, never the income.
    child_position int NOT NULL CHECK (child_position BETWEEN 1 AND 9),
    lone_parent    boolean NOT NULL,
    income_up_to   int CHECK (income_up_to > 0),
    -- The amounts as they were worked out, month by month where they change.
    periods        jsonb NOT NULL,
    note           text NOT NULL DEFAULT '' CHECK (length(note) <= 1000),
    drafted_by     uuid NOT NULL,
    drafted_at     timestamptz NOT NULL,
    issued_by      uuid,
    issued_at      timestamptz,
    file_year      int,
    file_serial    int,
    version        int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, file_year, file_serial),
    FOREIGN KEY (tenant_id, contract_id) REFERENCES care_contract (tenant_id, id),
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id),
    FOREIGN KEY (tenant_id, drafted_by) REFERENCES account (tenant_id, id),
    FOREIGN KEY (tenant_id, issued_by) REFERENCES account (tenant_id, id),
    CHECK ((state = 'issued') = (issued_at IS NOT NULL)),
    CHECK ((state = 'issued') = (issued_by IS NOT NULL)),
    CHECK ((state = 'issued') = (file_serial IS NOT NULL)),
    CHECK ((file_year IS NULL) = (file_serial IS NULL))
);
CREATE UNIQUE INDEX fee_assessment_draft_key ON fee_assessment (tenant_id, contract_id) WHERE state = 'drafted';
CREATE INDEX fee_assessment_contract_idx ON fee_assessment (tenant_id, contract_id, issued_at);
CREATE INDEX fee_assessment_child_idx ON fee_assessment (tenant_id, child_id);
CREATE INDEX fee_assessment_drafted_by_idx ON fee_assessment (tenant_id, drafted_by);
CREATE INDEX fee_assessment_issued_by_idx ON fee_assessment (tenant_id, issued_by);
CALL app.protect('fee_assessment');

-- The last number given in a year: a file number is used once and none is left out.
CREATE TABLE fee_register (
    tenant_id int NOT NULL REFERENCES tenant (id),
    year      int NOT NULL,
    last      int NOT NULL CHECK (last >= 1),
    PRIMARY KEY (tenant_id, year)
);
CALL app.protect('fee_register');
