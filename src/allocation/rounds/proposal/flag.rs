//! What of a proposal a person must look at. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a person must look at, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "siblings_split")]
pub enum Flag {
    /// A claim of siblings that no allocation grants.
    Exception,
    /// The place is not free for the whole stay when all others come too.
    StayDoesNotFit,
    /// Siblings are not all at one facility.
    SiblingsSplit,
    /// The legal claim is asserted and no place is proposed.
    ClaimUnserved,
    /// A person decided against the proposal.
    Deviation,
    /// A child with the smaller claim has a place that this one missed, because a person decided so.
    PassedOver,
    /// The provider's own order gave the place to a child with fewer points.
    ProviderOrder,
    /// The draw decided.
    Lottery,
    /// Points count without evidence seen.
    EvidenceMissing,
    /// A kept place made the difference.
    Reserved,
    /// The demand was withdrawn or has a place by another way.
    Left,
}

impl Flag {
    /// All flags, the gravest first.
    pub const ALL: [Self; 11] = [
        Self::Exception,
        Self::StayDoesNotFit,
        Self::SiblingsSplit,
        Self::ClaimUnserved,
        Self::Deviation,
        Self::PassedOver,
        Self::ProviderOrder,
        Self::Lottery,
        Self::EvidenceMissing,
        Self::Reserved,
        Self::Left,
    ];

    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exception => "exception",
            Self::StayDoesNotFit => "stay_does_not_fit",
            Self::SiblingsSplit => "siblings_split",
            Self::ClaimUnserved => "claim_unserved",
            Self::Deviation => "deviation",
            Self::PassedOver => "passed_over",
            Self::ProviderOrder => "provider_order",
            Self::Lottery => "lottery",
            Self::EvidenceMissing => "evidence_missing",
            Self::Reserved => "reserved",
            Self::Left => "left",
        }
    }

    /// The lightest of the matters in which a named person decides about each child before a round can be released.
    pub const LAST_DECIDED: Self = Self::ProviderOrder;

    /// So that a case with a grave matter stands before any number of lighter ones.
    pub(in crate::allocation::rounds) fn weight(self) -> i32 {
        Self::ALL.iter().rev().position(|f| *f == self).map_or(0, |at| 1 << at)
    }
}
