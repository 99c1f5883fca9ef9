-- A family that has not answered to proposed follow-up care is reminded once, while its answer can still be in time.

ALTER TABLE followup_demand ADD COLUMN reminded_on date;
