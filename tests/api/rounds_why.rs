//! Why a round decided as it did: persons by name, the figures of its list and its report.

use kitaplatz::platform::ids::FacilityId;
use serde_json::{Value, json};

use crate::support::rounds::{Round, kita, named, names};
use crate::support::waiting::{Family, child, link, waiting};
use crate::support::{Client, TestApp};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn whoever_acted_in_a_round_stands_there_by_name() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let ada = child(&app, "Mia", 5, &[sun]).await;
    let round = Round::frozen(&app).await;
    named(&app, &round).await;
    round.draw_comes().await;
    round.clerk.post(&round.path("/seed"), json!({"seed": "1"})).await.ok();
    let entered = round.get().await;
    assert_eq!(names(&entered["seed_entered_by"]), ["Cora Clerk"]);
    assert!(
        !entered["seed_entered_by"].to_string().contains("seed\""),
        "not what was entered"
    );
    round.admin.post(&round.path("/seed"), json!({"seed": "1"})).await.ok();
    round.run().await;
    let case = round.case(ada.demand).await;
    let body = json!({"case_id": case["case"]["id"], "kind": "exclude", "preference_id": ada.preferences[0], "reason": "group_mix", "note": "x"});
    let made = round.clerk.create(&round.path("/deviations"), body).await.ok();
    assert_eq!(
        (&made["proposed_by_name"], &made["approved_by_name"]),
        (&json!("Cora Clerk"), &Value::Null)
    );
    let path = round.path(&format!("/deviations/{}", made["id"].as_str().unwrap()));
    let approved = round.admin.post(&format!("{path}/approve"), json!({})).await.ok();
    assert_eq!(approved["approved_by_name"], "Adam Admin");
    round.run().await;
    round.release().await;
    let released = round.get().await;
    assert_eq!(names(&released["conflicts_opened_by"]), ["Adam Admin", "Cora Clerk"]);
    assert_eq!(names(&released["signatures"]), ["Adam Admin", "Cora Clerk"]);
    assert_eq!(released["run"]["started_by_name"], "Cora Clerk");
    let close = "UPDATE account SET state = 'closed', display_name = NULL WHERE tenant_id = $1 AND id = $2";
    app.change(close, round.admin.account.unwrap().0).await;
    assert_eq!(
        names(&round.get().await["signatures"]),
        ["", "Cora Clerk"],
        "a closed account has no name"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_list_of_rounds_says_how_many_have_a_place_and_what_comes_next() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    child(&app, "Mia", 5, &[sun]).await;
    child(&app, "Mia", 4, &[sun]).await;
    let round = Round::frozen(&app).await;
    let row = async |person: &Client| person.get("/rounds").await.ok()["items"][0].clone();
    let before = row(&round.clerk).await;
    assert_eq!(
        (&before["children"], &before["placed"], &before["next"]),
        (&Value::Null, &Value::Null, &json!("dry_run"))
    );
    round.run().await;
    round.draw_comes().await;
    round.clerk.post(&round.path("/seed"), json!({"seed": "1"})).await.ok();
    let run = row(&round.clerk).await;
    assert_eq!(
        (&run["children"], &run["placed"], &run["next"]),
        (&json!(2), &json!(1), &json!("seed_other"))
    );
    assert_eq!(row(&round.admin).await["next"], "seed", "the other person has to");
    round.admin.post(&round.path("/seed"), json!({"seed": "1"})).await.ok();
    round.run().await;
    for person in [&round.clerk, &round.admin] {
        assert_eq!(row(person).await["next"], "conflicts");
        round.open_conflicts(person).await;
        let next = if person.account == round.clerk.account {
            "decide"
        } else {
            "sign"
        };
        assert_eq!(row(person).await["next"], next, "what one decided is decided for both");
        round.decide_all(person).await;
        assert_eq!(row(person).await["next"], "sign");
    }
    round.sign(&round.clerk).await.ok();
    assert_eq!(row(&round.clerk).await["next"], "sign_other");
    round.sign(&round.admin).await.ok();
    assert_eq!(row(&round.clerk).await["next"], "sending");
    app.run_jobs().await;
    assert_eq!(row(&round.clerk).await["next"], "close");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_first_wish_is_what_the_parents_put_first_in_every_figure() {
    let app = TestApp::new().await;
    let unknown = crate::support::facilities::facility(&app, "Kita Mond").await;
    let (sun, star) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Stern", 4).await);
    // Her first wish is no candidate; with her second she has the first of those that can be met.
    child(&app, "Mia", 9, &[unknown, star]).await;
    // Siblings want one place at the sun each, and go together to the star: their first joint wish that holds.
    let (a, b) = (
        child(&app, "Mia", 5, &[sun, star]).await,
        child(&app, "Mia", 4, &[star, sun]).await,
    );
    link(&app, a.child, b.child).await;
    let round = Round::proposed(&app).await;
    let report = round.report().await;
    assert_eq!(report["rank_histogram"], json!([1, 2]));
    assert_eq!(report["figures"]["first_wish"], 1);
    assert_eq!(round.get().await["run"]["figures"]["first_wish"], 1);
    assert_eq!(
        report["first_preference_first"]["first_wish"], 2,
        "each child by its own wishes: the siblings at the sun and at the star"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_report_counts_by_criterion_facility_district_and_decision() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let district = "UPDATE facility SET district = 'Süd' WHERE tenant_id = $1 AND id = $2";
    app.change(district, sun.0).await;
    let ada = child(&app, "Mia", 9, &[sun, moon]).await;
    let ben = child(&app, "Mia", 5, &[sun]).await;
    let late = Family {
        start: "2027-11-15".parse().unwrap(),
        ..Family::default()
    };
    waiting(&app, &late, &[sun]).await;
    let round = Round::proposed(&app).await;
    let report = round.report().await;
    assert_eq!(
        report["unserved"],
        json!([
            {"district": "Süd", "month": "2027-08-01", "children": 1, "claims": 1},
            {"district": "Süd", "month": "2027-11-01", "children": 1, "claims": 0}
        ])
    );
    let of = |report: &Value, id: FacilityId| {
        let all = report["by_facility"].as_array().unwrap().clone();
        all.into_iter().find(|f| f["facility_id"] == json!(id)).unwrap()
    };
    let sun_row = of(&report, sun);
    assert_eq!(
        sun_row,
        json!({"facility_id": sun, "name": "Kita Sonne", "places": 2, "wishes": 3, "first_wishes": 3, "placed": 1})
    );
    assert_eq!(of(&report, moon)["placed"], 0);
    assert_eq!(
        report["by_criterion"],
        json!([{"code": "", "children": 3, "placed": 1, "first_wish": 1}])
    );
    // A decision about a wish counts where the wish is, even when the child goes nowhere after it.
    let case = round.case(ben.demand).await;
    let body = json!({"case_id": case["case"]["id"], "kind": "exclude", "preference_id": ben.preferences[0], "reason": "group_mix", "note": "x"});
    let made = round.clerk.create(&round.path("/deviations"), body).await.ok();
    let path = round.path(&format!("/deviations/{}/approve", made["id"].as_str().unwrap()));
    round.admin.post(&path, json!({})).await.ok();
    round.run().await;
    let report = round.report().await;
    let south = report["by_district"]
        .as_array()
        .unwrap()
        .iter()
        .find(|g| g["name"] == "Süd");
    assert_eq!(south.unwrap()["deviations"], 1);
    let wish = &round.case(ada.demand).await["wishes"][0];
    assert_eq!(
        (&wish["position"], &wish["of"]),
        (&json!(1), &json!(2)),
        "the excluded wish stands in no order"
    );
}
