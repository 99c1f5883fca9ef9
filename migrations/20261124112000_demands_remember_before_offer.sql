-- A revoked offer gives the preference back to the state it had before; so an offered preference remembers it.

ALTER TABLE facility_preference
    ADD COLUMN offered_from text CHECK (offered_from IN ('received', 'under_review', 'invited', 'waitlisted')),
    ADD CHECK (state <> 'offered' OR offered_from IS NOT NULL);
