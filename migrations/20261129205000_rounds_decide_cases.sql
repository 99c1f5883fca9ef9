-- A named person decides about a case in which something grave is to be looked at. The decision stands as long as the same is proposed to
-- the child; a run that proposes something else takes it away.
ALTER TABLE case_proposal
    ADD COLUMN decided_by uuid,
    ADD COLUMN decided_at timestamptz,
    ADD COLUMN decision_note text CHECK (length(decision_note) <= 1000),
    ADD CONSTRAINT case_proposal_decided CHECK ((decided_by IS NULL) = (decided_at IS NULL) AND (decision_note IS NULL OR decided_by IS NOT NULL)),
    ADD FOREIGN KEY (tenant_id, decided_by) REFERENCES account (tenant_id, id);
CREATE INDEX case_proposal_decided_by_idx ON case_proposal (tenant_id, decided_by) WHERE decided_by IS NOT NULL;
