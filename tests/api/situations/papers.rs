//! Papers of the office about the child, and what stands in an answer whatever its form: words of a PDF, cells of a spreadsheet.

use std::io::Cursor;

use calamine::{Reader, Xlsx};
use kitaplatz::platform::clock::berlin_date;
use serde_json::{Value, json};

use super::stage::Scene;
use crate::support::{Answer, Client, fees, notices, pdf_text};

/// Kinds of the lists of a facility.
pub const LISTS: [&str; 5] = ["attendance", "birthdays", "pickups", "allergies", "contacts"];

/// The papers that were issued, by id.
pub struct Papers {
    notice: String,
    /// Where care has begun.
    fee: Option<String>,
    /// To whom the office might write the notice.
    guardians: Vec<String>,
}

impl Papers {
    /// A notice about the demand, and one about the fee where care has begun: drafted, approved by another person and posted today.
    pub async fn issued(scene: &Scene, second: &Client, admin: &Client, guardians: Vec<String>) -> Self {
        let clerk = &scene.clerk;
        let notice = notices::drafted(clerk, scene.demand).await;
        let draft = clerk.get(&format!("/office/notices/{notice}")).await.ok();
        let mut words = notices::words();
        // The template's decision names the child and its birth.
        words["decision"] = draft["text"]["decision"].clone();
        notices::write(clerk, &notice, words).await.ok();
        notices::step(second, &notice, "approve", json!({})).await.ok();
        let posted = json!({"posted_on": berlin_date(scene.app.platform.clock.now())});
        notices::step(clerk, &notice, "issue", posted).await.ok();
        let fee = match scene.contract {
            Some(contract) => {
                fees::published(admin, "2027-01-01").await;
                let fee = fees::issue([clerk, second], &fees::assessed(clerk, contract).await)
                    .await
                    .ok();
                Some(id(&fee))
            }
            None => None,
        };
        let papers = Self { notice, fee, guardians };
        papers.are_read(scene).await;
        papers
    }

    /// All of them, as the family and as the office asks for them.
    pub fn paths(&self) -> Vec<String> {
        let mut paths = vec![
            format!("/notices/{}.pdf", self.notice),
            format!("/office/notices/{}.pdf", self.notice),
        ];
        let letter = |guardian| format!("/office/notices/{}.pdf?guardian_id={guardian}", self.notice);
        paths.extend(self.guardians.iter().map(letter));
        for side in self.fee.iter().flat_map(|fee| [("family", fee), ("office", fee)]) {
            paths.push(format!("/{}/fees/{}/notice.pdf", side.0, side.1));
        }
        paths
    }

    /// What is searched can be read: a word that is no fact stands in each paper and in a spreadsheet.
    async fn are_read(&self, scene: &Scene) {
        let mut papers = vec![(format!("/office/notices/{}.pdf", self.notice), "Klein")];
        if let Some(fee) = &self.fee {
            let house = format!("/staff/facilities/{}", scene.wished);
            papers.push((format!("/office/fees/{fee}/notice.pdf"), "EB-2027-00001"));
            papers.push((format!("{house}/list-file?kind=attendance&format=xlsx"), "Klein"));
        }
        for (path, word) in papers {
            let answer = scene.clerk.get(&path).await;
            assert!(answer.status.is_success(), "{path}: {}", answer.status);
            let text = text(&answer);
            assert!(text.contains(word), "{path}: {text}");
        }
    }
}

fn id(made: &Value) -> String {
    made["id"].as_str().unwrap().to_owned()
}

/// The words of an answer.
pub fn text(answer: &Answer) -> String {
    match answer.headers.get("content-type").map(|kind| kind.as_bytes()) {
        Some(b"application/pdf") => pdf_text(&answer.bytes),
        Some(b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") => cells(&answer.bytes),
        _ => String::from_utf8_lossy(&answer.bytes).into_owned(),
    }
}

/// Names and cells of all sheets.
fn cells(bytes: &[u8]) -> String {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let mut words = String::new();
    for (name, sheet) in book.worksheets() {
        words.push_str(&name);
        for (_, _, cell) in sheet.used_cells() {
            words.push('\n');
            words.push_str(&cell.to_string());
        }
    }
    words
}
