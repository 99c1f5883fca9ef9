-- Changes of an agreed contract: each is a version of its terms from a day on, drafted by the provider and signed by both sides as the
-- contract itself was. What was agreed before stays as it is.

CREATE TABLE contract_amendment (
    tenant_id      int NOT NULL,
    id             uuid NOT NULL,
    contract_id    uuid NOT NULL,
    number         int NOT NULL CHECK (number > 0),
    -- 'terminated': it was let be before both had signed.
    state          text NOT NULL CHECK (state IN ('drafted', 'sent', 'signed_by_guardians', 'signed_by_provider', 'terminated')),
    valid_from     date NOT NULL,
    -- First day on which the place is free again.
    care_until     date NOT NULL,
    hours_per_week int NOT NULL CHECK (hours_per_week BETWEEN 1 AND 60),
    window_from    time,
    window_to      time,
    -- The child goes to this group on that day; empty: it stays where it is.
    group_id       uuid,
    note           text CHECK (length(note) <= 1000),
    -- All that it says, as it was sent and signed.
    document       jsonb,
    created_by     uuid,
    created_at     timestamptz NOT NULL,
    sent_at        timestamptz,
    agreed_at      timestamptz,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, contract_id, number),
    FOREIGN KEY (tenant_id, contract_id) REFERENCES care_contract (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, group_id) REFERENCES care_group (tenant_id, id) ON DELETE SET NULL (group_id),
    FOREIGN KEY (tenant_id, created_by) REFERENCES account (tenant_id, id),
    CHECK (care_until > valid_from),
    CHECK ((state = 'signed_by_provider') = (agreed_at IS NOT NULL))
);
-- One at a time: the next one begins from what this one agrees.
CREATE UNIQUE INDEX contract_amendment_open_key ON contract_amendment (tenant_id, contract_id)
    WHERE state IN ('drafted', 'sent', 'signed_by_guardians');
CREATE INDEX contract_amendment_group_idx ON contract_amendment (tenant_id, group_id);
CREATE INDEX contract_amendment_created_by_idx ON contract_amendment (tenant_id, created_by);
CALL app.protect('contract_amendment');

-- A signature or a code is for the contract itself, or for one change of it.
ALTER TABLE contract_signature
    ADD COLUMN amendment_id uuid,
    DROP CONSTRAINT contract_signature_tenant_id_contract_id_side_guardian_id_key,
    ADD CONSTRAINT contract_signature_once_key UNIQUE NULLS NOT DISTINCT (tenant_id, contract_id, amendment_id, side, guardian_id),
    ADD FOREIGN KEY (tenant_id, amendment_id) REFERENCES contract_amendment (tenant_id, id) ON DELETE CASCADE;
CREATE INDEX contract_signature_amendment_idx ON contract_signature (tenant_id, amendment_id);

-- Signatures that are missing are asked for again; how often, and when last.
ALTER TABLE care_contract
    ADD COLUMN reminders   int NOT NULL DEFAULT 0 CHECK (reminders BETWEEN 0 AND 9),
    ADD COLUMN reminded_on date;

-- The terms of a contract that hold on a day.
CREATE FUNCTION app.terms_on(of_tenant int, of_contract uuid, day date)
RETURNS TABLE (hours_per_week int, window_from time, window_to time)
LANGUAGE sql STABLE AS $$
    SELECT v.hours_per_week, v.window_from, v.window_to
      FROM (SELECT 0 AS number, k.hours_per_week, k.window_from, k.window_to
              FROM care_contract k
             WHERE k.tenant_id = of_tenant AND k.id = of_contract
             UNION ALL
            SELECT a.number, a.hours_per_week, a.window_from, a.window_to
              FROM contract_amendment a
             WHERE a.tenant_id = of_tenant AND a.contract_id = of_contract AND a.state = 'signed_by_provider' AND a.valid_from <= day) v
     ORDER BY v.number DESC
     LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION app.terms_on(int, uuid, date) TO kitaplatz_app;
