-- What facilities and childminders enter for the youth-welfare statistics of a key date, because nothing else here knows it.

-- Of the house and of who works there: nobody's name.
CREATE TABLE survey_entry (
    tenant_id        int NOT NULL,
    facility_id      uuid NOT NULL,
    key_date         date NOT NULL CHECK (extract(month FROM key_date) = 3 AND extract(day FROM key_date) = 1),
    -- Null: only something of the children was entered yet.
    entry            jsonb,
    updated_at       timestamptz NOT NULL,
    version          int NOT NULL DEFAULT 0,
    -- The list of the children is written by itself.
    children_version int NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, facility_id, key_date),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id) ON DELETE CASCADE
);
CALL app.protect('survey_entry');

-- Of single children: origin, language and help are special categories (Art. 9 GDPR). Sealed by the application; tenant, facility, key
-- date and child are part of the seal. They go soon after the key date, by a period of their own.
CREATE TABLE survey_child (
    tenant_id   int NOT NULL,
    facility_id uuid NOT NULL,
    key_date    date NOT NULL,
    child_id    uuid NOT NULL,
    answers     bytea NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, facility_id, key_date, child_id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX survey_child_child_idx ON survey_child (tenant_id, child_id);
CALL app.protect('survey_child');

ALTER TABLE retention_log
    DROP CONSTRAINT retention_log_class_check,
    ADD CHECK (class IN ('care_sheet', 'survey', 'draft', 'mandate', 'unserved', 'served', 'decision', 'family', 'account', 'undelivered', 'sent', 'audit', 'job'));
