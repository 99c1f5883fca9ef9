//! A coordinated round: facilities choose, answer step by step, by points or by hand, and the result goes the way of every round.

use kitaplatz::access::as_system;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::homes::named_home;
use crate::support::rounds::Round;
use crate::support::rounds_steps::{Site, coordinated, drawn, open, row, steps};

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn three_providers_of_whom_one_orders_by_hand_lead_from_demands_to_accepted_places() {
    let app = TestApp::new().await;
    let (sun, moon) = (
        Site::new(&app, "Kita Sonne", 1).await,
        Site::new(&app, "Kita Mond", 1).await,
    );
    let star = Site::new(&app, "Kita Stern", 1).await;
    let ada = named_home(&app, "Ada", 9, &[sun.id, moon.id]).await;
    let ben = named_home(&app, "Ben", 5, &[sun.id, moon.id]).await;
    let cem = named_home(&app, "Cem", 3, &[moon.id, star.id]).await;
    let round = coordinated(&app).await;
    sun.choose(&round, "by_hand", false).await.ok();
    moon.choose(&round, "by_points", true).await.ok();
    drawn(&round).await;
    assert_eq!(round.run().await["kind"], "dry", "facilities have not answered");
    let opened = open(&round).await;
    assert_eq!(
        (&opened["open"], &opened["steps"][0]["due_on"], &opened["done"]),
        (&json!(1), &json!("2027-02-06"), &json!(false))
    );
    let stands: Vec<_> = opened["facilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            (
                f["facility_name"].as_str().unwrap(),
                f["stand"].as_str().unwrap(),
                f["chosen"] == true,
            )
        })
        .collect();
    assert_eq!(
        stands,
        [
            ("Kita Mond", "may_object", true),
            ("Kita Sonne", "awaited", true),
            ("Kita Stern", "may_object", false)
        ]
    );
    // The office sees what is held, and families hear nothing before the release.
    let held = async |demand: kitaplatz::platform::ids::DemandId| {
        let case = round.case(demand).await;
        let reasons: Vec<String> = crate::support::rounds::reasons(&case)
            .into_iter()
            .map(str::to_owned)
            .collect();
        (case["case"]["held"].clone(), reasons)
    };
    let (best, reasons) = held(ada.made.demand).await;
    assert_eq!(
        (&best["facility_id"], &best["wish"], &best["last"], reasons[1].as_str()),
        (&json!(moon.id), &json!(2), &json!(false), "held")
    );
    let (none, reasons) = held(ben.made.demand).await;
    assert!(none.is_null() && !reasons.contains(&"held".to_owned()));
    assert_eq!(ada.explanation().await["round"], Value::Null);
    // Moon has answered by points at once; nobody is told where else a child wishes or goes.
    assert_eq!(
        moon.list(&round).await,
        [
            row("Ada", "held", false),
            row("Ben", "open", false),
            row("Cem", "open", false)
        ]
    );
    assert_eq!(star.list(&round).await, [row("Cem", "held", false)]);
    assert_eq!(
        sun.list(&round).await,
        [row("Ada", "open", true), row("Ben", "open", false)]
    );
    let board = sun.board(&round).await;
    let small = board["pools"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["age_band"] == "under3")
        .unwrap();
    let suggested: Vec<_> = small["applicants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| a["suggested"] == true)
        .collect();
    assert_eq!((suggested, &board["provisional"]), (vec![true, false], &json!(true)));
    // Sun puts Ben first; that needs a published reason.
    let without = sun.order(&round, 1, &[("Ben", None), ("Ada", None)]).await;
    assert_eq!(
        without.faults(),
        [("/orders/0/places/0/reason".to_owned(), "required".to_owned())]
    );
    let answered = sun
        .order(&round, 1, &[("Ben", Some("group_mix")), ("Ada", None)])
        .await
        .ok();
    assert_eq!(answered["stand"], "answered");
    assert_eq!(steps(&round).await["open"], 1, "the others may still object");
    for site in [&moon, &star] {
        site.by_points(&round, 1).await.ok();
    }
    let over = steps(&round).await;
    assert_eq!(
        (&over["open"], &over["done"], &over["steps_left"]),
        (&Value::Null, &json!(true), &json!(0))
    );
    assert_eq!(
        sun.list(&round).await,
        [row("Ben", "final", false), row("Ada", "open", false)]
    );
    assert_eq!(
        moon.list(&round).await,
        [
            row("Ada", "final", false),
            row("Ben", "elsewhere", false),
            row("Cem", "open", false)
        ]
    );
    for (home, at) in [(&ada, &moon), (&ben, &sun), (&cem, &star)] {
        let (best, reasons) = held(home.made.demand).await;
        assert_eq!((&best["facility_id"], &best["last"]), (&json!(at.id), &json!(true)));
        assert_eq!(reasons.iter().filter(|r| *r == "held").count(), 1);
    }
    round.run().await;
    assert_eq!(held(ben.made.demand).await.0, Value::Null, "a final run says more");
    let report = round.report().await;
    assert_eq!(
        (
            &report["figures"]["placed"],
            &report["figures"]["justified_envy"],
            &report["against_steps"]["same"]
        ),
        (&json!(3), &json!(0), &json!(3))
    );
    assert_eq!(report["flags"]["passed_over"], 1, "Ada, by the order of the sun");
    let hand = report["by_provider"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| (g["name"].as_str().unwrap(), &g["by_hand"]));
    assert_eq!(
        hand.collect::<Vec<_>>(),
        [
            ("Träger Kita Mond", &json!(0)),
            ("Träger Kita Sonne", &json!(1)),
            ("Träger Kita Stern", &json!(0))
        ]
    );
    assert_eq!(round.verify_all(&app).await, 2);
    let file = round.get().await["run"]["id"].as_str().unwrap().parse().unwrap();
    let again = as_system(&app.platform, &app.tenant, "test_replay", async |tx| {
        kitaplatz::allocation::rounds::replay(tx, kitaplatz::platform::ids::RunId(file)).await
    });
    assert!(again.await.unwrap().same);
    let led_there = (steps(&round).await["facilities"].clone(), moon.list(&round).await);
    round.release().await;
    app.run_jobs().await;
    for (family, site) in [(&ada, &moon), (&ben, &sun), (&cem, &star)] {
        assert_eq!(family.offer().await["facility_id"], json!(site.id));
        family.accept().await;
        assert_eq!(app.demand_state(family.made.demand).await, "covered");
    }
    let stays = (steps(&round).await["facilities"].clone(), moon.list(&round).await);
    assert_eq!(stays, led_there, "whoever has a place by the steps has not left them");
    let why = ada
        .parent
        .get(&format!("/demands/{}/explanation", ada.made.demand))
        .await
        .ok();
    let wish = &why["wishes"][0];
    assert_eq!(
        (&wish["reason"], &wish["provider_reason"], &wish["cutoff"]),
        (&json!("provider_order"), &json!("group_mix"), &Value::Null)
    );
    let sql = "SELECT r.body FROM decision_record r JOIN round_case c ON c.tenant_id = r.tenant_id AND c.id = r.case_id
                WHERE r.tenant_id = $1 AND c.demand_id = $2";
    let record: Value = serde_json::from_str(&app.value(sql, ada.made.demand.0).await.unwrap()).unwrap();
    let by_hand = &record["ordered_by_hand"];
    assert_eq!(
        (
            by_hand.as_array().unwrap().len(),
            &by_hand[0]["facility_id"],
            &by_hand[0]["account_id"]
        ),
        (1, &json!(sun.id), &json!(sun.manager.account)),
        "the record names who ordered by hand"
    );
    assert_eq!(by_hand[0]["step"], 1);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn who_is_turned_down_proposes_again_in_the_next_step_and_what_was_offered_stays() {
    let app = TestApp::new().await;
    let (sun, moon) = (
        Site::new(&app, "Kita Sonne", 1).await,
        Site::new(&app, "Kita Mond", 1).await,
    );
    named_home(&app, "Ada", 9, &[moon.id, sun.id]).await;
    named_home(&app, "Ben", 5, &[sun.id]).await;
    named_home(&app, "Cem", 3, &[sun.id]).await;
    let round = coordinated(&app).await;
    for site in [&sun, &moon] {
        site.choose(&round, "by_hand", false).await.ok();
    }
    drawn(&round).await;
    assert_eq!(open(&round).await["steps_left"], 2);
    sun.by_points(&round, 1).await.ok();
    let changed = moon.by_points(&round, 1).await.ok();
    assert_eq!(changed["step"]["number"], 2, "the next step opens by itself");
    assert_eq!(
        sun.list(&round).await,
        [
            row("Ada", "elsewhere", false),
            row("Ben", "open", true),
            row("Cem", "open", false)
        ]
    );
    assert_eq!(moon.list(&round).await, [row("Ada", "final", false)]);
    assert_eq!(moon.by_points(&round, 2).await.refused(409), "round.not_awaited");
    assert_eq!(sun.by_points(&round, 1).await.refused(409), "round.step_over");
    let locked = sun
        .order(&round, 2, &[("Cem", Some("inclusion")), ("Ben", None), ("Ada", None)])
        .await;
    assert_eq!(
        locked.faults(),
        [("/orders/0/places/0/case_id".to_owned(), "locked".to_owned())]
    );
    let cem = sun
        .order(&round, 2, &[("Ada", None), ("Cem", Some("inclusion")), ("Ben", None)])
        .await
        .ok();
    assert_eq!(cem["done"], true);
    assert_eq!(
        sun.list(&round).await,
        [
            row("Ada", "elsewhere", false),
            row("Cem", "final", false),
            row("Ben", "open", false)
        ]
    );
    // A family that leaves frees its place for the next of the order, without another step.
    let sql = "UPDATE care_demand SET state = 'withdrawn' WHERE tenant_id = $1 AND child_id = (SELECT id FROM child WHERE tenant_id = $1 AND first_name = 'Cem' AND $2::uuid IS NOT NULL)";
    app.change(sql, round.id.parse().unwrap()).await;
    round.run().await;
    let report = round.report().await;
    assert_eq!(
        (&report["figures"]["children"], &report["figures"]["placed"]),
        (&json!(2), &json!(2))
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn another_provider_sees_and_does_nothing_at_a_facility_that_is_not_theirs() {
    let app = TestApp::new().await;
    let (sun, moon) = (
        Site::new(&app, "Kita Sonne", 1).await,
        Site::new(&app, "Kita Mond", 1).await,
    );
    named_home(&app, "Ada", 9, &[moon.id, sun.id]).await;
    named_home(&app, "Ben", 5, &[sun.id]).await;
    let round = coordinated(&app).await;
    drawn(&round).await;
    open(&round).await;
    let foreign = |below: &str| sun.path(&round, below);
    moon.manager.get(&foreign("")).await.refused(404);
    let choice = json!({"mode": "by_hand", "continue_by_points": false});
    moon.manager
        .edit(Method::PUT, &foreign("/choice"), 0, choice.clone())
        .await
        .refused(404);
    let answer = json!({"step": 1, "orders": []});
    moon.manager
        .edit(Method::PUT, &foreign("/answer"), 0, answer)
        .await
        .refused(404);
    let own = moon.manager.get("/staff/rounds").await.ok();
    let names: Vec<_> = own["items"][0]["facilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["facility_name"])
        .collect();
    assert_eq!(names, [&json!("Kita Mond")]);
    let text = moon.board(&round).await.to_string();
    assert!(
        !text.contains("Ben") && !text.contains("Sonne") && !text.contains(&sun.id.to_string()),
        "{text}"
    );
    assert_eq!(
        sun.choose(&round, "by_hand", false).await.refused(409),
        "round.steps_opened"
    );
    moon.by_points(&round, 1).await.ok();
    let stands = steps(&round).await["facilities"].clone();
    assert_eq!(
        (&stands[0]["stand"], &stands[1]["stand"]),
        (&json!("answered"), &json!("may_object"))
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_facility_by_points_may_object_in_the_first_step() {
    let app = TestApp::new().await;
    let sun = Site::new(&app, "Kita Sonne", 1).await;
    named_home(&app, "Ada", 9, &[sun.id]).await;
    named_home(&app, "Ben", 5, &[sun.id]).await;
    let round = coordinated(&app).await;
    drawn(&round).await;
    open(&round).await;
    assert_eq!(
        sun.list(&round).await,
        [row("Ada", "held", false), row("Ben", "open", false)]
    );
    let objected = sun
        .order(&round, 1, &[("Ben", Some("siblings_together")), ("Ada", None)])
        .await
        .ok();
    assert_eq!(objected["done"], true);
    assert_eq!(
        sun.list(&round).await,
        [row("Ben", "final", false), row("Ada", "open", false)]
    );
    round.run().await;
    assert_eq!(round.report().await["flags"]["provider_order"], 2);
    let central = Round::planned(&app).await;
    assert_eq!(
        central.clerk.get(&central.path("/steps")).await.refused(409),
        "round.not_coordinated"
    );
}
