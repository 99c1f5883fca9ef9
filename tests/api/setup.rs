//! Setting a municipality up: each step opens and closes with what is there, and the holidays of the state come by one click.

use kitaplatz::access::Role;
use kitaplatz::facilities::AgeBand;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::facilities::{facility, give_capacity};
use crate::support::{Client, TestApp, criteria};

async fn open(admin: &Client) -> Vec<String> {
    let setup = admin.get("/admin/setup").await.ok();
    let steps = setup["steps"].as_array().unwrap();
    let open: Vec<String> = steps
        .iter()
        .filter(|step| step["done"] == false)
        .map(|step| step["step"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(setup["done"], json!(open.is_empty()));
    open
}

async fn write_legal_pages(admin: &Client) {
    for kind in ["imprint", "privacy", "accessibility"] {
        let page = admin.get(&format!("/legal/{kind}?language=de")).await.ok();
        let body = json!({"title": page["title"], "body": "Stadt Musterstadt, Rathausplatz 1"});
        admin
            .edit(Method::PUT, &format!("/admin/legal/{kind}/de"), 1, body)
            .await
            .ok();
    }
}

async fn publish_contract(admin: &Client) {
    let draft = admin
        .create(
            "/admin/contract-templates",
            json!({"name": "Betreuungsvertrag", "provider_id": null}),
        )
        .await
        .ok();
    let path = format!("/admin/contract-templates/{}/publish", draft["id"].as_str().unwrap());
    admin
        .edit(Method::POST, &path, 1, json!({"valid_from": "2027-03-01"}))
        .await
        .ok();
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_new_municipality_is_led_through_every_step_to_its_end() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    assert_eq!(
        open(&admin).await,
        [
            "contact",
            "legal",
            "settings",
            "closing_days",
            "facilities",
            "criteria",
            "templates",
            "notices",
            "people",
            "retention"
        ]
    );
    let profile = json!({"office_name": "Jugendamt", "contact_email": "amt@example.org", "contact_phone": "0341 1", "contact_address": "Rathaus 1"});
    admin.edit(Method::PATCH, "/admin/tenant", 1, profile).await.ok();
    write_legal_pages(&admin).await;
    for step in ["settings", "retention"] {
        assert_eq!(
            admin
                .send(
                    Method::PUT,
                    "/admin/setup/confirmation",
                    Some(&json!({"step": step})),
                    &[]
                )
                .await
                .status,
            204
        );
    }
    assert_eq!(
        open(&admin).await,
        [
            "closing_days",
            "facilities",
            "criteria",
            "templates",
            "notices",
            "people"
        ]
    );
    let provider = json!({"name": "Kinderland e. V.", "kind": "parents_initiative"});
    admin.create("/admin/providers", provider).await.ok();
    let place = facility(&app, "Kita Sonnenschein").await;
    give_capacity(&app, place, AgeBand::Over3, 10).await;
    for year in [2027, 2028] {
        admin
            .send(Method::PUT, "/admin/holidays", Some(&json!({"year": year})), &[])
            .await
            .ok();
    }
    let criterion = criteria::criterion(&app, "both_work", "asked").await;
    criteria::published(&app, &[criteria::flat(&criterion, 4)]).await;
    publish_contract(&admin).await;
    app.clerk().await;
    assert_eq!(
        open(&admin).await,
        ["notices", "people"],
        "nobody runs a facility, nobody has looked at the notices"
    );
    let path = "/admin/setup/confirmation";
    let notices = json!({"step": "notices"});
    assert_eq!(admin.send(Method::PUT, path, Some(&notices), &[]).await.status, 204);
    app.manager(place).await;
    assert_eq!(open(&admin).await, Vec::<String>::new());
    // What is taken away opens its step again.
    let days = admin.get("/admin/closing-days").await.ok();
    let day = days["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["day"] == "2027-12-25")
        .unwrap();
    admin
        .delete(&format!("/admin/closing-days/{}", day["id"].as_str().unwrap()))
        .await;
    assert_eq!(open(&admin).await, ["closing_days"]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_holidays_of_the_state_are_closed_once_and_those_of_parts_of_it_are_not() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let put = async |year: i32| {
        admin
            .send(Method::PUT, "/admin/holidays", Some(&json!({"year": year})), &[])
            .await
    };
    let body = put(2027).await.ok();
    let items = body["items"].as_array().unwrap();
    assert_eq!((body["federal_state"].as_str(), items.len()), (Some("SN"), 12));
    let by = |name: &str| -> &Value { items.iter().find(|item| item["name"] == name).unwrap() };
    assert_eq!(
        (&by("Buß- und Bettag")["day"], &by("Buß- und Bettag")["closed"]),
        (&json!("2027-11-17"), &json!(true))
    );
    assert_eq!(
        (&by("Fronleichnam")["in_parts"], &by("Fronleichnam")["closed"]),
        (&json!(true), &json!(false))
    );
    let count = async || {
        admin.get("/admin/closing-days").await.ok()["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(count().await, 11);
    put(2027).await.ok();
    assert_eq!(count().await, 11, "again changes nothing");
    assert_eq!(
        put(1990).await.faults(),
        [("/year".to_owned(), "out_of_range".to_owned())]
    );
    let read = app.staff(&[(Role::ReadOnly, None, None)]).await;
    read.get("/admin/holidays?year=2028").await.ok();
    read.get("/admin/setup").await.refused(403);
    app.clerk()
        .await
        .send(Method::PUT, "/admin/holidays", Some(&json!({"year": 2028})), &[])
        .await
        .refused(403);
}
