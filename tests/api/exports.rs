//! Everything a municipality owns: for its administrator only, with a purpose and the second factor, without secrets, and documented.

use std::io::{Cursor, Read};

use reqwest::Method;
use serde_json::json;
use zip::ZipArchive;

use crate::staff::second_factor;
use crate::support::demands::outbox;
use crate::support::facilities::facility;
use crate::support::office::paper;
use crate::support::{Client, TestApp};

fn text(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> String {
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

async fn archive(admin: &Client, code: &str) -> ZipArchive<Cursor<Vec<u8>>> {
    let answer = admin
        .post("/admin/export", json!({"purpose": "archive", "code": code}))
        .await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.bytes));
    let length = answer.headers["content-length"].to_str().unwrap();
    assert_eq!(length.parse::<usize>().unwrap(), answer.bytes.len());
    ZipArchive::new(Cursor::new(answer.bytes)).unwrap()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn the_administrator_takes_everything_out_with_a_second_factor_and_the_purpose_is_on_record() {
    let app = TestApp::new().await;
    let a = facility(&app, "Kita Ahorn").await;
    let clerk = app.clerk().await;
    let made = clerk.create("/office/demands", paper(&[a])).await.ok();
    let path = format!("/office/demands/{}/claim-codes", made["id"].as_str().unwrap());
    clerk.create(&path, json!({})).await.ok();
    let code = outbox(&app, "claim_code").await[0]["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut admin = app.admin().await;
    let body = json!({"purpose": "archive", "code": "123456"});
    assert_eq!(
        admin.post("/admin/export", body.clone()).await.refused(409),
        "export.second_factor_missing"
    );
    let (_, recovery) = second_factor(&app, &mut admin).await;
    assert_eq!(
        admin.post("/admin/export", body).await.faults(),
        [("/code".into(), "wrong".into())]
    );
    let mut all = archive(&admin, &recovery[0]).await;
    let children = text(&mut all, "csv/child.csv");
    assert_eq!(children.lines().count(), 2, "{children}");
    assert!(children.contains("Mia") && text(&mut all, "json/child.jsonl").contains("\"first_name\":\"Mia\""));
    let guide = text(&mut all, "LIESMICH.md");
    assert!(
        guide.contains("## child") && guide.contains("| first_name | Stammdaten | Kind und Sorgeberechtigte |"),
        "{guide}"
    );
    assert!(guide.contains("account.password_hash") && guide.contains("notification.context"));
    let names: Vec<String> = all.file_names().map(|name| name.unwrap().into_owned()).collect();
    for name in names {
        let text = text(&mut all, &name);
        assert!(
            !text.contains(&code),
            "a code that waits to be printed stands in {name}"
        );
        assert!(!text.contains("$argon2"), "the hash of a password stands in {name}");
    }
    let audit = admin.get("/admin/audit?action=export_tenant").await.ok();
    let done = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["outcome"] == "done")
        .unwrap();
    assert_eq!(done["reason"], "archive", "{audit}");
    let again = json!({"purpose": "archive", "code": recovery[0]});
    assert_eq!(
        admin.post("/admin/export", again).await.faults(),
        [("/code".into(), "wrong".into())]
    );
}

/// The figures of a large town, on demand: `cargo test --test api -- --ignored a_town_of_35_000`.
#[actix_web::rt::test(system = "crate::support::Shared")]
#[ignore = "measures for minutes"]
async fn a_town_of_35_000_families_is_imported_and_exported() {
    let app = TestApp::new().await;
    for name in ["Kita Ahorn", "Kita Birke"] {
        facility(&app, name).await;
    }
    let mut admin = app.admin().await;
    let template = String::from_utf8(admin.get("/admin/imports/families/template.csv").await.bytes).unwrap();
    let lines: Vec<&str> = template.lines().collect();
    let mut list = format!("{}\r\n", lines[0]);
    for n in 0..35_000_u32 {
        let first = char::from(b'a' + u8::try_from(n % 26).unwrap());
        let name = format!(
            "{first}{}",
            (n / 26).to_string().replace(|c: char| c.is_ascii_digit(), "x")
        );
        let day = 1 + n % 28;
        let month = 1 + n / 28 % 12;
        let year = 2023 + n / 336 % 4;
        let row = lines[1]
            .replace("A-1001", &format!("A-{n}"))
            .replace("F-77", &format!("F-{n}"));
        let row = row.replace("Mia", &format!("Kind{n}{name}"));
        let born = format!("{day:02}.{month:02}.{}", year.min(2025));
        list += &format!("{}\r\n", row.replace("14.03.2026", &born));
    }
    eprintln!("list: {} MB", list.len() / 1_000_000);
    eprintln!("before: {} kB", memory());
    for query in ["?dry_run=true", "", ""] {
        let begun = std::time::Instant::now();
        let body = Some(("text/csv", list.clone().into_bytes()));
        let report = admin
            .send_bytes(Method::POST, &format!("/admin/imports/families{query}"), body, &[])
            .await
            .ok();
        eprintln!(
            "{query:?}: {:?}, {} new, {} known, {} faulty, {} kB",
            begun.elapsed(),
            report["new"],
            report["known"],
            report["faulty"],
            memory()
        );
        if report["faulty"] != 0 {
            eprintln!(
                "{}",
                report["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .find(|i| i["state"] == "faulty")
                    .unwrap()
            );
        }
    }
    let (_, recovery) = second_factor(&app, &mut admin).await;
    // The first one warms up what is made once.
    for code in &recovery[..2] {
        forget_peak();
        let (before, begun) = (memory(), std::time::Instant::now());
        let length = admin
            .drained("/admin/export", &json!({"purpose": "archive", "code": code}))
            .await;
        let most = peak();
        eprintln!(
            "export: {:?}, {} MB, {before} kB, at most {most} kB",
            begun.elapsed(),
            length / 1_000_000
        );
        assert!(length > 20_000_000, "{length}");
        assert!(
            most < before + 16_000,
            "a file of {length} bytes took {before} to {most} kB"
        );
    }
}

/// What the process holds, in kB.
fn memory() -> u64 {
    kilobytes("VmRSS")
}

/// The most that it held since the peak was forgotten, in kB.
fn peak() -> u64 {
    kilobytes("VmHWM")
}

fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
}

fn kilobytes(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with(what)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
