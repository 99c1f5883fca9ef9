//! Places that come free in the course of the Kita year go to children who begin then.

use chrono::NaiveDate;
use kitaplatz::access::as_system;
use kitaplatz::facilities::{self, AgeBand, NewFigure};
use kitaplatz::platform::ids::FacilityId;
use serde_json::json;

use crate::support::TestApp;
use crate::support::facilities::day;
use crate::support::homes::Home;
use crate::support::rounds::{Round, kita};
use crate::support::waiting::{Family, waiting};

/// A facility with one place for small children, and another one from November on.
async fn kita_with_a_place_from_november(app: &TestApp) -> FacilityId {
    let facility = kita(app, "Kita Sonne", 1).await;
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let seen = facilities::capacity_version(tx, facility).await?;
        let figure = NewFigure::of(day("2027-11-01"), 2);
        facilities::put_figure(tx, facility, AgeBand::Under3, &figure, seen).await?;
        let seen = facilities::capacity_version(tx, facility).await?;
        let figure = NewFigure::of(day("2027-11-01"), 9);
        facilities::put_figure(tx, facility, AgeBand::Over3, &figure, seen).await
    })
    .await
    .unwrap();
    facility
}

async fn home(app: &TestApp, name: &str, points: i32, start: NaiveDate, facility: FacilityId) -> Home {
    let parent = app.parent(&format!("{name}@example.org")).await;
    let family = Family {
        points,
        start,
        // Three only after the Kita year.
        birth: day("2026-09-14"),
        account: parent.account,
        ..Family::default()
    };
    let made = waiting(app, &family, &[facility]).await;
    Home { parent, made }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn whoever_begins_in_november_may_have_the_place_that_comes_free_then() {
    let app = TestApp::new().await;
    let sun = kita_with_a_place_from_november(&app).await;
    let ada = home(&app, "ada", 9, day("2027-08-01"), sun).await;
    let ben = home(&app, "ben", 7, day("2027-09-01"), sun).await;
    let cem = home(&app, "cem", 5, day("2027-11-01"), sun).await;
    let dia = home(&app, "dia", 3, day("2027-12-01"), sun).await;
    let round = Round::released_to_fill(&app).await;
    for (one, has) in [(&ada, true), (&ben, false), (&cem, true), (&dia, false)] {
        assert_eq!(one.offer().await.is_object(), has);
    }
    assert_eq!(ben.explanation().await["wishes"][0]["reason"], "full");
    let path = format!("/staff/rounds/{}/outcome", round.id);
    let outcome = app.manager(sun).await.get(&path).await.ok();
    let small = outcome["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["age_band"] == "under3");
    assert_eq!(
        (&small.unwrap()["places"], &small.unwrap()["starts"]),
        (
            &json!(2),
            &json!([{"from_month": "2027-08-01", "places": 1}, {"from_month": "2027-11-01", "places": 2}])
        )
    );
    // The place from November comes back: it is nothing for whoever would begin in September, whatever the points.
    cem.answer("decline", json!({"reason": "too_far"})).await;
    app.run_jobs().await;
    assert!(ben.offer().await.is_null());
    assert_eq!(dia.offer().await["facility_id"], json!(sun));
    // The place from August comes back: whoever begins in September may have it.
    ada.answer("decline", json!({"reason": "too_far"})).await;
    app.run_jobs().await;
    assert_eq!(ben.offer().await["facility_id"], json!(sun));
    assert_eq!(round.verify_all(&app).await, 3);
}
