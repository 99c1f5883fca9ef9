//! The copy for whoever has an account: of staff what the account holds, of a childminder the own place too, and nobody else's data.

use std::collections::BTreeSet;

use kitaplatz::platform::ids::AccountId;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::Row;

use crate::licence_notices::posted;
use crate::personal_data::has_what_is_annotated;
use crate::refusal::side::SECRET_STREET;
use crate::refusal::table::Who;
use crate::refusal::world::World;
use crate::support::Client;

/// The tables that are about a childminder's place.
const PLACE: [&str; 9] = [
    "capacity",
    "capacity_closure",
    "childminder_absence",
    "childminder_licence",
    "closing_day",
    "facility",
    "notice",
    "substitution",
    "survey_entry",
];

/// What the copy says beside the columns of a table: where a role holds, and what somebody's part in a substitution was.
const BESIDE: [(&str, &[&str]); 2] = [
    ("membership", &["facility", "provider"]),
    ("substitution", &["from_on", "to_on", "role"]),
];

async fn copy_of(who: &Client) -> Value {
    let copy = who.get("/account/export").await.ok();
    assert_eq!(copy["format"], "kitaplatz-auskunft/1");
    has_what_is_annotated(&copy, ["own", "both"], &BESIDE);
    copy
}

fn rows<'a>(copy: &'a Value, table: &str) -> &'a Vec<Value> {
    copy["data"][table].as_array().unwrap()
}

fn empty(copy: &Value) -> BTreeSet<&str> {
    let tables = copy["data"].as_object().unwrap().iter();
    tables
        .filter(|(_, rows)| **rows == json!([]))
        .map(|(table, _)| table.as_str())
        .collect()
}

async fn change(world: &World, sql: &'static str, who: AccountId) {
    let query = sqlx::query(sql).bind(world.ours.app.tenant.id.0).bind(who.0);
    let done = query.execute(&mut world.database.superuser().await).await.unwrap();
    assert_eq!(done.rows_affected(), 1, "{sql}");
}

/// What an account may have besides a role: a message about a family, a link, a mandate that it took on, named filters.
async fn have_it_all(world: &World, who: &Client) {
    let me = who.account_id();
    for sql in [
        "UPDATE app.notification SET account_id = $2, guardian_id = NULL
          WHERE id = (SELECT id FROM app.notification WHERE tenant_id = $1 AND demand_id IS NOT NULL AND guardian_id IS NOT NULL
                         AND to_address IS NULL LIMIT 1)",
        "UPDATE app.mandate SET account_id = $2, name = 'Tina Tulpe', email = 'tina@example.net', accepted_at = created_at
          WHERE id = (SELECT id FROM app.mandate WHERE tenant_id = $1 AND account_id IS NULL AND ended_at IS NULL LIMIT 1)",
        "INSERT INTO app.account_token (tenant_id, id, kind, token_hash, account_id, email, payload, created_by, created_at, expires_at)
         SELECT tenant_id, gen_random_uuid(), 'email_change', '\\x01', id, 'tina@example.net', '{\"word\": \"Geheim-4711\"}', id, created_at, created_at + interval '1 day'
           FROM app.account WHERE tenant_id = $1 AND id = $2",
    ] {
        change(world, sql, me).await;
    }
    let views = json!({"lists": {"vormerkungen": [{"title": "Warteliste", "values": {"state": "waitlisted"}}]}});
    who.edit(Method::PUT, "/account/views", 0, views).await.ok();
}

