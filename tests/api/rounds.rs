//! A central allocation round: who counts, who gets a place, and what the others hear.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::criteria::{claim, criterion, draft, flat, publish, published};
use crate::support::demands::points;
use crate::support::rounds::{Round, kita, plan, reasons};
use crate::support::waiting::{Family, child, link, waiting};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_has_the_larger_claim_gets_the_place_and_the_others_hear_why_not() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let first = child(&app, "Ada", 9, &[sun, moon]).await;
    let second = child(&app, "Ben", 5, &[sun, moon]).await;
    let third = child(&app, "Cem", 2, &[sun]).await;
    let round = Round::proposed(&app).await;
    let report = round.report().await;
    let figures = &report["figures"];
    assert_eq!(
        [
            &figures["children"],
            &figures["placed"],
            &figures["unplaced"],
            &figures["justified_envy"]
        ],
        [&json!(3), &json!(2), &json!(1), &json!(0)]
    );
    assert_eq!(report["rank_histogram"], json!([1, 1]));
    assert_eq!(report["unserved_claims"]["under3"], 1);
    assert!(
        report["invariants"]
            .as_array()
            .unwrap()
            .iter()
            .all(|i| i["holds"] == true),
        "{report}"
    );
    let (a, b, c) = (
        round.case(first.demand).await,
        round.case(second.demand).await,
        round.case(third.demand).await,
    );
    assert_eq!(
        (reasons(&a), reasons(&b), reasons(&c)),
        (vec!["placed", "better_placed"], vec!["full", "placed"], vec!["full"])
    );
    assert_eq!(c["case"]["flags"], json!(["claim_unserved"]));
    let wish = &c["wishes"][0];
    assert_eq!(
        (
            &wish["points"],
            &wish["priority"][1],
            &wish["cutoff"][1],
            &wish["ahead"]
        ),
        (&json!(2), &json!(2), &json!(9), &json!(1))
    );
    assert_eq!(round.verify_all(&app).await, 1);
    assert_eq!(
        app.demand_state(first.demand).await,
        "confirmed",
        "nobody hears of it before the release"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn demands_count_from_the_key_date_and_the_start_of_the_year() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 9).await;
    let in_time = child(&app, "Ada", 1, &[sun]).await;
    for other in [
        Family {
            received_at: "2027-01-31T23:00:00Z",
            ..Family::default()
        },
        Family {
            state: "submitted",
            ..Family::default()
        },
        Family {
            start: "2028-08-01".parse().unwrap(),
            ..Family::default()
        },
        Family {
            birth: "2019-03-01".parse().unwrap(),
            ..Family::default()
        },
    ] {
        waiting(&app, &other, &[sun]).await;
    }
    let last = Family {
        received_at: "2027-01-31T22:59:59Z",
        ..Family::default()
    };
    let last = waiting(&app, &last, &[sun]).await;
    let round = Round::frozen(&app).await;
    let cases = round.clerk.get(&round.path("/cases")).await.ok();
    let mut found: Vec<_> = cases["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["demand_id"].as_str().unwrap().to_owned())
        .collect();
    let mut wanted = vec![in_time.demand.to_string(), last.demand.to_string()];
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_cannot_be_met_is_no_candidate_and_says_why() {
    let app = TestApp::new().await;
    let open = kita(&app, "Kita Sonne", 3).await;
    let unknown = crate::support::facilities::facility(&app, "Kita Mond").await;
    let only_small =
        crate::support::facilities::facility_with_capacity(&app, kitaplatz::facilities::AgeBand::Under3, 3).await;
    let mia = child(&app, "Mia", 1, &[unknown, only_small, open]).await;
    let large = Family {
        birth: "2023-03-01".parse().unwrap(),
        ..Family::default()
    };
    let large = waiting(&app, &large, &[only_small]).await;
    let round = Round::proposed(&app).await;
    let excluded = |case: &Value| {
        let wishes = case["wishes"].as_array().unwrap().clone();
        wishes.into_iter().map(|w| w["excluded"].clone()).collect::<Vec<_>>()
    };
    let case = round.case(mia.demand).await;
    assert_eq!(excluded(&case), [json!("capacity_unknown"), json!("stay"), Value::Null]);
    assert_eq!(reasons(&case), ["not_eligible", "not_eligible", "placed"]);
    assert_eq!(excluded(&round.case(large.demand).await), [json!("age")]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_dry_run_of_a_freeze_says_what_a_run_of_the_stored_cases_says() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 2).await, kita(&app, "Kita Mond", 1).await);
    let mut children = Vec::new();
    for name in ["Ada", "Ben", "Cem", "Dana", "Eli"] {
        // All are equal, so that the draw decides.
        children.push(child(&app, name, 3, &[sun, moon]).await);
    }
    link(&app, children[0].child, children[1].child).await;
    let round = Round::planned(&app).await;
    let frozen = round.freeze_and_run().await;
    assert_eq!(
        (&frozen["state"], &frozen["run"]["kind"]),
        (&json!("proposed"), &json!("dry"))
    );
    let said = async || {
        let cases = round.clerk.get(&round.path("/cases?limit=200")).await.ok();
        let mut details = Vec::new();
        for child in &children {
            details.push(round.case(child.demand).await["wishes"].clone());
        }
        (cases, details, round.get().await["run"]["instance_sha256"].clone())
    };
    let first = said().await;
    assert_eq!(first.0["items"].as_array().unwrap().len(), 5);
    let report = round.report().await;
    round.run().await;
    assert_eq!(said().await, first);
    let again = round.report().await;
    assert_eq!(again["against_run"]["same"], 5);
    assert_eq!(
        (&again["figures"], &again["siblings"]),
        (&report["figures"], &report["siblings"])
    );
    assert_eq!(round.verify_all(&app).await, 2);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn siblings_go_together_where_both_wish_it() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 2).await);
    let (a, b) = (
        child(&app, "Ada", 5, &[sun, moon]).await,
        child(&app, "Bea", 4, &[sun, moon]).await,
    );
    link(&app, a.child, b.child).await;
    let round = Round::proposed(&app).await;
    let (a, b) = (round.case(a.demand).await, round.case(b.demand).await);
    let moon = json!(moon);
    assert_eq!((&a["case"]["facility_id"], &b["case"]["facility_id"]), (&moon, &moon));
    assert_eq!(a["case"]["family"], b["case"]["family"]);
    assert_eq!(a["siblings"], json!([b["case"]["id"]]));
    assert_eq!(reasons(&a)[1], "placed");
    let siblings = &round.report().await["siblings"];
    assert_eq!(
        [&siblings["families"], &siblings["together"], &siblings["split"]],
        [&json!(1), &json!(1), &json!(0)]
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_that_leaves_after_the_freeze_leaves_the_run_too() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let account = app.parent("jana@example.org").await;
    let leaving = Family {
        points: 9,
        account: account.account,
        ..Family::default()
    };
    let leaving = waiting(&app, &leaving, &[sun]).await;
    let next = child(&app, "Ben", 1, &[sun]).await;
    let round = Round::proposed(&app).await;
    for person in [&round.clerk, &round.admin] {
        round.open_conflicts(person).await;
    }
    let path = format!("/demands/{}/withdraw", leaving.demand);
    account.edit(Method::POST, &path, 1, json!({})).await.ok();
    assert_eq!(round.sign(&round.clerk).await.refused(409), "round.run_outdated");
    round.run().await;
    assert_eq!(round.case(leaving.demand).await["case"]["flags"], json!(["left"]));
    assert_eq!(reasons(&round.case(next.demand).await), ["placed"]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn points_ranks_and_kept_seats_come_from_the_published_set_and_are_frozen_with_it() {
    let app = TestApp::new().await;
    let work = criterion(&app, "both_work", "asked").await;
    let hardship = criterion(&app, "hardship", "asked").await;
    let mut kept = flat(&hardship, 1);
    kept["reserve"] = json!({"type": "hardship", "seats": 1, "per": "facility"});
    let set = published(&app, &[flat(&work, 4), kept]).await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let mut demands = Vec::new();
    for (email, claimed, at) in [
        ("jana@example.org", &work, sun),
        ("eva@example.org", &hardship, sun),
        ("ida@example.org", &work, moon),
    ] {
        let demand = app.demand_for(email, &[at]).await;
        let facts = json!({"facts": [{"criterion_id": claimed, "claimed": true, "number": null}]});
        demand.change(facts).await.ok();
        demand.submit().await.ok();
        demands.push(demand.id);
    }
    let mut today = plan();
    today["key_date"] = json!("2027-02-01");
    today["config"]["draw_on"] = json!("2027-02-03");
    app.at("2027-02-02T09:00:00Z");
    app.run_periodic().await;
    let round = Round::of(&app, today).await;
    round.step("freeze").await.ok();
    let named = round.get().await["criteria"].as_str().unwrap().to_owned();
    assert!(
        named.starts_with("Kriterien 1 (") && named.contains(set["id"].as_str().unwrap()),
        "{named}"
    );
    round.run().await;
    let (works, needs) = (round.case(demands[0]).await, round.case(demands[1]).await);
    let wish = &works["wishes"][0];
    assert_eq!(
        (&wish["points"], &wish["breakdown"]),
        (&json!(4), &json!([{"code": "both_work", "points": 4}]))
    );
    assert_eq!((reasons(&works), reasons(&needs)), (vec!["reserved"], vec!["placed"]));
    let kept = json!([{"kind": "hardship", "seats": 2, "filled": 1, "facilities": 2, "below": 1}]);
    assert_eq!(round.report().await["kept_seats"], kept);
    // Evidence that is rejected after the freeze changes nothing in the round: what decides is frozen.
    let (clerk, hardship) = (app.clerk().await, hardship.as_str().unwrap());
    let path = format!("/office/demands/{}/evidence/{hardship}", demands[1]);
    let rejected = json!({"state": "rejected", "valid_until": null});
    let version = clerk.edit(Method::PUT, &path, 9999, rejected.clone()).await;
    let version = version.headers["etag"]
        .to_str()
        .unwrap()
        .trim_matches('"')
        .parse()
        .unwrap();
    clerk.edit(Method::PUT, &path, version, rejected).await.ok();
    round.run().await;
    assert_eq!(round.report().await["against_run"]["same"], 3);
    assert_eq!(round.verify_all(&app).await, 2);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_freeze_waits_for_the_points_and_takes_the_criteria_of_the_key_date() {
    let app = TestApp::new().await;
    let work = criterion(&app, "both_work", "asked").await;
    published(&app, &[flat(&work, 4)]).await;
    let sun = kita(&app, "Kita Sonne", 1).await;
    let demand = app.demand_for("jana@example.org", &[sun]).await;
    demand.change(claim(&work, None)).await.ok();
    demand.submit().await.ok();
    app.at("2027-02-02T09:00:00Z");
    let mut of_yesterday = plan();
    of_yesterday["key_date"] = json!("2027-02-01");
    of_yesterday["config"]["draw_on"] = json!("2027-02-03");
    let round = Round::of(&app, of_yesterday).await;
    let waits = async |why: &str| {
        let refused = round.step("freeze").await.refused(409);
        assert_eq!(refused, "round.points_being_counted", "{why}");
    };
    waits("evidence may have run out at midnight").await;
    app.run_periodic().await;
    let second = draft(&round.admin, None, &[flat(&work, 8)]).await;
    publish(&round.admin, &second, "2027-02-02").await.ok();
    waits("one family could be counted by the new set and another by the old one").await;
    app.run_jobs().await;
    assert_eq!(points(&app, &demand).await, [8], "what holds today");
    round.step("freeze").await.ok();
    let named = round.get().await["criteria"].as_str().unwrap().to_owned();
    assert!(named.starts_with("Kriterien 1 (") && !named.contains(';'), "{named}");
    round.run().await;
    let wish = round.case(demand.id).await["wishes"][0].clone();
    assert_eq!(
        (&wish["points"], &wish["priority"][1], &wish["breakdown"][0]["points"]),
        (&json!(4), &json!(4), &json!(4)),
        "what held on the key date"
    );
}
