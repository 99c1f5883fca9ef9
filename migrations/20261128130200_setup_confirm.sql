-- What an administrator looked at and took over as it stands, where nothing else shows it: defaults that fit.
CREATE TABLE setup_confirmation (
    tenant_id    int NOT NULL REFERENCES tenant (id),
    step         text NOT NULL CHECK (step IN ('settings', 'retention')),
    confirmed_by uuid NOT NULL,
    confirmed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, step),
    FOREIGN KEY (tenant_id, confirmed_by) REFERENCES account (tenant_id, id)
);
CREATE INDEX setup_confirmation_confirmed_by_idx ON setup_confirmation (tenant_id, confirmed_by);
CALL app.protect('setup_confirmation');
