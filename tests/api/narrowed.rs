//! Lists that are narrowed: a filter finds what it says and counts it, and what was typed is the beginning of a name or a code.

use serde_json::{Value, json};

use crate::sorted::{GUESTS, MOVERS, PASSED_OVER, PROPOSALS, post, sites, town, walked};
use crate::support::waiting::sql;
use crate::support::{Client, TestApp};

/// What the rows of a list say at a place, in alphabetical order; the first page counts as many.
async fn found(client: &Client, path: &str, at: &str) -> Vec<String> {
    let rows = walked(client, path).await;
    assert_eq!(client.get(path).await.ok()["total"], rows.len(), "{path}");
    let mut said: Vec<String> = rows
        .iter()
        .map(|row| row.pointer(at).unwrap().as_str().unwrap_or("–").to_owned())
        .collect();
    said.sort();
    said
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_typed_beginning_finds_a_child_by_its_first_or_last_name_or_its_code() {
    let app = TestApp::new().await;
    let clerk = town(&app).await;
    for rows in [GUESTS, MOVERS, PROPOSALS] {
        sql(&app, rows).await;
    }
    for (list, at) in [
        ("/office/guests", "/child"),
        ("/office/movers", "/child"),
        ("/office/followup-demands", "/child"),
        ("/office/fees", "/child"),
        ("/staff/inbox", "/child_label"),
    ] {
        let all = found(&clerk, list, at).await;
        assert_eq!(all.len(), 6, "{list}");
        assert_eq!(
            found(&clerk, &format!("{list}?q=%20MIA"), at).await,
            ["Mia B.", "Mia B."],
            "{list}"
        );
        assert_eq!(
            found(&clerk, &format!("{list}?q=%C3%A4nne%20br"), at).await,
            ["Änne B."],
            "{list}"
        );
        assert_eq!(found(&clerk, &format!("{list}?q=braun"), at).await, all, "{list}");
        assert_eq!(
            found(&clerk, &format!("{list}?q=%20"), at).await,
            all,
            "{list}: nothing typed"
        );
        assert_eq!(found(&clerk, &format!("{list}?q=ia"), at).await.len(), 0, "{list}");
    }
    for list in ["/office/guests", "/office/movers"] {
        let one = walked(&clerk, list).await.swap_remove(4);
        let code = one["reference_code"].as_str().unwrap().to_lowercase();
        let codes = found(&clerk, &format!("{list}?q={code}"), "/reference_code").await;
        assert_eq!(codes, [one["reference_code"].as_str().unwrap()], "{list}");
    }
    let sites = clerk.get("/staff/facilities").await.ok();
    for site in sites["items"].as_array().unwrap() {
        let (id, name) = (site["id"].as_str().unwrap(), site["name"].as_str().unwrap());
        for list in ["/office/fees", "/office/followup-demands"] {
            let there = found(&clerk, &format!("{list}?facility_id={id}"), "/facility_name").await;
            assert_eq!(there, [name, name], "{list}");
        }
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn deviations_are_narrowed_to_a_ground_a_facility_and_days_of_the_last_twelve_months() {
    let app = TestApp::new().await;
    let clerk = town(&app).await;
    sql(&app, PASSED_OVER).await;
    let list = async |filter: &str| found(&clerk, &format!("/office/deviations?{filter}"), "/child_label").await;
    let recent = ["Anton B.", "Berta B.", "Mia B.", "Mia B.", "Änne B."];
    assert_eq!(list("").await, recent, "Zoe's is older than a year");
    assert_eq!(list("from=2025-01-01").await, recent, "which no filter changes");
    assert_eq!(list("reason=hardship").await, ["Mia B.", "Mia B."]);
    assert_eq!(
        list("to=2027-01-04").await,
        ["Mia B.", "Mia B."],
        "a day ends at midnight in Germany"
    );
    assert_eq!(list("from=2027-01-05").await, ["Anton B.", "Berta B.", "Änne B."]);
    assert_eq!(list("from=2027-01-05&reason=hardship").await.len(), 0);
    let sites = clerk.get("/staff/facilities").await.ok();
    let mut there = Vec::new();
    for site in sites["items"].as_array().unwrap() {
        let path = format!("/office/deviations?facility_id={}", site["id"].as_str().unwrap());
        let names = found(&clerk, &path, "/facility_name").await;
        assert!(names.iter().all(|name| site["name"] == json!(name)), "{names:?}");
        there.push(names.len());
    }
    assert_eq!(there.iter().sum::<usize>(), 5, "{there:?}");
    assert_eq!(clerk.get("/office/deviations?reason=mood").await.status, 400);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn mails_and_letters_are_found_by_kind_name_and_code_but_never_by_an_address() {
    let app = TestApp::new().await;
    let clerk = town(&app).await;
    post(&app).await;
    for list in [
        "/office/dead-letters?",
        "/office/letters?",
        "/office/letters?state=printed&",
    ] {
        let of = async |filter: &str| found(&clerk, &format!("{list}{filter}"), "/recipient_label").await;
        assert_eq!(of("kind=offer").await, ["Mia Braun", "Mia Braun"], "{list}");
        assert_eq!(of("kind=receipt&q=an").await, ["Anton Braun"], "{list}");
        assert_eq!(of("kind=reset").await.len(), 0, "{list}");
        let one = walked(&clerk, list.trim_end_matches(['?', '&'])).await.swap_remove(2);
        let code = one["reference_code"].as_str().unwrap();
        assert_eq!(
            of(&format!("q={}", code.to_lowercase())).await,
            [one["recipient_label"].as_str().unwrap()]
        );
    }
    let masked = found(&clerk, "/office/dead-letters?kind=receipt", "/recipient_label").await;
    assert!(masked.contains(&"z…@example.org".to_owned()), "{masked:?}");
    assert_eq!(found(&clerk, "/office/dead-letters?q=zoe", "/id").await.len(), 0);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn facilities_and_providers_are_found_by_any_word_by_kind_and_by_what_is_not_confirmed() {
    let app = TestApp::new().await;
    let admin = sites(&app).await;
    let providers = async |filter: &str| found(&admin, &format!("/admin/providers?{filter}"), "/name").await;
    assert_eq!(providers("q=kirch").await, ["Kirche", "Kirchenkreis"]);
    assert_eq!(providers("q=oeffent").await, ["Öffentlich"], "as the search has it");
    assert_eq!(providers("q=v.%20AHORN").await, ["ahorn e. V."]);
    assert_eq!(providers("q=%25").await.len(), 6, "no sign of a pattern is one");
    assert_eq!(providers("kind=welfare").await, ["Verein", "ahorn e. V."]);
    assert_eq!(providers("kind=welfare&q=kirche").await.len(), 0);
    let facilities = async |filter: &str| found(&admin, &format!("/admin/facilities?{filter}"), "/name").await;
    assert_eq!(facilities("q=aenne").await, ["Änne"]);
    assert_eq!(facilities("kind=nursery").await, ["Mia", "Mia"]);
    assert_eq!(
        facilities("unconfirmed=true").await,
        ["Anton", "Berta", "Zoe", "Änne"],
        "long ago, never, and where there is nothing to confirm yet"
    );
    let church = admin.get("/admin/providers?q=kirche&limit=1").await.ok();
    let id = church["items"][0]["id"].as_str().unwrap().to_owned();
    let of_it = walked(&admin, &format!("/admin/facilities?provider_id={id}")).await;
    assert_eq!(church["items"][0]["facility_count"], of_it.len());
    assert!(!of_it.is_empty() && of_it.iter().all(|row| row["provider_name"] == "Kirche"));
    let missing = kitaplatz::platform::ids::random_uuid();
    let none = admin
        .get(&format!("/admin/facilities?provider_id={missing}"))
        .await
        .ok();
    assert_eq!((&none["items"], &none["total"]), (&json!([]), &json!(0)));
    assert_eq!(admin.get("/admin/facilities?kind=castle").await.status, 400);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_audit_is_read_from_its_end_or_from_its_beginning() {
    let app = TestApp::new().await;
    let admin = sites(&app).await;
    let ids = |rows: Vec<Value>| rows.into_iter().map(|row| row["id"].to_string()).collect::<Vec<_>>();
    let list = "/admin/audit?action=create_provider";
    let mut latest = ids(walked(&admin, list).await);
    let oldest = ids(walked(&admin, &format!("{list}&direction=asc")).await);
    latest.reverse();
    assert_eq!((oldest.len(), &oldest), (6, &latest));
    let first = admin.get(&format!("{list}&limit=2")).await.ok();
    let turned = format!(
        "{list}&limit=2&direction=asc&cursor={}",
        first["next_cursor"].as_str().unwrap()
    );
    assert_eq!(admin.get(&turned).await.refused(400), "page.cursor");
}
