-- The permitted places of the current month stand in the derived row as well: the public page reads that row and nothing else.
ALTER TABLE place_pool ADD COLUMN licensed int;

-- Until a row is derived anew it holds what the figures say.
ALTER TABLE capacity NO FORCE ROW LEVEL SECURITY;
ALTER TABLE place_pool NO FORCE ROW LEVEL SECURITY;
UPDATE place_pool p
   SET licensed = (SELECT c.licensed
                     FROM capacity c
                    WHERE c.tenant_id = p.tenant_id AND c.facility_id = p.facility_id AND c.age_band = p.age_band
                      AND c.from_month <= p.base_month
                    ORDER BY c.from_month DESC
                    LIMIT 1);
ALTER TABLE capacity FORCE ROW LEVEL SECURITY;
ALTER TABLE place_pool FORCE ROW LEVEL SECURITY;
