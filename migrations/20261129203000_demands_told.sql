-- What a family without an account said on the telephone, by letter or in person: who entered it stands in the line of the history
-- already; here stand the day on which it was said, and the way.
ALTER TABLE demand_event
    ADD COLUMN told_on date,
    ADD COLUMN told_by text;
ALTER TABLE demand_event
    ADD CONSTRAINT demand_event_told_check
        CHECK ((told_on IS NULL) = (told_by IS NULL) AND told_by IN ('phone', 'letter', 'in_person')) NOT VALID;
ALTER TABLE demand_event VALIDATE CONSTRAINT demand_event_told_check;

-- Whether anybody who has custody of the child on a day has an account. Who has none answers on the telephone or by letter.
CREATE FUNCTION app.has_account(of_tenant int, of_child uuid, day date) RETURNS bool
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1
                     FROM custody c
                     JOIN guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
                    WHERE c.tenant_id = of_tenant AND c.child_id = of_child AND g.account_id IS NOT NULL
                      AND c.valid_from <= day AND (c.valid_to IS NULL OR c.valid_to > day))
$$;
GRANT EXECUTE ON FUNCTION app.has_account(int, uuid, date) TO kitaplatz_app;

-- Whether the family, which gets letters, let all of them go without an answer whether it still needs the place.
CREATE FUNCTION app.is_unanswered(d care_demand) RETURNS bool
LANGUAGE sql STABLE AS $$
    SELECT d.state IN ('submitted', 'confirmed', 'in_allocation')
       AND EXISTS (SELECT 1
                     FROM demand_event e
                    WHERE e.tenant_id = d.tenant_id AND e.demand_id = d.id AND e.kind = 'renewal_unanswered' AND e.at >= d.updated_at)
$$;
GRANT EXECUTE ON FUNCTION app.is_unanswered(care_demand) TO kitaplatz_app;
