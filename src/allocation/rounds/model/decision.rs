//! What runs are made for, what persons decide, and what comes of a case.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::ids::AccountId;

/// What a run was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "dry")]
pub enum RunKind {
    /// Before the draw: who goes first among equals is not decided yet.
    Dry,
    /// With the drawn seed.
    Final,
    /// After the release: places that came back.
    Followup,
}

/// What a person decides against the proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "place")]
pub enum DeviationKind {
    /// The child gets this place.
    Place,
    /// This wish does not count.
    Exclude,
}

/// The published reasons for a deviation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "hardship")]
pub enum DeviationReason {
    /// A court said so.
    CourtOrder,
    /// A hardship that the criteria do not know.
    Hardship,
    /// The child needs this very place, or cannot be cared for there.
    Inclusion,
    /// Siblings stay together.
    SiblingsTogether,
    /// The group could not take one more of this age or need.
    GroupMix,
    /// The snapshot holds something wrong.
    DataError,
}

impl DeviationReason {
    /// Its name, as in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CourtOrder => "court_order",
            Self::Hardship => "hardship",
            Self::Inclusion => "inclusion",
            Self::SiblingsTogether => "siblings_together",
            Self::GroupMix => "group_mix",
            Self::DataError => "data_error",
        }
    }
}

/// Where a deviation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "proposed")]
pub enum DeviationState {
    /// One person wants it.
    Proposed,
    /// A second one agreed; the next run holds to it.
    Approved,
    /// It was taken back.
    Withdrawn,
}

/// Two persons are needed, and this is the same one again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a second person is needed")]
pub struct SamePerson;

/// Four eyes: who approves is not who proposed.
pub fn four_eyes(proposed_by: AccountId, approves: AccountId) -> Result<(), SamePerson> {
    if proposed_by == approves {
        Err(SamePerson)
    } else {
        Ok(())
    }
}

/// The seed on which two persons agree, if any two do.
pub fn agreed_seed(entries: &[(AccountId, String)]) -> Option<&str> {
    entries.iter().enumerate().find_map(|(at, (account, seed))| {
        let same = |(other, entered): &&(AccountId, String)| other != account && entered == seed;
        entries.iter().skip(at + 1).find(same).map(|_| seed.as_str())
    })
}

/// How the offer of a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = CaseAnswer, example = "accepted")]
pub enum Answer {
    /// The family can still answer.
    Open,
    /// It took the place.
    Accepted,
    /// It declined.
    Declined,
    /// The deadline passed without an answer.
    Expired,
    /// The facility took the offer back.
    Revoked,
}

/// Where a case stands after the release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = CaseOutcome, example = "none")]
pub enum Outcome {
    /// Before the release.
    None,
    /// The job has not come to it yet.
    Waiting,
    /// It was decided and has no place for now.
    Decided,
    /// A place was offered.
    Offered,
    /// A place was proposed and could not be offered; a person must look.
    NotSent,
    /// The demand left the round: it was withdrawn, or has a place by another way.
    Left,
}

/// What becomes of a better place that is offered to a child with a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "offered")]
pub enum ImprovementState {
    /// The job has not come to it yet.
    Waiting,
    /// The family can still answer.
    Offered,
    /// It accepted, and its old place went on.
    Accepted,
    /// It keeps what it has.
    Declined,
    /// The deadline passed; it keeps what it has.
    Expired,
    /// The facility took the offer back, or the family signed for what it has.
    Revoked,
    /// The place could not be offered.
    NotSent,
    /// Before it was offered the child had no unsigned place any more.
    Left,
}
