//! The yearly youth-welfare statistics of the key date 1 March: what is missing, and one file for each facility and childminder.
//!
//! Nothing is invented: a field of the survey that is not held here is named as such, and its column stays empty. Files have no names of
//! children.

pub mod http;
mod model;
mod store;

pub use model::{COLUMNS, ChildRow, FacilityRow, Finding, Part, StaffRow, SurveyField, key_date};

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::access::TenantRead;
use crate::lists;
use crate::platform::ids::FacilityId;

/// A facility with all that is known of it on the key date.
#[derive(Debug, Clone)]
pub struct Surveyed {
    /// The facility.
    pub facility: FacilityRow,
    /// Its staff.
    pub staff: Vec<StaffRow>,
    /// Its children.
    pub children: Vec<ChildRow>,
}

impl Surveyed {
    /// Which part of the survey it belongs to.
    pub fn part(&self) -> Part {
        Part::of(self.facility.kind)
    }

    /// What is missing at the facility itself.
    pub fn findings(&self) -> Vec<Finding> {
        model::findings(&self.facility, &self.staff, &self.children)
    }

    /// The children of whom something is missing.
    pub fn incomplete(&self) -> impl Iterator<Item = (&ChildRow, Vec<Finding>)> {
        let part = self.part();
        let all = self
            .children
            .iter()
            .map(move |child| (child, model::child_findings(child, part)));
        all.filter(|(_, findings)| !findings.is_empty())
    }

    /// Its file, and the name of it.
    pub fn csv(&self) -> (String, Vec<u8>) {
        let rows = model::file(&self.facility, &self.staff, &self.children);
        let name = model::file_name(self.part(), &self.facility.name, self.facility.id);
        (name, lists::csv(&rows))
    }
}

/// All open facilities on a key date, or the one of them.
pub async fn survey(
    tx: &mut TenantRead,
    on: NaiveDate,
    only: Option<FacilityId>,
) -> Result<Vec<Surveyed>, sqlx::Error> {
    let facilities = store::facilities(tx, on, only).await?;
    let staff = store::staff(tx, on, only).await?;
    let children = store::children(tx, on, only).await?;
    for child in &children {
        tx.touch_child(child.child_id);
    }
    let (mut staff_of, mut children_of) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
    staff
        .into_iter()
        .for_each(|row| staff_of.entry(row.facility_id).or_default().push(row));
    children
        .into_iter()
        .for_each(|row| children_of.entry(row.facility_id).or_default().push(row));
    let all = facilities.into_iter().map(|facility| Surveyed {
        staff: staff_of.remove(&facility.id).unwrap_or_default(),
        children: children_of.remove(&facility.id).unwrap_or_default(),
        facility,
    });
    Ok(all.collect())
}
