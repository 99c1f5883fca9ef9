//! The yearly youth-welfare statistics of the key date 1 March: what is missing, the form for it, and one file for each facility and
//! childminder.
//!
//! Nothing is invented: what contracts, permits and groups do not tell is entered for the key date, and what nobody entered is named and
//! stays empty in the file. Files have no names of children or staff.

mod entry;
pub mod http;
mod model;
mod store;

pub use entry::{ANSWER_KEYS, EntryError, copy, forget, forgettable, opened_answers};
pub use model::{COLUMNS, Child, ChildRow, Finding, HouseEntry, Part, SurveyField, Surveyed, key_date};

use std::collections::HashMap;
use std::hash::Hash;

use chrono::NaiveDate;

use crate::access::TenantRead;
use crate::platform::crypto::Vault;
use crate::platform::ids::FacilityId;
use model::ChildAnswers;

/// All open facilities on a key date, or the one of them, with what was entered of their children.
pub async fn survey(
    tx: &mut TenantRead,
    vault: &Vault,
    on: NaiveDate,
    only: Option<FacilityId>,
) -> Result<Vec<Surveyed>, EntryError> {
    let mut all = houses(tx, on, only).await?;
    entry::answer(tx, vault, on, &mut all).await?;
    for child in all.iter().flat_map(|one| &one.children) {
        tx.touch_child(child.row.child_id);
    }
    Ok(all)
}

/// The same without what was entered of the children: who looks at the house alone sees nothing of them but their number.
async fn houses(tx: &mut TenantRead, on: NaiveDate, only: Option<FacilityId>) -> Result<Vec<Surveyed>, sqlx::Error> {
    let facilities = store::facilities(tx, on, only).await?;
    let mut entries = entry::of_houses(tx, on, only).await?;
    let mut groups = by_house(store::groups(tx, on, only).await?, |row| row.facility_id);
    let mut staff = by_house(store::staff(tx, on, only).await?, |row| row.facility_id);
    let mut children = by_house(store::children(tx, on, only).await?, |row| row.facility_id);
    let unanswered = |row| Child {
        row,
        answers: ChildAnswers::default(),
    };
    let all = facilities.into_iter().map(|facility| Surveyed {
        entry: entries.remove(&facility.id).unwrap_or_default(),
        groups: groups.remove(&facility.id).unwrap_or_default(),
        staff: staff.remove(&facility.id).unwrap_or_default(),
        children: children
            .remove(&facility.id)
            .unwrap_or_default()
            .into_iter()
            .map(unanswered)
            .collect(),
        facility,
    });
    Ok(all.collect())
}

fn by_house<T, K: Eq + Hash>(rows: Vec<T>, house: impl Fn(&T) -> K) -> HashMap<K, Vec<T>> {
    let mut all = HashMap::<_, Vec<_>>::new();
    for row in rows {
        all.entry(house(&row)).or_default().push(row);
    }
    all
}
