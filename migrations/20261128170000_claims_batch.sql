-- Letters with codes by the hundred: who is in a file. The codes themselves are made when the file is set, and stand in it alone.
CREATE TABLE claim_batch (
    tenant_id     int NOT NULL REFERENCES tenant (id),
    id            uuid NOT NULL,
    only_imported boolean NOT NULL,
    created_at    timestamptz NOT NULL,
    -- When its letters were last set; until then nobody of it has a code.
    written_at    timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CALL app.protect('claim_batch');

CREATE TABLE claim_batch_member (
    tenant_id   int NOT NULL,
    batch_id    uuid NOT NULL,
    guardian_id uuid NOT NULL,
    demand_id   uuid NOT NULL,
    PRIMARY KEY (tenant_id, batch_id, guardian_id),
    FOREIGN KEY (tenant_id, batch_id) REFERENCES claim_batch (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, guardian_id) REFERENCES guardian (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX claim_batch_member_guardian_idx ON claim_batch_member (tenant_id, guardian_id);
CREATE INDEX claim_batch_member_demand_idx ON claim_batch_member (tenant_id, demand_id);
CALL app.protect('claim_batch_member');
