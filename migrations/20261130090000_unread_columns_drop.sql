-- Columns that were written and that nothing reads: a mapping has its version, and what a set of criteria began with is compared rule by rule.
ALTER TABLE family_import_mapping DROP COLUMN changed_at;
ALTER TABLE criteria_set DROP COLUMN copied_from;
