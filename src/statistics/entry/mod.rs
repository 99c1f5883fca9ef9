//! What facilities and childminders enter for a key date: of the house and who works there, and of each child.
//!
//! Answers about children are special categories of data (Art. 9 GDPR): sealed in the database, read for the form and the file alone, gone
//! by a period of their own. The form of the next year begins with what was entered of the house the year before, never of the children.

pub(super) mod http;
mod store;

use std::collections::HashMap;
use std::fmt::Display;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::model::{Child, ChildAnswers, HouseEntry, Part, Surveyed};
use crate::access::{TenantRead, TenantTx};
use crate::platform::crypto::{SealError, Vault};
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
use crate::platform::ids::{ChildId, FacilityId, TenantId};

/// What can stand against an entry.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// There is no such open facility, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// An answer could not be sealed or opened.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// A house with its form: what was entered, or what it begins with.
struct Sheet {
    house: Surveyed,
    entry: HouseEntry,
    version: i32,
    children_version: i32,
    /// The key date whose entry the form begins with, where nothing was saved for this one.
    prefilled_from: Option<NaiveDate>,
}

/// Where sealed answers belong; they cannot be opened elsewhere.
fn place(tenant: TenantId, facility: impl Display, on: impl Display, child: impl Display) -> String {
    format!("{}/survey_child/{facility}/{on}/{child}/answers", tenant.0)
}

fn opened(vault: &Vault, tenant: TenantId, row: &store::AnswersRow) -> Result<ChildAnswers, SealError> {
    let plain = vault.open(
        &place(tenant, row.facility_id, row.key_date, row.child_id),
        &row.answers,
    )?;
    serde_json::from_slice(&plain).map_err(|_| SealError)
}

/// What tells sealed answers from others, in the order in which [`opened_answers`] takes them.
pub const ANSWER_KEYS: [&str; 3] = ["facility_id", "key_date", "child_id"];

