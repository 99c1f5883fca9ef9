//! A coordinated round: facilities choose, answer step by step, by points or by hand, and the result goes the way of every round.

use kitaplatz::access::as_system;
use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::offers::act;
use crate::support::rounds::{Round, kita, plan};
use crate::support::waiting::{Family, Waiting, waiting};
use crate::support::{Answer, Client, TestApp};

/// A family with an account.
struct Home {
    parent: Client,
    made: Waiting,
}

async fn home(app: &TestApp, name: &str, points: i32, facilities: &[FacilityId]) -> Home {
    let parent = app.parent(&format!("{}@example.org", name.to_lowercase())).await;
    let family = Family {
        first_name: Some(name),
        points,
        account: parent.account,
        ..Family::default()
    };
    let made = waiting(app, &family, facilities).await;
    Home { parent, made }
}

impl Home {
    async fn offer(&self) -> Value {
        self.parent.get("/offers").await.ok()["items"][0].clone()
    }

    async fn accept(&self) {
        let offer = self.offer().await;
        let path = format!("/offers/{}/accept", offer["id"].as_str().unwrap());
        let answer = act(&self.parent, &path, offer["version"].as_i64().unwrap(), json!({})).await;
        assert_eq!(answer.ok()["state"], "accepted");
    }
}

/// A facility with the person who speaks for it in a round.
struct Site {
    id: FacilityId,
    manager: Client,
}

impl Site {
    async fn new(app: &TestApp, name: &str, places: i32) -> Self {
        let id = kita(app, name, places).await;
        // Each is a provider of its own.
        let provider = json!({"name": format!("Träger {name}"), "kind": null, "website": null});
        let provider = app.admin().await.create("/admin/providers", provider).await.ok();
        let sql = "UPDATE facility SET provider_id = $2 WHERE tenant_id = $1 AND name = '";
        let sql: &'static str = Box::leak(format!("{sql}{name}'").into_boxed_str());
        app.change(sql, provider["id"].as_str().unwrap().parse().unwrap()).await;
        Self {
            id,
            manager: app.manager(id).await,
        }
    }

    fn path(&self, round: &Round, below: &str) -> String {
        format!("/staff/rounds/{}/facilities/{}{below}", round.id, self.id)
    }

    async fn board(&self, round: &Round) -> Value {
        self.manager.get(&self.path(round, "")).await.ok()
    }

    /// Children who wish the places for small children: name, state, whether they are next.
    async fn list(&self, round: &Round) -> Vec<(String, String, bool)> {
        let board = self.board(round).await;
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        let pool = board["pools"]
            .as_array()
            .unwrap()
            .iter()
            .find(|p| p["age_band"] == "under3")
            .unwrap();
        let rows = pool["applicants"].as_array().unwrap();
        rows.iter()
            .map(|a| (text(&a["label"]), text(&a["state"]), a["next"] == true))
            .collect()
    }

    async fn choose(&self, round: &Round, mode: &str, goes_on: bool) -> Answer {
        let version = self.board(round).await["version"].as_i64().unwrap();
        let body = json!({"mode": mode, "continue_by_points": goes_on});
        self.manager
            .edit(Method::PUT, &self.path(round, "/choice"), version, body)
            .await
    }

    /// Answers with an order of names for the small children, each with or without a reason.
    async fn order(&self, round: &Round, step: i32, order: &[(&str, Option<&str>)]) -> Answer {
        let board = self.board(round).await;
        let pool = board["pools"]
            .as_array()
            .unwrap()
            .iter()
            .find(|p| p["age_band"] == "under3")
            .unwrap();
        let case = |name: &str| {
            let label = format!("{name} B.");
            let found = pool["applicants"]
                .as_array()
                .unwrap()
                .iter()
                .find(|a| a["label"] == label.as_str());
            found.unwrap_or_else(|| panic!("no {name}: {pool}"))["case_id"].clone()
        };
        let places: Vec<Value> = order
            .iter()
            .map(|(name, reason)| json!({"case_id": case(name), "reason": reason}))
            .collect();
        let body = json!({"step": step, "orders": [{"age_band": "under3", "places": places}]});
        let version = board["version"].as_i64().unwrap();
        self.manager
            .edit(Method::PUT, &self.path(round, "/answer"), version, body)
            .await
    }

