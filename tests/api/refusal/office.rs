//! What belongs to a town as a whole: what its administrators make, and the office's post.

use kitaplatz::access::{Role, as_system};
use kitaplatz::facilities::AgeBand;
use kitaplatz::notifications::{self, Message, Recipient};
use kitaplatz::platform::ids::{FacilityId, ProviderId};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use super::side::{Ids, of};
use super::table::Whose;
use super::world::World;
use crate::support::facilities::{facility, give_capacity};
use crate::support::{Client, TestApp, criteria, fees, office};

/// Makes one of each.
pub async fn ids(app: &TestApp, admin: &Client, provider: ProviderId) -> Ids {
    let mut ids = Ids::from([("provider_id".to_owned(), provider.0)]);
    let mut know = |name: &str, id: Uuid| {
        ids.insert(name.to_owned(), id);
    };
    let key = json!({"name": "Alt", "scopes": ["facilities_read"]});
    know("api_key_id", of(&admin.create("/admin/api-keys", key).await.ok()));
    let day = json!({"day": "2027-05-14", "note": "Brückentag", "facility_id": null});
    know(
        "closing_day_id",
        of(&admin.create("/admin/closing-days", day).await.ok()),
    );
    let invitation = json!({"email": "lea@example.org", "role": "clerk", "language": "de"});
    let invitation = admin.create("/admin/invitations", invitation).await.ok();
    know("revoke_invitation.invitation_id", of(&invitation));
    let criterion = criteria::criterion(app, "both_work", "asked").await;
    know("criterion_id", criterion.as_str().unwrap().parse().unwrap());
    // Drafts, one for each operation that uses one up; everybody may read the one in force.
    for operation in ["put_criteria_set", "publish_criteria_set", "withdraw_criteria_set"] {
        let draft = criteria::draft(admin, None, &[criteria::flat(&criterion, 4)]).await;
        know(&format!("{operation}.criteria_set_id"), of(&draft));
    }
    let set = criteria::published(app, &[criteria::flat(&criterion, 4)]).await;
    know("criteria_set_id", of(&set));
    know("create_criteria_set.copy_of", of(&set));
    for operation in ["put", "publish", "withdraw"] {
        let draft = fees::draft(admin).await;
        know(&format!("{operation}_fee_schedule.fee_schedule_id"), of(&draft));
    }
    let table = fees::published(admin, "2027-03-01").await;
    know("create_fee_schedule.copy_of", of(&table));
    // A third one, for whoever names a substitute.
    let substitute = facility(app, "Kita Vertretung").await;
    know("put_capacity_basis.substitute_id", substitute.0);
    know("arrange_substitute.substitute_id", substitute.0);
    for band in [AgeBand::Under3, AgeBand::Over3, AgeBand::SchoolAge] {
        give_capacity(app, substitute, band, 5).await;
    }
    let day = json!({"day": "2027-05-14", "note": "Teamtag", "facility_id": substitute.0});
    admin.create("/admin/closing-days", day).await.ok();
    know("restore_closing_days.facility_id", substitute.0);
    // The words of contracts: drafts for what uses one up; everybody may read the published one, which holds for nobody yet.
    for operation in ["put", "publish", "withdraw", ""] {
        let new = json!({"name": "Betreuungsvertrag", "provider_id": null});
        let draft = admin.create("/admin/contract-templates", new).await.ok();
        if operation.is_empty() {
            let path = format!("/admin/contract-templates/{}/publish", of(&draft));
            let body = json!({"valid_from": "2027-03-01"});
            admin.edit(Method::POST, &path, 1, body).await.ok();
            know("contract_template_id", of(&draft));
        } else {
            know(
                &format!("{operation}_contract_template.contract_template_id"),
                of(&draft),
            );
        }
    }
    let leaving = app.staff(&[(Role::Clerk, None, None)]).await;
    let session = leaving.get("/session").await.ok();
    let membership = session["roles"][0]["membership_id"].as_str().unwrap().parse().unwrap();
    know("membership_id", membership);
    know("account_id", app.staff(&[]).await.account_id().0);
    know("set_case_worker.account_id", app.clerk().await.account_id().0);
    for (operation, state) in [
        ("retry_dead_letter", "dead"),
        ("get_letter", "to_print"),
        ("mark_letter_printed", "to_print"),
    ] {
        know(&format!("{operation}.notification_id"), letter(app, state).await);
    }
    know("claim_batch_id", batch(app, substitute).await);
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h9v9z\"/></svg>";
    let logo = Some(("image/svg+xml", svg.as_bytes().to_vec()));
    let put = admin.send_bytes(Method::PUT, "/admin/logo", logo, &[]).await;
    assert_eq!(put.status, 204);
    ids
}