/// Sealed answers of a tenant, opened for who takes all of its data out: a JSON object a line.
pub fn opened_answers(vault: &Vault, tenant: TenantId, rows: &[(Vec<String>, Vec<u8>)]) -> Result<Vec<u8>, SealError> {
    let mut lines = Vec::new();
    for (keys, sealed) in rows {
        let [facility, on, child] = keys.as_slice() else {
            return Err(SealError);
        };
        let place = place(tenant, facility, on, child);
        let answers: Value = serde_json::from_slice(&vault.open(&place, sealed)?).map_err(|_| SealError)?;
        let line = json!({"facility_id": facility, "key_date": on, "child_id": child, "answers": answers});
        serde_json::to_writer(&mut lines, &line).map_err(|_| SealError)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// What was entered of the houses.
pub(super) async fn of_houses(
    tx: &mut TenantRead,
    on: NaiveDate,
    only: Option<FacilityId>,
) -> Result<HashMap<FacilityId, HouseEntry>, sqlx::Error> {
    let rows = store::entries(tx, on, only).await?;
    Ok(rows.into_iter().map(|row| (row.facility_id, row.entry.0)).collect())
}

/// Puts what was entered of the children beside them.
pub(super) async fn answer(
    tx: &mut TenantRead,
    vault: &Vault,
    on: NaiveDate,
    houses: &mut [Surveyed],
) -> Result<(), EntryError> {
    let only = match houses {
        [one] => Some(one.facility.id),
        _ => None,
    };
    let mut all = HashMap::new();
    for row in store::answers(tx, on, only).await? {
        let answers = opened(vault, tx.tenant_id(), &row)?;
        all.insert((row.facility_id, row.child_id), answers);
    }
    for house in houses {
        for child in &mut house.children {
            child.answers = all.remove(&(house.facility.id, child.row.child_id)).unwrap_or_default();
        }
    }
    Ok(())
}

/// An open facility of the asker's with its form.
async fn sheet(tx: &mut TenantRead, facility: FacilityId, on: NaiveDate) -> Result<Sheet, EntryError> {
    tx.touch(facility);
    if !tx.scope().covers(facility) {
        return Err(EntryError::Missing);
    }
    let house = super::houses(tx, on, Some(facility)).await?.pop();
    let house = house.ok_or(EntryError::Missing)?;
    let versions = store::versions(tx, facility, on).await?;
    let before = match versions.entered {
        true => None,
        false => store::before(tx, facility, on).await?,
    };
    let prefilled_from = before.as_ref().map(|row| row.key_date);
    let entry = match (versions.entered, before) {
        (true, _) => house.entry.clone(),
        (false, Some(row)) => row.entry.0,
        (false, None) => begun(&house),
    };
    Ok(Sheet {
        house,
        entry,
        version: versions.version,
        children_version: versions.children_version,
        prefilled_from,
    })
}

/// What the catalogue already says; of a childminder one person.
fn begun(house: &Surveyed) -> HouseEntry {
    match house.part() {
        Part::Facilities => HouseEntry {
            opens_at: house.facility.opens_at,
            closes_at: house.facility.closes_at,
            ..HouseEntry::default()
        },
        Part::Childminding => HouseEntry {
            persons: vec![super::model::Person::default()],
            ..HouseEntry::default()
        },
    }
}

/// Writes what is entered of a house; `seen` is 0 where nobody saved anything.
async fn put_house(
    tx: &mut TenantTx,
    facility: FacilityId,
    on: NaiveDate,
    seen: i32,
    new: HouseEntry,
) -> Result<(), EntryError> {
    let Sheet { house, .. } = sheet(tx, facility, on).await?;
    Stale::check(seen, store::lock(tx, facility, on).await?.version)?;
    for (n, person) in new.persons.iter().enumerate() {
        let known = |id| house.groups.iter().any(|group| group.id == id);
        if person.group_id.is_some_and(|id| !known(id)) {
            let at = format!("/persons/{n}/group_id");
            return Err(Invalid::one(at, "unknown", "there is no such group on that day").into());
        }
    }
    let new = new.checked(house.part(), on)?;
    Ok(store::put_house(tx, facility, on, &new).await?)
}

/// The children of a house whom the asker may see, with what was entered of them.
async fn children(tx: &mut TenantRead, vault: &Vault, sheet: &mut Sheet, on: NaiveDate) -> Result<(), EntryError> {
    let may_all = tx.is_administrator();
    sheet.house.children.retain(|child| may_all || !child.row.restricted);
    answer(tx, vault, on, std::slice::from_mut(&mut sheet.house)).await?;
    for Child { row, .. } in &sheet.house.children {
        tx.touch_child(row.child_id);
    }
    Ok(())
}

/// Writes what is entered of some children; the others stay as they are.
async fn put_children(
    tx: &mut TenantTx,
    vault: &Vault,
    (facility, on): (FacilityId, NaiveDate),
    seen: i32,
    new: Vec<(ChildId, ChildAnswers)>,
) -> Result<(), EntryError> {
    let Sheet { house, .. } = sheet(tx, facility, on).await?;
    Stale::check(seen, store::lock(tx, facility, on).await?.children_version)?;
    let may_all = tx.is_administrator();
    let (mut fields, mut sealed) = (Fields::new(), Vec::new());
    fields.check(new.len() <= 500, "/children", "too_many");
    for (n, (child, answers)) in new.into_iter().enumerate() {
        let is_it = |one: &Child| one.row.child_id == child && (may_all || !one.row.restricted);
        let known = house.children.iter().any(is_it);
        fields.check(known, &format!("/children/{n}/child_id"), "unknown");
        let is_new = sealed.iter().all(|(other, _)| *other != child);
        fields.check(is_new, &format!("/children/{n}/child_id"), "duplicate");
        let answers = answers.checked(house.part(), &format!("/children/{n}/answers"), &mut fields);
        let plain = serde_json::to_vec(&answers).map_err(|_| SealError)?;
        sealed.push((child, vault.seal(&place(tx.tenant_id(), facility, on, child), &plain)?));
    }
    fields.finish()?;
    for (child, _) in &sealed {
        tx.touch_child(*child);
    }
    Ok(store::put_children(tx, facility, on, sealed).await?)
}

/// The rows of children for a family's copy, opened.
pub async fn copy(tx: &mut TenantRead, vault: &Vault, children: &[ChildId]) -> Result<Vec<Value>, EntryError> {
    let mut rows = Vec::new();
    for row in store::of_children(tx, children).await? {
        rows.push(json!({
            "child_id": row.child_id, "facility_id": row.facility_id, "key_date": row.key_date,
            "answers": opened(vault, tx.tenant_id(), &row)?, "updated_at": row.updated_at,
        }));
    }
    Ok(rows)
}

/// How many entries are due, and since when the oldest is there: those of children by the day, those of houses a year later, because the
/// next form begins with them.
pub async fn forgettable(tx: &mut TenantRead, cutoff: NaiveDate) -> Result<(i64, Option<DateTime<Utc>>), sqlx::Error> {
    store::forgettable(tx, cutoff).await
}

/// Deletes at most so many of them of each kind; answers how many there were.
pub async fn forget(tx: &mut TenantTx, cutoff: NaiveDate, n: i64) -> Result<i64, sqlx::Error> {
    store::forget(tx, cutoff, n).await
}
