-- Columns that nothing reads or writes any more: contingents have their own table, points and scope belong to the sets of criteria, an answer
-- that is repeated has no headers of its own, and districts are those of facilities.
ALTER TABLE capacity DROP COLUMN reserved, DROP COLUMN reserved_purpose, DROP COLUMN reserved_until;
ALTER TABLE criterion DROP COLUMN points, DROP COLUMN scope;
ALTER TABLE idempotency_key DROP COLUMN etag, DROP COLUMN location;
ALTER TABLE household DROP COLUMN district;
