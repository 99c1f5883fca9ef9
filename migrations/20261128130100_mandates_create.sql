-- Counsellors: somebody whom a guardian trusts sees, or acts for, named children in the family's name, for a time and until it is ended.

CREATE TABLE mandate (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    -- In whose name.
    guardian_id uuid NOT NULL,
    -- Who: as the family, or the paper, names the person, and the address at which the mandate is offered.
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    email       text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    -- Only look, or also act.
    may_act     boolean NOT NULL,
    valid_from  date NOT NULL,
    -- The last day.
    valid_until date NOT NULL,
    -- On paper: the office recorded it.
    recorded_by uuid,
    created_at  timestamptz NOT NULL,
    -- The account that took it on; nobody else comes in by it.
    account_id  uuid,
    accepted_at timestamptz,
    ended_at    timestamptz,
    ended_by    text CHECK (ended_by IN ('family', 'counsellor', 'office')),
    version     int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, guardian_id) REFERENCES guardian (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, recorded_by) REFERENCES account (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id) ON DELETE CASCADE,
    CHECK (valid_until >= valid_from),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX mandate_guardian_idx ON mandate (tenant_id, guardian_id);
CREATE INDEX mandate_account_idx ON mandate (tenant_id, account_id);
CREATE INDEX mandate_recorded_by_idx ON mandate (tenant_id, recorded_by);
CREATE INDEX mandate_email_idx ON mandate (tenant_id, email);
CALL app.protect('mandate');

CREATE TABLE mandate_child (
    tenant_id  int NOT NULL,
    mandate_id uuid NOT NULL,
    child_id   uuid NOT NULL,
    PRIMARY KEY (tenant_id, mandate_id, child_id),
    FOREIGN KEY (tenant_id, mandate_id) REFERENCES mandate (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX mandate_child_child_idx ON mandate_child (tenant_id, child_id);
CALL app.protect('mandate_child');

-- In whose name the session acts; it goes with the mandate.
ALTER TABLE session
    ADD COLUMN mandate_id uuid,
    ADD FOREIGN KEY (tenant_id, mandate_id) REFERENCES mandate (tenant_id, id) ON DELETE SET NULL (mandate_id);
CREATE INDEX session_mandate_idx ON session (tenant_id, mandate_id);

-- Staff of a counselling centre: a role that reaches nothing without a mandate.
ALTER TABLE membership
    DROP CONSTRAINT membership_role_check,
    ADD CONSTRAINT membership_role_check
        CHECK (role IN ('tenant_admin', 'clerk', 'provider_manager', 'facility_manager', 'childminder', 'read_only', 'counsellor'));

-- The children whom a mandate names; empty in every other transaction.
CREATE FUNCTION app.mandate_children() RETURNS uuid[]
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('app.mandate_children', true), '')::uuid[] $$;
GRANT EXECUTE ON FUNCTION app.mandate_children() TO PUBLIC;

-- Who sees a child is found by custody, everywhere. Acting with a mandate, nobody's custody of any other child is there to be found.
CREATE POLICY mandate_children ON custody AS RESTRICTIVE FOR SELECT TO kitaplatz_app
    USING ((SELECT app.mandate_children()) IS NULL OR child_id = ANY ((SELECT app.mandate_children())::uuid[]));
