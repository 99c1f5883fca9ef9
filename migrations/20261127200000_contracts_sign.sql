-- The way of a contract: sent with the provider's words, signed by every guardian and the provider, given notice, ended.

-- The words of contracts in versions. What was published is never changed; a new version has its own first day.
CREATE TABLE contract_template (
    tenant_id     int NOT NULL REFERENCES tenant (id),
    id            uuid NOT NULL,
    -- NULL: the municipality's own, for providers without one.
    provider_id   uuid,
    number        int NOT NULL CHECK (number > 0),
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    body          text NOT NULL CHECK (length(body) <= 20000),
    -- Whole months of notice to the end of a month.
    notice_months int NOT NULL CHECK (notice_months BETWEEN 0 AND 12),
    state         text NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
    valid_from    date,
    created_by    uuid,
    created_at    timestamptz NOT NULL,
    published_by  uuid,
    published_at  timestamptz,
    version       int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE NULLS NOT DISTINCT (tenant_id, provider_id, number),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES provider (tenant_id, id),
    CHECK (state <> 'published' OR (valid_from IS NOT NULL AND published_at IS NOT NULL))
);
CREATE UNIQUE INDEX contract_template_start_key ON contract_template (tenant_id, provider_id, valid_from) NULLS NOT DISTINCT
    WHERE state = 'published';
CALL app.protect('contract_template');

ALTER TABLE care_contract
    ADD COLUMN settling_in_weeks int NOT NULL DEFAULT 4 CHECK (settling_in_weeks BETWEEN 0 AND 26),
    ADD COLUMN note              text CHECK (length(note) <= 1000),
    -- Set when it is sent: the version of the words, the period of notice, and all of its text as it was read and signed.
    ADD COLUMN template_id       uuid,
    ADD COLUMN notice_months     int CHECK (notice_months BETWEEN 0 AND 12),
    ADD COLUMN document          jsonb,
    ADD COLUMN sent_at           timestamptz,
    -- Set when care began.
    ADD COLUMN began_on          date,
    -- Who gave notice, when and why; care_until is then the day after the last.
    ADD COLUMN notice_by         text CHECK (notice_by IN ('guardians', 'facility', 'transfer')),
    ADD COLUMN notice_at         timestamptz,
    ADD COLUMN notice_account    uuid,
    ADD COLUMN notice_reason     text CHECK (length(notice_reason) <= 500),
    ADD CONSTRAINT care_contract_template_fkey FOREIGN KEY (tenant_id, template_id) REFERENCES contract_template (tenant_id, id),
    ADD CONSTRAINT care_contract_notice_check CHECK ((notice_by IS NULL) = (notice_at IS NULL));
CREATE INDEX care_contract_template_idx ON care_contract (tenant_id, template_id);

-- A child is in one place at a time; a contract that was ended still counts for the days on which it ran.
ALTER TABLE care_contract DROP CONSTRAINT care_contract_tenant_id_child_id_daterange_excl;
ALTER TABLE care_contract ADD CONSTRAINT care_contract_one_place
    EXCLUDE USING gist (tenant_id WITH =, child_id WITH =, daterange(care_from, care_until) WITH &&)
    WHERE (state <> 'terminated' OR began_on IS NOT NULL);

-- Who signed, when and how. The application can add and read, nobody changes.
CREATE TABLE contract_signature (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    contract_id uuid NOT NULL,
    side        text NOT NULL CHECK (side IN ('guardian', 'provider')),
    guardian_id uuid,
    -- As it stood then.
    name        text NOT NULL,
    way         text NOT NULL CHECK (way IN ('code', 'second_factor', 'paper', 'account')),
    signed_on   date NOT NULL,
    -- Who acted; on paper: who recorded it.
    account_id  uuid,
    at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE NULLS NOT DISTINCT (tenant_id, contract_id, side, guardian_id),
    FOREIGN KEY (tenant_id, contract_id) REFERENCES care_contract (tenant_id, id),
    FOREIGN KEY (tenant_id, guardian_id) REFERENCES guardian (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
    CHECK ((side = 'guardian') = (guardian_id IS NOT NULL))
);
CREATE INDEX contract_signature_guardian_idx ON contract_signature (tenant_id, guardian_id);
CREATE INDEX contract_signature_account_idx ON contract_signature (tenant_id, account_id);
CALL app.protect('contract_signature');
REVOKE UPDATE, DELETE ON contract_signature FROM kitaplatz_app;

-- Codes by mail with which a guardian signs: short-lived, few tries, kept as a hash.
CREATE TABLE contract_code (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    contract_id uuid NOT NULL,
    account_id  uuid NOT NULL,
    code_hash   bytea NOT NULL,
    tries       int NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, contract_id) REFERENCES care_contract (tenant_id, id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
);
CREATE INDEX contract_code_contract_idx ON contract_code (tenant_id, contract_id, account_id);
CREATE INDEX contract_code_account_idx ON contract_code (tenant_id, account_id, created_at);
CALL app.protect('contract_code');
