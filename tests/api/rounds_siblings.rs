//! Families say themselves whether their children go to one facility, and a round places each as it says.

use kitaplatz::access::as_system;
use kitaplatz::platform::ids::{DemandId, FacilityId};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::demands::outbox;
use crate::support::families::id;
use crate::support::office::{act, paper, path, version, with};
use crate::support::rounds::{Round, kita, reasons};
use crate::support::waiting::{Family, Waiting, child, link, sql, waiting};
use crate::support::{Answer, Client, TestApp};

/// A family with an account and two children who wish the same two facilities.
struct Home {
    parent: Client,
    children: [Waiting; 2],
}

impl Home {
    async fn new(app: &TestApp, name: &str, wishes: &[FacilityId]) -> Self {
        let parent = app.parent(&format!("{}@example.org", name.to_lowercase())).await;
        let one = |points| Family {
            first_name: Some(name),
            points,
            account: parent.account,
            ..Family::default()
        };
        let children = [waiting(app, &one(5), wishes).await, waiting(app, &one(4), wishes).await];
        link(app, children[0].child, children[1].child).await;
        Self { parent, children }
    }

    async fn demand(&self, of: usize) -> Value {
        self.parent
            .get(&format!("/demands/{}", self.children[of].demand))
            .await
            .ok()
    }

    async fn says(&self, answer: &str) -> Answer {
        let version = self.demand(0).await["version"].as_i64().unwrap();
        let path = format!("/demands/{}/siblings", self.children[0].demand);
        self.parent
            .edit(Method::PUT, &path, version, json!({"answer": answer}))
            .await
    }

    /// How the round placed the family, and where its children go.
    async fn placed(&self, round: &Round) -> (Value, [Value; 2]) {
        let cases = [
            round.case(self.children[0].demand).await,
            round.case(self.children[1].demand).await,
        ];
        assert_eq!(cases[0]["sibling_placing"], cases[1]["sibling_placing"]);
        let places = cases.clone().map(|case| case["case"]["facility_id"].clone());
        (cases[0]["sibling_placing"].clone(), places)
    }
}

/// Two facilities of which the dearer one has one place, and the other so many.
async fn pair(app: &TestApp, name: &str, places: i32) -> [FacilityId; 2] {
    [
        kita(app, &format!("Kita {name} eins"), 1).await,
        kita(app, &format!("Kita {name} zwei"), places).await,
    ]
}

