//! The refusal matrix: every operation × everybody × own, another's, another tenant's and missing, driven from the OpenAPI document.
//!
//! `refusal/table.txt` is the reviewed expectation; an operation without a row fails, and so does a row without an operation.

mod allowed;
mod beside;
mod bodies;
mod calls;
mod check;
mod digest;
mod events;
mod inside;
mod notices;
mod office;
mod restricted;
mod rounds;
pub mod side;
pub mod table;
pub mod world;

use kitaplatz::access::{Action, Audience, Reach, Role, reach};

use self::calls::operations;
use self::check::{Check, fingerprint};
use self::digest::{changed, containing, digest};
use self::side::SECRET_STREET;
use self::table::{Expected, Table, Who, Whose};
use self::world::World;
use crate::support::TestApp;

#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// The tables but for the audit, which notes refused attempts too.
fn unnoted(tables: &[String]) -> Vec<String> {
    let noted = |table: &&String| !["audit_event", "audit_child", "audit_link"].contains(&table.as_str());
    tables.iter().filter(noted).cloned().collect()
}

fn everybody() -> Vec<Who> {
    Who::ALL.iter().map(|(who, _)| *who).collect()
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    none(&Table::committed().gaps(&operations()));
}

/// The two reviewed matrices must not drift apart: who has no reach by policy is refused by the table, and the other way round.
#[test]
fn the_table_says_what_the_policy_says() {
    let roles = [
        (Who::Parent, Role::Parent),
        (Who::Manager, Role::FacilityManager),
        (Who::ProviderManager, Role::ProviderManager),
        (Who::Childminder, Role::Childminder),
        (Who::Clerk, Role::Clerk),
        (Who::TenantAdmin, Role::TenantAdmin),
        (Who::ReadOnly, Role::ReadOnly),
    ];
    let mut wrong = Vec::new();
    for (id, row) in &Table::committed().0 {
        let Some(action) = Action::ALL.iter().find(|a| a.name() == id) else {
            continue;
        };
        let mut same = |who: Who, may: bool| {
            let refused = matches!(row.expected(who, Whose::Here), Expected::Refused(401 | 403));
            if may == refused {
                wrong.push(format!("{id}: {who:?}"));
            }
        };
        roles
            .iter()
            .for_each(|(who, role)| same(*who, reach(*action, *role) != Reach::None));
        let public = action.audience() == Audience::Public;
        same(Who::Nobody, public);
        same(Who::Operator, public);
        same(Who::NoRole, public || action.audience() == Audience::SignedIn);
        same(Who::Key, public || action.key_scope().is_some());
        same(Who::BareKey, public || action.key_scope() == Some("facilities_read"));
    }
    none(&wrong);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn whoever_may_not_is_refused_alike_and_nothing_changes() {
    let (world, operations, table) = (World::new().await, operations(), Table::committed());
    let mut check = Check::new(&world, &operations, &table);
    let before = digest(&world).await;
    check.refusals(&everybody()).await;
    check.wrong_key().await;
    none(&check.faults);
    none(&unnoted(&changed(&before, &digest(&world).await)));
    // Refused attempts of somebody known are noted, each once.
    check.events().await;
    none(&check.faults);
    assert!(check.sent > 2000, "{}", check.sent);
    eprintln!("{} refused requests", check.sent);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn an_id_of_another_inside_a_request_is_a_missing_one() {
    let (world, operations, table) = (World::new().await, operations(), Table::committed());
    let mut check = Check::new(&world, &operations, &table);
    let before = digest(&world).await;
    check.ids_inside().await;
    none(&check.faults);
    none(&unnoted(&changed(&before, &digest(&world).await)));
    assert!(check.sent > 80, "{}", check.sent);
    let places = check.ids_accepted().await;
    none(&check.faults);
    assert!(places >= 13, "{places}");
    eprintln!(
        "{} requests with another's id inside, {places} places for one",
        check.sent
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn whoever_may_can_and_no_answer_is_a_fault_of_ours() {
    let (world, operations, table) = (World::new().await, operations(), Table::committed());
    let mut check = Check::new(&world, &operations, &table);
    let answers = check.allowances().await;
    check.proofs(&answers);
    none(&check.faults);
    assert!(check.sent > 600, "{}", check.sent);
    eprintln!("{} allowed requests", check.sent);
    // A protected address stands in its household and nowhere else: in no message, no record, no event, no stored answer.
    assert_eq!(containing(&world, SECRET_STREET).await, ["household"]);
    // Who, what, whose data and what came of it: one event an operation, of all that are not open to everybody.
    let left = check.events().await;
    none(&check.faults);
    let due = Action::ALL.iter().filter(|action| action.is_recorded()).count();
    assert_eq!(left, due, "operations that left an event");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn every_edit_wants_its_version_and_every_creation_its_key() {
    let (world, operations, table) = (World::new().await, operations(), Table::committed());
    let mut check = Check::new(&world, &operations, &table);
    let before = digest(&world).await;
    let edits = check.versions().await;
    none(&unnoted(&changed(&before, &digest(&world).await)));
    let creations = check.keys().await;
    none(&check.faults);
    assert!(edits >= 25 && creations >= 14, "{edits} edits, {creations} creations");
    eprintln!("{edits} edits, {creations} creations");
}

/// What may change without a version, and why: everything else that is put or patched needs one.
const WITHOUT_VERSION: [&str; 6] = [
    // Adds the holidays of a year that are not there yet; the same again changes nothing.
    "close_holidays",
    // Says that a step was looked at; the same again changes nothing.
    "confirm_setup_step",
    // Shows the password until now.
    "change_password",
    // A whole picture; nothing of the old one is kept.
    "put_logo",
    // Names what it changes, and there are few operators.
    "operator_update_tenant",
    // Says of one child where it is from a day on; what was before stays on record.
    "place_in_group",
];

#[test]
fn what_is_put_names_a_version_and_what_is_made_a_key() {
    let mut wrong = Vec::new();
    for operation in operations() {
        let edits = ["PUT", "PATCH"].contains(&operation.method.as_str());
        let excepted = WITHOUT_VERSION.contains(&operation.id.as_str());
        if edits && operation.needs_version == excepted {
            wrong.push(format!(
                "{}: If-Match in the contract, or an exception, and not both",
                operation.id
            ));
        }
        if operation.creates && !operation.needs_key {
            wrong.push(format!("{}: Idempotency-Key is not in the contract", operation.id));
        }
    }
    none(&wrong);
}

mod control {
    //! The matrix can fail: each hole below is made on purpose, and must be seen.

    use super::*;

    #[test]
    fn a_missing_row_and_one_too_many_are_seen() {
        let text = include_str!("table.txt").replace("\nget_demand ", "\nget_demands ");
        let gaps = Table::parse(&text).gaps(&operations());
        assert_eq!(gaps.len(), 2, "{gaps:?}");
        assert!(gaps.iter().any(|g| g.starts_with("get_demand: no row")));
        assert!(
            gaps.iter()
                .any(|g| g.starts_with("get_demands: a row, but no operation"))
        );
    }

    #[actix_web::rt::test(system = "crate::support::Shared")]
    async fn a_role_too_many_is_seen() {
        let (world, operations, table) = (World::new().await, operations(), Table::committed());
        let (app, clerk) = (&world.ours.app, world.client(Who::Clerk));
        let sql = "INSERT INTO membership (tenant_id, id, account_id, role, created_at) VALUES ($1, gen_random_uuid(), $2, 'tenant_admin', now())";
        app.change(sql, clerk.account_id().0).await;
        let sql = "UPDATE api_key SET scopes = '{facilities_read,facilities_write}' WHERE tenant_id = $1 AND $2::uuid IS NOT NULL AND scopes = '{facilities_read}'";
        app.change(sql, clerk.account_id().0).await;
        let before = digest(&world).await;
        let mut check = Check::new(&world, &operations, &table);
        check.refusals(&[Who::Clerk, Who::BareKey]).await;
        let seen = |what: &str| check.faults.iter().any(|f| f.starts_with(what));
        assert!(
            seen("put_settings as clerk") && seen("list_staff as clerk"),
            "{:?}",
            check.faults
        );
        assert!(seen("create_facility as bare_key"), "{:?}", check.faults);
        assert!(
            !seen("send_offer as clerk"),
            "an administrator decides for no facility: {:?}",
            check.faults
        );
        assert!(changed(&before, &digest(&world).await).contains(&"facility".to_owned()));
    }

    #[actix_web::rt::test(system = "crate::support::Shared")]
    async fn custody_that_should_have_ended_is_seen() {
        let (world, operations, table) = (World::new().await, operations(), Table::committed());
        let ex = world.client(Who::ExParent).account_id();
        let sql = "UPDATE custody SET valid_to = NULL WHERE tenant_id = $1
                    AND guardian_id = (SELECT id FROM guardian WHERE tenant_id = $1 AND account_id = $2)";
        world.ours.app.change(sql, ex.0).await;
        let mut check = Check::new(&world, &operations, &table);
        check.refusals(&[Who::ExParent]).await;
        for id in [
            "get_demand",
            "put_preferences",
            "get_offer",
            "get_contract",
            "update_child",
        ] {
            let name = format!("{id} as ex_parent: Here");
            assert!(
                check.faults.iter().any(|f| f.starts_with(&name)),
                "{id}: {:?}",
                check.faults
            );
        }
        check.faults.clear();
        check.ids_inside().await;
        assert!(
            check.faults.iter().any(|f| f.starts_with("create_demand as ex_parent")),
            "{:?}",
            check.faults
        );
    }

    #[actix_web::rt::test(system = "crate::support::Shared")]
    async fn a_list_that_shows_another_family_is_seen() {
        let (world, operations, table) = (World::new().await, operations(), Table::committed());
        let sql = "UPDATE guardian SET account_id = NULL WHERE tenant_id = $1 AND account_id = $2";
        world
            .ours
            .app
            .change(sql, world.client(Who::OtherParent).account_id().0)
            .await;
        let sql = "INSERT INTO custody (tenant_id, id, child_id, guardian_id, valid_from)
                   SELECT c.tenant_id, gen_random_uuid(), c.child_id, g.id, c.valid_from
                     FROM guardian g, custody c JOIN guardian o ON o.tenant_id = c.tenant_id AND o.id = c.guardian_id
                    WHERE g.tenant_id = $1 AND g.account_id = $2 AND c.tenant_id = $1 AND o.account_id IS NULL
                   ON CONFLICT DO NOTHING";
        world
            .ours
            .app
            .change(sql, world.client(Who::Parent).account_id().0)
            .await;
        let lists: Vec<_> = operations
            .into_iter()
            .filter(|o| (o.id.starts_with("list_") && o.path_names().is_empty()) || o.id == "get_family")
            .collect();
        let mut check = Check::new(&world, &lists, &table);
        check.allowances().await;
        for id in ["get_family", "list_demands", "list_offers", "list_contracts"] {
            let name = format!("{id} as parent: shows the");
            assert!(
                check.faults.iter().any(|f| f.starts_with(&name)),
                "{id}: {:?}",
                check.faults
            );
        }
        assert!(
            check.faults.iter().all(|f| f.contains(" as parent: shows the")),
            "{:?}",
            check.faults
        );
    }

    #[actix_web::rt::test(system = "crate::support::Shared")]
    async fn a_word_of_difference_is_seen() {
        let app = TestApp::new().await;
        let missing = app
            .parent("jana@example.org")
            .await
            .get("/demands/6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11")
            .await;
        let mut other = missing.clone();
        assert_eq!(fingerprint(&missing), fingerprint(&other));
        other.headers.insert("etag", "\"1\"".parse().unwrap());
        assert_ne!(fingerprint(&missing), fingerprint(&other));
        let mut other = missing.clone();
        other.bytes.push(b' ');
        assert_ne!(fingerprint(&missing), fingerprint(&other));
    }
}
