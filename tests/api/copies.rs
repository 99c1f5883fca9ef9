//! The copy for a family without an account: handed over at the counter, after somebody looked at a paper; and the alert for administrators.

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use crate::support::facilities::facility;
use crate::support::waiting::{Family, waiting};
use crate::support::{TestApp, superuser_url};

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    let mut conn = PgConnection::connect(&superuser_url()).await.unwrap();
    sqlx::query_scalar(sql)
        .bind(app.tenant.id.0)
        .fetch_one(&mut conn)
        .await
        .unwrap()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_on_paper_gets_its_copy_after_identification_which_stays_on_record() {
    let app = TestApp::new().await;
    let place = facility(&app, "Kita Sonnenschein").await;
    let paper = waiting(&app, &Family::default(), &[place]).await;
    let clerk = app.clerk().await;
    let path = format!("/office/guardians/{}/copy", paper.guardian);
    let by = json!({"identified_by": "identity_card"});
    let copy = clerk.post(&path, by.clone()).await.ok();
    assert_eq!(copy["data"]["child"][0]["id"], json!(paper.child));
    assert_eq!(copy["data"]["guardian"][0]["last_name"], "Braun");
    assert_eq!(copy["data"]["household"][0]["street"], "Lindenweg");
    assert_eq!(copy["data"]["care_demand"][0]["id"], json!(paper.demand));
    let recorded = "SELECT count(*) FROM app.audit_event WHERE tenant_id = $1 AND action = 'copy_for_guardian' AND reason = 'identity_card' AND outcome = 'done'";
    assert_eq!(count(&app, recorded).await, 1);
    assert_eq!(
        clerk
            .post(&path, json!({"identified_by": "looks_familiar"}))
            .await
            .status,
        422
    );
    // Who has an account downloads it there.
    let parent = app.parent("jana@example.org").await;
    let own = Family {
        account: Some(parent.account_id()),
        ..Family::default()
    };
    let own = waiting(&app, &own, &[place]).await;
    let path = format!("/office/guardians/{}/copy", own.guardian);
    assert_eq!(clerk.post(&path, by.clone()).await.refused(409), "family.has_account");
    // A protected address is handed over by nobody but who works on the case.
    let hidden = Family {
        address_protected: true,
        ..Family::default()
    };
    let hidden = waiting(&app, &hidden, &[place]).await;
    let path = format!("/office/guardians/{}/copy", hidden.guardian);
    assert_eq!(
        clerk.post(&path, by.clone()).await.refused(409),
        "family.not_case_worker"
    );
    let custody = clerk
        .get(&format!("/office/children/{}/custody", hidden.child))
        .await
        .ok();
    let version = custody["items"][0]["household_version"].as_i64().unwrap();
    let base = format!("/office/households/{}", hidden.household);
    let take = json!({"account_id": clerk.account_id()});
    clerk
        .edit(Method::PUT, &format!("{base}/case-worker"), version, take)
        .await
        .ok();
    assert_eq!(clerk.post(&path, by).await.status, 200);
    // And every administrator hears of it when the address is read.
    app.admin().await;
    let mails = "SELECT count(*) FROM app.notification WHERE tenant_id = $1 AND kind = 'protected_address_read'";
    let purpose = json!({"purpose": "letter"});
    let address: Value = clerk.post(&format!("{base}/address"), purpose).await.ok();
    assert_eq!(address["street"], "Lindenweg");
    assert_eq!(count(&app, mails).await, 1);
}
