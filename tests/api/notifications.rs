//! Messages: what reaches a real mail server, byte by byte, and what becomes of what does not.

use kitaplatz::access::{Role, as_system};
use kitaplatz::notifications::{self, Message, Recipient, Token};
use kitaplatz::platform::ids::NotificationId;
use sqlx::Row;

use crate::support::{Scripted, TestApp, last_to};

async fn post(app: &TestApp, to: &str, language: &str, message: Message) -> NotificationId {
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        notifications::enqueue(tx, Recipient::address(to, language), message).await
    })
    .await
    .unwrap()
}

fn reset() -> Message {
    Message::Reset {
        token: Token::new("s3cret-t0ken"),
    }
}

struct Row1 {
    state: String,
    attempts: i32,
    last_error: Option<String>,
    context: serde_json::Value,
    message_id: String,
}

async fn row(app: &TestApp, id: NotificationId) -> Row1 {
    as_system(&app.platform, &app.tenant, "test", async |tx| {
        let row = sqlx::query(
            "SELECT state, attempts, last_error, context, message_id FROM notification WHERE tenant_id = $1 AND id = $2",
        )
        .bind(tx.tenant_id().0)
        .bind(id.0)
        .fetch_one(tx.conn())
        .await?;
        Ok::<_, sqlx::Error>(Row1 {
            state: row.get(0),
            attempts: row.get(1),
            last_error: row.get(2),
            context: row.get(3),
            message_id: row.get(4),
        })
    })
    .await
    .unwrap()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_mail_arrives_with_both_parts_and_its_token_leaves_the_outbox() {
    let (app, catcher) = TestApp::with_mail().await;
    let id = post(&app, "mia.braun@example.org", "de", reset()).await;
    app.run_jobs().await;
    let caught = catcher.to("mia.braun@example.org");
    assert_eq!(caught.len(), 1);
    let letter = caught[0].letter();
    assert_eq!(letter.subject, "Neues Passwort setzen: der Link gilt eine Stunde");
    let link = format!("http://kita.test/{}/passwort-neu#s3cret-t0ken", app.tenant.slug);
    assert!(letter.text.as_deref().unwrap().contains(&link));
    assert!(letter.html.as_deref().unwrap().contains("lang=\"de\""));
    let raw = String::from_utf8(caught[0].raw.to_vec()).unwrap();
    assert!(raw.contains("Content-Type: multipart/alternative"), "{raw}");
    assert!(raw.contains("Auto-Submitted: auto-generated") && raw.contains("Content-Language: de"));
    assert!(raw.contains("text/plain; charset=utf-8") && raw.contains("text/html; charset=utf-8"));
    let row = row(&app, id).await;
    assert_eq!((row.state.as_str(), row.attempts), ("sent", 1));
    assert!(!row.context.to_string().contains("s3cret"), "{}", row.context);
    assert_eq!(letter.header("Message-ID"), Some(row.message_id.as_str()));
    app.run_jobs().await;
    assert_eq!(catcher.all().len(), 1, "a sent mail is not sent again");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn umlauts_and_english_survive_the_way() {
    let (app, catcher) = TestApp::with_mail().await;
    let invitation = || Message::Invitation {
        role: Role::Clerk,
        token: Token::new("t"),
    };
    post(&app, "a@example.org", "de", invitation()).await;
    post(&app, "b@example.org", "en", invitation()).await;
    app.run_jobs().await;
    let german = last_to(&catcher, "a@example.org");
    assert!(german.text.unwrap().contains("Mit freundlichen Grüßen"));
    assert!(german.html.unwrap().contains("Grüßen"));
    assert!(
        last_to(&catcher, "b@example.org")
            .text
            .unwrap()
            .contains("clerk at the youth office")
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_mail_put_off_is_the_same_mail_at_the_next_attempt() {
    let server = Scripted::start(&["451 4.7.1 try later <mia@example.org>", "250 ok"]).await;
    let app = TestApp::with_smtp(&server.url).await;
    let id = post(&app, "mia@example.org", "de", reset()).await;
    app.run_jobs().await;
    let first = row(&app, id).await;
    assert_eq!((first.state.as_str(), first.attempts), ("queued", 1));
    let error = first.last_error.unwrap();
    assert!(error.contains("4.7.1") && !error.contains('@'), "{error}");
    app.run_jobs().await;
    assert_eq!(server.received().len(), 1, "the next attempt waits");
    app.at("2027-02-01T09:01:00Z");
    app.run_jobs().await;
    let mails = server.received();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
    assert_eq!(mails[0].text, mails[1].text);
    assert_eq!(row(&app, id).await.state, "sent");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_refused_mail_is_a_dead_letter_at_once() {
    let (app, catcher) = TestApp::with_mail().await;
    let id = post(&app, "nobody@refused.example", "de", reset()).await;
    app.run_jobs().await;
    let row = row(&app, id).await;
    assert_eq!((row.state.as_str(), row.attempts), ("dead", 1));
    let error = row.last_error.unwrap();
    assert!(error.contains("550") && !error.contains('@'), "{error}");
    assert!(catcher.all().is_empty());
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn after_a_day_of_failures_a_mail_is_a_dead_letter() {
    let app = TestApp::new().await; // Nobody listens on its mail port.
    let id = post(&app, "mia@example.org", "de", reset()).await;
    for hours in 0..14 * 6 {
        let at = crate::support::start() + chrono::Duration::hours(hours);
        app.platform.clock.set(at);
        app.run_jobs().await;
        let row = row(&app, id).await;
        if row.state == "dead" {
            assert!(
                hours >= 24 && row.attempts == 12,
                "{hours} h, {} attempts",
                row.attempts
            );
            return;
        }
    }
    panic!("still not dead");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn what_left_long_ago_is_emptied() {
    let (app, _catcher) = TestApp::with_mail().await;
    let id = post(&app, "mia@example.org", "de", reset()).await;
    app.run_jobs().await;
    app.at("2027-03-02T09:00:00Z");
    app.run_periodic().await;
    assert_ne!(row(&app, id).await.context, serde_json::json!({}));
    app.at("2027-03-04T09:00:00Z");
    app.run_periodic().await;
    assert_eq!(row(&app, id).await.context, serde_json::json!({}));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_office_sees_a_dead_letter_and_sends_it_again() {
    let (app, catcher) = TestApp::with_mail().await;
    let id = post(&app, "nobody@refused.example", "de", reset()).await;
    app.run_jobs().await;
    let clerk = app.clerk().await;
    let list = clerk.get("/office/dead-letters").await.ok();
    let item = &list["items"][0];
    assert_eq!(item["id"], id.to_string());
    assert_eq!(item["recipient_label"], "n…@refused.example");
    let retry = format!("/office/dead-letters/{id}/retry");
    let nothing = serde_json::json!({});
    let parent = app.parent("jana@example.org").await;
    assert_eq!(parent.post(&retry, nothing.clone()).await.status, 403);
    assert_eq!(clerk.post(&retry, nothing.clone()).await.status, 204);
    assert_eq!(
        clerk.get("/office/dead-letters").await.ok()["items"],
        serde_json::json!([])
    );
    assert_eq!(clerk.post(&retry, nothing).await.refused(404), "not_found");
    app.run_jobs().await;
    assert_eq!(row(&app, id).await.state, "dead");
    assert!(catcher.all().is_empty());
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_bounce_makes_a_sent_mail_a_dead_letter_of_its_own_tenant_only() {
    let (app, _catcher) = TestApp::with_mail().await;
    let id = post(&app, "jana@example.org", "de", reset()).await;
    app.run_jobs().await;
    let sent = row(&app, id).await;
    let report = include_str!("support/bounce.eml").replace("<MESSAGE-ID@musterstadt.example>", &sent.message_id);
    let bounce = notifications::Bounce::read(&report).unwrap();
    let other = app.other_tenant().await;
    for (tenant, ours) in [(&other, false), (&app.tenant, true)] {
        let marked = as_system(&app.platform, tenant, "test", async |tx| {
            notifications::bounced(tx, &bounce).await
        });
        assert_eq!(marked.await.unwrap(), ours);
    }
    let dead = row(&app, id).await;
    assert_eq!(dead.state, "dead");
    assert!(dead.last_error.unwrap().contains("User unknown"));
    let retry = format!("/office/dead-letters/{id}/retry");
    let refused = app.clerk().await.post(&retry, serde_json::json!({})).await;
    assert_eq!(
        refused.refused(409),
        "notification.link_gone",
        "its one-time link left with the mail"
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_family_without_an_address_gets_a_letter_to_print() {
    let app = TestApp::new().await;
    let id = as_system(&app.platform, &app.tenant, "test", async |tx| {
        let nobody = Recipient {
            language: "de".into(),
            ..Recipient::default()
        };
        notifications::enqueue(tx, nobody, Message::AccountExists).await
    })
    .await
    .unwrap();
    let clerk = app.clerk().await;
    assert_eq!(
        clerk.get("/office/letters").await.ok()["items"][0]["id"],
        id.to_string()
    );
    let pdf = clerk.get(&format!("/office/letters/{id}.pdf")).await;
    if cfg!(feature = "pdf") {
        assert!(pdf.bytes.starts_with(b"%PDF-"), "{}", pdf.status);
    } else {
        assert_eq!(pdf.refused(501), "documents.off");
    }
    let printed = clerk
        .post(&format!("/office/letters/{id}/printed"), serde_json::json!({}))
        .await;
    assert_eq!(printed.status, 204);
    assert_eq!(clerk.get("/office/letters").await.ok()["items"], serde_json::json!([]));
    assert_eq!(
        clerk.get("/office/letters?state=printed").await.ok()["items"][0]["id"],
        id.to_string()
    );
    let missing = NotificationId::new();
    assert_eq!(
        clerk.get(&format!("/office/letters/{missing}.pdf")).await.refused(404),
        "not_found"
    );
}