/// What is stored of a childminder's place; absences, a substitution and figures are there.
async fn run_a_place(world: &World, who: &Client) {
    let place = world.ours.there.facility;
    for sql in [
        "INSERT INTO app.capacity_closure (tenant_id, id, facility_id, reason, valid_from, valid_to)
         SELECT tenant_id, gen_random_uuid(), facility_id, 'Umbau', '2029-03-01', '2029-03-31'
           FROM app.membership WHERE tenant_id = $1 AND account_id = $2",
        "INSERT INTO app.closing_day (tenant_id, id, day, note, facility_id)
         SELECT tenant_id, gen_random_uuid(), '2029-05-02', 'Brückentag', facility_id
           FROM app.membership WHERE tenant_id = $1 AND account_id = $2",
    ] {
        change(world, sql, who.account_id()).await;
    }
    let house = json!({"persons": [{"sex": "female", "birth_month": 4, "birth_year": 1988}]});
    let path = format!("/staff/facilities/{place}/survey?year=2028");
    let seen = who.get(&path).await.ok()["version"].as_i64().unwrap();
    who.edit(Method::PUT, &path, seen, house).await.ok();
    let grant =
        json!({"kind": "licence_grant", "facility_id": place, "licence_from": "2028-06-16", "licence_places": 4});
    posted([world.client(Who::Clerk), world.client(Who::TenantAdmin)], grant).await;
}

/// Everything by which other people are known here: ids, names, addresses of families and of all other accounts. The world calls an
/// absence as it calls a contract and its offer.
async fn of_others(world: &World, me: AccountId) -> BTreeSet<String> {
    let sql = "SELECT v FROM (
          SELECT tenant_id, id::text AS v, NULL::uuid AS who FROM app.child UNION ALL SELECT tenant_id, first_name, NULL FROM app.child
          UNION ALL SELECT tenant_id, last_name, NULL FROM app.child
          UNION ALL SELECT tenant_id, unnest(ARRAY[id::text, household_id::text, first_name, last_name, email, phone]), account_id FROM app.guardian
          UNION ALL SELECT tenant_id, unnest(ARRAY[street, id::text]), NULL FROM app.household WHERE address_protected
          UNION ALL SELECT tenant_id, id::text, NULL FROM app.care_demand UNION ALL SELECT tenant_id, reference_code, NULL FROM app.care_demand
          UNION ALL SELECT tenant_id, id::text, NULL FROM app.care_contract UNION ALL SELECT tenant_id, id::text, NULL FROM app.place_offer
          UNION ALL SELECT tenant_id, id::text, NULL FROM app.facility_preference
          UNION ALL SELECT tenant_id, unnest(ARRAY[id::text, email, display_name]), id FROM app.account
          UNION ALL SELECT tenant_id, id::text, account_id FROM app.membership UNION ALL SELECT tenant_id, id::text, account_id FROM app.session
        ) everybody WHERE who IS DISTINCT FROM $1 AND v <> '' AND v NOT IN (SELECT id::text FROM app.childminder_absence)";
    let found = sqlx::query(sql).bind(me.0);
    let rows = found.fetch_all(&mut world.database.superuser().await).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

