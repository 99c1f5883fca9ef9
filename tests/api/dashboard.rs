//! The office's dashboard: what each figure counts, that its list shows the same, and how long it takes in a large town.

use std::time::Instant;

use serde_json::json;

use crate::support::TestApp;
use crate::support::facilities::{day, facility};
use crate::support::notices::{drafted, issued, step};
use crate::support::office::act;
use crate::support::waiting::{Family, waiting};

async fn total(app: &TestApp, query: &str) -> i64 {
    let page = app.clerk().await.get(&format!("/office/demands?{query}")).await.ok();
    page["total"].as_i64().unwrap()
}

#[actix_web::test]
async fn each_figure_opens_a_list_of_the_same_length() {
    let app = TestApp::new().await;
    let (north, south) = (facility(&app, "Kita Nord").await, facility(&app, "Kita Süd").await);
    let sql = "UPDATE facility SET district = 'Nord' WHERE tenant_id = $1 AND id = $2";
    app.change(sql, north.0).await;
    let family = |start: &str, birth: &str| Family {
        start: day(start),
        birth: day(birth),
        legal_claim: true,
        ..Family::default()
    };
    let overdue = waiting(&app, &family("2027-01-31", "2026-01-10"), &[north]).await;
    for (start, birth, at) in [
        ("2027-02-01", "2025-03-01", north),
        ("2027-03-03", "2023-05-01", south),
        ("2027-03-04", "2026-03-14", north),
        ("2027-09-01", "2026-03-14", south),
    ] {
        waiting(&app, &family(start, birth), &[at]).await;
    }
    let covered = Family {
        state: "covered",
        ..family("2027-03-04", "2026-03-14")
    };
    waiting(&app, &covered, &[north]).await;
    let clerk = app.clerk().await;
    act(&clerk, overdue.demand, "register-mismatch", json!({"mismatch": true}))
        .await
        .ok();
    let seen = clerk.get("/office/dashboard").await.ok();
    let claims: Vec<_> = seen["claims"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["code"].clone(), c["count"].clone()))
        .collect();
    let of = |code: &str, count: i64| (json!(code), json!(count));
    assert_eq!(
        claims,
        [of("overdue", 1), of("days_30", 2), of("days_90", 1), of("later", 1)]
    );
    for claim in seen["claims"].as_array().unwrap() {
        let part = |name: &str| claim[name].as_str().map(|d| format!("&{name}={d}")).unwrap_or_default();
        let query = format!("view=legal_claim{}{}", part("due_from"), part("due_to"));
        assert_eq!(total(&app, &query).await, claim["count"], "{query}");
    }
    let unserved = &seen["unserved"];
    assert_eq!(unserved["total"], 5);
    let ages = unserved["by_age"].as_array().unwrap();
    for row in [
        json!({"age_band": "under3", "count": 4}),
        json!({"age_band": "over3", "count": 1}),
    ] {
        assert!(ages.contains(&row) && ages.len() == 2, "{ages:?}");
    }
    for row in ages {
        let query = format!("view=without_place&age_band={}", row["age_band"].as_str().unwrap());
        assert_eq!(total(&app, &query).await, row["count"], "{query}");
    }
    for row in unserved["by_month"].as_array().unwrap() {
        let word = |name: &str| row[name].as_str().unwrap().to_owned();
        let query = format!(
            "view=without_place&start_from={}&start_to={}",
            word("month"),
            word("until")
        );
        assert_eq!(total(&app, &query).await, row["count"], "{query}");
    }
    for row in unserved["by_district"].as_array().unwrap() {
        let query = format!(
            "view=without_place&district={}",
            row["district"].as_str().unwrap_or("-")
        );
        assert_eq!(total(&app, &query).await, row["count"], "{query}");
    }
    assert_eq!(
        unserved["by_district"],
        json!([{"district": "Nord", "count": 3}, {"district": null, "count": 2}])
    );
    assert_eq!(seen["exceptions"]["register_mismatches"], 1);
    assert_eq!(total(&app, "view=without_place&mismatch=true").await, 1);
    let narrowed = clerk.get("/office/dashboard?district=Nord&age_band=under3").await.ok();
    assert_eq!(narrowed["unserved"]["total"], 3);
    assert_eq!(narrowed["claims"], seen["claims"], "the filter is for who waits");
}

#[actix_web::test]
async fn notices_that_wait_are_exceptions() {
    let app = TestApp::new().await;
    let family = Family {
        legal_claim: true,
        ..Family::default()
    };
    let family = waiting(&app, &family, &[]).await;
    let (writer, second) = (app.clerk().await, app.clerk().await);
    drafted(&writer, family.demand).await;
    let id = issued([&writer, &second], family.demand).await;
    step(&writer, &id, "objection", json!({"objected_on": "2027-02-01"}))
        .await
        .ok();
    let seen = writer.get("/office/dashboard").await.ok()["exceptions"].clone();
    assert_eq!(
        seen,
        json!({"register_mismatches": 0, "notices_to_approve": 1, "notices_to_post": 0, "objections": 1, "deviations": 0,
               "guests_open": 0, "consents_ending": 0, "consents_lapsed": 0, "moves_overdue": 0, "old_school_ends": 0})
    );
}

#[actix_web::test]
async fn the_claim_to_full_day_care_is_counted_by_year_of_school_entry() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Hort Nord").await;
    let child = async |birth: &str| {
        let family = Family {
            birth: day(birth),
            start: day("2027-08-01"),
            ..Family::default()
        };
        waiting(&app, &family, &[kita]).await
    };
    // At school since August 2025: before there was a claim.
    child("2019-05-01").await;
    let first = child("2020-05-01").await;
    let next = child("2021-05-01").await;
    let sql = "UPDATE care_demand SET care_type = 'after_school' WHERE tenant_id = $1 AND id = $2";
    app.change(sql, first.demand.0).await;
    let clerk = app.clerk().await;
    let seen = async || clerk.get("/office/dashboard").await.ok()["full_day_claim"].clone();
    let row = |year: i32, waiting: i64| json!({"entry_year": year, "children": 1, "waiting": waiting, "placed": 0});
    assert_eq!(seen().await, json!([row(2026, 1), row(2027, 0)]));
    let path = format!("/office/children/{}/school-entry", next.child);
    let deferral = json!({"kind": "deferral", "decided_on": "2027-01-20"});
    clerk.create(&path, deferral).await.ok();
    assert_eq!(seen().await, json!([row(2026, 1)]), "the other one enters a year later");
}

/// A town of Frankfurt's size: `cargo test --release --test api dashboard -- --ignored --nocapture`.
#[actix_web::test]
#[ignore = "takes a while and says a figure"]
async fn a_large_town_opens_its_dashboard_at_once() {
    let app = TestApp::new().await;
    crate::rounds_size::fill(&app).await;
    let clerk = app.clerk().await;
    clerk.get("/office/dashboard").await.ok();
    for path in [
        "/office/dashboard",
        "/office/dashboard?age_band=under3",
        "/office/dashboard?district=Bezirk%203",
    ] {
        let mut took = Vec::new();
        for _ in 0..7 {
            let begin = Instant::now();
            let seen = clerk.get(path).await.ok();
            took.push(begin.elapsed().as_millis());
            assert!(seen["unserved"]["total"].as_i64().unwrap() > 0, "{path}");
        }
        took.sort_unstable();
        eprintln!("{path}: {took:?} ms");
    }
}
