//! The schema lint: rules that every table must keep for isolation to hold. The process refuses to serve when one is broken.

use sqlx::PgConnection;

/// Tables without a tenant, on purpose.
const GLOBAL_TABLES: [&str; 7] = [
    "_sqlx_migrations",
    "job",
    "operator_account",
    "operator_session",
    "postal_code",
    "tenant",
    "tenant_destruction",
];

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: &'static str,
    /// Which table, index, constraint, function or role.
    pub object: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.rule, self.object)
    }
}

/// One rule: its sentence and a query whose rows (one text column) are the objects that break it. `$1` is the list of global tables.
struct Rule {
    says: &'static str,
    sql: &'static str,
}

const RULES: [Rule; 14] = [
    Rule {
        says: "a tenant table forces row-level security",
        sql: "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p')
              AND NOT c.relname = ANY($1) AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
    },
    Rule {
        says: "a tenant table has the restrictive tenant policy for all commands",
        sql: "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p')
              AND NOT c.relname = ANY($1) AND NOT EXISTS (
                SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive AND p.polcmd = '*' AND p.polroles = '{0}'
                AND pg_get_expr(p.polqual, p.polrelid) = '(tenant_id = ( SELECT tenant() AS tenant))'
                AND pg_get_expr(p.polwithcheck, p.polrelid) = '(tenant_id = ( SELECT tenant() AS tenant))')",
    },
    Rule {
        says: "tenant_id is int NOT NULL in every tenant table",
        sql: "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p')
              AND NOT c.relname = ANY($1) AND NOT EXISTS (
                SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull
                AND a.atttypid = 'int4'::regtype)",
    },
    Rule {
        says: "tenant_id comes first in every index of a tenant table",
        sql: "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
              WHERE c.relnamespace = 'app'::regnamespace AND NOT c.relname = ANY($1) AND i.indkey[0] <> a.attnum",
    },
    Rule {
        says: "a foreign key between tenant tables carries tenant_id on both sides",
        sql: "SELECT k.conname::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
              WHERE k.contype = 'f' AND c.relnamespace = 'app'::regnamespace AND NOT c.relname = ANY($1) AND NOT r.relname = ANY($1)
              AND NOT EXISTS (
                SELECT 1 FROM unnest(k.conkey, k.confkey) AS pair(mine, theirs)
                JOIN pg_attribute m ON m.attrelid = k.conrelid AND m.attnum = pair.mine
                JOIN pg_attribute t ON t.attrelid = k.confrelid AND t.attnum = pair.theirs
                WHERE m.attname = 'tenant_id' AND t.attname = 'tenant_id')",
    },
    Rule {
        says: "a foreign key is indexed",
        sql: "SELECT k.conname::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
              WHERE k.contype = 'f' AND c.relnamespace = 'app'::regnamespace AND NOT EXISTS (
                SELECT 1 FROM pg_index i WHERE i.indrelid = k.conrelid
                AND (string_to_array(i.indkey::text, ' ')::int2[])[1:cardinality(k.conkey)] @> k.conkey)",
    },
    Rule {
        says: "instants are timestamptz",
        sql: "SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
              WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p') AND a.atttypid = 'timestamp'::regtype
              AND $1::text[] IS NOT NULL",
    },
    Rule {
        says: "money and counts are not floats",
        sql: "SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
              WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p')
              AND a.atttypid IN ('float4'::regtype, 'float8'::regtype, 'money'::regtype) AND a.attname NOT IN ('latitude', 'longitude')
              AND $1::text[] IS NOT NULL",
    },
    Rule {
        says: "views run with the rights of who asks",
        sql: "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'app'::regnamespace AND c.relkind = 'v'
              AND NOT COALESCE(c.reloptions, '{}') @> '{security_invoker=true}' AND $1::text[] IS NOT NULL",
    },
    Rule {
        says: "there is no materialised view",
        sql: "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'app'::regnamespace AND c.relkind = 'm'
              AND $1::text[] IS NOT NULL",
    },
    Rule {
        says: "a SECURITY DEFINER function has a fixed search_path and belongs to the jobs role",
        sql: "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'app'::regnamespace AND p.prosecdef
              AND NOT (pg_get_userbyid(p.proowner) = 'kitaplatz_jobs'
                       AND EXISTS (SELECT 1 FROM unnest(p.proconfig) s WHERE s LIKE 'search_path=%'))
              AND $1::text[] IS NOT NULL",
    },
    Rule {
        says: "no function of ours is leakproof",
        sql: "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'app'::regnamespace AND p.proleakproof
              AND $1::text[] IS NOT NULL",
    },
    Rule {
        says: "the application's role is neither superuser nor above row-level security and owns nothing",
        sql: "SELECT r.rolname::text FROM pg_roles r WHERE r.rolname IN ('kitaplatz_app', 'kitaplatz_worker', 'kitaplatz_ops')
              AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication
                   OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid)
                   OR pg_has_role(r.oid, 'kitaplatz_owner', 'MEMBER'))
              AND $1::text[] IS NOT NULL",
    },
    Rule {
        says: "the audit is append-only for the application",
        sql: "SELECT p.priv FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS p(priv)
              WHERE has_table_privilege('kitaplatz_app', 'app.audit_event', p.priv) AND $1::text[] IS NOT NULL",
    },
];

/// Checks all rules; an empty answer means that isolation can be trusted. Needs no right but reading the catalogue.
pub async fn findings(conn: &mut PgConnection) -> Result<Vec<Finding>, sqlx::Error> {
    let global: Vec<String> = GLOBAL_TABLES.iter().map(ToString::to_string).collect();
    let mut found = Vec::new();
    for rule in &RULES {
        let objects: Vec<String> = sqlx::query_scalar(rule.sql).bind(&global).fetch_all(&mut *conn).await?;
        found.extend(objects.into_iter().map(|object| Finding {
            rule: rule.says,
            object,
        }));
    }
    Ok(found)
}

impl super::Db {
    /// Runs the lint and names the server's version when it has known faults in row-level security.
    pub async fn lint(&self) -> Result<Vec<Finding>, sqlx::Error> {
        let mut conn = self.pool.acquire().await?;
        let who: String = sqlx::query_scalar("SELECT current_user::text")
            .fetch_one(&mut *conn)
            .await?;
        let mut found = findings(&mut conn).await?;
        if who != "kitaplatz_app" {
            found.push(Finding {
                rule: "the process connects as the application's role",
                object: who,
            });
        }
        Ok(found)
    }
}
