//! What stands in the tables of some tenants, as one digest a table: to see that a refusal changed nothing.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Row};

use super::world::World;

/// Digest of the rows of both tenants by table; operators' and tenants' own tables included.
pub async fn digest(world: &World) -> BTreeMap<String, String> {
    let mut conn = world.database.superuser().await;
    let tables: Vec<String> = sqlx::query(
        "SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
          WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap()
    .into_iter()
    .map(|row| row.get(0))
    .collect();
    assert!(tables.len() > 25, "{tables:?}");
    let tenants = [world.ours.app.tenant.id.0, world.theirs.app.tenant.id.0];
    let mut digests = BTreeMap::new();
    for (table, column) in tables
        .iter()
        .map(|t| (t.as_str(), "tenant_id"))
        .chain([("tenant", "id")])
    {
        let sql = format!(
            "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM app.{table} t WHERE {column} = ANY($1)"
        );
        let digest: String = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(tenants.as_slice())
            .fetch_one(&mut conn)
            .await
            .unwrap();
        digests.insert(table.to_owned(), digest);
    }
    digests
}

/// The tables in whose rows a text stands, whoever's they are.
pub async fn containing(world: &World, text: &str) -> Vec<String> {
    let mut conn = world.database.superuser().await;
    let mut found = Vec::new();
    for (table, _) in digest(world).await {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM app.{table} t WHERE position($1 IN t::text) > 0)");
        let is_there: bool = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(text)
            .fetch_one(&mut conn)
            .await
            .unwrap();
        if is_there {
            found.push(table);
        }
    }
    found
}

/// The tables that differ.
pub fn changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    before
        .iter()
        .filter(|(table, digest)| after[*table] != **digest)
        .map(|(table, _)| table.clone())
        .collect()
}
