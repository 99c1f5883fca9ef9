//! Personal data column by column: every column is named in a reviewed file, and the copies have what that file says, no more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, Row};

use crate::refusal::table::Who;
use crate::refusal::world::World;
use crate::support::{TestApp, superuser_url};

const FILE: &str = include_str!("../../docs/operator/personendaten.txt");

/// Class, subject, retention, export of a column `table.column`.
fn annotated() -> BTreeMap<String, [String; 4]> {
    let rows = FILE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.map(|line| {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let [column, class, subject, kept, export] =
            <[String; 5]>::try_from(words).unwrap_or_else(|_| panic!("{line}"));
        (column, [class, subject, kept, export])
    })
    .collect()
}

async fn columns() -> BTreeSet<String> {
    let _ready = TestApp::new().await;
    let mut conn = PgConnection::connect(&superuser_url()).await.unwrap();
    let sql = "SELECT c.relname || '.' || a.attname FROM pg_class c
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                WHERE c.relnamespace = 'app'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> '_sqlx_migrations'
                  AND a.attname <> 'tenant_id'";
    let rows = sqlx::query(sql).fetch_all(&mut conn).await.unwrap();
    rows.into_iter().map(|row| row.get(0)).collect()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn every_column_is_named_with_its_class_subject_period_and_export() {
    let (there, named) = (columns().await, annotated());
    let names: BTreeSet<String> = named.keys().cloned().collect();
    let missing: Vec<_> = there.difference(&names).collect();
    assert!(
        missing.is_empty(),
        "say in docs/operator/personendaten.txt what these are: {missing:#?}"
    );
    let gone: Vec<_> = names.difference(&there).collect();
    assert!(gone.is_empty(), "no such columns any more: {gone:#?}");
    for (column, [class, subject, kept, export]) in &named {
        assert!(["yes", "own", "both", "no"].contains(&export.as_str()), "{column}");
        assert_eq!(class == "-", subject == "-", "{column}");
        let periods = [
            "family", "demand", "decision", "account", "message", "audit", "job", "short", "tenant", "operator",
        ];
        assert!(periods.contains(&kept.as_str()), "{column}: {kept}");
        let nobodys = ["secret", "-", "copy", "pseudonym", "technical"];
        let others = ["staff", "public"];
        let is_others = match export.as_str() {
            "no" => false,
            "own" => nobodys.contains(&class.as_str()),
            _ => nobodys.contains(&class.as_str()) || others.contains(&class.as_str()),
        };
        assert!(!is_others, "{column}: {class} is not in {export}");
    }
}

/// Holds the tables and columns of a copy against the file: those with one of these marks, and what is said beside them.
pub fn has_what_is_annotated(copy: &Value, marks: [&str; 2], beside: &[(&str, &[&str])]) {
    let named = annotated();
    let marked = || {
        let columns = named.iter().filter(|(_, row)| marks.contains(&row[3].as_str()));
        columns.map(|(column, _)| column.split_once('.').unwrap())
    };
    let data = copy["data"].as_object().unwrap();
    let tables: BTreeSet<&str> = marked().map(|(table, _)| table).collect();
    let there: BTreeSet<&str> = data.keys().map(String::as_str).collect();
    assert_eq!(there, tables, "tables of the copy");
    for (table, rows) in data {
        let more = beside.iter().filter(|(of, _)| of == table);
        let columns = marked().filter(|(of, _)| of == table).map(|(_, column)| column);
        let wanted: BTreeSet<&str> = columns.chain(more.flat_map(|(_, columns)| *columns).copied()).collect();
        for row in rows.as_array().unwrap() {
            let has: BTreeSet<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(has, wanted, "columns of {table}");
        }
    }
}

/// What the copy says beside the columns of a table: when a child is with a substitute, but not why its childminder is away.
const BESIDE: [(&str, &[&str]); 1] = [("substitution", &["from_on", "to_on"])];

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_familys_copy_is_whole_and_has_nobody_elses_data() {
    let world = World::new().await;
    decided_about_its_own(&world).await;
    let (here, there) = (world.client(Who::Parent), world.client(Who::OtherParent));
    let copy = here.get("/family/export").await.ok();
    assert_eq!(copy["format"], "kitaplatz-auskunft/1");
    let data = copy["data"].as_object().unwrap();
    let empty: Vec<&String> = data.keys().filter(|table| data[*table] == json!([])).collect();
    assert!(empty.is_empty(), "tables without a row: {empty:?}");
    has_what_is_annotated(&copy, ["yes", "both"], &BESIDE);
    // As many rows as the tables have of this family.
    counts(&world, &copy).await;
    // Of the other family, of the staff and of the other town: nothing.
    let text = copy.to_string();
    assert!(!text.contains(OF_OTHERS), "what a record says of others");
    for (name, id) in world.hidden_from(Who::Parent) {
        assert!(!text.contains(&id), "shows the {name} of another");
    }
    for who in [
        Who::Manager,
        Who::Clerk,
        Who::TenantAdmin,
        Who::OtherParent,
        Who::ExParent,
    ] {
        let id = world.client(who).account_id().to_string();
        assert!(!text.contains(&id), "names {who:?}");
    }
    let other = there.get("/family/export").await.ok();
    let own: BTreeSet<&str> = ids(&copy, "child");
    assert!(own.is_disjoint(&ids(&other, "child")), "two families share no child");
    // Without custody there is no child, and nothing that hangs on one.
    let ex = world.client(Who::ExParent).get("/family/export").await.ok();
    for table in ["child", "care_demand", "place_offer", "care_contract", "round_case"] {
        assert_eq!(ex["data"][table], Value::Array(Vec::new()), "{table}");
    }
}

/// The deviations of the world are of some children or other; one of them is about a child of this family, and rounds, a follow-up list
/// and the office left what they leave.
async fn decided_about_its_own(world: &World) {
    // What is decided about, in words that each of the statements takes its own from.
    let its = "WITH its AS (
        SELECT c.tenant_id, c.id AS case_id, c.round_id, r.id AS run_id, o.id AS offer_id, o.preference_id, o.facility_id, o.child_id, o.care_from,
               o.created_at AS at, g.id AS guardian_id, $4::uuid AS clerk, $5::text AS of_others
          FROM app.round_case c
          JOIN app.allocation_run r ON r.tenant_id = c.tenant_id AND r.round_id = c.round_id
          JOIN app.place_offer o ON o.tenant_id = c.tenant_id AND o.id = $2
          JOIN app.guardian g ON g.tenant_id = c.tenant_id AND g.account_id = $3
         WHERE c.id = $1 LIMIT 1)";
    let mut conn = world.database.superuser().await;
    for sql in [
        "UPDATE app.allocation_deviation d SET case_id = its.case_id FROM its
          WHERE d.id = (SELECT one.id FROM app.allocation_deviation one WHERE one.tenant_id = its.tenant_id AND one.round_id = its.round_id LIMIT 1)",
        "INSERT INTO app.case_chance (tenant_id, case_id, round_id, run_id, draws, met)
         SELECT tenant_id, case_id, round_id, run_id, 100, '{40}' FROM its",
        "INSERT INTO app.decision_record (tenant_id, id, round_id, run_id, case_id, body, sha256, at)
         SELECT tenant_id, gen_random_uuid(), round_id, run_id, case_id, of_others, repeat('a', 64), at FROM its",
        "INSERT INTO app.case_improvement (tenant_id, case_id, run_id, round_id, pool, preference_id, codes, kept_offer_id, kept_preference_id)
         SELECT tenant_id, case_id, run_id, round_id, 'p1', preference_id, '[]', offer_id, preference_id FROM its",
        "INSERT INTO app.followup_decision (tenant_id, id, offer_id, preference_id, facility_id, age_band, free_from, position, list,
                                            decided_by, at)
         SELECT tenant_id, gen_random_uuid(), offer_id, preference_id, facility_id, 'under3', care_from, 1, of_others, clerk, at FROM its",
        "INSERT INTO app.custody_change (tenant_id, id, child_id, guardian_id, valid_from, reason, changed_by, at)
         SELECT tenant_id, gen_random_uuid(), child_id, guardian_id, care_from, 'correction', clerk, at FROM its",
    ] {
        let done = sqlx::query(sqlx::AssertSqlSafe(format!("{its} {sql}")))
            .bind(world.ours.here.ids["propose_deviation.case_id"])
            .bind(world.ours.here.ids["offer_id"])
            .bind(world.client(Who::Parent).account_id().0)
            .bind(world.client(Who::Clerk).account_id().0)
            .bind(OF_OTHERS)
            .execute(&mut conn)
            .await
            .unwrap();
        assert_eq!(done.rows_affected(), 1, "{sql}");
    }
}

