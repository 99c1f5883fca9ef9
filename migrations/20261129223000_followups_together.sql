-- Siblings who go only together are offered their places at once: the offer to the second one goes with that to the first, whose place in
-- the order decided. No foreign key: each is forgotten when its own offer is over.

ALTER TABLE followup_decision
    ADD COLUMN goes_with uuid,
    DROP CONSTRAINT followup_decision_check,
    ADD CONSTRAINT followup_decision_check
        CHECK (position = 1 OR goes_with IS NOT NULL OR (reason IS NOT NULL AND note IS NOT NULL AND decided_by IS NOT NULL));
