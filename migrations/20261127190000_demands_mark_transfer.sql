-- A child that has a place may ask for another one before it begins there: the covered demand stays beside the new one.

-- The child has a place, and the family wishes another one.
ALTER TABLE care_demand ADD COLUMN transfer boolean NOT NULL DEFAULT false;
ALTER TABLE round_case ADD COLUMN transfer boolean NOT NULL DEFAULT false;

-- One demand a child that looks for a place.
DROP INDEX care_demand_open_key;
CREATE UNIQUE INDEX care_demand_open_key ON care_demand (tenant_id, child_id)
    WHERE state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending');
