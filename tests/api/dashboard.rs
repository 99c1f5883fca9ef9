//! The office's dashboard: what each figure counts, that its list shows the same, and how long it takes in a large town.

use std::time::Instant;

use chrono::Months;
use kitaplatz::platform::ids::AccountId;
use serde_json::json;
use uuid::Uuid;

use crate::support::contracts::bare;
use crate::support::facilities::{day, facility};
use crate::support::notices::{approved, drafted, issued, step};
use crate::support::office::act;
use crate::support::waiting::{Family, Waiting, sql, waiting};
use crate::support::{Client, TestApp};

async fn total(app: &TestApp, query: &str) -> i64 {
    length(&app.clerk().await, &format!("/office/demands?{query}")).await
}

/// So many rows a list has.
async fn length(clerk: &Client, path: &str) -> i64 {
    let page = clerk.get(path).await.ok();
    let rows = i64::try_from(page["items"].as_array().unwrap().len()).unwrap();
    assert!(page["next_cursor"].is_null(), "{path} has more pages");
    if let Some(total) = page["total"].as_i64() {
        assert_eq!(total, rows, "{path}");
    }
    rows
}

#[actix_web::rt::test(system = "crate::support::Shared")]
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
    let narrowed = clerk.get("/office/dashboard?district=Nord&age_band=under3").await.ok();
    assert_eq!(narrowed["unserved"]["total"], 3);
    assert_eq!(narrowed["claims"], seen["claims"], "the filter is for who waits");
}

/// The figure of every exception, and the list that it opens.
const EXCEPTIONS: [(&str, &str); 11] = [
    (
        "register_mismatches",
        "/office/demands?state=submitted,confirmed,in_allocation,offer_pending&mismatch=true",
    ),
    ("notices_to_approve", "/office/notices?state=drafted"),
    ("notices_to_post", "/office/notices?state=approved"),
    ("objections", "/office/notices?state=objected"),
    ("deviations", "/office/deviations"),
    ("guests_open", "/office/guests?state=open"),
    ("consents_ending", "/office/guests?ending=true"),
    ("consents_lapsed", "/office/guests?lapsed=true"),
    ("moves_overdue", "/office/movers?overdue=true"),
    ("absences_uncovered", "/staff/inbox?kind=absence"),
    ("old_school_ends", "/office/contracts/school-rule"),
];

