-- Whether the children of a family go to one facility is the family's to say. The answer stands with each demand of theirs; where they
-- differ, because one came later, the newest counts.
ALTER TABLE care_demand
    ADD COLUMN siblings text,
    ADD COLUMN siblings_said_at timestamptz;
ALTER TABLE care_demand
    ADD CONSTRAINT care_demand_siblings_check
        CHECK ((siblings IS NULL) = (siblings_said_at IS NULL) AND siblings IN ('required', 'preferred', 'independent')) NOT VALID;
ALTER TABLE care_demand VALIDATE CONSTRAINT care_demand_siblings_check;

-- How the children of the family are placed in this round, as it was frozen. Rounds that were frozen before have what was set for all; the
-- moment is that of the family's answer, and missing where what was set for all counts.
ALTER TABLE round_case
    ADD COLUMN siblings text,
    ADD COLUMN siblings_said_at timestamptz;
ALTER TABLE round_case
    ADD CONSTRAINT round_case_siblings_check
        CHECK ((siblings IS NOT NULL OR siblings_said_at IS NULL) AND siblings IN ('required', 'preferred', 'independent')) NOT VALID;
ALTER TABLE round_case VALIDATE CONSTRAINT round_case_siblings_check;