/// How the instance of the freeze has the families of more than one child, sorted.
async fn modes(app: &TestApp, round: &Round) -> Vec<String> {
    let id: uuid::Uuid = round.id.parse().unwrap();
    let snapshot: String = as_system(&app.platform, &app.tenant, "test_snapshot", async |tx| {
        let tenant = tx.tenant_id().0;
        sqlx::query_scalar("SELECT snapshot FROM allocation_round WHERE tenant_id = $1 AND id = $2")
            .bind(tenant)
            .bind(id)
            .fetch_one(tx.conn())
            .await
    })
    .await
    .unwrap();
    let snapshot: Value = serde_json::from_str(&snapshot).unwrap();
    let families = snapshot["families"].as_array().unwrap();
    let mut modes: Vec<String> = families
        .iter()
        .filter(|f| f["children"].as_array().unwrap().len() > 1)
        .map(|f| f["siblings"].as_str().unwrap().to_owned())
        .collect();
    modes.sort();
    modes
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn three_families_with_three_answers_are_placed_in_three_ways_and_the_fourth_as_the_round_sets() {
    let app = TestApp::new().await;
    let (few, many) = (pair(&app, "Rot", 1).await, pair(&app, "Blau", 2).await);
    let (others, rest) = (pair(&app, "Grün", 2).await, pair(&app, "Gelb", 2).await);
    let only = Home::new(&app, "Ada", &few).await;
    let rather = Home::new(&app, "Ben", &many).await;
    let apart = Home::new(&app, "Cem", &others).await;
    let silent = Home::new(&app, "Dea", &rest).await;
    let before = only.demand(1).await;
    assert_eq!(
        (
            &before["siblings"]["answer"],
            &before["siblings"]["changeable"],
            &before["siblings"]["common"],
            &before["siblings"]["with"][0]["demand_id"]
        ),
        (
            &Value::Null,
            &json!(true),
            &json!(["Kita Rot eins", "Kita Rot zwei"]),
            &json!(only.children[0].demand)
        )
    );
    for (home, answer) in [
        (&only, "independent"),
        (&only, "required"),
        (&rather, "preferred"),
        (&apart, "independent"),
    ] {
        let said = home.says(answer).await.ok();
        assert_eq!(said["siblings"]["answer"], answer);
        assert_eq!(
            home.demand(1).await["siblings"]["answer"],
            answer,
            "one answer for both"
        );
    }
    let stale = format!("/demands/{}/siblings", only.children[0].demand);
    let body = json!({"answer": "preferred"});
    assert_eq!(
        only.parent.edit(Method::PUT, &stale, 1, body).await.refused(412),
        "version.stale"
    );
    let round = Round::proposed(&app).await;
    assert_eq!(
        modes(&app, &round).await,
        ["independent", "preferred", "preferred", "required"]
    );
    let (placing, places) = only.placed(&round).await;
    assert_eq!(
        (&placing["rule"], &placing["joint"]),
        (&json!("required"), &json!(true))
    );
    assert!(placing["said_at"].is_string());
    assert_eq!(
        places,
        [Value::Null, Value::Null],
        "one of them alone could have a place"
    );
    let case = round.case(only.children[0].demand).await;
    assert_eq!(reasons(&case), ["sibling", "sibling"]);
    let (placing, places) = rather.placed(&round).await;
    assert_eq!(
        (&placing["rule"], &places),
        (&json!("preferred"), &[json!(many[1]), json!(many[1])])
    );
    let (placing, places) = apart.placed(&round).await;
    assert_eq!(
        (&placing["rule"], &places),
        (&json!("independent"), &[json!(others[0]), json!(others[1])])
    );
    let (placing, places) = silent.placed(&round).await;
    assert_eq!(
        (&placing["rule"], &placing["said_at"], &places),
        (&json!("preferred"), &Value::Null, &[json!(rest[1]), json!(rest[1])])
    );
    // The round has taken the answers.
    assert_eq!(only.says("independent").await.refused(409), "demand.siblings_frozen");
    assert_eq!(only.demand(0).await["siblings"]["changeable"], false);
    round.release().await;
    app.run_jobs().await;
    let why = format!("/demands/{}/explanation", only.children[0].demand);
    let why = only.parent.get(&why).await.ok();
    assert_eq!(
        (
            &why["siblings"]["rule"],
            &why["siblings"]["joint"],
            &why["siblings"]["result"]
        ),
        (&json!("required"), &json!(true), &json!("none"))
    );
    for (home, word, counted, followed) in [
        (
            &only,
            "none",
            "oder keines bekommt einen Platz. Das haben Sie am",
            "Alle zusammen konnten sie in keiner Kita Plätze bekommen.",
        ),
        (
            &rather,
            "together",
            "zusammen in eine Kita, wenn das geht,",
            "zusammen in derselben Kita Plätze bekommen.",
        ),
        (
            &apart,
            "apart",
            "jedes Kind für sich,",
            "aber nicht alle in derselben Kita.",
        ),
        (
            &silent,
            "together",
            "Sie haben dazu nichts angegeben.",
            "zusammen in derselben Kita Plätze bekommen.",
        ),
    ] {
        let path = format!("/demands/{}/explanation", home.children[1].demand);
        let why = home.parent.get(&path).await.ok();
        assert_eq!(why["siblings"]["result"], word);
        let letter = home.parent.get(&format!("{path}.pdf")).await;
        let text = crate::support::pdf_text(&letter.bytes);
        assert!(text.contains(counted) && text.contains(followed), "{word}: {text}");
    }
    let records = round.clerk.get(&round.path("/decisions")).await;
    let records = String::from_utf8(records.bytes.to_vec()).unwrap();
    assert_eq!(records.matches(r#""siblings":"required""#).count(), 2);
    // What is said now is for the next round.
    assert_eq!(only.says("independent").await.ok()["siblings"]["answer"], "independent");
    assert_eq!(only.placed(&round).await.0["rule"], "required");
    let history = format!("/demands/{}/history", only.children[1].demand);
    let history = only.parent.get(&history).await.ok();
    let kinds = history["items"].as_array().unwrap().iter();
    assert_eq!(kinds.filter(|e| e["kind"] == "siblings_answered").count(), 3);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn nobody_is_asked_without_a_sibling_at_the_same_time_and_without_a_common_wish_it_has_no_effect() {
    let app = TestApp::new().await;
    let (sun, moon) = (kita(&app, "Kita Sonne", 1).await, kita(&app, "Kita Mond", 1).await);
    let parent = app.parent("jana@example.org").await;
    let of = |start: &str| Family {
        start: start.parse().unwrap(),
        account: parent.account,
        ..Family::default()
    };
    let now = waiting(&app, &of("2027-08-01"), &[sun]).await;
    let later = waiting(&app, &of("2028-08-01"), &[sun]).await;
    link(&app, now.child, later.child).await;
    let demand = format!("/demands/{}", now.demand);
    assert_eq!(parent.get(&demand).await.ok()["siblings"], Value::Null);
    let put = format!("{demand}/siblings");
    let refused = parent.edit(Method::PUT, &put, 1, json!({"answer": "required"})).await;
    assert_eq!(refused.refused(409), "demand.no_siblings");
    let twin = waiting(&app, &of("2027-09-01"), &[moon]).await;
    link(&app, now.child, twin.child).await;
    let said = parent
        .edit(Method::PUT, &put, 1, json!({"answer": "required"}))
        .await
        .ok();
    assert_eq!(
        (&said["siblings"]["common"], &said["siblings"]["answer"]),
        (&json!([]), &json!("required"))
    );
    // A child that the other parent alone has does not show to this one.
    let half = child(&app, "Eva", 1, &[sun]).await;
    link(&app, now.child, half.child).await;
    assert_eq!(
        parent.get(&demand).await.ok()["siblings"]["with"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_office_enters_what_a_family_without_an_account_says() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 2).await;
    let clerk = app.clerk().await;
    let mut form = with(paper(&[sun]), "/demand/desired_start", json!("2027-08-01"));
    form["siblings"] = json!("required");
    let made = clerk.create("/office/demands", form).await.ok();
    let first = id::<DemandId>(&made["id"]);
    let seen = clerk.get(&path(first)).await.ok()["siblings"].clone();
    assert_eq!(
        (&seen["answer"], &seen["with"]),
        (&json!("required"), &json!([])),
        "it stands although no sibling is known"
    );
    let second = waiting(&app, &Family::default(), &[sun]).await;
    link(&app, id(&made["child"]["id"]), second.child).await;
    let told = json!({"answer": "preferred", "told": {"on": "2027-02-01", "by": "phone"}});
    let at = format!("{}/siblings", path(second.demand));
    let seen = version(&clerk, second.demand).await;
    let body = clerk.edit(Method::PUT, &at, seen, told.clone()).await.ok();
    assert_eq!(body["siblings"]["answer"], "preferred");
    assert_eq!(clerk.get(&path(first)).await.ok()["siblings"]["answer"], "preferred");
    assert_eq!(outbox(&app, "answer_recorded").await[0]["said"], "siblings_preferred");
    let parent = app.parent("jana@example.org").await;
    let own = Family {
        account: parent.account,
        ..Family::default()
    };
    let own = waiting(&app, &own, &[sun]).await;
    let at = format!("{}/siblings", path(own.demand));
    let refused = clerk.edit(Method::PUT, &at, 1, told).await;
    assert_eq!(refused.refused(409), "family.has_account");
    // A demand that has ended looks for no place.
    let ended = json!({"state": "moved_away", "note": null});
    act(&clerk, second.demand, "close", ended).await.ok();
    let seen = version(&clerk, second.demand).await;
    let at = format!("{}/siblings", path(second.demand));
    let told = json!({"answer": "preferred", "told": {"on": "2027-02-01", "by": "phone"}});
    let refused = clerk.edit(Method::PUT, &at, seen, told).await;
    assert_eq!(refused.refused(409), "demand.no_siblings");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn whether_a_half_sibling_has_a_place_is_not_told_to_who_has_no_custody_of_it() {
    let app = TestApp::new().await;
    let sun = kita(&app, "Kita Sonne", 2).await;
    let parent = app.parent("jana@example.org").await;
    let own = Family {
        account: parent.account,
        ..Family::default()
    };
    let own = waiting(&app, &own, &[sun]).await;
    let half = child(&app, "Eva", 1, &[sun]).await;
    link(&app, own.child, half.child).await;
    let round = Round::released(&app).await;
    app.run_jobs().await;
    let case = round.case(own.demand).await;
    assert_eq!(case["sibling_placing"]["result"], "together", "the office knows");
    let path = format!("/demands/{}/explanation", own.demand);
    let why = parent.get(&path).await.ok();
    assert_eq!(
        (&why["siblings"]["rule"], &why["siblings"]["result"]),
        (&json!("preferred"), &Value::Null)
    );
    let letter = parent.get(&format!("{path}.pdf")).await;
    let text = crate::support::pdf_text(&letter.bytes);
    assert!(text.contains("Sie haben dazu nichts angegeben."), "{text}");
    assert!(!text.contains("haben zusammen in derselben Kita"), "{text}");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn twins_whom_no_allocation_can_serve_are_signed_for_by_a_person_with_words() {
    let app = TestApp::new().await;
    let (large, small) = (kita(&app, "Kita Groß", 2).await, kita(&app, "Kita Klein", 1).await);
    let twins = Home::new(&app, "Ada", &[large]).await;
    twins.says("required").await.ok();
    let other = child(&app, "Xaver", 1, &[small, large]).await;
    let third = child(&app, "Yara", 1, &[large, small]).await;
    // At the large one Xaver goes before both twins and Yara after them; at the small one Yara goes before Xaver.
    for (demand, facility, points) in [(other.demand, large, 6), (third.demand, small, 2)] {
        let change = format!(
            "UPDATE facility_preference SET points = {points} WHERE demand_id = '{demand}' AND facility_id = '{facility}'"
        );
        sql(&app, &change).await;
    }
    let round = Round::proposed(&app).await;
    assert_eq!(round.verify_all(&app).await, 1);
    assert_eq!(round.report().await["figures"]["exceptions"], 1);
    let cases = [
        round.case(twins.children[0].demand).await["case"].clone(),
        round.case(twins.children[1].demand).await["case"].clone(),
    ];
    for case in &cases {
        assert!(
            case["flags"].as_array().unwrap().contains(&json!("exception")),
            "{case}"
        );
        assert_eq!(case["to_decide"], true);
    }
    for person in [&round.clerk, &round.admin] {
        round.open_conflicts(person).await;
    }
    let decide = async |note: Value| {
        let body = json!({"case_ids": [cases[0]["id"], cases[1]["id"]], "decided": true, "note": note});
        round.clerk.post(&round.path("/case-decisions"), body).await
    };
    assert_eq!(
        decide(Value::Null).await.faults(),
        [("/note".to_owned(), "required".to_owned())]
    );
    decide(json!("Das Amt sucht zwei Plätze außerhalb der Runde."))
        .await
        .ok();
    let signed = round.case(twins.children[0].demand).await["case"]["decision"].clone();
    assert_eq!(signed["note"], "Das Amt sucht zwei Plätze außerhalb der Runde.");
    round.release().await;
    app.run_jobs().await;
    let why = format!("/demands/{}/explanation", twins.children[0].demand);
    let told = twins.parent.get(&why).await.ok();
    assert!(told.to_string().contains("\"exception\""), "{told}");
}
