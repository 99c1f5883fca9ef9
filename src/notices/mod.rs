//! Notices (Bescheide) of the youth office on an asserted legal claim: `drafted → approved → issued → served → final | objected → decided`.
//!
//! Invariants: nobody approves what they wrote or changed; what was approved is not changed any more, only given back; the day of service
//! and the last day to object follow from the day of posting by the pure rules of `model`, and a notice moves on by the calendar whether
//! or not the job has noted it. Templates are versions: a notice keeps the words with which it was made.

mod defaults;
mod drafting;
pub mod http;
pub mod jobs;
mod model;
mod store;

pub use drafting::{add_template, draft};
pub use model::{NewNotice, NoticeKind, NoticeState, NoticeText, ObjectionOutcome, WrongState};
pub use store::NoticeRow;

use chrono::{Days, Months, NaiveDate};

use crate::access::{TenantRead, TenantTx};
use crate::demands::DemandError;
use crate::documents::DocumentError;
use crate::facilities;
use crate::notifications::{self, ChildInitial, Message};
use crate::platform::clock::berlin_date;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Sorted;
use crate::platform::http::Stale;
use crate::platform::ids::{AccountId, ChildId, NoticeId};
use model::{Notice, check_posted, objection_until, served_on, state_on};
use store::{Filter, Service};

