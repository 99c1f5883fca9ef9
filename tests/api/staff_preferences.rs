//! The manager's day: what a facility sees, and in which order.

use kitaplatz::access::as_system;
use kitaplatz::facilities::{self, AgeBand, NewFigure};
use kitaplatz::tenancy::SchoolRule;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::TestApp;
use crate::support::facilities::{day, facility, facility_with_capacity};
use crate::support::waiting::{Family, Waiting, answer, sql, waiting};

fn ids(page: &Value) -> Vec<&str> {
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_manager_sees_the_own_facility_and_never_rank_or_other_wishes() {
    let app = TestApp::new().await;
    let (a, b) = (facility(&app, "Kita A").await, facility(&app, "Kita B").await);
    let family = waiting(&app, &Family::default(), &[b, a]).await;
    let manager = app.manager(a).await;
    let answer = manager.get("/staff/preferences").await;
    let text = String::from_utf8(answer.bytes.clone()).unwrap();
    let page = answer.ok();
    assert_eq!(ids(&page), [family.preferences[1].to_string()]);
    assert_eq!(page["total"], 1);
    let item = &page["items"][0];
    assert_eq!(item["child"]["label"], "Mia B.");
    assert_eq!(item["child"]["age_band"], "under3");
    assert_eq!(item["child"]["age_months_at_start"], 16);
    assert_eq!(item["reference_code"], family.code);
    for hidden in [
        "rank",
        "Braun",
        "Kita B",
        "Lindenweg",
        &b.to_string(),
        &family.demand.to_string(),
    ] {
        assert!(!text.contains(hidden), "{hidden} shows: {text}");
    }
    let foreign = manager
        .get(&format!("/staff/preferences/{}", family.preferences[0]))
        .await;
    assert_eq!(foreign.refused(404), "not_found");
    let filtered = manager.get(&format!("/staff/preferences?facility_id={b}")).await.ok();
    assert_eq!(filtered["total"], 0);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn drafts_are_nobodys_business() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita A").await;
    let draft = Family {
        state: "draft",
        ..Family::default()
    };
    let family = waiting(&app, &draft, &[a]).await;
    let manager = app.manager(a).await;
    assert_eq!(manager.get("/staff/preferences").await.ok()["total"], 0);
    let path = format!("/staff/preferences/{}", family.preferences[0]);
    manager.get(&path).await.refused(404);
    let refused = manager
        .edit(Method::POST, &format!("{path}/review"), 1, json!({}))
        .await;
    refused.refused(404);
}

/// Five families at one facility, told apart by their points: 50, 40, 40, 30, 20.
async fn five(app: &TestApp) -> (kitaplatz::platform::ids::FacilityId, Vec<Waiting>) {
    let a = facility(app, "Kita A").await;
    let rows = [
        (
            50,
            "2024-02-29",
            "2027-08-01",
            "2027-01-05T08:00:00Z",
            "2027-02-20",
            30,
            "Anna",
        ),
        (
            40,
            "2026-05-01",
            "2027-09-01",
            "2027-01-03T08:00:00Z",
            "2027-02-18",
            40,
            "Ben",
        ),
        (
            40,
            "2025-05-01",
            "2027-03-01",
            "2027-01-02T08:00:00Z",
            "2027-02-19",
            20,
            "Änne",
        ),
        (
            30,
            "2027-04-01",
            "2028-04-01",
            "2027-01-04T08:00:00Z",
            "2027-02-17",
            45,
            "Cem",
        ),
        (
            20,
            "2020-06-30",
            "2027-08-01",
            "2027-01-01T08:00:00Z",
            "2027-02-16",
            25,
            "Dora",
        ),
    ];
    let mut made = Vec::new();
    for (points, birth, start, received_at, due, hours, name) in rows {
        let unborn = day(birth) > day("2027-02-01");
        let family = Family {
            first_name: (!unborn).then_some(name),
            points,
            birth: day(birth),
            start: day(start),
            received_at,
            due,
            hours,
            legal_claim: points == 30,
            ..Family::default()
        };
        made.push(waiting(app, &family, &[a]).await);
    }
    (a, made)
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn every_order_is_the_same_page_by_page() {
    let app = TestApp::new().await;
    let (a, made) = five(&app).await;
    let manager = app.manager(a).await;
    let orders = [
        ("priority", "", [0, 2, 1, 3, 4]),
        ("priority", "asc", [4, 3, 2, 1, 0]),
        ("age", "asc", [3, 1, 2, 0, 4]),
        ("age", "desc", [4, 0, 2, 1, 3]),
        ("start", "", [2, 4, 0, 1, 3]),
        ("start", "desc", [3, 1, 4, 0, 2]),
        ("received", "", [4, 2, 1, 3, 0]),
        ("received", "desc", [0, 3, 1, 2, 4]),
        ("answer_due", "", [4, 3, 1, 2, 0]),
        ("answer_due", "desc", [0, 2, 1, 3, 4]),
    ];
    for (sort, direction, order) in orders {
        let direction = if direction.is_empty() {
            String::new()
        } else {
            format!("&direction={direction}")
        };
        let base = format!("/staff/preferences?sort={sort}{direction}&limit=2");
        let (mut seen, mut path) = (Vec::new(), base.clone());
        loop {
            let page = manager.get(&path).await.ok();
            assert_eq!(page["total"], 5, "{base}");
            seen.extend(ids(&page).into_iter().map(str::to_owned));
            let Some(cursor) = page["next_cursor"].as_str() else {
                break;
            };
            path = format!("{base}&cursor={cursor}");
        }
        let wanted: Vec<_> = order.iter().map(|i| made[*i].preferences[0].to_string()).collect();
        assert_eq!(seen, wanted, "{base}");
    }
    let first = manager.get("/staff/preferences?sort=age&limit=2").await.ok();
    let cursor = first["next_cursor"].as_str().unwrap();
    let wrong = manager
        .get(&format!("/staff/preferences?sort=start&cursor={cursor}"))
        .await;
    assert_eq!(wrong.refused(400), "page.cursor");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn filters_narrow_the_list_and_its_count() {
    let app = TestApp::new().await;
    let (a, made) = five(&app).await;
    let lone: uuid::Uuid = kitaplatz::platform::ids::random_uuid();
    sql(
        &app,
        &format!(
            "INSERT INTO criterion (tenant_id, id, code, title_de, title_en)
             VALUES ((SELECT app.tenant()), '{lone}', 'lone_parent', 'Alleinerziehend', 'Lone parent')"
        ),
    )
    .await;
    sql(
        &app,
        &format!(
            "INSERT INTO criteria_set (tenant_id, id, number, name, state, tie_breaks, created_at)
             VALUES ((SELECT app.tenant()), '{lone}', 1, 'Kriterien', 'draft', '{{lottery}}', now())"
        ),
    )
    .await;
    for made in &made[1..3] {
        let preference = made.preferences[0];
        sql(
            &app,
            &format!(
                "INSERT INTO preference_score (tenant_id, preference_id, set_id, counts_on, rank, points, ties, reserves, lines, counted_at)
                 VALUES ((SELECT app.tenant()), '{preference}', '{lone}', '2027-02-01', 0, 10, '{{}}', '{{}}',
                         '[{{\"code\": \"lone_parent\", \"points\": 10}}]', now())"
            ),
        )
        .await;
    }
    for (demand, claimed) in [(made[1].demand, true), (made[2].demand, false)] {
        sql(
            &app,
            &format!(
                "INSERT INTO demand_fact (tenant_id, demand_id, criterion_id, claimed)
                 VALUES ((SELECT app.tenant()), '{demand}', '{lone}', {claimed})"
            ),
        )
        .await;
    }
    let manager = app.manager(a).await;
    let code = made[0].code.to_lowercase();
    let code = format!("q={}", &code[..6]);
    let cases: Vec<(&str, Vec<usize>)> = vec![
        ("state=received", vec![0, 1, 2, 3, 4]),
        ("state=invited,paused", vec![]),
        ("age_band=under3", vec![1, 2, 3]),
        ("age_band=over3", vec![0]),
        ("age_band=school_age", vec![4]),
        ("start_from=2027-08-01&start_to=2027-09-01", vec![0, 1, 4]),
        ("hours_min=30&hours_max=40", vec![0, 1]),
        ("criterion=lone_parent", vec![1]),
        ("criterion=nothing", vec![]),
        ("legal_claim=true", vec![3]),
        ("legal_claim=false", vec![0, 1, 2, 4]),
        ("q=%C3%84N", vec![2]),
        ("q=ben%20br", vec![1]),
        ("q=BRAUN", vec![0, 1, 2, 3, 4]),
        ("q=raun", vec![]),
        ("q=%25", vec![]),
        (&code, vec![0]),
    ];
    for (filter, wanted) in cases {
        let page = manager.get(&format!("/staff/preferences?{filter}")).await.ok();
        let mut seen = ids(&page);
        let mut wanted: Vec<_> = wanted.iter().map(|i| made[*i].preferences[0].to_string()).collect();
        seen.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(seen, wanted, "{filter}");
        assert_eq!(page["total"], wanted.len(), "{filter}");
    }
    let fact = manager.get("/staff/preferences?criterion=lone_parent").await.ok();
    assert_eq!(
        fact["items"][0]["facts"],
        json!([{"code": "lone_parent", "title": "Alleinerziehend", "points": 10, "evidence_state": "claimed"}])
    );
    for bad in [
        "state=draft",
        "age_band=old",
        "sort=rank",
        "limit=0",
        "start_from=x",
        "cursor=x",
        "nonsense=1",
        "q=%00",
    ] {
        let status = manager.get(&format!("/staff/preferences?{bad}")).await.status;
        assert_eq!(status, 400, "{bad}");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_list_and_the_capacity_agree_on_the_age_band() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita A").await;
    let births = [
        "2020-06-30",
        "2020-07-01",
        "2021-06-30",
        "2021-07-01",
        "2024-02-29",
        "2024-03-01",
        "2024-03-31",
        "2024-08-31",
    ];
    for birth in births {
        for start in [
            "2027-02-01",
            "2027-03-01",
            "2027-04-01",
            "2027-07-31",
            "2027-08-01",
            "2027-09-01",
        ] {
            let family = Family {
                birth: day(birth),
                start: day(start),
                ..Family::default()
            };
            waiting(&app, &family, &[a]).await;
        }
    }
    let page = app.manager(a).await.get("/staff/preferences?limit=200").await.ok();
    assert_eq!(page["total"], 48);
    for item in page["items"].as_array().unwrap() {
        let birth = day(item["child"]["birth_date"].as_str().unwrap());
        let start = day(item["desired_start"].as_str().unwrap());
        let band = facilities::age_band_on(birth, start, facilities::school_entry(birth, SchoolRule::default()));
        assert_eq!(item["child"]["age_band"], band.as_str(), "{birth} {start}");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_protected_address_appears_in_no_answer_to_staff() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita A").await;
    let secret = Family {
        address_protected: true,
        street: "Verborgene Gasse",
        ..Family::default()
    };
    let hidden = waiting(&app, &secret, &[a]).await;
    let open = waiting(&app, &Family::default(), &[a]).await;
    let admin = app.admin().await;
    for client in [&app.manager(a).await, &admin] {
        let shown = client
            .get(&format!("/staff/preferences/{}", open.preferences[0]))
            .await
            .ok();
        assert_eq!(shown["address"]["street"], "Lindenweg");
        assert_eq!(shown["address_protected"], false);
        let detail = format!("/staff/preferences/{}", hidden.preferences[0]);
        assert_eq!(client.get(&detail).await.ok()["address_protected"], true);
        for path in [
            "/staff/facilities",
            "/staff/preferences",
            "/staff/preferences?q=Verborgene",
            &detail,
        ] {
            let answer = client.get(path).await;
            assert!(answer.status.is_success());
            let text = String::from_utf8(answer.bytes).unwrap();
            assert!(!text.contains("Verborgene"), "{path}: {text}");
        }
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_own_facilities_say_what_waits() {
    let app = TestApp::new().await;
    let (a, made) = five(&app).await;
    let b = facility(&app, "Kita B").await;
    let manager = app.manager(a).await;
    answer(&manager, made[0].preferences[0], "invite", 1, json!({})).await;
    app.at("2027-02-18T09:00:00Z");
    let manager = app.manager(a).await;
    let mine = manager.get("/staff/facilities").await.ok();
    assert_eq!(mine["items"].as_array().unwrap().len(), 1);
    let item = &mine["items"][0];
    assert_eq!(item["counts"]["received"], 4);
    assert_eq!(item["counts"]["invited"], 1);
    assert_eq!(
        (&item["overdue"], &item["next_deadline"]),
        (&json!(2), &json!("2027-02-16"))
    );
    assert_eq!(item["bookable_now"], json!(null));
    let all = app.admin().await.get("/staff/facilities").await.ok();
    assert_eq!(ids(&all), [a.to_string(), b.to_string()]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn made_up_figures_are_told_from_confirmed_ones() {
    let app = TestApp::new().await;
    let kita = facility_with_capacity(&app, AgeBand::Over3, 10).await;
    let manager = app.manager(kita).await;
    let admin = app.admin().await;
    let told = async || {
        let own = manager.get("/staff/facilities").await.ok()["items"][0].clone();
        let listed = admin.get("/admin/facilities").await.ok()["items"][0].clone();
        json!([
            own["capacity_is_example"],
            own["capacity_confirmed_on"],
            listed["confirmed_on"]
        ])
    };
    let confirmed = json!([false, "2027-02-01", "2027-02-01"]);
    assert_eq!(told().await, confirmed);
    let figure = NewFigure {
        is_example: true,
        ..NewFigure::of(day("2027-01-01"), 5)
    };
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let seen = facilities::capacity_version(tx, kita).await?;
        facilities::put_figure(tx, kita, AgeBand::Under3, &figure, seen).await
    })
    .await
    .unwrap();
    assert_eq!(told().await, json!([true, null, null]), "one band is enough");
    let confirm = format!("/staff/facilities/{kita}/capacity/confirm");
    manager.post(&confirm, json!({})).await.ok();
    assert_eq!(told().await, confirmed);
}
