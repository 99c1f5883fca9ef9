-- Operators have no second factor: columns that nothing reads only pretend one.

ALTER TABLE operator_account DROP COLUMN totp_secret, DROP COLUMN totp_enabled_at, DROP COLUMN totp_last_step;