/// What can stand against a step with a notice.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// There is none.
    #[error("missing")]
    Missing,
    /// The family did not assert the legal claim.
    #[error("the family did not assert the legal claim")]
    NoClaim,
    /// Who wrote or changed it wants to approve it.
    #[error("a second person approves; you wrote or changed this notice")]
    SecondPerson,
    /// Only a person signs.
    #[error("a person is needed")]
    NoPerson,
    /// Its state does not allow it.
    #[error(transparent)]
    State(#[from] WrongState),
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The demand stands against it.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// It cannot be set.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

fn person(tx: &TenantRead) -> Result<AccountId, NoticeError> {
    tx.account().map(|a| a.id).ok_or(NoticeError::NoPerson)
}

/// One notice, as it stands on the day of asking.
pub async fn find(tx: &mut TenantRead, id: NoticeId) -> Result<NoticeRow, NoticeError> {
    let filter = Filter {
        id: Some(id),
        ..Filter::default()
    };
    listed(tx, &filter).await?.pop().ok_or(NoticeError::Missing)
}

/// All notices about a child, by the last day to object.
pub async fn of_child(tx: &mut TenantRead, child: ChildId) -> Result<Vec<NoticeRow>, sqlx::Error> {
    let filter = Filter {
        child: Some(child),
        order: Sorted::first(200),
        ..Filter::default()
    };
    listed(tx, &filter).await
}

/// Notices in the state that the calendar gives them, whether or not the job has noted it.
async fn listed(tx: &mut TenantRead, filter: &Filter) -> Result<Vec<NoticeRow>, sqlx::Error> {
    let today = tx.today();
    let mut rows = store::list(tx, filter).await?;
    for row in &mut rows {
        let posted = matches!(row.state, NoticeState::Issued | NoticeState::Served);
        if let (true, Some(served), Some(until)) = (posted, row.served_on, row.objection_until) {
            row.state = state_on(today, served, until);
        }
    }
    Ok(rows)
}

/// A notice, locked, in the version that the person saw.
async fn seen(tx: &mut TenantTx, id: NoticeId, version: i32) -> Result<NoticeRow, NoticeError> {
    if !store::lock(tx, id).await? {
        return Err(NoticeError::Missing);
    }
    let row = find(tx, id).await?;
    tx.touch(id);
    tx.touch_child(row.child_id);
    Stale::check(version, row.version)?;
    Ok(row)
}

/// Changes the words of a draft.
pub async fn edit(tx: &mut TenantTx, id: NoticeId, version: i32, text: NoticeText) -> Result<(), NoticeError> {
    let (row, by) = (seen(tx, id, version).await?, person(tx)?);
    Notice::in_state(row.state).edit()?;
    Ok(store::set_text(tx, id, &text.checked()?, by).await?)
}

/// Throws a draft away.
pub async fn discard(tx: &mut TenantTx, id: NoticeId, version: i32) -> Result<(), NoticeError> {
    let row = seen(tx, id, version).await?;
    Notice::in_state(row.state).edit()?;
    Ok(store::delete(tx, id).await?)
}

/// A second person approves the words; nothing may be left open in them.
pub async fn approve(tx: &mut TenantTx, id: NoticeId, version: i32) -> Result<(), NoticeError> {
    let (row, by) = (seen(tx, id, version).await?, person(tx)?);
    Notice::in_state(row.state).approve()?;
    if by == row.drafted_by || by == row.edited_by {
        return Err(NoticeError::SecondPerson);
    }
    row.text().check_complete()?;
    Ok(store::set_approved(tx, id, Some(by)).await?)
}

/// An approved notice goes back to who writes it.
pub async fn give_back(tx: &mut TenantTx, id: NoticeId, version: i32) -> Result<(), NoticeError> {
    let row = seen(tx, id, version).await?;
    Notice::in_state(row.state).give_back()?;
    Ok(store::set_approved(tx, id, None).await?)
}

/// The notice was posted: from this day its dates follow, and the family is told that it is on its way.
pub async fn issue(tx: &mut TenantTx, id: NoticeId, version: i32, posted_on: NaiveDate) -> Result<(), NoticeError> {
    let (row, by) = (seen(tx, id, version).await?, person(tx)?);
    Notice::in_state(row.state).issue()?;
    let approved_on = row.approved_at.map_or(posted_on, berlin_date);
    check_posted(posted_on, approved_on, tx.today())?;
    serve(tx, &row, posted_on, served_on(posted_on), by).await?;
    let message = Message::NoticePosted {
        notice_id: id,
        demand_id: row.demand_id,
        file_number: row.file_number.clone(),
        child: ChildInitial::of(row.first_name.as_deref()),
        posted_on,
    };
    Ok(notifications::tell_family(tx, row.child_id, row.demand_id, &message).await?)
}

/// The family showed that the notice came later than the law presumes (§ 37 Abs. 2 Satz 3 SGB X).
pub async fn record_service(
    tx: &mut TenantTx,
    id: NoticeId,
    version: i32,
    served: NaiveDate,
) -> Result<(), NoticeError> {
    let (row, by) = (seen(tx, id, version).await?, person(tx)?);
    Notice::in_state(row.state).serve_later()?;
    let posted_on = row.posted_on.ok_or(NoticeError::Missing)?;
    let mut fields = Fields::new();
    fields.check(served > model::served_on(posted_on), "/served_on", "too_early");
    fields.check(served <= tx.today(), "/served_on", "in_future");
    fields.finish()?;
    serve(tx, &row, posted_on, served, by).await
}

async fn serve(
    tx: &mut TenantTx,
    row: &NoticeRow,
    posted_on: NaiveDate,
    served_on: NaiveDate,
    by: AccountId,
) -> Result<(), NoticeError> {
    let months = row.objection_months.unsigned_abs();
    // Far enough beyond the last day to see every closing day that could move it.
    let horizon = served_on
        .checked_add_months(Months::new(months))
        .and_then(|day| day.checked_add_days(Days::new(60)));
    let closed = facilities::closing_days_of_all(tx, served_on, horizon.unwrap_or(served_on)).await?;
    let until = objection_until(served_on, months, &closed);
    let service = Service {
        state: state_on(tx.today(), served_on, until),
        posted_on,
        served_on,
        objection_until: until,
    };
    Ok(store::set_service(tx, row.id, &service, by).await?)
}

/// Somebody objected; an objection that came too late is noted as well, and decided.
pub async fn object(
    tx: &mut TenantTx,
    id: NoticeId,
    version: i32,
    on: NaiveDate,
    note: Option<String>,
) -> Result<(), NoticeError> {
    let row = seen(tx, id, version).await?;
    Notice::in_state(row.state).object()?;
    let (note, today) = (noted(note)?, tx.today());
    let mut fields = Fields::new();
    fields.check(
        row.posted_on.is_none_or(|posted| on >= posted),
        "/objected_on",
        "too_early",
    );
    fields.check(on <= today, "/objected_on", "in_future");
    fields.finish()?;
    Ok(store::set_objected(tx, id, on, note.as_deref()).await?)
}

/// The objection is decided.
pub async fn decide(
    tx: &mut TenantTx,
    id: NoticeId,
    version: i32,
    (on, outcome): (NaiveDate, ObjectionOutcome),
    note: Option<String>,
) -> Result<(), NoticeError> {
    let row = seen(tx, id, version).await?;
    Notice::in_state(row.state).decide()?;
    let (note, today) = (noted(note)?, tx.today());
    let mut fields = Fields::new();
    fields.check(row.objected_on.is_none_or(|day| on >= day), "/decided_on", "too_early");
    fields.check(on <= today, "/decided_on", "in_future");
    fields.finish()?;
    Ok(store::set_decided(tx, id, on, outcome, note.as_deref()).await?)
}

/// A note of the office, at most 1,000 characters; an empty one is none.
fn noted(note: Option<String>) -> Result<Option<String>, Invalid> {
    let note = note.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
    if let Some(note) = &note {
        let mut fields = Fields::new();
        fields.check(note.chars().count() <= 1000, "/note", "too_long");
        fields.check(!note.chars().any(|c| c.is_control() && c != '\n'), "/note", "invalid");
        fields.finish()?;
    }
    Ok(note)
}