    async fn by_points(&self, round: &Round, step: i32) -> Answer {
        let version = self.board(round).await["version"].as_i64().unwrap();
        let body = json!({"step": step, "orders": []});
        self.manager
            .edit(Method::PUT, &self.path(round, "/answer"), version, body)
            .await
    }
}

async fn coordinated(app: &TestApp) -> Round {
    let mut coordinated = plan();
    coordinated["mode"] = json!("coordinated");
    Round::of(app, coordinated).await
}

async fn drawn(round: &Round) {
    round.step("freeze").await.ok();
    round.draw("3-14-15").await;
}

async fn open(round: &Round) -> Value {
    round.clerk.create(&round.path("/steps"), json!({"days": 5})).await.ok()
}

async fn steps(round: &Round) -> Value {
    round.clerk.get(&round.path("/steps")).await.ok()
}

fn row(name: &str, state: &str, next: bool) -> (String, String, bool) {
    (format!("{name} B."), state.to_owned(), next)
}

#[actix_web::test]
async fn three_providers_of_whom_one_orders_by_hand_lead_from_demands_to_accepted_places() {
    let app = TestApp::new().await;
    let (sun, moon) = (
        Site::new(&app, "Kita Sonne", 1).await,
        Site::new(&app, "Kita Mond", 1).await,
    );
    let star = Site::new(&app, "Kita Stern", 1).await;
    let ada = home(&app, "Ada", 9, &[sun.id, moon.id]).await;
    let ben = home(&app, "Ben", 5, &[sun.id, moon.id]).await;
    let cem = home(&app, "Cem", 3, &[moon.id, star.id]).await;
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
    round.run().await;
    let report = round.report().await;
    assert_eq!(
        (
            &report["figures"]["placed"],
            &report["figures"]["justified_envy"],
            &report["against_steps"]["same"]
        ),
        (&json!(3), &json!(0), &json!(3))
    );
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
    round.release().await;
    app.run_jobs().await;
    for (family, site) in [(&ada, &moon), (&ben, &sun), (&cem, &star)] {
        assert_eq!(family.offer().await["facility_id"], json!(site.id));
        family.accept().await;
        assert_eq!(app.demand_state(family.made.demand).await, "covered");
    }
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

#[actix_web::test]
async fn who_is_turned_down_proposes_again_in_the_next_step_and_what_was_offered_stays() {
    let app = TestApp::new().await;
    let (sun, moon) = (
        Site::new(&app, "Kita Sonne", 1).await,
        Site::new(&app, "Kita Mond", 1).await,
    );
    home(&app, "Ada", 9, &[moon.id, sun.id]).await;
    home(&app, "Ben", 5, &[sun.id]).await;
    home(&app, "Cem", 3, &[sun.id]).await;
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

#[actix_web::test]
async fn a_deadline_that_passes_goes_on_where_it_was_agreed_and_else_waits_for_the_office() {
    let app = TestApp::new().await;
    let (sun, moon) = (
        Site::new(&app, "Kita Sonne", 1).await,
        Site::new(&app, "Kita Mond", 1).await,
    );
    home(&app, "Ada", 9, &[moon.id, sun.id]).await;
    home(&app, "Ben", 5, &[sun.id]).await;
    let round = coordinated(&app).await;
    sun.choose(&round, "by_hand", true).await.ok();
    moon.choose(&round, "by_hand", false).await.ok();
    drawn(&round).await;
    let due = open(&round).await["steps"][0]["due_on"].clone();
    assert_eq!(due, "2027-02-06");
    let note = json!({"number": 1, "note": "Niemand war zu erreichen"});
    let go_on = async |round: &Round| {
        let version = round.get().await["version"].as_i64().unwrap();
        round
            .clerk
            .edit(Method::POST, &round.path("/steps/continue"), version, note.clone())
            .await
    };
    let extend = async |round: &Round, due_on: &str| {
        let version = round.get().await["version"].as_i64().unwrap();
        let body = json!({"number": 1, "due_on": due_on});
        round
            .clerk
            .edit(Method::PATCH, &round.path("/steps"), version, body)
            .await
    };
    assert_eq!(go_on(&round).await.refused(409), "round.step_running");
    assert_eq!(
        extend(&round, "2027-02-05").await.faults(),
        [("/due_on".to_owned(), "too_early".to_owned())]
    );
    app.at("2027-02-07T09:00:00Z");
    let round = Round {
        clerk: app.clerk().await,
        ..round
    };
    app.run_periodic().await;
    let late = steps(&round).await;
    let stands: Vec<_> = late["facilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["stand"].as_str().unwrap(), f["answer"].as_str()))
        .collect();
    assert_eq!(
        (stands, &late["overdue"]),
        (vec![("awaited", None), ("answered", Some("continued"))], &json!(true))
    );
    assert_eq!(extend(&round, "2027-02-09").await.ok()["overdue"], false);
    app.at("2027-02-10T09:00:00Z");
    let round = Round {
        clerk: app.clerk().await,
        ..round
    };
    let after = go_on(&round).await.ok();
    assert_eq!(
        (&after["steps"][0]["answers"], &after["open"]),
        (&json!(2), &json!(2)),
        "Sun's place came back"
    );
    app.at("2027-02-16T09:00:00Z");
    app.run_periodic().await;
    let round = Round {
        clerk: app.clerk().await,
        ..round
    };
    assert_eq!(steps(&round).await["done"], true, "and goes on by the points");
}

#[actix_web::test]
async fn another_provider_sees_and_does_nothing_at_a_facility_that_is_not_theirs() {
    let app = TestApp::new().await;
    let (sun, moon) = (
        Site::new(&app, "Kita Sonne", 1).await,
        Site::new(&app, "Kita Mond", 1).await,
    );
    home(&app, "Ada", 9, &[moon.id, sun.id]).await;
    home(&app, "Ben", 5, &[sun.id]).await;
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
    let all = moon
        .manager
        .create(&format!("/staff/rounds/{}/answers", round.id), json!({"step": 1}))
        .await
        .ok();
    assert_eq!(all["answered"], 1);
    let stands = steps(&round).await["facilities"].clone();
    assert_eq!(
        (&stands[0]["stand"], &stands[1]["stand"]),
        (&json!("answered"), &json!("may_object"))
    );
}

#[actix_web::test]
async fn a_facility_by_points_may_object_in_the_first_step() {
    let app = TestApp::new().await;
    let sun = Site::new(&app, "Kita Sonne", 1).await;
    home(&app, "Ada", 9, &[sun.id]).await;
    home(&app, "Ben", 5, &[sun.id]).await;
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

/// Steps and facilities of which managers were told by mail, as `kind step facilities`, in their order.
async fn told(app: &TestApp) -> Vec<String> {
    as_system(&app.platform, &app.tenant, "test_mails", async |tx| {
        let tenant = tx.tenant_id().0;
        sqlx::query_scalar(
            "SELECT kind || ' ' || (context ->> 'number') || ' ' || (context ->> 'facilities')
               FROM notification WHERE tenant_id = $1 AND kind LIKE 'step%' ORDER BY created_at, context ->> 'facilities', kind",
        )
        .bind(tenant)
        .fetch_all(tx.conn())
        .await
    })
    .await
    .unwrap()
}

#[actix_web::test]
async fn managers_are_told_of_a_step_and_once_more_before_its_deadline() {
    let app = TestApp::new().await;
    let (sun, moon) = (
        Site::new(&app, "Kita Sonne", 1).await,
        Site::new(&app, "Kita Mond", 1).await,
    );
    Site::new(&app, "Kita Stern", 1).await;
    home(&app, "Ada", 9, &[moon.id, sun.id]).await;
    home(&app, "Ben", 5, &[sun.id]).await;
    let round = coordinated(&app).await;
    sun.choose(&round, "by_hand", false).await.ok();
    drawn(&round).await;
    assert_eq!(told(&app).await, [""; 0]);
    open(&round).await;
    let opened = [r#"step_opened 1 ["Kita Mond"]"#, r#"step_opened 1 ["Kita Sonne"]"#];
    assert_eq!(told(&app).await, opened, "nobody wishes the third");
    app.run_periodic().await;
    assert_eq!(told(&app).await, opened, "the deadline is five days away");
    moon.by_points(&round, 1).await.ok();
    app.at("2027-02-04T09:00:00Z");
    app.run_periodic().await;
    app.at("2027-02-05T09:00:00Z");
    app.run_periodic().await;
    let all = told(&app).await;
    assert_eq!(
        all[2..],
        [r#"step_deadline 1 ["Kita Sonne"]"#],
        "once, and only whoever has not answered"
    );
}
