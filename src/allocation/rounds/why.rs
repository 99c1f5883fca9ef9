//! Which sentence says why a wish was met or not: the first thing in the order that made the difference. Pure.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::DeviationReason;
use super::proposal::Reason;
use super::snapshot::Exclusion;

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
    /// Why the provider's own order put another child first.
    pub provider_reason: Option<DeviationReason>,
}

impl WhyWish {
    /// The name of the sentence; the pages know the same names.
    pub fn key(&self) -> &'static str {
        match (self.excluded, self.reason) {
            (Some(Exclusion::Closed), _) => "excluded_closed",
            (Some(Exclusion::Refused), _) => "excluded_refused",
            (Some(Exclusion::Age), _) => "excluded_age",
            (Some(Exclusion::CapacityUnknown), _) => "excluded_capacity_unknown",
            (Some(Exclusion::Hours), _) => "excluded_hours",
            (Some(Exclusion::Stay), _) => "excluded_stay",
            (None, None | Some(Reason::NotDecided)) => "not_decided",
            (None, Some(Reason::NotEligible)) => "excluded_other",
            (None, Some(Reason::Placed)) => "placed",
            (None, Some(Reason::BetterPlaced)) => "better_placed",
            (None, Some(Reason::Reserved)) => "reserved",
            (None, Some(Reason::Sibling)) => "sibling",
            (None, Some(Reason::ProviderOrder)) if self.provider_reason.is_some() => "provider_order_hand",
            (None, Some(Reason::ProviderOrder)) => "provider_order",
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
        matches!(self.reason, Some(Reason::Full | Reason::Reserved)) || self.provider_reason.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(own: [i64; 2], cutoff: Option<[i64; 2]>, lottery: bool) -> WhyWish {
        WhyWish {
            reason: Some(Reason::Full),
            excluded: None,
            own: Standing::of(&own),
            cutoff: cutoff.and_then(|c| Standing::of(&c)),
            lottery,
            provider_reason: None,
        }
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
}
