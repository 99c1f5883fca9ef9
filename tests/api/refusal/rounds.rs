//! Allocation rounds of a town, one in each state that an operation wants.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::side::{Ids, Side, of};
use super::table::Whose;
use super::world::World;
use crate::support::rounds::{Round, plan};
use crate::support::{Client, TestApp};

/// Makes them: released ones first, because one round at a time is under way.
pub async fn make(app: &TestApp, ids: &mut Ids, sides: [&mut Side; 2]) {
    let mut know = |name: &str, id: Uuid| {
        ids.insert(name.to_owned(), id);
    };
    for operation in ["pause_round", "resume_round", "close_round", "get_round_outcome"] {
        let round = Round::released(app).await;
        know(&format!("{operation}.round_id"), round.id.parse().unwrap());
        if operation == "resume_round" {
            round.step("pause").await.ok();
        }
        if operation == "close_round" {
            // As if all were dealt with.
            let sql = "UPDATE round_case SET outcome = 'decided' WHERE tenant_id = $1 AND round_id = $2";
            app.change(sql, round.id.parse().unwrap()).await;
        }
    }
    for operation in ["update_round", "freeze_round", "cancel_round"] {
        know(&format!("{operation}.round_id"), of(&planned(app).await));
    }
    let mut coordinated = plan();
    coordinated["mode"] = json!("coordinated");
    let coordinated = app.clerk().await.create("/rounds", coordinated).await.ok();
    know("put_round_choice.round_id", of(&coordinated));
    let main = Round::proposed(app).await;
    // From now on a coordinated one, before its first step.
    let sql = "UPDATE allocation_round SET mode = 'coordinated' WHERE tenant_id = $1 AND id = $2";
    app.change(sql, main.id.parse().unwrap()).await;
    know("round_id", main.id.parse().unwrap());
    know(
        "run_id",
        main.get().await["run"]["id"].as_str().unwrap().parse().unwrap(),
    );
    let cases = main.clerk.get(&main.path("/cases?placed=true&limit=200")).await.ok()["items"].clone();
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for case in cases.as_array().unwrap() {
        let demand: Uuid = case["demand_id"].as_str().unwrap().parse().unwrap();
        let side = sides.iter().position(|side| side.ids["demand_id"] == demand);
        match side {
            Some(side) => own.push((side, case)),
            None => others.push(case),
        }
    }
    know("case_id", of(others[0]));
    for (operation, case) in [("approve", others[1]), ("withdraw", others[2])] {
        let body = json!({"case_id": case["id"], "kind": "exclude", "preference_id": case["preference_id"], "reason": "data_error", "note": "x"});
        let made = main.clerk.create(&main.path("/deviations"), body).await.ok();
        know(&format!("{operation}_deviation.deviation_id"), of(&made));
    }
    for (side, case) in own {
        let wish = case["preference_id"].as_str().unwrap().parse().unwrap();
        let ids = &mut sides[side].ids;
        ids.insert("propose_deviation.preference_id".to_owned(), wish);
        ids.insert("propose_deviation.case_id".to_owned(), of(case));
        ids.insert("answer_step.case_id".to_owned(), of(case));
    }
}

async fn planned(app: &TestApp) -> Value {
    app.clerk().await.create("/rounds", plan()).await.ok()
}

/// Both have looked at the conflicts, so that one of them can sign.
pub async fn look(ids: &Ids, people: [&Client; 2]) {
    for person in people {
        let path = format!("/rounds/{}/conflicts", ids["round_id"]);
        person.send(Method::POST, &path, Some(&json!({})), &[]).await.ok();
    }
}

/// Makes anew what an operation uses up: what was decided about a child is free again, and nothing stands against a release, no
/// order by hand either.
pub async fn restore(world: &World, operation: &str) {
    let id = |name: &str| world.id_of(operation, name, Whose::Here).parse().unwrap();
    // Between its freeze and its release a round keeps its places from single offers; for those it rests as a released one would.
    let sql = if matches!(operation, "send_offer" | "offer_next") {
        "UPDATE allocation_round SET state = 'paused', paused_from = 'released'
          WHERE tenant_id = $1 AND id = $2 AND state IN ('frozen', 'proposed', 'in_review')"
    } else {
        "UPDATE allocation_round SET state = 'in_review', paused_from = NULL
          WHERE tenant_id = $1 AND id = $2 AND state = 'paused' AND paused_from = 'released' AND released_at IS NULL"
    };
    world
        .ours
        .app
        .change(sql, world.id_of("get_round", "round_id", Whose::Here).parse().unwrap())
        .await;
    match operation {
        "propose_deviation" => {
            let sql = "UPDATE allocation_deviation SET state = 'withdrawn' WHERE tenant_id = $1 AND case_id = $2";
            world.ours.app.change(sql, id("case_id")).await;
        }
        "release_round" => {
            for sql in [
                "UPDATE allocation_deviation SET state = 'withdrawn' WHERE tenant_id = $1 AND round_id = $2",
                "UPDATE case_proposal p SET decided_by = v.account_id, decided_at = v.at
                   FROM round_review v
                  WHERE p.tenant_id = $1 AND p.round_id = $2 AND v.tenant_id = $1 AND v.round_id = $2",
                "DELETE FROM round_answer WHERE tenant_id = $1 AND round_id = $2",
            ] {
                world.ours.app.change(sql, id("round_id")).await;
            }
        }
        "open_steps" => {
            for sql in [
                "DELETE FROM round_answer WHERE tenant_id = $1 AND round_id = $2",
                "DELETE FROM round_step WHERE tenant_id = $1 AND round_id = $2",
            ] {
                world.ours.app.change(sql, id("round_id")).await;
            }
        }
        "answer_step" => {
            for sql in [
                "DELETE FROM round_answer WHERE tenant_id = $1 AND round_id = $2",
                "INSERT INTO round_step (tenant_id, round_id, number, days, due_on, opened_at)
                 VALUES ($1, $2, 1, 5, '2027-03-01', '2027-02-01T09:00:00Z')
                 ON CONFLICT (tenant_id, round_id, number) DO UPDATE SET closed_at = NULL",
            ] {
                world.ours.app.change(sql, id("round_id")).await;
            }
        }
        _ => {}
    }
}
