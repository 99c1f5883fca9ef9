//! Care contracts: from the draft that follows from an accepted offer, over the signatures of both sides, to their end.
//!
//! States: `drafted → sent → signed_by_guardians → signed_by_provider → active → terminated | ended`. Invariants: a child has no two
//! contracts for the same day, the database holds it; what was sent is kept as it was read; each signs once; a change is a version that
//! both sides sign, and on every day the last one that was agreed for it counts; who gives notice gives the place back in the same
//! transaction. A contract under notice keeps its state until its last day is over.
//!
//! Lock order: facility (place pool) → contract.

mod amending;
mod birth;
mod ending;
pub mod http;
pub mod jobs;
mod measles;
mod model;
mod rule_change;
mod school;
mod signing;
mod store;
mod templates;
mod text;

pub use amending::{put_amendment, withdraw_amendment};
pub use ending::{give_notice, record_notice};
pub use measles::note_measles_proof;
pub use model::{
    Amending, CareContract, CareTimes, ContractError, ContractState, NewContract, Notice, NoticeBy, Side, TermsChange,
    Way,
};
pub use school::{NewSchoolEntry, SchoolEntry, SchoolEntryKind, claim_from_entry, record_school_entry, school_entry};
pub use signing::{
    check_seen, count_try, countersign, put_terms, recall, record_paper, request_code, send, sign, use_code,
};
pub use store::{ContractRow, PresentPlace, SchoolDecisionRow};

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::documents::ContractDraft;
use crate::platform::clock::berlin_date;
use crate::platform::ids::{ChildId, ContractId, OfferId};
use crate::tenancy::NoticeRule;
use crate::{facilities, families, tenancy};
use model::USUAL_NOTICE_MONTHS;
use store::Filter;
use templates::Words;

/// How many standing contracts end as a former rule of school entry had it.
pub async fn old_school_ends(tx: &mut TenantRead) -> Result<i64, sqlx::Error> {
    let rules = rule_change::rules(tx, None).await?;
    Ok(rule_change::count_other_ends(tx, &rules).await?.contracts)
}

/// Writes the draft that follows from an accepted offer.
pub async fn draft_from_offer(tx: &mut TenantTx, new: &NewContract) -> Result<ContractId, ContractError> {
    let id = ContractId::new();
    let notice = tenancy::settings(tx).await?.after.notice();
    match store::insert(tx, id, new, &notice).await {
        Ok(()) => Ok(id),
        Err(sqlx::Error::Database(db)) if db.code().as_deref() == Some("23P01") => Err(ContractError::Overlaps),
        Err(error) => Err(error.into()),
    }
}

/// Writes contracts that another system has: care has begun, or begins on its day. Nobody signs them a second time.
pub async fn take_over(tx: &mut TenantTx, all: &[NewContract]) -> Result<(), sqlx::Error> {
    let notice = tenancy::settings(tx).await?.after.notice();
    store::insert_agreed(tx, all, &notice).await
}

