-- Swaps of places: two or three children change places with each other. Everybody answers for their own part; all contracts change in one
-- transaction, or none.

CREATE TABLE place_swap (
    tenant_id   int NOT NULL,
    id          uuid NOT NULL,
    -- 'void': all said yes, and it could not be carried out.
    state       text NOT NULL CHECK (state IN ('open', 'done', 'declined', 'expired', 'void')),
    swap_on     date NOT NULL CHECK (extract(day FROM swap_on) = 1),
    deadline_on date NOT NULL,
    proposed_by uuid,
    created_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, proposed_by) REFERENCES account (tenant_id, id),
    CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE INDEX place_swap_open_idx ON place_swap (tenant_id, state, deadline_on);
CREATE INDEX place_swap_proposed_by_idx ON place_swap (tenant_id, proposed_by);
CALL app.protect('place_swap');

CREATE TABLE place_swap_part (
    tenant_id        int NOT NULL,
    id               uuid NOT NULL,
    swap_id          uuid NOT NULL,
    position         int NOT NULL CHECK (position BETWEEN 1 AND 3),
    contract_id      uuid NOT NULL,
    child_id         uuid NOT NULL,
    preference_id    uuid NOT NULL,
    from_facility_id uuid NOT NULL,
    to_facility_id   uuid NOT NULL,
    -- The family's answer, and that of the facility to which the child would come.
    family_answer    boolean,
    family_at        timestamptz,
    site_answer      boolean,
    site_at          timestamptz,
    site_account     uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, swap_id, position),
    FOREIGN KEY (tenant_id, swap_id) REFERENCES place_swap (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, contract_id) REFERENCES care_contract (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, preference_id) REFERENCES facility_preference (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, from_facility_id) REFERENCES facility (tenant_id, id),
    FOREIGN KEY (tenant_id, to_facility_id) REFERENCES facility (tenant_id, id),
    FOREIGN KEY (tenant_id, site_account) REFERENCES account (tenant_id, id)
);
CREATE INDEX place_swap_part_contract_idx ON place_swap_part (tenant_id, contract_id);
CREATE INDEX place_swap_part_child_idx ON place_swap_part (tenant_id, child_id);
CREATE INDEX place_swap_part_preference_idx ON place_swap_part (tenant_id, preference_id);
CREATE INDEX place_swap_part_from_idx ON place_swap_part (tenant_id, from_facility_id);
CREATE INDEX place_swap_part_to_idx ON place_swap_part (tenant_id, to_facility_id);
CREATE INDEX place_swap_part_site_account_idx ON place_swap_part (tenant_id, site_account);
CALL app.protect('place_swap_part');
