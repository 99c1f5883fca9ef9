//! Which sentence says why a wish was met or not: the first thing in the order that made the difference. Pure.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{DeviationKind, DeviationReason};
use super::proposal::Reason;
use super::snapshot::{Exclusion, Wishes};
use crate::platform::ids::FacilityId;

/// Rank and points, which decide before any tie-break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Standing {
    /// The higher rank goes first, whatever the points.
    pub rank: i64,
    /// Points decide within a rank.
    pub points: i64,
}

impl Standing {
    /// What of a priority may be shown: the tie-breaks after it would tell of other children.
    pub fn of(priority: &[i64]) -> Option<Self> {
        match priority {
            [rank, points, ..] => Some(Self {
                rank: *rank,
                points: *points,
            }),
            _ => None,
        }
    }
}

/// What decides which sentence is said.
#[derive(Debug, Clone, Copy)]
pub struct WhyWish {
    /// What the run said; `None` before it.
    pub reason: Option<Reason>,
    /// Why it is no candidate.
    pub excluded: Option<Exclusion>,
    /// The own place in the order.
    pub own: Option<Standing>,
    /// That of the last child with an open place, where it may be shown.
    pub cutoff: Option<Standing>,
    /// Whether the draw decided.
    pub lottery: bool,
    /// The published reason, where a person departed from the order of the criteria.
    pub provider_reason: Option<DeviationReason>,
    /// What the office decided; `None`: nothing, and a reason is that of the provider's own order.
    pub decided: Option<DeviationKind>,
}

impl WhyWish {
    /// The name of the sentence; the pages know the same names.
    pub fn key(&self) -> &'static str {
        match (self.excluded, self.reason) {
            (Some(Exclusion::Closed), _) => "excluded_closed",
            (Some(Exclusion::Refused), _) => "excluded_refused",
            (Some(Exclusion::Residence), _) => "excluded_residence",
            (Some(Exclusion::Age), _) => "excluded_age",
            (Some(Exclusion::CapacityUnknown), _) => "excluded_capacity_unknown",
            (Some(Exclusion::Hours), _) => "excluded_hours",
            (Some(Exclusion::Stay), _) => "excluded_stay",
            (None, None | Some(Reason::NotDecided | Reason::Held)) => "not_decided",
            (None, Some(Reason::NotEligible)) => "excluded_other",
            (None, Some(Reason::Placed)) if self.decided.is_some() => "placed_decided",
            (None, Some(Reason::Placed)) => "placed",
            (None, Some(Reason::BetterPlaced)) => "better_placed",
            (None, Some(Reason::Reserved)) => "reserved",
            (None, Some(Reason::Sibling)) => "sibling",
            (None, Some(Reason::ProviderOrder)) => match (self.decided, self.provider_reason) {
                (Some(DeviationKind::Place), _) => "provider_order_other",
                (Some(DeviationKind::Exclude), _) => "provider_order_own",
                (None, Some(_)) => "provider_order_hand",
                // Of rounds whose runs did not keep the reason with the wish.
                (None, None) => "provider_order",
            },
            (None, Some(Reason::Fixed)) => "fixed",
            (None, Some(Reason::Exception)) => "exception",
            (None, Some(Reason::Full)) => self.full(),
        }
    }

    fn full(&self) -> &'static str {
        let (Some(own), Some(cutoff)) = (self.own, self.cutoff) else {
            return "full_secret";
        };
        match (own.rank.cmp(&cutoff.rank), own.points.cmp(&cutoff.points)) {
            (std::cmp::Ordering::Less, _) => "full_rank",
            (std::cmp::Ordering::Equal, std::cmp::Ordering::Less) => "full_points",
            (std::cmp::Ordering::Equal, std::cmp::Ordering::Equal) if self.lottery => "full_draw",
            (std::cmp::Ordering::Equal, std::cmp::Ordering::Equal) => "full_equal",
            // Kept places or bounds over several groups let a child with less in; the numbers alone would not explain that.
            _ => "full_secret",
        }
    }

    /// Whether the child still waits for this place.
    pub fn waits(&self) -> bool {
        match self.reason {
            Some(Reason::Full | Reason::Reserved) => true,
            Some(Reason::ProviderOrder) => matches!(self.key(), "provider_order_other" | "provider_order_hand"),
            _ => false,
        }
    }
}

