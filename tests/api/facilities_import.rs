//! Import of lists: all rows or none, twice is once, and the real lists without loss.

use std::path::PathBuf;

use kitaplatz::access::as_system;
use kitaplatz::facilities::{self, CatalogueError, ImportError, Report};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Client, TestApp};

const FIXTURE: &str = include_str!("../fixtures/einrichtungen.csv");

async fn send(app: &TestApp, client: &Client, query: &str, text: &str) -> Answer {
    let url = format!(
        "{}/api/v1/{}/admin/imports/facilities{query}",
        app.base, app.tenant.slug
    );
    let response = reqwest::Client::new()
        .request(Method::POST, url)
        .header("cookie", client.cookie.clone().unwrap_or_default())
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "text/csv")
        .body(text.to_owned())
        .send()
        .await
        .unwrap();
    Answer {
        status: response.status(),
        headers: response.headers().clone(),
        bytes: response.bytes().await.unwrap().to_vec(),
    }
}

fn counts(report: &Value) -> [i64; 4] {
    ["rows", "created", "updated", "unchanged"].map(|k| report[k].as_i64().unwrap())
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_german_list_is_tried_imported_and_changes_nothing_the_second_time() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let dry = send(&app, &admin, "?dry_run=true&mapping=german", FIXTURE).await.ok();
    assert_eq!((counts(&dry), &dry["errors"]), ([40, 40, 0, 0], &json!([])));
    assert_eq!(dry["items"].as_array().map(Vec::len), Some(40));
    assert_eq!(
        app.anonymous().get("/facilities").await.ok()["total"],
        0,
        "a dry run writes nothing"
    );

    let first = send(&app, &admin, "", FIXTURE).await.ok();
    assert_eq!(counts(&first), [40, 40, 0, 0]);
    let second = send(&app, &admin, "", FIXTURE).await.ok();
    assert_eq!(counts(&second), [40, 0, 0, 40]);
    let changed = FIXTURE.replace("Kita Regenbogen", "Kita Nordlicht");
    assert_eq!(counts(&send(&app, &admin, "", &changed).await.ok()), [40, 0, 1, 39]);

    let found = app.anonymous().get("/facilities?q=nordlicht").await.ok();
    let one = &found["items"][0];
    assert_eq!(
        (&one["kind"], &one["provider_kind"], &one["latitude"]),
        (&json!("daycare"), &json!("municipal"), &json!(51.04749))
    );
    assert_eq!(
        one["availability"]["state"], "unknown",
        "places of a list are no capacity"
    );
    assert_eq!(found["sources"][0]["attribution"], "Beispielliste von Kitaplatz");
    let path = format!("/facilities/{}", one["id"].as_str().unwrap());
    let source = app.anonymous().get(&path).await.ok()["source"].clone();
    assert_eq!(
        (&source["source_id"], &source["declared_places"]),
        (&json!("lindenau-01"), &json!(20))
    );
    let providers = admin.get("/admin/providers").await.ok();
    assert_eq!(providers["total"], 9, "the same name is the same provider");
    let without = app.anonymous().get("/facilities?limit=200").await.ok();
    let unknown = without["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["provider_name"] == json!(null))
        .count();
    assert_eq!(unknown, 2, "no provider is invented");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_fault_anywhere_stops_the_whole_list_and_names_its_place() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let broken = FIXTURE.replacen("07:00", "sieben", 1);
    let report = send(&app, &admin, "", &broken).await.ok();
    assert_eq!(counts(&report), [40, 0, 0, 0]);
    let error = &report["errors"][0];
    assert_eq!(
        (&error["row"], &error["column"], &error["code"]),
        (&json!(2), &json!("Öffnet"), &json!("invalid"))
    );
    assert_eq!(report["items"][0]["outcome"], "refused");
    assert_eq!(app.anonymous().get("/facilities").await.ok()["total"], 0);
    assert_eq!(admin.get("/admin/providers").await.ok()["total"], 0);
    let unknown = send(&app, &admin, "?mapping=x", FIXTURE).await;
    assert_eq!(unknown.refused(400), "query.mapping");
    let clerk = app.clerk().await;
    assert_eq!(send(&app, &clerk, "", FIXTURE).await.refused(403), "access.denied");
}

/// The folder with the real lists, if it is there.
fn real_lists() -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test is told by the environment where the lists are"
    )]
    let folder = std::env::var("FACILITIES_DIR").map_or_else(
        |_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    folder.is_dir().then_some(folder)
}

