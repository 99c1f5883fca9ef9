-- The named filters of a person, in one document: they follow whoever works on two machines. Never what somebody searched for by name.

CREATE TABLE saved_views (
    tenant_id  int NOT NULL,
    account_id uuid NOT NULL,
    views      jsonb NOT NULL CHECK (jsonb_typeof(views) = 'object'),
    version    int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id) ON DELETE CASCADE
);
CALL app.protect('saved_views');
