//! A notice of the youth office, in German, the language of its proceedings.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::fee_notice::FeeSums;
use super::model::Letterhead;

/// What stands on a notice.
#[derive(Debug, Clone)]
pub struct NoticeLetter {
    /// Name and address, a line each; the name alone where the address is protected. Empty on the file's copy.
    pub address: Vec<String>,
    /// The office's file number.
    pub file_number: String,
    /// Reference code of the demand.
    pub reference_code: Option<String>,
    /// When it was posted; a paper that was not is marked as a draft.
    pub posted_on: Option<NaiveDate>,
    /// What it is about.
    pub title: String,
    /// What is decided.
    pub decision: String,
    /// Why.
    pub reasons: String,
    /// On a fee notice: the calculation.
    pub sums: Option<FeeSums>,
    /// How and until when one can object.
    pub remedy: String,
    /// Who signed it.
    pub signed_by: Option<String>,
}

impl NoticeLetter {
    pub(super) fn values(&self, head: &Letterhead) -> Value {
        let date = head.date(self.posted_on.unwrap_or(head.today));
        let mut facts = vec![json!(["Datum", date]), json!(["Aktenzeichen", self.file_number])];
        facts.extend(self.reference_code.as_ref().map(|code| json!(["Vorgangsnummer", code])));
        json!({
            "address": self.address, "facts": facts, "title": self.title, "is_draft": self.posted_on.is_none(),
            "decision": paragraphs(&self.decision), "reasons": paragraphs(&self.reasons), "remedy": paragraphs(&self.remedy),
            "signed_by": self.signed_by, "sums": self.sums.as_ref().map(|sums| sums.values(head)),
        })
    }
}

/// A text by its paragraphs, which an empty line parts.
fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).collect()
}
