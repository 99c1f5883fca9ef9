-- Until its contract is signed a child that has a place may get a wish that its family likes better. It keeps what it has until it accepts.
CREATE TABLE case_improvement (
    tenant_id          int NOT NULL,
    case_id            uuid NOT NULL,
    -- The run after the release that gave it the better place.
    run_id             uuid NOT NULL,
    round_id           uuid NOT NULL,
    pool               text NOT NULL,
    preference_id      uuid NOT NULL,
    -- What that run says wish by wish; it takes the place of what the case says when the family accepts.
    codes              json NOT NULL,
    -- The place that is kept until then.
    kept_offer_id      uuid NOT NULL,
    kept_preference_id uuid NOT NULL,
    -- left: when its turn came, the child had no unsigned place any more.
    state              text NOT NULL DEFAULT 'waiting'
                       CHECK (state IN ('waiting', 'offered', 'accepted', 'declined', 'expired', 'revoked', 'not_sent', 'left')),
    -- Why it could not be offered.
    reason             text,
    offer_id           uuid,
    PRIMARY KEY (tenant_id, case_id, run_id),
    FOREIGN KEY (tenant_id, case_id) REFERENCES round_case (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, run_id) REFERENCES allocation_run (tenant_id, id),
    FOREIGN KEY (tenant_id, round_id) REFERENCES allocation_round (tenant_id, id),
    FOREIGN KEY (tenant_id, kept_offer_id) REFERENCES place_offer (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, offer_id) REFERENCES place_offer (tenant_id, id) ON DELETE CASCADE,
    CHECK (state NOT IN ('offered', 'accepted', 'declined', 'expired', 'revoked') OR offer_id IS NOT NULL)
);
-- One at a time: whoever is asked answers before a still better wish is offered.
CREATE UNIQUE INDEX case_improvement_open_key ON case_improvement (tenant_id, case_id) WHERE state IN ('waiting', 'offered');
CREATE UNIQUE INDEX case_improvement_offer_key ON case_improvement (tenant_id, offer_id) WHERE offer_id IS NOT NULL;
CREATE INDEX case_improvement_kept_idx ON case_improvement (tenant_id, kept_offer_id);
CREATE INDEX case_improvement_run_idx ON case_improvement (tenant_id, run_id);
CREATE INDEX case_improvement_round_idx ON case_improvement (tenant_id, round_id);
CALL app.protect('case_improvement');

-- Rounds that were announced before there was a choice keep what was announced: a place that comes back goes to those who wait.
ALTER TABLE allocation_round NO FORCE ROW LEVEL SECURITY;
UPDATE allocation_round SET config = config || '{"after_release": "fill_only"}';
ALTER TABLE allocation_round FORCE ROW LEVEL SECURITY;
