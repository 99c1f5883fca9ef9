-- What a facility must know of a child each day: who may pick it up, and what it must not eat or touch. Health data: sealed by the
-- application (tenant and child are part of the seal), only with consent, and only while there is a contract.

CREATE TABLE care_sheet (
    tenant_id         int NOT NULL,
    child_id          uuid NOT NULL,
    sheet             bytea NOT NULL,
    -- Since when the family agrees that health data stand in it; without, there are none.
    health_consent_at timestamptz,
    updated_at        timestamptz NOT NULL,
    version           int NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, child_id),
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE
);
CALL app.protect('care_sheet');

ALTER TABLE retention_log
    DROP CONSTRAINT retention_log_class_check,
    ADD CHECK (class IN ('care_sheet', 'draft', 'unserved', 'served', 'decision', 'family', 'account', 'undelivered', 'sent', 'audit', 'job'));
