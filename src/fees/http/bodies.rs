//! A draft or notice as it is shown, and how one is found.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::TenantRead;
use crate::fees::store::{self, AssessmentRow};
use crate::fees::{FeeError, Period};
use crate::notices::{self, FeeNoticeRow, NoticeState};
use crate::platform::http::ApiError;
use crate::platform::ids::{ContractId, FeeId, NoticeId};

/// The notice of a fee and where it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FeeNotice)]
struct FeeNoticeBody {
    id: NoticeId,
    state: NoticeState,
    posted_on: Option<NaiveDate>,
    /// When it counts as served.
    served_on: Option<NaiveDate>,
    /// Last day to object.
    objection_until: Option<NaiveDate>,
    /// File number of the notice that took over from it.
    replaced_by: Option<String>,
}

/// What was worked out for a contract, with its notice: a draft until that is posted.
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
    notice: Option<FeeNoticeBody>,
    /// The version of its notice, with which it is posted or thrown away.
    version: i32,
}

impl FeeBody {
    pub fn of(row: &AssessmentRow, notices: &[FeeNoticeRow]) -> Self {
        let notice = notices.iter().find(|notice| notice.fee_id == row.id);
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
            version: notice.map_or(row.version, |notice| notice.version),
            notice: notice.map(|notice| FeeNoticeBody {
                id: notice.id,
                state: notice.state,
                posted_on: notice.posted_on,
                served_on: notice.served_on,
                objection_until: notice.objection_until,
                replaced_by: notice.replaced_by.clone(),
            }),
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

/// One with its notice, as it is shown.
pub(super) async fn shown(tx: &mut TenantRead, id: FeeId) -> Result<(i32, FeeBody), ApiError> {
    let row = found(tx, id).await?;
    let notices = notices::of_fees(tx, &[id]).await?;
    let body = FeeBody::of(&row, &notices);
    Ok((body.version, body))
}

/// The notices of many.
pub(super) async fn notices_of(tx: &mut TenantRead, rows: &[AssessmentRow]) -> Result<Vec<FeeNoticeRow>, sqlx::Error> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    notices::of_fees(tx, &ids).await
}
