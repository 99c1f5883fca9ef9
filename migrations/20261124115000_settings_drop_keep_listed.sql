-- No rule ever read this setting: what a municipality can set, it must mean. The owner passes row-level security only while it is not forced.

ALTER TABLE tenant_settings NO FORCE ROW LEVEL SECURITY;
UPDATE tenant_settings SET settings = settings - 'keep_listed_for_higher' WHERE settings ? 'keep_listed_for_higher';
ALTER TABLE tenant_settings FORCE ROW LEVEL SECURITY;
