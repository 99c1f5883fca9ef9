-- Notices (Bescheide) of the youth office: versioned templates, and what was drafted, approved by a second person, posted and objected to.

CREATE TABLE notice_template (
    tenant_id        int NOT NULL REFERENCES tenant (id),
    id               uuid NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('refusal', 'assignment')),
    version          int NOT NULL CHECK (version >= 1),
    title            text NOT NULL,
    decision         text NOT NULL,
    reasons          text NOT NULL,
    remedy           text NOT NULL,
    objection_months int NOT NULL CHECK (objection_months BETWEEN 1 AND 12),
    created_by       uuid NOT NULL,
    created_at       timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, version),
    FOREIGN KEY (tenant_id, created_by) REFERENCES account (tenant_id, id)
);
CREATE INDEX notice_template_created_by_idx ON notice_template (tenant_id, created_by);
CALL app.protect('notice_template');
-- A version that was written stays as it was: notices say by which they were made.
REVOKE UPDATE, DELETE ON notice_template FROM kitaplatz_app;

CREATE TABLE notice_number (
    tenant_id int NOT NULL REFERENCES tenant (id),
    year      int NOT NULL,
    last      int NOT NULL CHECK (last >= 1),
    PRIMARY KEY (tenant_id, year)
);
CALL app.protect('notice_number');

CREATE TABLE notice (
    tenant_id        int NOT NULL,
    id               uuid NOT NULL,
    demand_id        uuid NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('refusal', 'assignment')),
    state            text NOT NULL CHECK (state IN ('drafted', 'approved', 'issued', 'served', 'final', 'objected', 'decided')),
    file_number      text NOT NULL CHECK (length(file_number) BETWEEN 1 AND 60),
    -- Empty: made from the text that comes with the software.
    template_id      uuid,
    facility_id      uuid,
    care_from        date,
    title            text NOT NULL,
    decision         text NOT NULL,
    reasons          text NOT NULL,
    remedy           text NOT NULL,
    objection_months int NOT NULL CHECK (objection_months BETWEEN 1 AND 12),
    drafted_by       uuid NOT NULL,
    drafted_at       timestamptz NOT NULL,
    edited_by        uuid NOT NULL,
    approved_by      uuid,
    approved_at      timestamptz,
    issued_by        uuid,
    posted_on        date,
    -- Deemed: the fourth day after posting; later where the family proved that it came later.
    served_on        date,
    objection_until  date,
    objected_on      date,
    objection_note   text CHECK (length(objection_note) <= 1000),
    decided_on       date,
    outcome          text CHECK (outcome IN ('upheld', 'granted', 'partly')),
    outcome_note     text CHECK (length(outcome_note) <= 1000),
    version          int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, file_number),
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id),
    FOREIGN KEY (tenant_id, template_id) REFERENCES notice_template (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    FOREIGN KEY (tenant_id, drafted_by) REFERENCES account (tenant_id, id),
    FOREIGN KEY (tenant_id, edited_by) REFERENCES account (tenant_id, id),
    FOREIGN KEY (tenant_id, approved_by) REFERENCES account (tenant_id, id),
    FOREIGN KEY (tenant_id, issued_by) REFERENCES account (tenant_id, id),
    CHECK ((kind = 'assignment') = (facility_id IS NOT NULL)),
    CHECK ((kind = 'assignment') = (care_from IS NOT NULL)),
    CHECK ((state = 'drafted') = (approved_by IS NULL)),
    -- Four eyes, whatever the application thinks.
    CHECK (approved_by IS NULL OR (approved_by <> drafted_by AND approved_by <> edited_by)),
    CHECK ((state IN ('drafted', 'approved')) = (posted_on IS NULL)),
    CHECK ((posted_on IS NULL) = (served_on IS NULL) AND (posted_on IS NULL) = (objection_until IS NULL)),
    CHECK (served_on >= posted_on + 4 AND objection_until > served_on),
    CHECK ((state IN ('objected', 'decided')) = (objected_on IS NOT NULL)),
    CHECK ((state = 'decided') = (decided_on IS NOT NULL) AND (decided_on IS NULL) = (outcome IS NULL))
);
CREATE INDEX notice_demand_idx ON notice (tenant_id, demand_id);
CREATE INDEX notice_state_idx ON notice (tenant_id, state, objection_until, id);
CREATE INDEX notice_template_idx ON notice (tenant_id, template_id);
CREATE INDEX notice_facility_idx ON notice (tenant_id, facility_id);
CREATE INDEX notice_drafted_by_idx ON notice (tenant_id, drafted_by);
CREATE INDEX notice_edited_by_idx ON notice (tenant_id, edited_by);
CREATE INDEX notice_approved_by_idx ON notice (tenant_id, approved_by);
CREATE INDEX notice_issued_by_idx ON notice (tenant_id, issued_by);
CALL app.protect('notice');
