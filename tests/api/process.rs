//! The binary as an operator starts it: it refuses what is unsafe, says why, and stops in order.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::support::Database;

fn text(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned() + &String::from_utf8_lossy(&out.stdout)
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn with_a_wall_missing_it_refuses_to_serve_and_says_which() {
    let database = Database::new("process_unsafe").await;
    let well = database.binary(&["doctor"]).output().unwrap();
    assert!(well.status.success(), "{}", text(&well));
    database.as_owner("DROP POLICY tenant_isolation ON child").await;
    for command in ["serve", "worker", "doctor"] {
        let out = database.binary(&[command]).output().unwrap();
        assert!(!out.status.success(), "{command} goes on");
        assert!(
            text(&out).contains("a tenant table has the restrictive tenant policy for all commands: child"),
            "{}",
            text(&out)
        );
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_slip_in_a_setting_is_refused_by_name() {
    let database = Database::new("process_settings").await;
    let slip = database
        .binary(&["serve"])
        .env("KITAPLATZ_LISTN", "127.0.0.1:0")
        .output()
        .unwrap();
    assert_eq!(slip.status.code(), Some(2));
    assert!(text(&slip).contains("KITAPLATZ_LISTN"), "{}", text(&slip));
    let weak = database
        .binary(&["serve"])
        .env("KITAPLATZ_SECRET_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        .output()
        .unwrap();
    assert!(!weak.status.success());
    assert!(text(&weak).contains("constant"), "{}", text(&weak));
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn told_to_stop_it_ends_in_order_and_soon() {
    let database = Database::new("process_stop").await;
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut child = database
        .binary(&["serve"])
        .env("KITAPLATZ_LISTEN", free.to_string())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let http = reqwest::Client::new();
    while !http
        .get(format!("http://{free}/health/ready"))
        .send()
        .await
        .is_ok_and(|r| r.status().is_success())
    {
        assert!(begun.elapsed() < Duration::from_secs(30), "it does not get ready");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let asked = Instant::now();
    assert!(
        Command::new("kill")
            .args(["-TERM", &child.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    while child.try_wait().unwrap().is_none() {
        assert!(asked.elapsed() < Duration::from_secs(25), "it does not stop");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success(), "{}", text(&out));
    assert!(
        text(&out).contains("jobs have ended; ending requests"),
        "{}",
        text(&out)
    );
}
