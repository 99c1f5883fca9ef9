-- Reasons that concern health, hardship or the protection of a child are the office's to know. A facility sees that such reasons count, and
-- how much, but not which they are.
ALTER TABLE criterion ADD COLUMN confidential boolean NOT NULL DEFAULT false;
UPDATE criterion SET confidential = true WHERE code IN ('inclusion', 'hardship', 'protected_case', 'parenting_help');
