-- The consent for a guest child is withdrawn, or it ends without a new one, while a contract stands. The contract ends by nothing of this:
-- the case is open until a person of the office decides.
CREATE TABLE guest_lapse (
    tenant_id       int NOT NULL,
    id              uuid NOT NULL,
    demand_id       uuid NOT NULL,
    child_id        uuid NOT NULL,
    contract_id     uuid NOT NULL,
    -- First day without the consent.
    lapses_on       date NOT NULL,
    -- ended: nobody withdrew it, its time was over.
    reason          text NOT NULL CHECK (reason IN ('ended', 'own_place', 'costs', 'moved', 'not_said')),
    -- The other municipality's.
    file_number     text CHECK (length(file_number) <= 100),
    decide_by       date NOT NULL,
    -- Null: the daily look noted it.
    noted_by        uuid,
    noted_at        timestamptz NOT NULL,
    decision        text CHECK (decision IN ('own_costs', 'granted_again', 'notice')),
    decided_on      date,
    -- First day without the new consent.
    granted_until   date,
    decision_reason text CHECK (length(decision_reason) <= 1000),
    decided_by      uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, demand_id) REFERENCES guest_case (tenant_id, demand_id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, contract_id) REFERENCES care_contract (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, noted_by) REFERENCES account (tenant_id, id) ON DELETE SET NULL (noted_by),
    FOREIGN KEY (tenant_id, decided_by) REFERENCES account (tenant_id, id) ON DELETE SET NULL (decided_by),
    CHECK ((decision IS NULL) = (decided_on IS NULL)),
    CHECK (granted_until IS NULL OR decision = 'granted_again')
);
CREATE INDEX guest_lapse_demand_idx ON guest_lapse (tenant_id, demand_id);
-- One at a time is open.
CREATE UNIQUE INDEX guest_lapse_open_idx ON guest_lapse (tenant_id, demand_id) WHERE decision IS NULL;
CREATE INDEX guest_lapse_child_idx ON guest_lapse (tenant_id, child_id);
CREATE INDEX guest_lapse_contract_idx ON guest_lapse (tenant_id, contract_id);
CREATE INDEX guest_lapse_noted_by_idx ON guest_lapse (tenant_id, noted_by);
CREATE INDEX guest_lapse_decided_by_idx ON guest_lapse (tenant_id, decided_by);
CALL app.protect('guest_lapse');
