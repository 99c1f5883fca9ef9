-- Roles, extensions and the schema of one Kitaplatz database; run once as a superuser, and again whenever it changes.
--
--   psql -v ON_ERROR_STOP=1 -d kitaplatz -f deploy/roles.sql
--
-- Running it twice changes nothing. Passwords are set only from the environment, so that none stands in a file or a shell history:
-- KITAPLATZ_MIGRATE_PASSWORD, KITAPLATZ_APP_PASSWORD, KITAPLATZ_WORKER_PASSWORD, KITAPLATZ_OPS_PASSWORD, KITAPLATZ_BACKUP_PASSWORD.
-- A private cluster behind its own Unix socket needs none of them.

\set ON_ERROR_STOP on
-- The server log must not keep the passwords that are set below.
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET client_min_messages = warning;

BEGIN;
-- Two starts at the same moment would otherwise both try to create the roles. They may be in two databases of one cluster, so the lock is
-- one on the catalogue of roles, which all databases share; an advisory lock holds only within its own.
LOCK TABLE pg_catalog.pg_authid IN SHARE ROW EXCLUSIVE MODE;

DO $roles$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN
    SELECT * FROM (VALUES
      -- owns schema, tables and functions; nobody logs in as it, and forced row-level security binds it too
      ('kitaplatz_owner',   'NOLOGIN NOBYPASSRLS INHERIT'),
      -- migrations only; becomes the owner by SET ROLE
      ('kitaplatz_migrate', 'LOGIN NOBYPASSRLS NOINHERIT'),
      -- the application; owns nothing
      ('kitaplatz_app',     'LOGIN NOBYPASSRLS INHERIT'),
      -- the worker; may only call the job functions
      ('kitaplatz_worker',  'LOGIN NOBYPASSRLS INHERIT'),
      -- owns the job functions, which see the job rows of all tenants
      ('kitaplatz_jobs',    'NOLOGIN BYPASSRLS INHERIT'),
      -- makes and lists tenants
      ('kitaplatz_ops',     'LOGIN NOBYPASSRLS INHERIT'),
      -- pg_dump; reads all tenants, writes nothing
      ('kitaplatz_backup',  'LOGIN BYPASSRLS INHERIT')
    ) AS list (name, attributes)
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
      EXECUTE format('CREATE ROLE %I', wanted.name);
    END IF;
    EXECUTE format('ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION %s', wanted.name, wanted.attributes);
    EXECUTE format('ALTER ROLE %I SET search_path = app, public', wanted.name);
    EXECUTE format('ALTER ROLE %I SET timezone = %L', wanted.name, 'UTC');
    -- Connections say ROLLBACK when they return to the pool, mostly without a transaction: that is no news.
    EXECUTE format('ALTER ROLE %I SET client_min_messages = error', wanted.name);
  END LOOP;
END
$roles$;

GRANT kitaplatz_owner TO kitaplatz_migrate;
-- A migration hands the job functions to their owner with ALTER FUNCTION … OWNER TO, which needs this membership.
GRANT kitaplatz_jobs TO kitaplatz_owner;
GRANT pg_read_all_data TO kitaplatz_backup;
ALTER ROLE kitaplatz_backup SET default_transaction_read_only = on;

DO $database$
DECLARE
  logins constant text := 'kitaplatz_migrate, kitaplatz_app, kitaplatz_worker, kitaplatz_ops, kitaplatz_backup';
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %s', current_database(), logins);
  EXECUTE format('ALTER DATABASE %I SET timezone = %L', current_database(), 'UTC');
  EXECUTE format('ALTER DATABASE %I SET search_path = app, public', current_database());
END
$database$;

-- Functions and operators of the extensions live in public: readable by the roles, writable by none of them.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public
  TO kitaplatz_owner, kitaplatz_migrate, kitaplatz_app, kitaplatz_worker, kitaplatz_jobs, kitaplatz_ops, kitaplatz_backup;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;

CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION kitaplatz_owner;
ALTER SCHEMA app OWNER TO kitaplatz_owner;
REVOKE ALL ON SCHEMA app FROM PUBLIC;
GRANT USAGE ON SCHEMA app
  TO kitaplatz_migrate, kitaplatz_app, kitaplatz_worker, kitaplatz_jobs, kitaplatz_ops, kitaplatz_backup;
-- Without IN SCHEMA on purpose: with it the statement has no effect on the built-in grant to PUBLIC.
ALTER DEFAULT PRIVILEGES FOR ROLE kitaplatz_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
COMMIT;

\getenv password_migrate KITAPLATZ_MIGRATE_PASSWORD
\if :{?password_migrate}
ALTER ROLE kitaplatz_migrate PASSWORD :'password_migrate';
\endif
\getenv password_app KITAPLATZ_APP_PASSWORD
\if :{?password_app}
ALTER ROLE kitaplatz_app PASSWORD :'password_app';
\endif
\getenv password_worker KITAPLATZ_WORKER_PASSWORD
\if :{?password_worker}
ALTER ROLE kitaplatz_worker PASSWORD :'password_worker';
\endif
\getenv password_ops KITAPLATZ_OPS_PASSWORD
\if :{?password_ops}
ALTER ROLE kitaplatz_ops PASSWORD :'password_ops';
\endif
\getenv password_backup KITAPLATZ_BACKUP_PASSWORD
\if :{?password_backup}
ALTER ROLE kitaplatz_backup PASSWORD :'password_backup';
\endif
