-- Accounts, sessions, memberships, one-time tokens, keys of machine clients.

CREATE TABLE account (
    tenant_id          int NOT NULL REFERENCES tenant (id),
    id                 uuid NOT NULL,
    email              text NOT NULL CHECK (email = lower(email) AND length(email) <= 254),
    email_confirmed_at timestamptz,
    password_hash      text,
    kind               text NOT NULL CHECK (kind IN ('parent', 'staff')),
    display_name       text CHECK (length(display_name) <= 120),
    language           text NOT NULL DEFAULT 'de',
    totp_secret        bytea,
    totp_enabled_at    timestamptz,
    totp_last_step     bigint NOT NULL DEFAULT 0,
    recovery_codes     bytea[] NOT NULL DEFAULT '{}',
    state              text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'closed')),
    created_at         timestamptz NOT NULL,
    version            int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
-- A closed account frees its address.
CREATE UNIQUE INDEX account_email_key ON account (tenant_id, email) WHERE state <> 'closed';
CALL app.protect('account');

CREATE TABLE session (
    tenant_id    int NOT NULL,
    id           uuid NOT NULL,
    token_hash   bytea NOT NULL,
    account_id   uuid NOT NULL,
    user_agent   text NOT NULL DEFAULT '',
    second_factor boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
);
CREATE INDEX session_account_idx ON session (tenant_id, account_id);
CALL app.protect('session');

CREATE TABLE account_token (
    tenant_id  int NOT NULL,
    id         uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('confirm', 'reset', 'email_change', 'invitation', 'guardian_invitation', 'claim')),
    token_hash bytea NOT NULL,
    account_id uuid,
    email      text NOT NULL,
    payload    jsonb NOT NULL DEFAULT '{}',
    created_by uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id)
);
CREATE INDEX account_token_account_idx ON account_token (tenant_id, account_id);
CREATE INDEX account_token_kind_idx ON account_token (tenant_id, kind, email);
CALL app.protect('account_token');

CREATE TABLE api_key (
    tenant_id    int NOT NULL REFERENCES tenant (id),
    id           uuid NOT NULL,
    name         text NOT NULL,
    prefix       text NOT NULL,
    key_hash     bytea NOT NULL,
    scopes       text[] NOT NULL,
    created_by   uuid,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key_hash)
);
CALL app.protect('api_key');
