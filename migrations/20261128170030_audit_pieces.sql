-- How far a look through a long chain has come that takes more than one turn of its job. One at a time for a tenant.
CREATE TABLE audit_progress (
    tenant_id  int NOT NULL REFERENCES tenant (id),
    begun_at   timestamptz NOT NULL,
    -- The head when it began: what is sealed later is the next look's.
    until_seq  bigint NOT NULL,
    until_hash bytea NOT NULL,
    -- The last link that was followed.
    seq        bigint NOT NULL,
    hash       bytea NOT NULL,
    latest     timestamptz,
    -- Once the links are done: the last event that was compared with its link.
    after_at   timestamptz,
    after_id   uuid,
    events     bigint NOT NULL,
    PRIMARY KEY (tenant_id),
    CHECK ((after_at IS NULL) = (after_id IS NULL))
);
CALL app.protect('audit_progress');
