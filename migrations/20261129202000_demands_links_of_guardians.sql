-- A link of a mail is of the guardian who got it and holds while that person has custody. Those that were sent before are of nobody and
-- hold no longer: the reminders bring new ones.

CREATE TABLE followup_link (
    tenant_id   int NOT NULL,
    followup_id uuid NOT NULL,
    guardian_id uuid NOT NULL,
    token_hash  bytea NOT NULL,
    PRIMARY KEY (tenant_id, followup_id, guardian_id),
    UNIQUE (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, followup_id) REFERENCES followup_demand (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, guardian_id) REFERENCES guardian (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX followup_link_guardian_idx ON followup_link (tenant_id, guardian_id);
CALL app.protect('followup_link');

ALTER TABLE followup_demand NO FORCE ROW LEVEL SECURITY;
UPDATE followup_demand SET reminded_on = NULL WHERE state = 'proposed';
ALTER TABLE followup_demand FORCE ROW LEVEL SECURITY;
ALTER TABLE followup_demand DROP COLUMN token_hash;

ALTER TABLE renewal_link NO FORCE ROW LEVEL SECURITY;
DELETE FROM renewal_link;
ALTER TABLE renewal_link FORCE ROW LEVEL SECURITY;
ALTER TABLE renewal_link ADD COLUMN guardian_id uuid NOT NULL,
    ADD FOREIGN KEY (tenant_id, guardian_id) REFERENCES guardian (tenant_id, id) ON DELETE CASCADE;
CREATE INDEX renewal_link_guardian_idx ON renewal_link (tenant_id, guardian_id);
