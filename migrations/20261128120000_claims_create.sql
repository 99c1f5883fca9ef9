-- Families and demands from another system, and the codes with which a family takes over what was entered for it without an account.

-- How the municipality's list is read: which column is what. No personal data.
CREATE TABLE family_import_mapping (
    tenant_id  int NOT NULL REFERENCES tenant (id),
    mapping    jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    version    int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id)
);
CALL app.protect('family_import_mapping');

-- Which demand came from which row: a second run of the same list finds it here and changes nothing.
CREATE TABLE imported_demand (
    tenant_id        int NOT NULL,
    source_id        text NOT NULL CHECK (length(source_id) BETWEEN 1 AND 100),
    family_source_id text CHECK (length(family_source_id) BETWEEN 1 AND 100),
    row_hash         bytea NOT NULL,
    demand_id        uuid NOT NULL,
    guardian_id      uuid NOT NULL,
    imported_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, source_id),
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, guardian_id) REFERENCES guardian (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX imported_demand_family_idx ON imported_demand (tenant_id, family_source_id);
CREATE INDEX imported_demand_demand_idx ON imported_demand (tenant_id, demand_id);
CREATE INDEX imported_demand_guardian_idx ON imported_demand (tenant_id, guardian_id);
CALL app.protect('imported_demand');

-- A code of a letter. Only a hash is kept.
CREATE TABLE claim_code (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    guardian_id uuid NOT NULL,
    code_hash   bytea NOT NULL,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz,
    revoked_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code_hash),
    FOREIGN KEY (tenant_id, guardian_id) REFERENCES guardian (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX claim_code_guardian_idx ON claim_code (tenant_id, guardian_id);
CALL app.protect('claim_code');
