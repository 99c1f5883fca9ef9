-- Since when a tenant is suspended: what was handed over before that day is not all that there is.
ALTER TABLE tenant ADD COLUMN suspended_at timestamptz;
UPDATE tenant SET suspended_at = now() WHERE state = 'suspended';