async fn import(app: &TestApp, bytes: &[u8]) -> Report {
    let list = facilities::read_list(bytes, None);
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        facilities::import_facilities(tx, list, false, |_| ()).await
    })
    .await
    .map_err(|e: CatalogueError| e.to_string())
    .unwrap()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
#[allow(clippy::print_stdout, reason = "whoever reads the run must see that it was not run")]
async fn the_real_lists_are_imported_without_loss() {
    let Some(folder) = real_lists() else {
        println!("not run: there is no folder FACILITIES_DIR with the real lists");
        return;
    };
    let app = TestApp::new().await;
    let mut all = 0;
    for (name, rows) in [
        ("flensburg", 70),
        ("leipzig", 300),
        ("chemnitz", 176),
        ("schleswig-holstein", 1811),
    ] {
        let bytes = std::fs::read(folder.join(format!("{name}.csv"))).unwrap();
        let first = import(&app, &bytes).await;
        assert_eq!(
            (first.rows, first.created, first.errors.len()),
            (rows, rows, 0),
            "{name}: {:?}",
            first.errors
        );
        let second = import(&app, &bytes).await;
        assert_eq!(
            (second.created, second.updated, second.unchanged),
            (0, 0, rows),
            "{name}"
        );
        all += i64::try_from(rows).unwrap();
    }
    let client = app.anonymous();
    assert_eq!(client.get("/facilities?limit=1").await.ok()["total"], json!(all));
    let one = client.get("/facilities?q=Marientreppe%2010").await.ok()["items"][0].clone();
    assert_eq!(
        (&one["kind"], &one["provider_name"], &one["opens_at"]),
        (&json!("daycare_with_after_school"), &json!("DKSB"), &json!("07:30"))
    );
    assert_eq!(
        one["provider_kind"],
        json!(null),
        "the list does not say what kind of provider it is"
    );
    let leipzig = client.get("/facilities?q=Ahlfeldstr.").await.ok();
    assert_eq!(
        (&leipzig["items"][0]["provider_name"], &leipzig["items"][0]["latitude"]),
        (&json!(null), &json!(null))
    );

    let ops = app.platform.ops.as_ref().unwrap();
    let codes = std::fs::read(folder.join("reference/postal_codes_de.csv")).unwrap();
    assert_eq!(facilities::import_postal_codes(ops, &codes).await.unwrap().0, 16_477);
    let streets = std::fs::read(folder.join("reference/leipzig_streets.csv")).unwrap();
    let put = as_system(&app.platform, &app.tenant, "test", async |tx| {
        facilities::import_streets(tx, &streets).await
    })
    .await;
    assert_eq!(put.unwrap_or_else(|e: ImportError| panic!("{e}")).0, 3042);
    let near = client.get("/facilities?postal_code=04177&radius_km=3").await.ok();
    assert_eq!(near["origin"]["kind"], "postal_code");
    assert!(near["total"].as_i64().unwrap() > 10, "{}", near["total"]);
    let street = client.get("/facilities?street=Alte%20Str.%202&radius_km=1").await.ok();
    assert_eq!(
        (&street["origin"]["label"], &street["items"][0]["name"]),
        (&json!("Alte Straße"), &json!("Kita Alte Straße 2"))
    );
    let suggested = client.get("/places?q=aachener").await.ok();
    assert_eq!(
        (&suggested["items"][0]["kind"], &suggested["items"][0]["label"]),
        (&json!("street"), &json!("Aachener Straße"))
    );
    assert_eq!(
        client.get("/places?q=0417").await.ok()["items"][0]["kind"],
        "postal_code"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_list_of_streets_with_faults_in_it_says_where() {
    let app = TestApp::new().await;
    let ops = app.platform.ops.as_ref().unwrap();
    let wrong = facilities::import_postal_codes(
        ops,
        b"postal_code,place,kreis_ags5,latitude,longitude\n123,Ort,14713,51,12\n",
    )
    .await;
    let Err(ImportError::List(faults)) = wrong else {
        panic!("must be refused")
    };
    assert_eq!((faults[0].row, faults[0].column.as_str()), (2, "postal_code"));
    let streets = as_system(&app.platform, &app.tenant, "test", async |tx| {
        facilities::import_streets(
            tx,
            "street,latitude,longitude\nAm Ring,51.2,12.1\nAm Ring,51.2,12.1\n".as_bytes(),
        )
        .await
    });
    assert_eq!(streets.await.unwrap(), (2, 1));
    let origin = app.anonymous().get("/facilities?street=Am%20Ring%2012").await.ok()["origin"].clone();
    assert_eq!(
        (&origin["latitude"], &origin["approximate"]),
        (&json!(51.2), &json!(false))
    );
}
