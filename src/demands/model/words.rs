//! The states and reasons as they stand in the database and in the API.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// All of them, in the order of the field.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word in database and API.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What this word stands for.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    )*};
}

words! {
    /// Where a care demand stands.
    DemandState {
        /// The family still writes it.
        Draft "draft",
        /// Sent to the municipality; a clerk or a rule confirms it.
        Submitted "submitted",
        /// Facilities may offer.
        Confirmed "confirmed",
        /// A round of the office is under way.
        InAllocation "in_allocation",
        /// An offer is open.
        OfferPending "offer_pending",
        /// An offer was accepted.
        Covered "covered",
        /// The contract has begun.
        Closed "closed",
        /// The parents took it back.
        Withdrawn "withdrawn",
        /// It was not renewed.
        Expired "expired",
        /// The family has no claim here.
        NotEntitled "not_entitled",
        /// The family left the municipality.
        MovedAway "moved_away",
        /// Another demand took its place.
        Superseded "superseded",
    }

    /// Where a facility preference stands.
    PreferenceState {
        /// The demand itself is a draft.
        Draft "draft",
        /// The facility has it.
        Received "received",
        /// The facility looks at it.
        UnderReview "under_review",
        /// The family is invited to come and see.
        Invited "invited",
        /// It waits for a place.
        Waitlisted "waitlisted",
        /// An offer of this facility is open.
        Offered "offered",
        /// The offer was accepted.
        Accepted "accepted",
        /// The contract has begun.
        Contracted "contracted",
        /// It rests while another offer to the child is open.
        Paused "paused",
        /// The facility refused, with a reason.
        Refused "refused",
        /// The parents declined the offer.
        Declined "declined",
        /// The parents took it back.
        Withdrawn "withdrawn",
        /// The offer's deadline passed.
        OfferExpired "offer_expired",
        /// The child got a place elsewhere.
        CoveredElsewhere "covered_elsewhere",
    }

    /// Why a facility refuses.
    RefuseReason {
        /// No place is free.
        NoPlace "no_place",
        /// The child's age does not fit.
        Age "age",
        /// The hours do not fit.
        Hours "hours",
        /// The family lives elsewhere.
        Residence "residence",
        /// The group's mix does not allow it.
        GroupMix "group_mix",
        /// Others come first by the criteria.
        Criteria "criteria",
        /// Something else; the note says what.
        Other "other",
    }
}

impl DemandState {
    /// Whether it has come to no end yet.
    pub fn is_open(self) -> bool {
        matches!(
            self,
            Self::Draft | Self::Submitted | Self::Confirmed | Self::InAllocation | Self::OfferPending | Self::Covered
        )
    }
}

impl PreferenceState {
    /// Whether it still is, or may become, a place.
    pub fn is_live(self) -> bool {
        !matches!(
            self,
            Self::Refused | Self::Declined | Self::Withdrawn | Self::OfferExpired | Self::CoveredElsewhere
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_database_and_api_are_the_same() {
        for state in DemandState::ALL {
            assert_eq!(DemandState::parse(state.as_str()), Some(*state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        for state in PreferenceState::ALL {
            assert_eq!(PreferenceState::parse(state.as_str()), Some(*state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        for reason in RefuseReason::ALL {
            assert_eq!(RefuseReason::parse(reason.as_str()), Some(*reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
        }
    }
}