/// Rows for which the way over the API is long: what they count is said by their own tests.
async fn exceptional(app: &TestApp, by: AccountId, [one, two, three]: [&Waiting; 3], contract: Uuid) {
    let of = |made: &Waiting| format!("tenant_id = {} AND demand_id = '{}'", app.tenant.id.0, made.demand);
    let keys = |made: &Waiting| format!("{}, '{}', '{}'", app.tenant.id.0, made.demand, made.child);
    let now = "'2027-01-20T09:00:00Z'";
    for statement in [
        format!("UPDATE care_demand SET register_mismatch = true WHERE tenant_id = {} AND id IN ('{}', '{}')", app.tenant.id.0, one.demand, two.demand),
        // A child that has a place and wishes another one is registered somewhere, too.
        format!("UPDATE care_demand SET transfer = true WHERE tenant_id = {} AND id = '{}'", app.tenant.id.0, two.demand),
        format!("INSERT INTO guest_case (tenant_id, demand_id, child_id, state, created_at) VALUES ({}, 'open', {now})", keys(one)),
        format!(
            "INSERT INTO guest_case (tenant_id, demand_id, child_id, state, answered_on, valid_from, valid_until, created_at)
             VALUES ({}, 'granted', '2027-01-20', '2027-01-20', '2027-02-20', {now})",
            keys(two)
        ),
        format!(
            "INSERT INTO guest_case (tenant_id, demand_id, child_id, state, answered_on, valid_from, valid_until, created_at)
             VALUES ({}, 'granted', '2027-01-20', '2027-01-20', '2027-01-31', {now})",
            keys(three)
        ),
        format!(
            "INSERT INTO guest_lapse (tenant_id, id, demand_id, child_id, contract_id, lapses_on, reason, decide_by, noted_at)
             VALUES ({}, gen_random_uuid(), '{}', '{}', '{contract}', '2027-01-31', 'ended', '2027-02-28', {now})",
            app.tenant.id.0, three.demand, three.child
        ),
        format!(
            "INSERT INTO move_in (tenant_id, demand_id, child_id, move_on, postal_code, city, created_at)
             VALUES ({}, '2027-01-15', '04109', 'Musterstadt', {now})",
            keys(one)
        ),
        format!(
            "INSERT INTO followup_decision (tenant_id, id, offer_id, preference_id, facility_id, age_band, free_from, position, list, reason,
                                            note, decided_by, at)
             SELECT tenant_id, gen_random_uuid(), id, preference_id, facility_id, 'under3', care_from, 2, '[]', 'hardship', 'x', '{by}', {now}
               FROM place_offer WHERE {}",
            of(three)
        ),
    ] {
        sql(app, &statement).await;
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn every_exception_opens_a_list_of_the_same_length() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Nord").await;
    let claiming = Family {
        legal_claim: true,
        ..Family::default()
    };
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(waiting(&app, &claiming, &[kita]).await);
    }
    let contract = bare(&app, kita, &made[2]).await;
    app.change(AWAY, contract).await;
    let (writer, second) = (app.clerk().await, app.clerk().await);
    exceptional(&app, writer.account.unwrap(), [&made[0], &made[1], &made[2]], contract).await;
    drafted(&writer, made[3].demand).await;
    approved([&writer, &second], made[4].demand).await;
    let id = issued([&writer, &second], made[0].demand).await;
    let objection = json!({"objected_on": "2027-02-01"});
    step(&writer, &id, "objection", objection).await.ok();
    let seen = writer.get("/office/dashboard").await.ok()["exceptions"].clone();
    assert_eq!(seen.as_object().unwrap().len(), EXCEPTIONS.len(), "each has its list");
    for (name, path) in EXCEPTIONS {
        let figure = seen[name].as_i64().unwrap();
        assert_eq!(length(&writer, path).await, figure, "{name}");
        assert!(figure > 0 || name == "old_school_ends", "{name} is nowhere");
    }
    assert_eq!(seen["register_mismatches"], 2);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn each_bar_of_the_last_months_opens_its_list() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Nord").await;
    let at = |received_at| Family {
        received_at,
        ..Family::default()
    };
    // Half an hour before midnight of Berlin is the last hour of the month, not the first of the next.
    for received_at in ["2026-12-31T22:30:00Z", "2026-12-31T23:30:00Z", "2027-01-31T22:59:59Z"] {
        waiting(&app, &at(received_at), &[kita]).await;
    }
    let placed = waiting(&app, &at("2026-11-02T09:00:00Z"), &[kita]).await;
    bare(&app, kita, &placed).await;
    let hidden = waiting(&app, &at("2027-01-10T08:00:00Z"), &[kita]).await;
    let restrict = "UPDATE child SET restricted_at = '2027-01-20T09:00:00Z', restricted_reason = 'objection' WHERE tenant_id = $1 AND id = $2";
    app.change(restrict, hidden.child.0).await;
    let answered =
        "UPDATE place_offer SET answered_at = '2026-12-31T23:30:00Z' WHERE tenant_id = $1 AND demand_id = $2";
    app.change(answered, placed.demand.0).await;
    let clerk = app.clerk().await;
    let overview = clerk.get("/office/overview").await.ok();
    let mut sums = (0, 0);
    for row in overview["by_month"].as_array().unwrap() {
        let month = day(row["month"].as_str().unwrap());
        let last = month.checked_add_months(Months::new(1)).unwrap().pred_opt().unwrap();
        for (what, figure) in [("submitted", &row["demands"]), ("accepted", &row["accepted"])] {
            let query = format!("{what}_from={month}&{what}_to={last}");
            assert_eq!(total(&app, &query).await, *figure, "{query}");
        }
        sums.0 += row["demands"].as_i64().unwrap();
        sums.1 += row["accepted"].as_i64().unwrap();
    }
    assert_eq!(sums, (4, 1));
    for (state, count) in overview["demands_by_state"].as_object().unwrap() {
        assert_eq!(total(&app, &format!("state={state}")).await, *count, "{state}");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
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
               "guests_open": 0, "consents_ending": 0, "consents_lapsed": 0, "moves_overdue": 0, "absences_uncovered": 0,
               "old_school_ends": 0})
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
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
    let wished = "UPDATE care_demand SET care_type = 'after_school' WHERE tenant_id = $1 AND id = $2";
    app.change(wished, first.demand.0).await;
    let clerk = app.clerk().await;
    let seen = async || clerk.get("/office/dashboard").await.ok()["full_day_claim"].clone();
    let row = |year: i32, waiting: i64| json!({"entry_year": year, "children": 1, "waiting": waiting, "placed": 0});
    assert_eq!(seen().await, json!([row(2026, 1), row(2027, 0)]));
    // A child with a place and a second demand is one child; a family that sent nothing is none that the office knows.
    let twice = child("2020-04-01").await;
    bare(&app, kita, &twice).await;
    let of_twice = format!("tenant_id = {} AND id = '{}'", app.tenant.id.0, twice.demand);
    for statement in [
        format!("UPDATE care_demand SET state = 'covered' WHERE {of_twice}"),
        format!(
            "INSERT INTO care_demand (tenant_id, id, child_id, reference_code, state, care_type, desired_start, hours_per_week, created_at,
                                      submitted_at, updated_at)
             SELECT tenant_id, gen_random_uuid(), child_id, 'ZZZZ-ZZZZ', 'confirmed', 'after_school', '2027-09-01', 20, created_at,
                    submitted_at + interval '1 day', updated_at
               FROM care_demand WHERE {of_twice}"
        ),
    ] {
        sql(&app, &statement).await;
    }
    let draft = Family {
        birth: day("2020-06-01"),
        state: "draft",
        ..Family::default()
    };
    waiting(&app, &draft, &[kita]).await;
    let counted = seen().await;
    assert_eq!(
        counted[0],
        json!({"entry_year": 2026, "children": 2, "waiting": 2, "placed": 1})
    );
    for cohort in counted.as_array().unwrap() {
        let year = &cohort["entry_year"];
        for (name, more) in [
            ("children", ""),
            ("waiting", "&view=without_place&care_type=after_school"),
            ("placed", "&school_place=true"),
        ] {
            let query = format!("entry_year={year}{more}");
            assert_eq!(total(&app, &query).await, cohort[name], "{query}");
        }
    }
    let restrict = "UPDATE child SET restricted_at = '2027-01-20T09:00:00Z', restricted_reason = 'objection' WHERE tenant_id = $1 AND id = $2";
    app.change(restrict, twice.child.0).await;
    let path = format!("/office/children/{}/school-entry", next.child);
    let deferral = json!({"kind": "deferral", "decided_on": "2027-01-20"});
    clerk.create(&path, deferral).await.ok();
    assert_eq!(seen().await, json!([row(2026, 1)]), "the other one enters a year later");
}

/// A town of Frankfurt's size: `cargo test --release --test api dashboard -- --ignored --nocapture`.
#[actix_web::rt::test(system = "crate::support::Shared")]
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
        assert!(took[3] <= 300, "the middle of {took:?} ms");
    }
}

/// Nobody looks after the child of a contract on some days.
const AWAY: &str = "
    INSERT INTO childminder_absence (tenant_id, id, facility_id, from_on, to_on, reason, recorded_at)
    SELECT tenant_id, id, facility_id, '2027-09-06', '2027-09-10', 'other', created_at
      FROM care_contract WHERE tenant_id = $1 AND id = $2";
