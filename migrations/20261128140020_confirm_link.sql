-- Links of the monthly mail with which whoever runs a facility says, without signing in, that its places are right. Only a hash is kept.

CREATE TABLE confirm_link (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    facility_id uuid NOT NULL,
    account_id  uuid NOT NULL,
    token_hash  bytea NOT NULL,
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX confirm_link_facility_idx ON confirm_link (tenant_id, facility_id);
CREATE INDEX confirm_link_account_idx ON confirm_link (tenant_id, account_id);
CALL app.protect('confirm_link');
