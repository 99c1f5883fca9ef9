//! Documents as accessible PDF (PDF/UA-1): receipt, letter, letter of reasons, notices, contracts, lists.
//!
//! What people wrote reaches the typesetter as values, never as source: a name cannot be a command. The typesetter sees our templates
//! and fonts and nothing else, no file and no network. It is the cargo feature `pdf`; without it every document answers
//! [`DocumentError::Off`].

mod amendment;
mod contract;
mod fee_notice;
mod http;
mod model;
mod notice;
mod reasons;
mod table;
#[cfg(feature = "pdf")]
mod typeset;

pub use amendment::{AmendmentDraft, AmendmentPaper, TermsDraft};
pub use contract::{ContractDraft, ContractPaper, SignatureLine, TextBlock};
pub use fee_notice::{FeeReplaced, FeeSum, FeeSumRelief, FeeSums};
pub use model::{DocumentError, Letter, Letterhead, Pdf, Receipt};
pub use notice::NoticeLetter;
pub use reasons::{ReasonsLetter, ReasonsLine, ReasonsLottery, ReasonsSiblings, ReasonsWish};
pub use table::TablePaper;

use serde_json::Value;

use crate::access::TenantRead;
use crate::tenancy;

/// The tenant's name and office as they stand on every document, with the date of today.
pub async fn letterhead(tx: &mut TenantRead, language: &str) -> Result<Letterhead, sqlx::Error> {
    let contact = tenancy::contact(tx).await?;
    Ok(Letterhead {
        language: model::known_language(language),
        tenant: tx.tenant().name.clone(),
        contact,
        today: tx.today(),
        at: tx.now(),
    })
}

/// The receipt of a care demand.
pub async fn receipt_pdf(head: Letterhead, receipt: Receipt) -> Result<Pdf, DocumentError> {
    set(head, "receipt", move |head| receipt.values(head)).await
}

/// A care contract, or its draft.
pub async fn contract_pdf(head: Letterhead, paper: ContractPaper) -> Result<Pdf, DocumentError> {
    let draft = &paper.draft;
    let head = head.of(draft.provider.as_deref(), &draft.facility, &draft.facility_address);
    set(head, "contract", move |head| paper.values(head)).await
}

/// A change of a care contract, or its draft.
pub async fn amendment_pdf(head: Letterhead, paper: AmendmentPaper) -> Result<Pdf, DocumentError> {
    let head = head.of(paper.draft.provider.as_deref(), &paper.draft.facility, "");
    set(head, "amendment", move |head| paper.values(head)).await
}

/// The letter of reasons after a round.
pub async fn reasons_pdf(head: Letterhead, letter: ReasonsLetter) -> Result<Pdf, DocumentError> {
    set(head, "reasons", move |head| letter.values(head)).await
}

/// A notice of the youth office; always in German.
pub async fn notice_pdf(head: Letterhead, notice: NoticeLetter) -> Result<Pdf, DocumentError> {
    set(head, "notice", move |head| notice.values(head)).await
}

/// A list as a table.
pub async fn table_pdf(head: Letterhead, paper: TablePaper) -> Result<Pdf, DocumentError> {
    set(head, "table", move |head| paper.values(head)).await
}

/// A letter for a window envelope.
pub async fn letter_pdf(head: Letterhead, letter: Letter) -> Result<Pdf, DocumentError> {
    set(head, "plain", move |head| letter.values(head)).await
}

/// Many letters for window envelopes as one file, a bookmark each.
pub async fn letters_pdf(head: Letterhead, letters: Vec<Letter>) -> Result<Pdf, DocumentError> {
    set(head, "letters", move |head| model::letters(&letters, head)).await
}

/// Sets a document on a thread of its own: a page takes a moment of computing, during which no request should wait.
async fn set(
    head: Letterhead,
    template: &'static str,
    values: impl FnOnce(&Letterhead) -> Value + Send + 'static,
) -> Result<Pdf, DocumentError> {
    #[cfg(feature = "pdf")]
    {
        let work = move || {
            let mut all = head.values();
            if let (Value::Object(all), Value::Object(own)) = (&mut all, values(&head)) {
                all.extend(own);
            }
            typeset::pdf(head.language, template, all, head.at)
        };
        actix_web::web::block(work)
            .await
            .map_err(|_| DocumentError::Failed("the thread ended".into()))?
    }
    #[cfg(not(feature = "pdf"))]
    {
        let _ = (head, template, values);
        Err(DocumentError::Off)
    }
}

#[cfg(test)]
#[cfg(feature = "pdf")]
mod tests;