/// A file of letters, and one more family for whoever puts the next together.
async fn batch(app: &TestApp, facility: FacilityId) -> Uuid {
    let clerk = app.clerk().await;
    let mut made = None;
    for name in ["Finn", "Ole"] {
        let form = office::with(office::paper(&[facility]), "/child/first_name", json!(name));
        clerk.create("/office/demands", form).await.ok();
        if made.is_none() {
            let new = json!({"letters": 1});
            made = Some(of(&clerk.create("/office/claim-batches", new).await.ok()));
        }
    }
    made.unwrap()
}

async fn letter(app: &TestApp, state: &str) -> Uuid {
    let to = match state {
        "dead" => Recipient::address("gone@example.org", "de"),
        _ => Recipient {
            language: "de".into(),
            ..Recipient::default()
        },
    };
    as_system(&app.platform, &app.tenant, "test_letter", async |tx| {
        let id = notifications::enqueue(tx, to, Message::AccountExists).await?;
        let tenant = tx.tenant_id().0;
        sqlx::query("UPDATE notification SET state = $3 WHERE tenant_id = $1 AND id = $2")
            .bind(tenant)
            .bind(id.0)
            .bind(state)
            .execute(tx.conn())
            .await?;
        Ok::<_, sqlx::Error>(id.0)
    })
    .await
    .unwrap()
}

/// Makes anew what an operation uses up, for the next who may do it.
pub async fn restore(world: &World, operation: &str) {
    super::rounds::restore(world, operation).await;
    super::notices::restore(world, operation).await;
    if operation == "retry_dead_letter" {
        let id = world.id_of(operation, "notification_id", Whose::Here).parse().unwrap();
        let sql = "UPDATE notification SET state = 'dead' WHERE tenant_id = $1 AND id = $2";
        world.ours.app.change(sql, id).await;
    }
    // Only a childminder is away; for all else the house of this side is a centre.
    let sql = match operation {
        "record_absence" => "UPDATE facility SET kind = 'childminder' WHERE tenant_id = $1 AND id = $2",
        _ => "UPDATE facility SET kind = 'daycare' WHERE tenant_id = $1 AND id = $2 AND kind = 'childminder'",
    };
    let house = world.ours.here.facility;
    world.ours.app.change(sql, house.0).await;
    if operation == "discard_fee" {
        for whose in [Whose::Here, Whose::There] {
            let id = world.id_of(operation, "fee_id", whose).parse().unwrap();
            world.ours.app.change(DRAFT_AGAIN, id).await;
            world.ours.app.change(ITS_NOTICE, id).await;
        }
    }
}

/// For a contract with a notice and no draft.
const DRAFT_AGAIN: &str = "
    INSERT INTO fee_assessment (tenant_id, id, contract_id, child_id, state, from_month, child_position, lone_parent, periods, drafted_by,
                                drafted_at)
    SELECT a.tenant_id, $2, a.contract_id, a.child_id, 'drafted', a.from_month, 1, false, a.periods, a.drafted_by, a.drafted_at
      FROM fee_assessment a
     WHERE a.tenant_id = $1 AND a.state = 'issued'
       AND NOT EXISTS (SELECT 1 FROM fee_assessment b
                        WHERE b.tenant_id = a.tenant_id AND b.contract_id = a.contract_id AND b.state = 'drafted')
     LIMIT 1
    ON CONFLICT DO NOTHING";

/// The draft of the notice of such a draft.
const ITS_NOTICE: &str = "
    INSERT INTO notice (tenant_id, id, demand_id, fee_id, kind, state, file_number, title, decision, reasons, remedy, objection_months,
                        drafted_by, drafted_at, edited_by, sums)
    SELECT a.tenant_id, a.id, k.demand_id, a.id, 'fee', 'drafted', a.id::text, '-', '-', '-', '-', 1, a.drafted_by, a.drafted_at,
           a.drafted_by,
           (SELECT n.sums FROM notice n WHERE n.tenant_id = $1 AND n.kind = 'fee' LIMIT 1)
      FROM fee_assessment a
      JOIN care_contract k ON k.tenant_id = a.tenant_id AND k.id = a.contract_id
     WHERE a.tenant_id = $1 AND a.id = $2
    ON CONFLICT DO NOTHING";
