//! Notices (Bescheide) of the youth office, on an asserted legal claim, a voucher, a parent fee or its waiver, a childminder's licence:
//! `drafted → approved → issued → served → final | objected → decided`.
//!
//! Invariants: nobody approves what they wrote or changed; what was approved is not changed any more, only given back; the day of service
//! and the last day to object follow from the day of posting by the pure rules of `model`, and a notice moves on by the calendar whether
//! or not the job has noted it. Templates are versions: a notice keeps the words with which it was made.
//! A notice of a fee begins, is posted and is thrown away with its fee, by `fees`; one of a licence sets or ends it when it is posted.

mod defaults;
mod drafting;
pub mod http;
pub mod jobs;
mod model;
mod paper;
mod store;

pub use drafting::{NewFeeNotice, add_template, draft, draft_fee};
pub use model::{NewNotice, NoticeKind, NoticeState, NoticeText, ObjectionOutcome, WrongState};
pub use paper::letter_of_fee;
pub use store::{FeeNoticeRow, NoticeRow, forget_licences, forgettable_licences};

use chrono::{Days, Months, NaiveDate};

use crate::access::{TenantRead, TenantTx};
use crate::demands::DemandError;
use crate::documents::{self, DocumentError};
use crate::facilities;
use crate::notifications::{self, ChildInitial, Message};
use crate::platform::clock::berlin_date;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Sorted;
use crate::platform::http::Stale;
use crate::platform::ids::{AccountId, ChildId, FeeId, NoticeId};
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
    /// A fee and its notice are posted and thrown away together.
    #[error("the notice of a fee is posted and thrown away with its fee")]
    WithFee,
    /// No licence that could be ended holds beyond that day.
    #[error("the childminder has no licence that goes beyond this day")]
    NoLicence,
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
        row.state = by_calendar(today, row.state, row.served_on, row.objection_until);
    }
    Ok(rows)
}

/// The notices of fees, of each the one that it has.
pub async fn of_fees(tx: &mut TenantRead, fees: &[FeeId]) -> Result<Vec<FeeNoticeRow>, sqlx::Error> {
    let today = tx.today();
    let mut rows = store::of_fees(tx, fees).await?;
    for row in &mut rows {
        row.state = by_calendar(today, row.state, row.served_on, row.objection_until);
    }
    Ok(rows)
}

/// The state that the calendar gives a notice, whether or not the job has noted it.
fn by_calendar(
    today: NaiveDate,
    state: NoticeState,
    served_on: Option<NaiveDate>,
    until: Option<NaiveDate>,
) -> NoticeState {
    let posted = matches!(state, NoticeState::Issued | NoticeState::Served);
    match (served_on, until) {
        (Some(served), Some(until)) if posted => state_on(today, served, until),
        _ => state,
    }
}

/// A notice, locked, in the version that the person saw.
async fn seen(tx: &mut TenantTx, id: NoticeId, version: i32) -> Result<NoticeRow, NoticeError> {
    if !store::lock(tx, id).await? {
        return Err(NoticeError::Missing);
    }
    let row = find(tx, id).await?;
    tx.touch(id);
    touch_subject(tx, &row);
    Stale::check(version, row.version)?;
    Ok(row)
}

/// Notes in the record whom a notice is about.
fn touch_subject(tx: &mut TenantRead, row: &NoticeRow) {
    match (row.child_id, row.facility_id) {
        (Some(child), _) => tx.touch_child(child),
        (None, Some(facility)) => tx.touch(facility),
        (None, None) => {}
    }
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
    if row.kind == NoticeKind::Fee {
        return Err(NoticeError::WithFee);
    }
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

/// Throws the draft of a fee's notice away; who calls throws the fee away in the same transaction.
pub async fn discard_fee(tx: &mut TenantTx, fee: FeeId, version: i32) -> Result<(), NoticeError> {
    let id = store::of_fee(tx, fee).await?.ok_or(NoticeError::Missing)?;
    let row = seen(tx, id, version).await?;
    Notice::in_state(row.state).edit()?;
    Ok(store::delete(tx, id).await?)
}

/// The notice was posted: from this day its dates follow, a licence is set or ended, and a family is told that it is on its way.
pub async fn issue(tx: &mut TenantTx, id: NoticeId, version: i32, posted_on: NaiveDate) -> Result<(), NoticeError> {
    let row = seen(tx, id, version).await?;
    if row.kind == NoticeKind::Fee {
        return Err(NoticeError::WithFee);
    }
    post(tx, &row, posted_on).await?;
    let (Some(demand_id), Some(child_id)) = (row.demand_id, row.child_id) else {
        return licence(tx, &row).await;
    };
    let message = Message::NoticePosted {
        notice_id: id,
        demand_id,
        file_number: row.file_number.clone(),
        child: ChildInitial::of(row.first_name.as_deref()),
        posted_on,
    };
    Ok(notifications::tell_family(tx, child_id, demand_id, &message).await?)
}

/// The notice of a fee was posted; who calls marks the fee and tells the family. Answers whether its facts still are those of its draft.
pub async fn post_fee(
    tx: &mut TenantTx,
    now: &NewFeeNotice,
    version: i32,
    posted_on: NaiveDate,
) -> Result<bool, NoticeError> {
    let id = store::of_fee(tx, now.fee).await?.ok_or(NoticeError::Missing)?;
    let row = seen(tx, id, version).await?;
    post(tx, &row, posted_on).await?;
    let drafted = row.sums.map(|sums| documents::FeeSums {
        replaces: None,
        ..sums.0
    });
    Ok(drafted.as_ref() == Some(&now.sums))
}

async fn post(tx: &mut TenantTx, row: &NoticeRow, posted_on: NaiveDate) -> Result<(), NoticeError> {
    let by = person(tx)?;
    Notice::in_state(row.state).issue()?;
    let approved_on = row.approved_at.map_or(posted_on, berlin_date);
    check_posted(posted_on, approved_on, tx.today())?;
    serve(tx, row, posted_on, served_on(posted_on), by).await
}

/// What a posted notice does to the licence: places are counted by it from now on.
async fn licence(tx: &mut TenantTx, row: &NoticeRow) -> Result<(), NoticeError> {
    let facility = row.facility_id.ok_or(NoticeError::Missing)?;
    match (row.kind, row.licence_from, row.licence_until, row.licence_places) {
        (NoticeKind::LicenceGrant, Some(valid_from), Some(valid_to), Some(places)) => {
            let licence = facilities::Licence {
                valid_from,
                valid_to,
                places,
                contracts_total: row.licence_total,
            };
            Ok(facilities::grant_licence(tx, facility, licence).await?)
        }
        (NoticeKind::LicenceEnd, _, Some(last_day), _) => {
            match facilities::end_licence(tx, facility, last_day).await? {
                true => Ok(()),
                false => Err(NoticeError::NoLicence),
            }
        }
        _ => Ok(()),
    }
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