/// What stands in a record about others.
const OF_OTHERS: &str = "Fremde-Zeile-2846";

fn ids<'a>(copy: &'a Value, table: &str) -> BTreeSet<&'a str> {
    let rows = copy["data"][table].as_array().unwrap();
    rows.iter().map(|row| row["id"].as_str().unwrap()).collect()
}

async fn counts(world: &World, copy: &Value) {
    let mut conn = world.database.superuser().await;
    let account = world.client(Who::Parent).account_id().0;
    let children =
        "SELECT c.child_id FROM app.custody c JOIN app.guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
                     WHERE g.tenant_id = $1 AND g.account_id = $2";
    let by_child = [
        "care_contract",
        "care_demand",
        "care_sheet",
        "fee_assessment",
        "followup_demand",
        "guest_case",
        "guest_lapse",
        "move_in",
        "place_offer",
        "place_swap_part",
        "round_case",
        "school_entry_decision",
        "survey_child",
    ];
    let by_child = by_child.map(|table| (table, format!("child_id IN ({children})")));
    let others = [
        ("child", format!("id IN ({children})")),
        (
            "facility_preference",
            format!("demand_id IN (SELECT id FROM app.care_demand WHERE tenant_id = $1 AND child_id IN ({children}))"),
        ),
        (
            "notification",
            "account_id = $2 OR guardian_id IN (SELECT id FROM app.guardian WHERE tenant_id = $1 AND account_id = $2)"
                .to_owned(),
        ),
    ];
    for (table, condition) in by_child.into_iter().chain(others) {
        let sql = format!("SELECT count(*) FROM app.{table} WHERE tenant_id = $1 AND ({condition})");
        let count: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(world.ours.app.tenant.id.0)
            .bind(account)
            .fetch_one(&mut conn)
            .await
            .unwrap();
        let shown = copy["data"][table].as_array().unwrap().len();
        assert_eq!(i64::try_from(shown).unwrap(), count, "rows of {table}");
    }
}

