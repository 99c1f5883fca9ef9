-- Decisions on a child's school entry that differ from the key date: deferral or early entry, with who recorded it. The last one counts;
-- nobody changes what was recorded.

CREATE TABLE school_entry_decision (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    child_id    uuid NOT NULL,
    -- The last one counts.
    number      int NOT NULL CHECK (number > 0),
    kind        text NOT NULL CHECK (kind IN ('deferral', 'early', 'by_rule')),
    -- The first day of school.
    entry_on    date NOT NULL,
    decided_on  date NOT NULL,
    note        text CHECK (length(note) <= 500),
    recorded_by uuid,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, child_id, number),
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, recorded_by) REFERENCES account (tenant_id, id)
);
CREATE INDEX school_entry_decision_recorded_by_idx ON school_entry_decision (tenant_id, recorded_by);
CALL app.protect('school_entry_decision');
REVOKE UPDATE, DELETE ON school_entry_decision FROM kitaplatz_app;
