-- Keys of machine clients end after a year; those that are there now get a year from today.
ALTER TABLE api_key ADD COLUMN expires_at timestamptz;
ALTER TABLE api_key NO FORCE ROW LEVEL SECURITY;
UPDATE api_key SET expires_at = now() + interval '1 year';
ALTER TABLE api_key FORCE ROW LEVEL SECURITY;
