-- A childminder has one licence after the other: the next one is entered while this one holds.

ALTER TABLE childminder_licence
    DROP CONSTRAINT childminder_licence_pkey,
    ADD PRIMARY KEY (tenant_id, facility_id, valid_from),
    -- One licence a day.
    ADD EXCLUDE USING gist (tenant_id WITH =, facility_id WITH =, daterange(valid_from, valid_to, '[]') WITH &&);
