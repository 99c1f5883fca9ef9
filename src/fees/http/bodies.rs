//! A draft or notice as it is shown, and how one is found.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::TenantRead;
use crate::fees::store::{self, AssessmentRow};
use crate::fees::{FeeError, Period};
use crate::platform::http::ApiError;
use crate::platform::ids::{ContractId, FeeId};

pub(super) fn language(tx: &TenantRead) -> String {
    tx.account().map_or_else(|| "de".to_owned(), |a| a.language.clone())
}

/// What was worked out for a contract: a draft, or a notice once it has its file number.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Fee)]
pub(super) struct FeeBody {
    id: FeeId,
    contract_id: ContractId,
    /// First month for which it holds.
    from_month: NaiveDate,
    /// The child's place among those of the family in care.
    child_position: i32,
    lone_parent: bool,
    /// Bracket of the yearly income in euros; `null`: the highest.
    income_up_to: Option<i32>,
    /// What is owed a month, and when that changes.
    periods: Vec<Period>,
    note: String,
    /// When it was issued; `null` for a draft.
    issued_at: Option<DateTime<Utc>>,
    file_number: Option<String>,
    version: i32,
}

impl FeeBody {
    pub fn of(row: &AssessmentRow) -> Self {
        Self {
            id: row.id,
            contract_id: row.contract_id,
            from_month: row.from_month,
            child_position: row.child_position,
            lone_parent: row.lone_parent,
            income_up_to: row.income_up_to,
            periods: row.periods.0.clone(),
            note: row.note.clone(),
            issued_at: row.issued_at,
            file_number: row.file_number(),
            version: row.version,
        }
    }
}

pub(super) async fn found(tx: &mut TenantRead, id: FeeId) -> Result<AssessmentRow, ApiError> {
    let row = store::assessments(tx, None, Some(id))
        .await?
        .pop()
        .ok_or(FeeError::Missing)?;
    tx.touch(id);
    tx.touch_child(row.child_id);
    Ok(row)
}
