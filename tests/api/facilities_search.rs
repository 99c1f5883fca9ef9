//! The public search: words, places, radius, filters, free places, pages.

use kitaplatz::access::as_system;
use kitaplatz::facilities::AgeBand;
use kitaplatz::platform::ids::FacilityId;
use serde_json::{Value, json};

use crate::support::facilities::{give_capacity, hold};
use crate::support::{Answer, Client, TestApp};

/// A facility over the API with some fields changed.
async fn add(admin: &Client, name: &str, changes: Value) -> FacilityId {
    let mut new = json!({"name": name, "kind": "daycare", "care_types": ["nursery", "kindergarten"], "street": "Lindenweg",
        "house_number": "4", "postal_code": "04109", "city": "Musterstadt", "latitude": 51.34, "longitude": 12.37,
        "opens_at": "07:00", "closes_at": "17:00"});
    for (key, value) in changes.as_object().unwrap() {
        new[key] = value.clone();
    }
    let made = admin.create("/admin/facilities", new).await.ok();
    FacilityId(made["id"].as_str().unwrap().parse().unwrap())
}

fn names(answer: Answer) -> Vec<String> {
    let body = answer.ok();
    let items = body["items"].as_array().unwrap();
    items.iter().map(|f| f["name"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_street_is_found_however_it_is_written() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    add(&admin, "Kita Eins", json!({"street": "Müllerstraße"})).await;
    add(&admin, "Kita Zwei", json!({"street": "Müllerstr."})).await;
    add(&admin, "Kita Drei", json!({"street": "Lange Str."})).await;
    for q in [
        "muellerstrasse",
        "M%C3%BCllerstra%C3%9Fe",
        "M%C3%9CLLERSTR.",
        "m%C3%BCllerstr",
        "m%C3%BCllerstra%C3%9Fe%204",
    ] {
        assert_eq!(
            names(app.anonymous().get(&format!("/facilities?q={q}")).await),
            ["Kita Eins", "Kita Zwei"],
            "{q}"
        );
    }
    assert_eq!(
        names(app.anonymous().get("/facilities?q=lange%20strasse").await),
        ["Kita Drei"]
    );
    assert!(
        names(app.anonymous().get("/facilities?q=%25").await).len() == 3,
        "a sign of a pattern is no word"
    );
    assert_eq!(app.anonymous().get("/facilities?q=a%00b").await.refused(400), "url.nul");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn distances_begin_where_the_family_lives() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    add(
        &admin,
        "Nah",
        json!({"latitude": 51.341, "longitude": 12.37, "district": "Mitte"}),
    )
    .await;
    add(
        &admin,
        "Fern",
        json!({"latitude": 51.44, "longitude": 12.37, "postal_code": "04999", "street": "Feldweg"}),
    )
    .await;
    add(&admin, "Ohne Ort", json!({"latitude": null, "longitude": null})).await;
    let client = app.anonymous();
    let near = client.get("/facilities?latitude=51.34&longitude=12.37").await.ok();
    let distances: Vec<_> = near["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| f["distance_m"].clone())
        .collect();
    // A thousandth of a degree of latitude is 111 metres.
    assert_eq!(distances, [json!(111), json!(11119), json!(null)]);
    assert_eq!(
        names(
            client
                .get("/facilities?latitude=51.34&longitude=12.37&radius_km=11")
                .await
        ),
        ["Nah"]
    );
    assert_eq!(
        names(
            client
                .get("/facilities?latitude=51.34&longitude=12.37&radius_km=12")
                .await
        ),
        ["Nah", "Fern"]
    );
    let street = client.get("/facilities?street=Feldweg%2012&radius_km=1").await.ok();
    assert_eq!(
        (&street["origin"]["kind"], &street["origin"]["approximate"]),
        (&json!("street"), &json!(true))
    );
    assert_eq!(
        (&street["total"], &street["items"][0]["name"]),
        (&json!(1), &json!("Fern"))
    );
    let district = client.get("/facilities?place=mitte&sort=distance").await.ok();
    assert_eq!(
        (&district["origin"]["kind"], &district["items"][0]["distance_m"]),
        (&json!("district"), &json!(0))
    );
    let unknown = client.get("/facilities?place=Nirgendheim").await.ok();
    assert_eq!((&unknown["origin"], &unknown["total"]), (&json!(null), &json!(0)));
    for wrong in [
        "latitude=51.3",
        "latitude=NaN&longitude=1",
        "latitude=91&longitude=1",
        "radius_km=0.1",
        "limit=0",
        "opens_by=7",
        "birth_date=0001-01-01",
        "cursor=x",
        "unknown=1",
        "care_type=x",
    ] {
        assert_eq!(client.get(&format!("/facilities?{wrong}")).await.status, 400, "{wrong}");
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn filters_leave_what_fits() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let church = admin
        .create("/admin/providers", json!({"name": "Kirche", "kind": "church"}))
        .await
        .ok();
    add(&admin, "A", json!({"care_types": ["after_school"], "kind": "after_school", "opens_at": "11:00", "closes_at": "18:00", "languages": ["Dansk"]})).await;
    add(
        &admin,
        "B",
        json!({"provider_id": church["id"], "denomination": "Evangelisch", "concepts": ["Wald"], "barrier_free": true,
        "age_from_months": 36, "age_to_months": 72}),
    )
    .await;
    add(
        &admin,
        "C",
        json!({"inclusive": true, "opens_at": null, "closes_at": null}),
    )
    .await;
    let client = app.anonymous();
    for (query, wanted) in [
        ("care_type=after_school", "A"),
        ("closes_after=17:30", "A"),
        ("language=Dansk", "A"),
        ("opens_by=07:30", "B"),
        ("provider_kind=church", "B"),
        ("denomination=Evangelisch", "B"),
        ("concept=Wald", "B"),
        ("barrier_free=true", "B"),
        ("inclusive=true", "C"),
        ("birth_date=2026-06-01&start=2027-08-01&care_type=nursery", "C"),
    ] {
        assert_eq!(
            names(client.get(&format!("/facilities?{query}")).await),
            [wanted],
            "{query}"
        );
    }
    assert_eq!(names(client.get("/facilities?barrier_free=false").await).len(), 3);
    let facets = client.get("/facilities/facets").await.ok();
    assert_eq!(facets["concepts"], json!([{"value": "Wald", "count": 1}]));
    assert_eq!(facets["care_types"][0]["count"], 2);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn free_means_free_to_school_entry() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let mut ids = Vec::new();
    for name in ["Grün", "Gelb", "Voll", "Unbekannt"] {
        ids.push(add(&admin, name, json!({})).await);
    }
    for (id, under3, over3) in [(ids[0], 1, 1), (ids[1], 1, 0), (ids[2], 1, 0)] {
        give_capacity(&app, id, AgeBand::Under3, under3).await;
        give_capacity(&app, id, AgeBand::Over3, over3).await;
    }
    hold(&app, ids[2], "2026-03-11", "2027-08-01", "2029-04-01")
        .await
        .unwrap();
    let client = app.anonymous();
    let child = "birth_date=2026-03-10&start=2027-08-01";
    let all = client.get(&format!("/facilities?{child}&sort=name")).await.ok();
    let states: Vec<_> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| {
            (
                f["name"].as_str().unwrap(),
                f["availability"]["state"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        states,
        [
            ("Gelb", "partly"),
            ("Grün", "covered"),
            ("Unbekannt", "unknown"),
            ("Voll", "full")
        ]
    );
    let yellow = &all["items"][0]["availability"];
    assert_eq!(
        (&yellow["free_from"], &yellow["free_until"], &yellow["age_band"]),
        (&json!("2027-08-01"), &json!("2029-03-31"), &json!("under3"))
    );
    // The database decides the filter, the server the colours: both must agree.
    assert_eq!(
        names(client.get(&format!("/facilities?{child}&free=covered")).await),
        ["Grün"]
    );
    assert_eq!(
        names(client.get(&format!("/facilities?{child}&free=partly")).await),
        ["Gelb", "Grün"]
    );
    assert_eq!(
        names(client.get("/facilities?free=covered").await),
        ["Gelb", "Grün"],
        "the youngest band, for a year"
    );
    let markers = client.get(&format!("/facilities/markers?{child}")).await.ok();
    let on_map = |name: &str| {
        markers["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|m| m["name"] == name)
            .unwrap()["state"]
            .clone()
    };
    assert_eq!(
        (on_map("Grün"), on_map("Voll"), on_map("Unbekannt")),
        (json!("covered"), json!("full"), json!("unknown"))
    );
    assert_eq!(markers["places"][0]["name"], "Musterstadt");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn pages_follow_one_another_without_gap_or_double() {
    let app = TestApp::new().await;
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        sqlx::query(
            "INSERT INTO facility (tenant_id, id, name, latitude, longitude, created_at)
             SELECT $1, gen_random_uuid(), 'Kita ' || n % 7, CASE WHEN n % 5 > 0 THEN 51.3 + (n % 10) / 100.0 END,
                    CASE WHEN n % 5 > 0 THEN 12.3 END, $2 FROM generate_series(1, 53) n",
        )
        .bind(tx.tenant_id().0)
        .bind(tx.now())
        .execute(tx.conn())
        .await
        .map(|_| ())
    })
    .await
    .unwrap();
    let client = app.anonymous();
    for query in ["sort=name", "latitude=51.3&longitude=12.3"] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = client.get(&format!("/facilities?{query}&limit=10{cursor}")).await.ok();
            assert_eq!(page["total"], 53);
            seen.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|f| f["id"].as_str().unwrap().to_owned()),
            );
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 53, "{query}");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 53, "{query}");
    }
}