async fn says_nothing_of_others(world: &World, copy: &Value, who: &Client) {
    let text = copy.to_string();
    let others = of_others(world, who.account_id()).await;
    assert!(others.len() > 100 && others.contains(SECRET_STREET), "{}", others.len());
    for word in &others {
        assert!(!text.contains(word.as_str()), "{word} in {text}");
    }
    assert!(!text.contains("Geheim-4711"), "what a link carries");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_childminders_copy_has_the_account_and_the_own_place_and_nobody_elses_data() {
    let world = World::new().await;
    let tina = world.client(Who::Childminder);
    have_it_all(&world, tina).await;
    run_a_place(&world, tina).await;
    // So that not two of the own children are looked after where they are.
    let other = "UPDATE app.substitution SET substitute_id = (SELECT id FROM app.facility WHERE tenant_id = $1 AND name = 'Kita Ahorn')
                  WHERE tenant_id = $1 AND EXISTS (SELECT 1 FROM app.membership m WHERE m.account_id = $2)
                    AND absence_id IN (SELECT a.id FROM app.childminder_absence a JOIN app.membership m ON m.facility_id = a.facility_id
                                        WHERE m.account_id = $2)";
    change(&world, other, tina.account_id()).await;
    let copy = copy_of(tina).await;
    assert_eq!(empty(&copy), BTreeSet::new(), "tables without a row");
    says_nothing_of_others(&world, &copy, tina).await;
    assert_eq!(rows(&copy, "account")[0]["id"], json!(tina.account_id()));
    assert_eq!(
        (
            &rows(&copy, "membership")[0]["role"],
            &rows(&copy, "membership")[0]["facility"]
        ),
        (&json!("childminder"), &json!("Tagespflege Birke"))
    );
    assert_eq!(rows(&copy, "facility").len(), 1);
    assert_eq!(rows(&copy, "facility")[0]["name"], "Tagespflege Birke");
    assert_eq!(rows(&copy, "childminder_absence").len(), 2);
    assert_eq!(rows(&copy, "substitution")[0]["role"], "away");
    assert_eq!(rows(&copy, "substitution")[0]["from_on"], "2028-03-06");
    assert_eq!(rows(&copy, "notice")[0]["licence_places"], 4);
    assert_eq!(
        rows(&copy, "survey_entry")[0]["entry"]["persons"][0]["birth_year"],
        1988
    );
    assert!(!copy.to_string().contains("Kita Ahorn"), "who stands in is not named");
    // The other side of it: who stands in learns that and when, not for whom.
    let swap = "UPDATE app.substitution SET absence_id = (SELECT a.id FROM app.childminder_absence a JOIN app.facility f ON f.id = a.facility_id
                                                WHERE a.tenant_id = $1 AND f.name = 'Kita Ahorn' AND a.reason = 'holiday'),
                       substitute_id = (SELECT facility_id FROM app.membership WHERE tenant_id = $1 AND account_id = $2)
                 WHERE tenant_id = $1 AND substitute_id = (SELECT id FROM app.facility WHERE tenant_id = $1 AND name = 'Kita Ahorn')
                   AND absence_id IN (SELECT a.id FROM app.childminder_absence a JOIN app.membership m ON m.facility_id = a.facility_id
                                       WHERE m.account_id = $2)";
    change(&world, swap, tina.account_id()).await;
    let copy = copy_of(tina).await;
    assert_eq!(rows(&copy, "substitution").len(), 1);
    assert_eq!(rows(&copy, "substitution")[0]["role"], "substitute");
    says_nothing_of_others(&world, &copy, tina).await;
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn staff_get_what_their_account_holds_and_of_their_doing_only_what_and_when() {
    let world = World::new().await;
    let clerk = world.client(Who::Clerk);
    have_it_all(&world, clerk).await;
    let copy = copy_of(clerk).await;
    assert_eq!(empty(&copy), BTreeSet::from(PLACE), "tables without a row");
    says_nothing_of_others(&world, &copy, clerk).await;
    let mut conn = world.database.superuser().await;
    let count = "SELECT count(*) FROM app.audit_event WHERE actor_id = $1";
    let count: i64 = sqlx::query_scalar(count)
        .bind(clerk.account_id().0)
        .fetch_one(&mut conn)
        .await
        .unwrap();
    // The reading of the copy itself is recorded after it was made.
    assert_eq!(i64::try_from(rows(&copy, "audit_event").len()).unwrap(), count - 1);
    let again = copy_of(clerk).await;
    let is_it = |row: &&Value| row["action"] == "export_account" && row["outcome"] == "done";
    assert_eq!(rows(&again, "audit_event").iter().filter(is_it).count(), 1);
    // Who runs a childminder's place without being that childminder, and who has no role any more.
    for who in [Who::OtherManager, Who::NoRole] {
        let who = world.client(who);
        let copy = copy_of(who).await;
        assert!(empty(&copy).is_superset(&BTreeSet::from(PLACE)), "{copy}");
        says_nothing_of_others(&world, &copy, who).await;
        assert_eq!(rows(&copy, "account")[0]["id"], json!(who.account_id()));
    }
    assert_eq!(world.ours.app.anonymous().get("/account/export").await.status, 401);
}