/// Whether there is a facility at which each of these children has a wish that counts: without one a family has no joint wish.
pub fn share_a_facility(children: &[Wishes]) -> bool {
    let counts = |child: &Wishes, at: FacilityId| child.iter().any(|w| w.facility_id == at && w.pool.is_some());
    let Some((first, others)) = children.split_first() else {
        return false;
    };
    let mut at = first.iter().filter(|w| w.pool.is_some()).map(|w| w.facility_id);
    at.any(|facility| others.iter().all(|child| counts(child, facility)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocation::rounds::snapshot::CaseWish;
    use crate::platform::ids::PreferenceId;

    fn full(own: [i64; 2], cutoff: Option<[i64; 2]>, lottery: bool) -> WhyWish {
        WhyWish {
            reason: Some(Reason::Full),
            excluded: None,
            own: Standing::of(&own),
            cutoff: cutoff.and_then(|c| Standing::of(&c)),
            lottery,
            provider_reason: None,
            decided: None,
        }
    }

    #[test]
    fn a_joint_wish_needs_a_facility_that_counts_for_all() {
        let (a, b) = (FacilityId::new(), FacilityId::new());
        let wish = |facility_id, counts: bool| CaseWish {
            preference_id: PreferenceId::new(),
            facility_id,
            pool: counts.then(|| "p1".to_owned()),
            excluded: None,
            priority: Vec::new(),
            points: 0,
            lines: std::sync::Arc::new([]),
            ways: Vec::new(),
        };
        let child =
            |wishes: &[(FacilityId, bool)]| Wishes(wishes.iter().map(|(at, counts)| wish(*at, *counts)).collect());
        assert!(share_a_facility(&[child(&[(a, true), (b, true)]), child(&[(b, true)])]));
        assert!(!share_a_facility(&[child(&[(a, true)]), child(&[(b, true)])]));
        assert!(!share_a_facility(&[child(&[(a, true)]), child(&[(a, false)])]));
    }

    #[test]
    fn the_first_thing_that_made_the_difference_is_named() {
        let found = [
            full([0, 9], Some([0, 12]), false),
            full([0, 90], Some([1, 12]), false),
            full([0, 12], Some([0, 12]), false),
            full([0, 12], Some([0, 12]), true),
            full([0, 12], None, false),
            full([0, 13], Some([0, 12]), false),
        ]
        .map(|w| w.key());
        let wanted = [
            "full_points",
            "full_rank",
            "full_equal",
            "full_draw",
            "full_secret",
            "full_secret",
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn what_stands_in_the_way_is_said_before_anything_else() {
        let age = WhyWish {
            excluded: Some(Exclusion::Age),
            ..full([0, 9], None, false)
        };
        assert_eq!(age.key(), "excluded_age");
        assert!(full([0, 9], None, false).waits());
    }

    #[test]
    fn what_persons_decided_is_told_apart_from_the_order_of_a_provider() {
        let of = |reason, decided, provider_reason| WhyWish {
            reason: Some(reason),
            decided,
            provider_reason,
            ..full([0, 9], None, false)
        };
        let why = Some(DeviationReason::Hardship);
        let order = |decided, why| of(Reason::ProviderOrder, decided, why);
        let found = [
            order(Some(DeviationKind::Place), why),
            order(Some(DeviationKind::Exclude), why),
            order(None, why),
            order(None, None),
            of(Reason::Placed, Some(DeviationKind::Place), why),
        ]
        .map(|wish| (wish.key(), wish.waits()));
        let wanted = [
            ("provider_order_other", true),
            ("provider_order_own", false),
            ("provider_order_hand", true),
            ("provider_order", false),
            ("placed_decided", false),
        ];
        assert_eq!(found, wanted);
    }
}
