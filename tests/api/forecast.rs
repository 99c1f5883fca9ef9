//! The forecast: whose it is, what it adds up, and that a child moves through it as it grows.

use kitaplatz::access::Role;
use kitaplatz::facilities::AgeBand;
use kitaplatz::platform::ids::ProviderId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::facilities::{facility, give_capacity, hold};
use crate::support::{Client, TestApp};

fn of(forecast: &Value, band: &str, ahead: usize) -> Value {
    let bands = forecast["bands"].as_array().unwrap();
    let band = bands.iter().find(|b| b["age_band"] == band).unwrap();
    band["months"][ahead].clone()
}

async fn get(who: &Client, query: &str) -> Value {
    who.get(&format!("/staff/forecast{query}")).await.ok()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_child_moves_to_the_next_band_after_its_third_birthday_and_leaves_at_school_entry() {
    let app = TestApp::new().await;
    let id = facility(&app, "Kita am Bach").await;
    for band in [AgeBand::Under3, AgeBand::Over3] {
        give_capacity(&app, id, band, 10).await;
    }
    // Three on 10 May 2027; another goes to school in August 2027.
    hold(&app, id, "2024-05-10", "2027-02-15", "2030-08-01").await.unwrap();
    hold(&app, id, "2021-04-01", "2027-02-01", "2027-08-01").await.unwrap();
    let forecast = get(&app.manager(id).await, "").await;
    assert_eq!((&forecast["facilities"], &forecast["unknown"]), (&json!(1), &json!(0)));
    let held: Vec<_> = [0, 3, 4, 6]
        .map(|n| {
            (
                of(&forecast, "under3", n)["held"].clone(),
                of(&forecast, "over3", n)["held"].clone(),
            )
        })
        .into();
    let pair = |small: i64, large: i64| (json!(small), json!(large));
    assert_eq!(held, [pair(1, 1), pair(1, 1), pair(0, 2), pair(0, 1)]);
    assert_eq!(of(&forecast, "over3", 6)["bookable"], 9);
    assert_eq!(forecast["bands"][0]["months"].as_array().unwrap().len(), 24);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn everybody_sees_the_sum_of_what_is_in_reach_and_nothing_else() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let provider = admin
        .create("/admin/providers", json!({"name": "Kinderland", "kind": "church"}))
        .await
        .ok();
    let provider: ProviderId = ProviderId(provider["id"].as_str().unwrap().parse().unwrap());
    let mut ids = Vec::new();
    for (name, district, places) in [("Sonne", "Mitte", 10), ("Mond", "Mitte", 20), ("Stern", "Nord", 40)] {
        let id = facility(&app, name).await;
        let body =
            json!({"district": district, "provider_id": if name == "Mond" { Value::Null } else { json!(provider) }});
        admin
            .edit(Method::PATCH, &format!("/admin/facilities/{id}"), 1, body)
            .await
            .ok();
        give_capacity(&app, id, AgeBand::Over3, places).await;
        ids.push(id);
    }
    facility(&app, "Unbekannt").await;
    let clerk = app.clerk().await;
    let everything = get(&clerk, "").await;
    assert_eq!(
        (&everything["facilities"], &everything["unknown"]),
        (&json!(4), &json!(1))
    );
    assert_eq!(of(&everything, "over3", 0)["bookable"], 70);
    assert_eq!(of(&get(&clerk, "?district=Mitte").await, "over3", 0)["bookable"], 30);
    assert_eq!(
        of(&get(&clerk, &format!("?provider_id={provider}")).await, "over3", 0)["bookable"],
        50
    );
    assert_eq!(
        of(&get(&clerk, &format!("?facility_id={}", ids[2])).await, "over3", 0)["bookable"],
        40
    );
    let manager = app.manager(ids[0]).await;
    assert_eq!(of(&get(&manager, "").await, "over3", 0)["bookable"], 10);
    assert_eq!(of(&get(&manager, "?district=Mitte").await, "over3", 0)["bookable"], 10);
    let foreign = manager.get(&format!("/staff/forecast?facility_id={}", ids[1])).await;
    assert_eq!(foreign.refused(404), "not_found");
    let of_provider = app.staff(&[(Role::ProviderManager, Some(provider), None)]).await;
    assert_eq!(of(&get(&of_provider, "").await, "over3", 0)["bookable"], 50);
    let scopes = of_provider.get("/staff/forecast/scopes").await.ok();
    let names: Vec<_> = scopes["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["name"].clone())
        .collect();
    assert_eq!(names, ["Mitte", "Nord", "Sonne", "Stern", "Kinderland"]);
}
