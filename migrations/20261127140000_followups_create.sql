-- Who was next for a vacancy when a place was offered, and why another one got it. The application can add and read, nobody changes.

CREATE TABLE followup_decision (
    tenant_id     int NOT NULL,
    id            uuid NOT NULL,
    offer_id      uuid NOT NULL,
    preference_id uuid NOT NULL,
    facility_id   uuid NOT NULL,
    age_band      text NOT NULL CHECK (age_band IN ('under3', 'over3', 'school_age')),
    free_from     date NOT NULL,
    -- The place in the order of those for whom the vacancy is something, from 1.
    position      int NOT NULL CHECK (position >= 1),
    -- The list as it stood at that moment: order, points, and why somebody was passed over.
    list          text NOT NULL,
    reason        text CHECK (reason IN ('court_order', 'hardship', 'inclusion', 'siblings_together', 'group_mix', 'data_error')),
    note          text,
    -- Empty where the municipality's rule offered to the next by itself.
    decided_by    uuid,
    at            timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, offer_id),
    FOREIGN KEY (tenant_id, offer_id) REFERENCES place_offer (tenant_id, id),
    FOREIGN KEY (tenant_id, preference_id) REFERENCES facility_preference (tenant_id, id),
    FOREIGN KEY (tenant_id, facility_id) REFERENCES facility (tenant_id, id),
    FOREIGN KEY (tenant_id, decided_by) REFERENCES account (tenant_id, id),
    -- Whoever leaves the order says why, and is known.
    CHECK (position = 1 OR (reason IS NOT NULL AND note IS NOT NULL AND decided_by IS NOT NULL))
);
CREATE INDEX followup_decision_preference_idx ON followup_decision (tenant_id, preference_id);
CREATE INDEX followup_decision_facility_idx ON followup_decision (tenant_id, facility_id, at, id);
CREATE INDEX followup_decision_decided_by_idx ON followup_decision (tenant_id, decided_by);
CALL app.protect('followup_decision');
REVOKE UPDATE, DELETE ON followup_decision FROM kitaplatz_app;
