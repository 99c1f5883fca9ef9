-- A municipality's look, versioned settings, legal pages and closing days.

CREATE TABLE tenant_profile (
    tenant_id       int PRIMARY KEY REFERENCES tenant (id),
    office_name     text NOT NULL,
    primary_color   text NOT NULL DEFAULT '#1d4f91' CHECK (primary_color ~ '^#[0-9a-f]{6}$'),
    contact_email   text NOT NULL DEFAULT '',
    contact_phone   text NOT NULL DEFAULT '',
    contact_address text NOT NULL DEFAULT '',
    feedback_email  text NOT NULL DEFAULT '',
    sender_name     text NOT NULL,
    sender_address  text,
    official_header boolean NOT NULL DEFAULT false,
    logo            bytea CHECK (octet_length(logo) <= 204800),
    logo_type       text CHECK (logo_type IN ('image/png', 'image/svg+xml')),
    version         int NOT NULL DEFAULT 1,
    CHECK ((logo IS NULL) = (logo_type IS NULL))
);
CALL app.protect('tenant_profile');

-- Settings are never overwritten: a new version holds from its date on.
CREATE TABLE tenant_settings (
    tenant_id  int NOT NULL REFERENCES tenant (id),
    version    int NOT NULL CHECK (version > 0),
    valid_from date NOT NULL,
    settings   jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    PRIMARY KEY (tenant_id, version)
);
CREATE INDEX tenant_settings_valid_idx ON tenant_settings (tenant_id, valid_from, version);
CALL app.protect('tenant_settings');

CREATE TABLE legal_page (
    tenant_id  int NOT NULL REFERENCES tenant (id),
    kind       text NOT NULL CHECK (kind IN ('imprint', 'privacy', 'accessibility', 'plain_language')),
    language   text NOT NULL,
    title      text NOT NULL,
    body       text NOT NULL,
    updated_at timestamptz NOT NULL,
    version    int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, kind, language)
);
CALL app.protect('legal_page');
