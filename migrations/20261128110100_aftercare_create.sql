-- Follow-up care, proposed to a family before a place ends with the child's age: once for a contract, and what became of it.

CREATE TABLE followup_demand (
    tenant_id      int NOT NULL,
    id             uuid NOT NULL,
    child_id       uuid NOT NULL,
    contract_id    uuid NOT NULL,
    -- What comes after the place.
    care_type      text NOT NULL CHECK (care_type IN ('kindergarten', 'after_school')),
    -- First day without the place, from which the other one is needed.
    needed_from    date NOT NULL,
    -- Proposed wishes, the nearest first; the family may change them.
    facility_ids   uuid[] NOT NULL,
    state          text NOT NULL CHECK (state IN ('proposed', 'confirmed', 'declined')),
    -- The demand that came of it.
    demand_id      uuid,
    token_hash     bytea NOT NULL,
    created_at     timestamptz NOT NULL,
    answered_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, contract_id),
    UNIQUE (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, contract_id) REFERENCES care_contract (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id) ON DELETE SET NULL (demand_id),
    CHECK ((state = 'proposed') = (answered_at IS NULL))
);
CREATE INDEX followup_demand_child_idx ON followup_demand (tenant_id, child_id);
CREATE INDEX followup_demand_demand_idx ON followup_demand (tenant_id, demand_id);
CREATE INDEX followup_demand_needed_idx ON followup_demand (tenant_id, needed_from, id);
CALL app.protect('followup_demand');
