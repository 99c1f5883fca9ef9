-- Custody over time: the office begins, ends and corrects it, each time with a ground. The case worker alone sees a protected address.

ALTER TABLE custody ADD COLUMN version int NOT NULL DEFAULT 1;

-- What the office did to custody, as it stood afterwards. The application can add and read, nobody changes.
CREATE TABLE custody_change (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    child_id    uuid NOT NULL,
    guardian_id uuid NOT NULL,
    valid_from  date NOT NULL,
    valid_to    date,
    reason      text NOT NULL CHECK (reason IN ('second_parent', 'court_decision', 'declaration', 'guardianship', 'foster_care', 'adoption',
                                                'death', 'correction')),
    changed_by  uuid,
    at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, guardian_id) REFERENCES guardian (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, changed_by) REFERENCES account (tenant_id, id)
);
CREATE INDEX custody_change_child_idx ON custody_change (tenant_id, child_id, at, id);
CREATE INDEX custody_change_guardian_idx ON custody_change (tenant_id, guardian_id);
CREATE INDEX custody_change_changed_by_idx ON custody_change (tenant_id, changed_by);
CALL app.protect('custody_change');
REVOKE UPDATE, DELETE ON custody_change FROM kitaplatz_app;

-- Who of the office works on the case of a protected household; nobody else reads its address.
ALTER TABLE household
    ADD COLUMN case_worker uuid,
    ADD COLUMN case_worker_since timestamptz,
    ADD FOREIGN KEY (tenant_id, case_worker) REFERENCES account (tenant_id, id);
CREATE INDEX household_case_worker_idx ON household (tenant_id, case_worker);
