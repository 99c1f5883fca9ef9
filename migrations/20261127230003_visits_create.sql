-- Appointments to get to know a facility, and the facility's own notes on a preference.

CREATE TABLE facility_visit (
    tenant_id     int NOT NULL,
    id            uuid NOT NULL,
    preference_id uuid NOT NULL,
    starts_at     timestamptz NOT NULL,
    minutes       int NOT NULL CHECK (minutes BETWEEN 5 AND 480),
    place         text NOT NULL CHECK (length(place) BETWEEN 1 AND 200),
    -- Grows with each change, so that a calendar takes over the newest (RFC 5545 SEQUENCE).
    version       int NOT NULL DEFAULT 1,
    planned_by    uuid NOT NULL,
    planned_at    timestamptz NOT NULL,
    cancelled_at  timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, preference_id),
    FOREIGN KEY (tenant_id, preference_id) REFERENCES facility_preference (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, planned_by) REFERENCES account (tenant_id, id)
);
CREATE INDEX facility_visit_planned_by_idx ON facility_visit (tenant_id, planned_by);
CALL app.protect('facility_visit');

CREATE TABLE preference_note (
    tenant_id     int NOT NULL,
    id            uuid NOT NULL,
    preference_id uuid NOT NULL,
    words         text NOT NULL CHECK (length(words) BETWEEN 1 AND 1000),
    written_by    uuid NOT NULL,
    written_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, preference_id) REFERENCES facility_preference (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, written_by) REFERENCES account (tenant_id, id)
);
CREATE INDEX preference_note_preference_idx ON preference_note (tenant_id, preference_id, written_at, id);
CREATE INDEX preference_note_written_by_idx ON preference_note (tenant_id, written_by);
CALL app.protect('preference_note');
