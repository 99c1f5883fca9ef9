-- The outbox: one row a message, written in the transaction of the change it tells about; sent by a job, one mail a job.

CREATE TABLE notification (
    tenant_id    int NOT NULL REFERENCES tenant (id),
    id           uuid NOT NULL,
    kind         text NOT NULL,
    language     text NOT NULL,
    channel      text NOT NULL CHECK (channel IN ('mail', 'letter')),
    account_id   uuid,
    guardian_id  uuid,
    demand_id    uuid,
    to_address   text,
    context      jsonb NOT NULL,
    message_id   text NOT NULL,
    state        text NOT NULL CHECK (state IN ('queued', 'sent', 'dead', 'to_print', 'printed')),
    attempts     int NOT NULL DEFAULT 0,
    last_error   text,
    created_at   timestamptz NOT NULL,
    sent_at      timestamptz,
    printed_at   timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, message_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
    FOREIGN KEY (tenant_id, guardian_id) REFERENCES guardian (tenant_id, id),
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id) ON DELETE CASCADE,
    CHECK ((channel = 'mail') = (to_address IS NOT NULL)),
    CHECK ((channel = 'letter') = (state IN ('to_print', 'printed')))
);
CREATE INDEX notification_state_idx ON notification (tenant_id, state, created_at, id);
CREATE INDEX notification_account_idx ON notification (tenant_id, account_id);
CREATE INDEX notification_guardian_idx ON notification (tenant_id, guardian_id);
CREATE INDEX notification_demand_idx ON notification (tenant_id, demand_id);
CALL app.protect('notification');
