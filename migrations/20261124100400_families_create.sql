-- Households, guardians, children, custody with validity, siblings.

CREATE TABLE household (
    tenant_id         int NOT NULL REFERENCES tenant (id),
    id                uuid NOT NULL,
    street            text NOT NULL,
    house_number      text NOT NULL,
    postal_code       text NOT NULL,
    city              text NOT NULL,
    district          text,
    address_protected boolean NOT NULL DEFAULT false,
    version           int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CALL app.protect('household');

CREATE TABLE guardian (
    tenant_id    int NOT NULL,
    id           uuid NOT NULL,
    account_id   uuid,
    household_id uuid,
    first_name   text NOT NULL CHECK (length(first_name) BETWEEN 1 AND 100),
    last_name    text NOT NULL CHECK (length(last_name) BETWEEN 1 AND 100),
    -- Only for families without an account (paper or phone intake).
    email        text,
    phone        text,
    language     text NOT NULL DEFAULT 'de',
    version      int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, account_id),
    FOREIGN KEY (tenant_id, account_id) REFERENCES account (tenant_id, id),
    FOREIGN KEY (tenant_id, household_id) REFERENCES household (tenant_id, id)
);
CREATE INDEX guardian_household_idx ON guardian (tenant_id, household_id);
CALL app.protect('guardian');

-- An unborn child has an expected date of birth and needs no name and no sex.
CREATE TABLE child (
    tenant_id           int NOT NULL,
    id                  uuid NOT NULL,
    household_id        uuid,
    first_name          text CHECK (length(first_name) BETWEEN 1 AND 100),
    last_name           text CHECK (length(last_name) BETWEEN 1 AND 100),
    sex                 text CHECK (sex IN ('female', 'male', 'diverse')),
    birth_date          date,
    expected_birth_date date,
    created_at          timestamptz NOT NULL,
    version             int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, household_id) REFERENCES household (tenant_id, id),
    CHECK (birth_date IS NOT NULL OR expected_birth_date IS NOT NULL)
);
CREATE INDEX child_household_idx ON child (tenant_id, household_id);
CALL app.protect('child');

CREATE TABLE custody (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    child_id    uuid NOT NULL,
    guardian_id uuid NOT NULL,
    valid_from  date NOT NULL,
    -- First day on which it no longer holds.
    valid_to    date,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, guardian_id) REFERENCES guardian (tenant_id, id),
    CHECK (valid_to > valid_from),
    EXCLUDE USING gist (tenant_id WITH =, child_id WITH =, guardian_id WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX custody_child_idx ON custody (tenant_id, child_id);
CREATE INDEX custody_guardian_idx ON custody (tenant_id, guardian_id);
CALL app.protect('custody');

CREATE TABLE sibling_link (
    tenant_id  int NOT NULL,
    child_id   uuid NOT NULL,
    sibling_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, child_id, sibling_id),
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, sibling_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE,
    CHECK (child_id < sibling_id)
);
CREATE INDEX sibling_link_sibling_idx ON sibling_link (tenant_id, sibling_id);
CALL app.protect('sibling_link');