/// The places that a child has by contract on some of these days.
pub async fn present_places(
    tx: &mut TenantRead,
    child: ChildId,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<PresentPlace>, sqlx::Error> {
    store::present_places(tx, child, from, until).await
}

/// The place that a child has by contract today, or the next one that it will have.
pub async fn place_of(tx: &mut TenantRead, child: ChildId) -> Result<Option<PresentPlace>, sqlx::Error> {
    let today = tx.today();
    let places = store::present_places(tx, child, today, NaiveDate::MAX).await?;
    Ok(places.into_iter().min_by_key(|place| place.care_from))
}

/// Holds the contract of an accepted offer as it is until the transaction ends; whether nobody has signed it.
pub async fn is_unsigned(tx: &mut TenantTx, offer: OfferId) -> Result<bool, sqlx::Error> {
    store::lock_unsigned(tx, offer).await
}

/// The child goes elsewhere on this day: a contract that began before ends with it, one that would begin later does not come about.
pub async fn leave_for(tx: &mut TenantTx, present: &PresentPlace, day: NaiveDate) -> Result<(), sqlx::Error> {
    store::leave_on(tx, present.contract_id, day).await
}

/// A contract within the scope.
async fn contract(tx: &mut TenantRead, id: ContractId) -> Result<ContractRow, ContractError> {
    let filter = Filter {
        id: Some(id),
        ..Filter::default()
    };
    let row = store::list(tx, &filter).await?.pop().ok_or(ContractError::Missing)?;
    tx.touch(id);
    tx.touch_child(row.child_id);
    Ok(row)
}

/// A contract within the scope, locked.
async fn locked(tx: &mut TenantTx, id: ContractId) -> Result<ContractRow, ContractError> {
    contract(tx, id).await?;
    store::lock(tx, id).await?;
    contract(tx, id).await
}

/// The same after the places of its facility were locked, for what changes them.
async fn locked_with_places(tx: &mut TenantTx, id: ContractId) -> Result<ContractRow, ContractError> {
    let found = contract(tx, id).await?;
    facilities::lock_places(tx, found.facility_id).await?;
    locked(tx, id).await
}

impl ContractRow {
    fn machine(&self) -> CareContract {
        CareContract::in_state(self.state, self.care_from, self.care_until)
    }

    fn notice(&self) -> NoticeRule {
        NoticeRule {
            months: self.notice_months.unwrap_or(USUAL_NOTICE_MONTHS),
            to: self.notice_to,
            not_last_months: self.notice_not_last_months,
        }
    }
}

/// The first day on which the place of a contract can be free when notice arrives on a day; as late as its end where notice changes nothing.
async fn earliest_end(tx: &mut TenantRead, row: &ContractRow, on: NaiveDate) -> Result<NaiveDate, sqlx::Error> {
    let begins = facilities::school_rule(tx).await?.begins;
    Ok(row.machine().earliest_end(on, &row.notice(), begins))
}

/// The words that a contract gets when it is sent today: the provider's, else the municipality's, else the usual ones.
async fn words(tx: &mut TenantRead, row: &ContractRow) -> Result<Words, sqlx::Error> {
    let today = tx.today();
    templates::in_force(tx, row.provider_id, today).await
}

/// What a contract says: as it was sent, or as it would be sent now.
async fn document_of(tx: &mut TenantRead, row: &ContractRow, words: &Words) -> Result<ContractDraft, ContractError> {
    if let Some(sent) = &row.document {
        return Ok(sent.0.clone());
    }
    let child = families::child_facts(tx, row.child_id).await?;
    let (name, guardians) = names_of(tx, row.child_id).await?;
    let facility = facilities::facility_brief(tx, row.facility_id).await?;
    let mut draft = ContractDraft {
        accepted_on: berlin_date(row.created_at),
        child: name,
        birth_date: child.as_ref().and_then(|c| c.birth_date),
        expected_birth_date: child.as_ref().and_then(|c| c.expected_birth_date),
        guardians,
        facility: row.facility_name.clone(),
        facility_address: facility.map(|f| one_line(&f)).unwrap_or_default(),
        provider: row.provider_name.clone(),
        care_from: row.care_from,
        care_until: row.care_until,
        hours_per_week: row.hours_per_week,
        window: row.window_from.zip(row.window_to),
        week: row.week,
        settling_in_weeks: row.settling_in_weeks,
        note: row.note.clone(),
        notice_months: words.notice.months,
        notice_to: words.notice.to,
        notice_not_last_months: words.notice.not_last_months,
        version: words.version.clone(),
        text: Vec::new(),
    };
    draft.text = text::blocks(&words.body, &draft, &tx.tenant().name);
    Ok(draft)
}

/// The full names of a child, if it has one, and of its guardians.
async fn names_of(tx: &mut TenantRead, child: ChildId) -> Result<(Option<String>, Vec<String>), sqlx::Error> {
    let facts = families::child_facts(tx, child).await?;
    let name = facts.and_then(|c| match (c.first_name, c.last_name) {
        (Some(first), Some(last)) => Some(format!("{first} {last}")),
        (first, _) => first,
    });
    let guardians = families::guardians_of(tx, child).await?;
    let names = guardians.iter().map(|g| format!("{} {}", g.first_name, g.last_name));
    Ok((name, names.collect()))
}

fn one_line(facility: &facilities::FacilityBrief) -> String {
    let street = format!("{} {}", facility.street, facility.house_number);
    let place = format!("{} {}", facility.postal_code, facility.city);
    let parts = [street.trim(), place.trim()];
    parts
        .into_iter()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}
