//! What hangs on a family besides demands, offers and contracts: a row of all that its copy has.

use reqwest::Method;
use serde_json::json;

use super::side::Side;
use crate::support::TestApp;

/// Makes them, each of a child of its own, so that no operation finds it changed.
pub async fn make(app: &TestApp, side: &mut Side) {
    let (clerk, house) = (app.clerk().await, side.facility);
    let manager = app.manager(house).await;
    let contract = side.bare_contract(app).await;
    let sql = "SELECT child_id::text FROM care_contract WHERE tenant_id = $1 AND id = $2";
    let cared = app.value(sql, contract).await.unwrap();
    let sheet = json!({"entries": {"allergies": [{"substance": "Erdnüsse", "measures": "Notfallset im Gruppenraum"}], "pickups": []},
                       "health_consent": true});
    let path = format!("/family/children/{cared}/care-sheet");
    side.family.edit(Method::PUT, &path, 0, sheet).await.ok();
    let answers = json!({"days_per_week": 5, "meals": true, "attends_school": false, "foreign_origin": false, "german_at_home": true,
                         "integration_help": false});
    let body = json!({"children": [{"child_id": cared, "answers": answers}]});
    let path = format!("/staff/facilities/{house}/survey/children?year=2028");
    manager.edit(Method::PATCH, &path, 0, body).await.ok();
    for sql in [FOLLOWUP, GUEST, LAPSE] {
        app.change(sql, contract).await;
    }
    let moves = side.waiting(app, "confirmed").await.demand;
    let path = format!("/demands/{moves}/move-in");
    let body = json!({"move_on": "2027-06-01", "postal_code": "04109", "city": "Musterstadt"});
    side.family.edit(Method::PUT, &path, 0, body).await.ok();
    let guest = side.waiting(app, "confirmed").await.demand;
    let body = json!({"name": "Gemeinde Nachbarort", "address": "Kirchweg 2, 04435 Nachbarort", "email": null});
    let path = format!("/office/demands/{guest}/guest");
    clerk.edit(Method::PUT, &path, 0, body).await.ok();
    let path = format!("/office/demands/{guest}/register-check");
    clerk.post(&path, json!({})).await.ok();
    let placed = json!({"child_id": side.ids["place_in_group.child_id"], "group_id": side.ids["group_id"], "valid_from": "2027-08-01"});
    let path = format!("/staff/facilities/{house}/groups/placement");
    manager.send(Method::PUT, &path, Some(&placed), &[]).await.ok();
    // Days on which somebody is away: one to look at, and one that has begun, which can be ended once.
    for (name, sql) in [("absence_id", AWAY), ("cancel_absence.absence_id", AWAY_NOW)] {
        let id = side.bare_contract(app).await;
        app.change(sql, id).await;
        side.know(name, id);
        if name == "absence_id" {
            app.change(COVERED, id).await;
            side.know("arrange_substitute.contract_id", id);
        }
    }
    let child = side.waiting(app, "confirmed").await.child;
    let body = json!({"kind": "deferral", "decided_on": "2027-01-20", "note": "Bescheid der Grundschule"});
    let path = format!("/office/children/{child}/school-entry");
    clerk.create(&path, body).await.ok();
}

/// The family was asked what comes after the contract.
const FOLLOWUP: &str = "
    INSERT INTO followup_demand (tenant_id, id, child_id, contract_id, care_type, needed_from, facility_ids, state, created_at)
    SELECT tenant_id, id, child_id, id, 'kindergarten', '2032-08-01', '{}', 'proposed', created_at
      FROM care_contract WHERE tenant_id = $1 AND id = $2";

/// The child lives in another municipality, which once agreed.
const GUEST: &str = "
    INSERT INTO guest_case (tenant_id, demand_id, child_id, state, home_name, answered_on, valid_from, valid_until, costs_agreed, created_at)
    SELECT tenant_id, demand_id, child_id, 'granted', 'Gemeinde Nachbarort', '2027-01-15', '2027-01-15', '2028-08-01', true, created_at
      FROM care_contract WHERE tenant_id = $1 AND id = $2";

/// The consent of another municipality ends while the contract runs.
const LAPSE: &str = "
    INSERT INTO guest_lapse (tenant_id, id, demand_id, child_id, contract_id, lapses_on, reason, decide_by, noted_at)
    SELECT tenant_id, id, demand_id, child_id, id, '2028-08-01', 'costs', '2028-06-01', created_at
      FROM care_contract WHERE tenant_id = $1 AND id = $2";

/// Away in days of a contract, with its id.
const AWAY: &str = "
    INSERT INTO childminder_absence (tenant_id, id, facility_id, from_on, to_on, reason, recorded_at)
    SELECT tenant_id, id, facility_id, '2028-03-06', '2028-03-10', 'holiday', created_at
      FROM care_contract WHERE tenant_id = $1 AND id = $2";

/// Away since yesterday.
const AWAY_NOW: &str = "
    INSERT INTO childminder_absence (tenant_id, id, facility_id, from_on, to_on, reason, recorded_at)
    SELECT tenant_id, id, facility_id, '2027-01-31', '2027-02-03', 'illness', created_at
      FROM care_contract WHERE tenant_id = $1 AND id = $2";

/// The child of that contract is looked after.
const COVERED: &str = "
    INSERT INTO substitution (tenant_id, absence_id, contract_id, substitute_id, arranged_at)
    SELECT tenant_id, id, id, facility_id, created_at
      FROM care_contract WHERE tenant_id = $1 AND id = $2";
