-- That the proof of protection against measles was shown (§ 20(9) IfSG): the day and who saw it, no document.
ALTER TABLE care_contract
    ADD COLUMN measles_shown_on date,
    ADD COLUMN measles_seen_by  uuid,
    ADD CONSTRAINT care_contract_measles_check CHECK ((measles_shown_on IS NULL) = (measles_seen_by IS NULL));
