-- Notices about parent fees and about a childminder's licence go the way of those on an asserted claim. What a notice is about: the demand
-- of a child, a fee (with the demand of its contract, so that family and file find it as they find the others), or a childminder.

ALTER TABLE notice_template
    DROP CONSTRAINT notice_template_kind_check,
    ADD CONSTRAINT notice_template_kind_check
        CHECK (kind IN ('refusal', 'assignment', 'fee', 'licence_grant', 'licence_refusal', 'licence_end'));

ALTER TABLE notice
    ALTER COLUMN demand_id DROP NOT NULL,
    ADD COLUMN fee_id uuid,
    -- The notice of the same contract that was the last before this one; it takes over from its own first month.
    ADD COLUMN replaces_id uuid,
    -- The calculation as it was when the notice was drafted: periods, facts, grounds.
    ADD COLUMN sums jsonb,
    ADD COLUMN licence_from date,
    -- Last day: of the licence that is granted, or of the one that is ended.
    ADD COLUMN licence_until date,
    ADD COLUMN licence_places int CHECK (licence_places BETWEEN 1 AND 5),
    ADD COLUMN licence_total int CHECK (licence_total BETWEEN 1 AND 20 AND licence_total >= licence_places),
    -- A fee notice from the time before a second person approved them.
    ADD COLUMN taken_over boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT notice_kind_check,
    ADD CONSTRAINT notice_kind_check CHECK (kind IN ('refusal', 'assignment', 'fee', 'licence_grant', 'licence_refusal', 'licence_end')),
    DROP CONSTRAINT notice_check,
    DROP CONSTRAINT notice_check2,
    ADD CONSTRAINT notice_subject_check CHECK (
        CASE WHEN kind IN ('licence_grant', 'licence_refusal', 'licence_end') THEN demand_id IS NULL AND fee_id IS NULL AND facility_id IS NOT NULL
             WHEN kind = 'fee' THEN demand_id IS NOT NULL AND fee_id IS NOT NULL AND facility_id IS NULL
             ELSE demand_id IS NOT NULL AND fee_id IS NULL AND (kind = 'assignment') = (facility_id IS NOT NULL) END),
    ADD CONSTRAINT notice_sums_check CHECK ((kind = 'fee') = (sums IS NOT NULL) AND (kind = 'fee' OR replaces_id IS NULL)),
    ADD CONSTRAINT notice_licence_check CHECK (
        (kind = 'licence_grant') = (licence_from IS NOT NULL) AND (kind = 'licence_grant') = (licence_places IS NOT NULL)
        AND (kind IN ('licence_grant', 'licence_end')) = (licence_until IS NOT NULL) AND licence_until > licence_from
        AND (kind = 'licence_grant' OR licence_total IS NULL)),
    ADD CONSTRAINT notice_approved_check CHECK ((state = 'drafted' OR taken_over) = (approved_by IS NULL)),
    ADD CONSTRAINT notice_taken_over_check CHECK (NOT taken_over OR (kind = 'fee' AND posted_on IS NOT NULL)),
    ADD UNIQUE (tenant_id, fee_id),
    ADD FOREIGN KEY (tenant_id, fee_id) REFERENCES fee_assessment (tenant_id, id) ON DELETE CASCADE,
    ADD FOREIGN KEY (tenant_id, replaces_id) REFERENCES notice (tenant_id, id) ON DELETE SET NULL (replaces_id);
CREATE INDEX notice_replaces_idx ON notice (tenant_id, replaces_id);

-- A fee has its file number from the draft of its notice on.
ALTER TABLE fee_assessment
    DROP CONSTRAINT fee_assessment_check2,
    ADD CONSTRAINT fee_assessment_number_check CHECK (state = 'drafted' OR file_serial IS NOT NULL);
