-- The municipality's extract of the register of residents, and what comparing a child with it gave.

CREATE TABLE register_list (
    tenant_id   int NOT NULL REFERENCES tenant (id),
    entries     int NOT NULL CHECK (entries >= 0),
    uploaded_by uuid NOT NULL,
    uploaded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id),
    FOREIGN KEY (tenant_id, uploaded_by) REFERENCES account (tenant_id, id)
);
CREATE INDEX register_list_account_idx ON register_list (tenant_id, uploaded_by);
CALL app.protect('register_list');

-- What is needed to find a child and no more; replaced as a whole by the next list, and deleted when it is old.
CREATE TABLE register_entry (
    tenant_id   int NOT NULL REFERENCES tenant (id),
    id          uuid NOT NULL,
    birth_date  date NOT NULL,
    last_name   text NOT NULL CHECK (length(last_name) <= 200),
    first_names text NOT NULL CHECK (length(first_names) <= 200),
    postal_code text CHECK (postal_code ~ '^[0-9]{5}$'),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX register_entry_birth_idx ON register_entry (tenant_id, birth_date);
CALL app.protect('register_entry');

CREATE TABLE register_check (
    tenant_id  int NOT NULL,
    id         uuid NOT NULL,
    demand_id  uuid NOT NULL,
    result     text NOT NULL CHECK (result IN ('match', 'no_match', 'several', 'unavailable', 'pending')),
    -- The adapter that was asked.
    source     text NOT NULL,
    at         timestamptz NOT NULL,
    -- Empty where the municipality's rule asked by itself.
    checked_by uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, checked_by) REFERENCES account (tenant_id, id)
);
CREATE INDEX register_check_demand_idx ON register_check (tenant_id, demand_id, at, id);
CREATE INDEX register_check_account_idx ON register_check (tenant_id, checked_by);
CALL app.protect('register_check');
