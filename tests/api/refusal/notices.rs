//! Notices about a family: one for every step of the office.

use serde_json::json;

use super::side::Side;
use super::table::Whose;
use super::world::World;
use crate::support::{TestApp, notices};

/// Makes them: drafted, approved, posted and objected to, each by the hand that may.
pub async fn make(app: &TestApp, side: &mut Side) {
    let (writer, second) = (app.clerk().await, app.clerk().await);
    let both = [&writer, &second];
    let demand = side.claiming(app).await;
    side.know("draft_notice.demand_id", demand.demand.0);
    side.know("get_demand_notices.demand_id", demand.demand.0);
    side.know("get_notice_letter.guardian_id", demand.guardian.0);
    let demand = demand.demand;
    let mut made = vec![("notice_id", notices::issued(both, demand).await)];
    for operation in ["update_notice", "discard_notice", "approve_notice"] {
        made.push((operation, notices::written(&writer, demand).await));
    }
    for operation in ["return_notice", "issue_notice"] {
        made.push((operation, notices::approved(both, demand).await));
    }
    for operation in ["record_notice_service", "record_objection", "decide_objection"] {
        let id = notices::issued(both, demand).await;
        // Posted so long ago that it may have come later than the law presumes.
        let sql = "UPDATE notice SET posted_on = '2027-01-11', served_on = '2027-01-15', objection_until = '2027-02-15'
                    WHERE tenant_id = $1 AND id = $2";
        app.change(sql, id.parse().unwrap()).await;
        made.push((operation, id));
    }
    if let Some((_, id)) = made.last() {
        let objection = json!({"objected_on": "2027-01-20", "note": null});
        notices::step(&writer, id, "objection", objection).await.ok();
    }
    for (operation, id) in made {
        let name = match operation {
            "notice_id" => operation.to_owned(),
            _ => format!("{operation}.notice_id"),
        };
        side.know(&name, id.parse().unwrap());
    }
}

/// Makes anew what an operation uses up: a draft that was thrown away.
pub async fn restore(world: &World, operation: &str) {
    if operation == "remove_preference_note" {
        for whose in [Whose::Here, Whose::There] {
            let sql = "INSERT INTO preference_note (tenant_id, id, preference_id, words, written_by, written_at)
                       SELECT tenant_id, preference_id, preference_id, 'Ruft zurück.', planned_by, planned_at
                         FROM facility_visit WHERE tenant_id = $1 AND preference_id = $2
                       ON CONFLICT (tenant_id, id) DO NOTHING";
            let id = world.id_of(operation, "preference_note_id", whose).parse().unwrap();
            world.ours.app.change(sql, id).await;
        }
    }
    if operation != "discard_notice" {
        return;
    }
    for whose in [Whose::Here, Whose::There] {
        let sql = "INSERT INTO notice (tenant_id, id, demand_id, kind, state, file_number, title, decision, reasons, remedy,
                                       objection_months, drafted_by, drafted_at, edited_by)
                   SELECT tenant_id, $2, demand_id, 'refusal', 'drafted', $2::text, title, decision, reasons, remedy, 1, drafted_by,
                          drafted_at, edited_by
                     FROM notice WHERE tenant_id = $1 LIMIT 1
                   ON CONFLICT (tenant_id, id) DO NOTHING";
        let id = world.id_of(operation, "notice_id", whose).parse().unwrap();
        world.ours.app.change(sql, id).await;
    }
}
