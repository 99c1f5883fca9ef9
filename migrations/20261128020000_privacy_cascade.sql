-- What hangs on a contract, a child or a demand goes with it when its period is over. Signatures are append-only for the application;
-- a cascade is the database's own doing.

ALTER TABLE contract_signature
    DROP CONSTRAINT contract_signature_tenant_id_contract_id_fkey,
    ADD FOREIGN KEY (tenant_id, contract_id) REFERENCES care_contract (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE contract_code
    DROP CONSTRAINT contract_code_tenant_id_contract_id_fkey,
    ADD FOREIGN KEY (tenant_id, contract_id) REFERENCES care_contract (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE group_placement
    DROP CONSTRAINT group_placement_tenant_id_child_id_fkey,
    ADD FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE notice
    DROP CONSTRAINT notice_tenant_id_demand_id_fkey,
    ADD FOREIGN KEY (tenant_id, demand_id) REFERENCES care_demand (tenant_id, id) ON DELETE CASCADE;
ALTER TABLE fee_assessment
    DROP CONSTRAINT fee_assessment_tenant_id_contract_id_fkey,
    DROP CONSTRAINT fee_assessment_tenant_id_child_id_fkey,
    ADD FOREIGN KEY (tenant_id, contract_id) REFERENCES care_contract (tenant_id, id) ON DELETE CASCADE,
    ADD FOREIGN KEY (tenant_id, child_id) REFERENCES child (tenant_id, id) ON DELETE CASCADE;
