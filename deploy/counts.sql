-- One line per table and tenant: rows, and a sum over their content. Same lines before and after a restore mean the same data.
-- Run by backup.sh and restore.sh with psql -At; tables without tenants have an empty second field.
SET timezone = 'UTC';
SET extra_float_digits = 3;
SET search_path = app, public;
SELECT format(
  'SELECT %L, %s, count(*), coalesce(bit_xor(hashtextextended(t::text, 0)), 0) FROM app.%I AS t GROUP BY 2 ORDER BY 2',
  c.relname,
  CASE WHEN a.attname IS NULL THEN '''''' ELSE 't.tenant_id::text' END,
  c.relname)
FROM pg_class AS c
LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
WHERE c.relnamespace = 'app'::regnamespace
  AND c.relkind IN ('r', 'p')
  AND NOT c.relispartition
ORDER BY c.relname COLLATE "C"
\gexec