/// What points at a family's rows without going with them, and is deleted before them by `src/privacy/retention/store` or by its doors
/// in the database; references of the staff's accounts, which no period deletes, stand here as well.
const DELETED_BEFORE: [&str; 53] = [
    "account_token > account",
    "allocation_deviation > facility_preference",
    "allocation_deviation > round_case",
    "care_contract > care_demand",
    "care_contract > child",
    "care_contract > place_offer",
    "care_demand > child",
    "case_chance > round_case",
    "case_proposal > account",
    "case_proposal > round_case",
    "child > household",
    "contract_amendment > account",
    "contract_code > account",
    "contract_signature > account",
    "contract_signature > guardian",
    "custody > guardian",
    "custody_change > account",
    "decision_record > round_case",
    "facility_visit > account",
    "fee_assessment > account",
    "fee_relief > account",
    "followup_decision > account",
    "followup_decision > facility_preference",
    "followup_decision > place_offer",
    "group_placement > account",
    "guardian > account",
    "guardian > household",
    "household > account",
    "mandate > account",
    "membership > account",
    "notice > account",
    "notice_template > account",
    "notification > account",
    "notification > guardian",
    "occupancy > child",
    "occupancy > place_offer",
    "place_offer > care_demand",
    "place_offer > child",
    "place_offer > facility_preference",
    "place_swap > account",
    "place_swap_part > account",
    "preference_note > account",
    "register_check > account",
    "register_list > account",
    "round_case > care_demand",
    "round_case > place_offer",
    "round_review > account",
    "round_seed > account",
    "round_signature > account",
    "school_entry_decision > account",
    "session > account",
    "setup_confirmation > account",
    "staffing_key > account",
];

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn nothing_new_hangs_on_a_family_that_its_deletion_does_not_know() {
    let _ready = TestApp::new().await;
    let mut conn = PgConnection::connect(&superuser_url()).await.unwrap();
    let sql = "SELECT DISTINCT c.relname || ' > ' || r.relname
                 FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
                WHERE k.contype = 'f' AND k.confdeltype NOT IN ('c', 'n') AND c.relnamespace = 'app'::regnamespace
                  AND r.relname IN ('child', 'care_demand', 'place_offer', 'care_contract', 'facility_preference', 'guardian', 'household',
                                    'account', 'round_case', 'custody')
                  AND c.relname NOT IN ('round_answer', 'round_facility')";
    let rows = sqlx::query(sql).fetch_all(&mut conn).await.unwrap();
    let there: BTreeSet<String> = rows.into_iter().map(|row| row.get(0)).collect();
    let unknown: Vec<&String> = there
        .iter()
        .filter(|one| !DELETED_BEFORE.contains(&one.as_str()))
        .collect();
    assert!(
        unknown.is_empty(),
        "delete these in src/privacy/retention/store, or let them go by cascade: {unknown:#?}"
    );
}
