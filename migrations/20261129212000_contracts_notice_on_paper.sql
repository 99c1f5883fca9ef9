-- The notice of a family without an account: on which day the paper arrived, from which its period counts, and how. When it was entered
-- and by whom stands in notice_at and notice_account.
ALTER TABLE care_contract
    ADD COLUMN notice_received_on date,
    ADD COLUMN notice_told_by     text;
ALTER TABLE care_contract
    ADD CONSTRAINT care_contract_notice_told_check
        CHECK ((notice_received_on IS NULL) = (notice_told_by IS NULL) AND notice_told_by IN ('letter', 'in_person')
               AND (notice_received_on IS NULL OR notice_by IS NOT NULL)) NOT VALID;
ALTER TABLE care_contract VALIDATE CONSTRAINT care_contract_notice_told_check;
