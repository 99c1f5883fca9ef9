//! What a family said of placing its children together, as a follow-up list asks for it: of each child that waits, with whom it goes.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::model::{SaidOfSiblings, SiblingAnswer, is_same_time, newest};
use super::store::{self, KinRow};
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{DemandId, FacilityId};

/// What counts for a child that waits and has siblings who look for a place at the same time, or got one since it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// What the family said.
    pub answer: SiblingAnswer,
    /// The demands of siblings who still look for a place.
    pub looking: Vec<DemandId>,
    /// Where the others have a place, or an open offer.
    pub places: Vec<FacilityId>,
}

impl Together {
    /// Of one demand, from its own row and those of its siblings; `None` where nothing was said, or there is nobody to go with.
    fn of(own: &KinRow, kin: &[KinRow], today: NaiveDate) -> Option<Self> {
        let starts = |row: &KinRow| own.desired_start.zip(row.desired_start);
        let at_once =
            |row: &&KinRow| row.child_id != own.child_id && starts(row).is_some_and(|(a, b)| is_same_time(a, b, today));
        let siblings: Vec<&KinRow> = kin.iter().filter(at_once).collect();
        let looking = siblings.iter().filter(|row| row.looks).copied();
        let said = |row: &KinRow| {
            let (answer, at) = row.answer.zip(row.said_at)?;
            Some(SaidOfSiblings { answer, at })
        };
        let newest = newest(looking.clone().chain([own]).filter_map(said))?;
        // Who got a place before it was said is no part of it.
        let placed = siblings.iter().filter(|row| !row.looks && said(row) == Some(newest));
        let open = looking.clone().filter(|row| row.place.is_some());
        let found = Self {
            answer: newest.answer,
            looking: looking
                .filter(|row| row.place.is_none())
                .map(|row| row.demand_id)
                .collect(),
            places: placed.copied().chain(open).filter_map(|row| row.place).collect(),
        };
        (!found.looking.is_empty() || !found.places.is_empty()).then_some(found)
    }
}

/// What counts for each of these demands; those of children without siblings at the same time, and those of which nothing was said, are
/// not in it.
pub async fn together(tx: &mut TenantRead, demands: &[DemandId]) -> Result<HashMap<DemandId, Together>, sqlx::Error> {
    let (rows, today) = (store::kin_of(tx, demands).await?, tx.today());
    let of_one = |kin: &[KinRow]| {
        let own = kin.iter().find(|row| row.demand_id == row.of)?;
        Some((own.of, Together::of(own, kin, today)?))
    };
    Ok(rows.chunk_by(|a, b| a.of == b.of).filter_map(of_one).collect())
}

/// Locks demands in one order before they are offered places together.
pub async fn hold(tx: &mut TenantTx, demands: &[DemandId]) -> Result<(), sqlx::Error> {
    store::lock_demands(tx, demands).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::ChildId;

    fn row(answer: Option<(SiblingAnswer, &str)>, looks: bool, place: Option<FacilityId>) -> KinRow {
        let demand_id = DemandId::new();
        KinRow {
            of: demand_id,
            demand_id,
            child_id: ChildId::new(),
            desired_start: "2027-08-01".parse().ok(),
            answer: answer.map(|(answer, _)| answer),
            said_at: answer.and_then(|(_, at)| at.parse().ok()),
            looks,
            place,
        }
    }

    fn of(kin: &[KinRow]) -> Option<Together> {
        Together::of(&kin[0], kin, "2027-02-01".parse().unwrap())
    }

    const FIRST: &str = "2027-01-01T08:00:00Z";
    const THEN: &str = "2027-01-02T08:00:00Z";

    #[test]
    fn the_newest_answer_of_those_who_look_counts() {
        let kin = [
            row(Some((SiblingAnswer::Independent, FIRST)), true, None),
            row(Some((SiblingAnswer::Required, THEN)), true, None),
            row(None, true, None),
        ];
        let found = of(&kin).unwrap();
        assert_eq!(found.answer, SiblingAnswer::Required);
        assert_eq!(found.looking, [kin[1].demand_id, kin[2].demand_id]);
        assert_eq!(of(&kin[..1]), None, "alone");
        assert_eq!(of(&kin[2..]), None);
    }

    #[test]
    fn who_got_a_place_before_it_was_said_binds_nobody() {
        let kita = FacilityId::new();
        let own = row(Some((SiblingAnswer::Required, THEN)), true, None);
        let before = row(Some((SiblingAnswer::Required, FIRST)), false, Some(kita));
        let since = row(Some((SiblingAnswer::Required, THEN)), false, Some(kita));
        assert_eq!(of(&[own.clone(), before]), None);
        assert_eq!(of(&[own.clone(), since]).unwrap().places, [kita]);
        let asked = row(None, true, Some(kita));
        assert_eq!(of(&[own.clone(), asked]).unwrap().places, [kita], "an open offer");
        let later = KinRow {
            desired_start: "2028-08-01".parse().ok(),
            ..row(None, true, None)
        };
        assert_eq!(of(&[own, later]), None, "another year");
    }
}
