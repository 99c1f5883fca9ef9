//! A file of five hundred letters with codes, beside files of one letter: `cargo test --release --test api five_hundred_letters -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::facilities::facility;
use crate::support::waiting::{Family, waiting};
use crate::support::{Client, TestApp, pdf_text};

/// Files of one letter, set in the same run.
const SINGLE: usize = 10;

/// Puts a file together and sets its letters; how long both took, and the file.
async fn set(clerk: &Client, letters: usize) -> (Duration, Vec<u8>) {
    let begun = Instant::now();
    let batch = clerk
        .create("/office/claim-batches", json!({"letters": letters}))
        .await
        .ok();
    assert_eq!(batch["letters"], json!(letters));
    let path = format!("/office/claim-batches/{}/letters.pdf", batch["id"].as_str().unwrap());
    let answer = clerk.post(&path, json!({})).await;
    assert_eq!(answer.status, 200);
    (begun.elapsed(), answer.bytes)
}

#[actix_web::rt::test(system = "crate::support::Shared")]
#[ignore = "a measurement; run it by name in a release build"]
async fn five_hundred_letters_are_set_in_far_less_time_than_one_by_one() {
    let app = TestApp::new().await;
    let kita = facility(&app, "Kita Ahorn").await;
    for _ in 0..500 + SINGLE + 1 {
        waiting(&app, &Family::default(), &[kita]).await;
    }
    let clerk = app.clerk().await;
    // The first one loads fonts.
    let (first, _) = set(&clerk, 1).await;
    let mut single = Vec::new();
    for _ in 0..SINGLE {
        single.push(set(&clerk, 1).await.0);
    }
    single.sort();
    let one = single[SINGLE / 2];
    let (all, pdf) = set(&clerk, 500).await;
    let pages = pdf_text(&pdf).matches("1/1").count();
    assert_eq!(pages, 500, "each letter has its own pages");
    let ratio = all.as_secs_f64() / (one.as_secs_f64() * 500.0);
    eprintln!(
        "first {first:?}, one letter {:?} to {:?} (middle {one:?}), 500 letters {all:?} in {} kB: {ratio:.2} of 500 files of one",
        single[0],
        single[SINGLE - 1],
        pdf.len() / 1000
    );
    assert!(
        ratio < 1.0,
        "a letter in a file costs less than one by itself: {ratio:.2}"
    );
}
