-- Waivers and reductions of parent fees (§ 90 SGB VIII): for months, for a reason, by whom.
CREATE TABLE fee_relief (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    contract_id uuid NOT NULL,
    child_id    uuid NOT NULL,
    reason      text NOT NULL CHECK (reason IN ('citizens_income', 'social_assistance', 'asylum_benefits', 'child_supplement',
                                                'housing_benefit', 'hardship', 'foster_care', 'statute')),
    -- What is still paid of the table's amount; 0: nothing.
    percent     int NOT NULL CHECK (percent BETWEEN 0 AND 99),
    from_month  date NOT NULL CHECK (extract(day FROM from_month) = 1),
    until_month date NOT NULL CHECK (extract(day FROM until_month) = 1),
    -- The evidence itself is not kept.
    evidence_on date,
    note        text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
    decided_by  uuid NOT NULL,
    decided_at  timestamptz NOT NULL,
    ended_by    uuid,
    -- Taken back before it held.
    revoked_at  timestamptz,
    version     int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, contract_id) REFERENCES care_contract (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, decided_by) REFERENCES account (tenant_id, id),
    FOREIGN KEY (tenant_id, ended_by) REFERENCES account (tenant_id, id),
    CHECK (until_month > from_month),
    CHECK (evidence_on IS NOT NULL OR reason = 'statute'),
    -- In a month one thing is waived at most.
    EXCLUDE USING gist (tenant_id WITH =, contract_id WITH =, daterange(from_month, until_month) WITH &&) WHERE (revoked_at IS NULL)
);
CREATE INDEX fee_relief_contract_idx ON fee_relief (tenant_id, contract_id);
CREATE INDEX fee_relief_child_idx ON fee_relief (tenant_id, child_id);
CREATE INDEX fee_relief_decided_by_idx ON fee_relief (tenant_id, decided_by);
CREATE INDEX fee_relief_ended_by_idx ON fee_relief (tenant_id, ended_by);
CALL app.protect('fee_relief');
