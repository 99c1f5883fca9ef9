-- Links of mails with which a family says, without signing in, that it still needs the place. Only a hash is kept.

CREATE TABLE renewal_link (
    tenant_id  int NOT NULL,
    id         uuid NOT NULL,
    demand_id  uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX renewal_link_demand_idx ON renewal_link (tenant_id, demand_id);
CALL app.protect('renewal_link');
