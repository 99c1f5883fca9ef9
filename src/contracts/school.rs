//! School entry: by the key date, or as it was decided. Contracts that end with it, and the places that they take, follow a decision.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::amending::move_end;
use super::ending::vacated;
use super::model::ContractError;
use super::store::{self, PresentPlace, SchoolDecisionRow};
use crate::access::{TenantRead, TenantTx};
use crate::facilities::{self, Stay};
use crate::families;
use crate::platform::fields::Fields;
use crate::platform::ids::ChildId;

/// Why school begins on another day than by the key date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "deferral")]
pub enum SchoolEntryKind {
    /// A year later (Zurückstellung).
    Deferral,
    /// A year earlier.
    Early,
    /// A decision before is taken back: the key date counts.
    ByRule,
}

/// A decision on school entry, as the office records it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "deferral", "decided_on": "2027-01-20", "note": "Bescheid der Grundschule am See"}))]
pub struct NewSchoolEntry {
    /// Deferral, early entry, or by the key date again.
    pub kind: SchoolEntryKind,
    /// The day of the decision.
    pub decided_on: NaiveDate,
    /// Who decided, or where it stands; at most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub note: Option<String>,
}

/// When school begins for a child.
pub struct SchoolEntry {
    /// By the key date.
    pub by_rule: NaiveDate,
    /// As it counts.
    pub entry_on: NaiveDate,
    /// The decision that counts, if there is one.
    pub decision: Option<SchoolDecisionRow>,
}

/// When school begins for a child; `None` without a date of birth.
pub async fn school_entry(tx: &mut TenantRead, child: ChildId) -> Result<Option<SchoolEntry>, sqlx::Error> {
    let Some(birth) = birth_of(tx, child).await? else {
        return Ok(None);
    };
    let by_rule = facilities::school_entry(birth, facilities::school_rule(tx).await?);
    let entry_on = facilities::school_entry_of(tx, child, birth).await?;
    Ok(Some(SchoolEntry {
        by_rule,
        entry_on,
        decision: store::school_decision(tx, child).await?,
    }))
}

pub(super) async fn birth_of(tx: &mut TenantRead, child: ChildId) -> Result<Option<NaiveDate>, sqlx::Error> {
    let facts = families::child_facts(tx, child).await?;
    Ok(facts.and_then(|c| c.birth_date.or(c.expected_birth_date)))
}

/// The office records a decision. Agreed contracts that end with school entry end with the new one, where there is a place for the time
/// between; a child that stays on changes its age band then. Answers how many contracts could not follow for want of a place.
pub async fn record_school_entry(
    tx: &mut TenantTx,
    child: ChildId,
    new: &NewSchoolEntry,
) -> Result<usize, ContractError> {
    let before = school_entry(tx, child).await?.ok_or(ContractError::Missing)?;
    let birth = birth_of(tx, child).await?.ok_or(ContractError::Missing)?;
    let (today, note) = (tx.today(), new.note.as_deref().map(str::trim).filter(|n| !n.is_empty()));
    let entry_on = moved(before.by_rule, new.kind);
    let mut fields = Fields::new();
    fields.check(new.decided_on <= today, "/decided_on", "in_future");
    fields.check(note.is_none_or(|n| n.chars().count() <= 500), "/note", "too_long");
    fields.check(entry_on > today, "/kind", "too_late");
    fields.check(entry_on != before.entry_on, "/kind", "unchanged");
    fields.finish()?;
    tx.touch_child(child);
    store::add_school_decision(tx, child, new, entry_on, note).await?;
    let mut stuck = 0;
    for place in store::places_beyond(tx, child, before.entry_on.min(entry_on)).await? {
        facilities::lock_places(tx, place.facility_id).await?;
        let entries = (before.entry_on, entry_on);
        // The decision is the school's: it is recorded also where a contract cannot follow, and that contract stays as it is.
        let followed = tx.attempt(async |tx| follow(tx, &place, child, birth, entries).await);
        match followed.await {
            Ok(()) => {}
            Err(ContractError::NoPlace | ContractError::ContractsFull | ContractError::Overlaps) => stuck += 1,
            Err(other) => return Err(other),
        }
    }
    Ok(stuck)
}

/// A contract that ended with school entry ends with the new one; one that goes on takes a place of the other age band for the time
/// between.
async fn follow(
    tx: &mut TenantTx,
    place: &PresentPlace,
    child: ChildId,
    birth: NaiveDate,
    (old, entry_on): (NaiveDate, NaiveDate),
) -> Result<(), ContractError> {
    let until = place.care_until;
    let next = if until == old { entry_on } else { until };
    let stay = Stay {
        child,
        birth,
        from: old.min(entry_on),
        until: next,
    };
    facilities::end_place(tx, place.offer_id, stay.from).await?;
    if next > stay.from {
        facilities::extend_place(tx, place.offer_id, stay).await?;
    }
    if next != until {
        move_end(tx, place.contract_id, next).await?;
        store::move_drafted_end(tx, place.contract_id, until, next).await?;
        vacated(tx, place.facility_id).await?;
    }
    Ok(())
}

/// A year later or earlier than by the key date.
fn moved(by_rule: NaiveDate, kind: SchoolEntryKind) -> NaiveDate {
    let other = match kind {
        SchoolEntryKind::Deferral => by_rule.checked_add_months(Months::new(12)),
        SchoolEntryKind::Early => by_rule.checked_sub_months(Months::new(12)),
        SchoolEntryKind::ByRule => Some(by_rule),
    };
    other.unwrap_or(by_rule)
}

/// Whether a child that enters school on this day has a claim to full-day care from its first grade on: the first grade since the school
/// year of 2026, one grade more each year (§ 24 (4) SGB VIII).
pub fn claim_from_entry(entry_on: NaiveDate) -> bool {
    entry_on.year() >= 2026
}
