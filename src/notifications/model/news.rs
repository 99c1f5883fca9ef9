//! What messages of several kinds say alike.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ChildInitial;
use crate::platform::ids::{ContractId, DemandId, FacilityId, OfferId, SwapPartId};
use crate::platform::week::WeekTimes;

/// What a facility did with a preference, as the family is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The facility looks at it.
    UnderReview,
    /// The family is invited to get to know the facility.
    Invited,
    /// It stands on the waiting list.
    Waitlisted,
    /// The facility refused.
    Refused,
    /// The facility took an earlier answer back.
    Reopened,
}

impl Step {
    pub(in crate::notifications) fn as_str(self) -> &'static str {
        match self {
            Self::UnderReview => "under_review",
            Self::Invited => "invited",
            Self::Waitlisted => "waitlisted",
            Self::Refused => "refused",
            Self::Reopened => "reopened",
        }
    }
}

/// How a demand ended without a place, as the family is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The family took it back, and the office noted it.
    Withdrawn,
    /// It was not renewed.
    Expired,
    /// The family has no claim here.
    NotEntitled,
    /// The family left the municipality.
    MovedAway,
    /// Another demand took its place.
    Superseded,
}

impl Ending {
    pub(in crate::notifications) fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::NotEntitled => "not_entitled",
            Self::MovedAway => "moved_away",
            Self::Superseded => "superseded",
        }
    }
}

/// What a family without an account told, and the office entered for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// It takes the offered place.
    Accepted,
    /// It does not take the offered place.
    Declined,
    /// It still needs the place.
    StillNeeded,
    /// It takes its demand back.
    Withdrawn,
    /// It wants the follow-up care that was proposed.
    FollowupWanted,
    /// It does not want it.
    FollowupNotWanted,
    /// Its demand says something else from now on.
    Changed,
    /// It goes round in the swap that was proposed.
    SwapWanted,
    /// It does not.
    SwapNotWanted,
    /// Its children shall go to one facility, or to none.
    SiblingsRequired,
    /// They shall where that can be.
    SiblingsPreferred,
    /// Each goes where it finds a place.
    SiblingsIndependent,
}

/// What a changed demand says from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemandNow {
    /// The wished facilities, the dearest first.
    pub facilities: Vec<String>,
    /// Wished first day.
    #[serde(default)]
    pub desired_start: Option<NaiveDate>,
    /// Until when the municipality owes a place, where the claim was asserted.
    #[serde(default)]
    pub legal_due_on: Option<NaiveDate>,
    /// Hours a week.
    pub hours_per_week: Option<i32>,
    /// Latest first day.
    pub latest_start: Option<NaiveDate>,
}

impl Said {
    /// The word in the history and the audit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::StillNeeded => "still_needed",
            Self::Withdrawn => "withdrawn",
            Self::FollowupWanted => "followup_wanted",
            Self::FollowupNotWanted => "followup_not_wanted",
            Self::Changed => "changed",
            Self::SwapWanted => "swap_wanted",
            Self::SwapNotWanted => "swap_not_wanted",
            Self::SiblingsRequired => "siblings_required",
            Self::SiblingsPreferred => "siblings_preferred",
            Self::SiblingsIndependent => "siblings_independent",
        }
    }
}

/// In which way a family told something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "phone")]
pub enum ToldBy {
    /// On the telephone.
    Phone,
    /// By letter.
    Letter,
    /// In person.
    InPerson,
}

impl ToldBy {
    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Letter => "letter",
            Self::InPerson => "in_person",
        }
    }
}

/// What a message about a step of a coordinated round says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepNews {
    /// Name of the round.
    pub round: String,
    /// Number of the step.
    pub number: i32,
    /// Names of the facilities for which the reader can answer.
    pub facilities: Vec<String>,
    /// Last day to answer.
    pub due_on: NaiveDate,
}

/// What a message about a contract says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContractNews {
    /// The contract.
    pub contract_id: ContractId,
    /// The facility's name.
    pub facility: String,
    /// First day of care, or the first on which the change holds.
    pub care_from: NaiveDate,
    /// Whose contract.
    pub child: ChildInitial,
}

/// What a message about a guest child says whose home municipality's consent does not hold any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LapseNews {
    /// The demand.
    pub demand_id: DemandId,
    /// The contract that stands.
    pub contract_id: ContractId,
    /// Whose.
    pub child: ChildInitial,
    /// Where the child has its place.
    pub facility: String,
    /// First day without the consent.
    pub lapses_on: NaiveDate,
    /// Whether it was withdrawn; otherwise its time was over.
    pub withdrawn: bool,
    /// Until when the office decides.
    pub decide_by: NaiveDate,
    /// `own_costs`, `granted_again` or `notice`; `None`: it is open.
    #[serde(default)]
    pub decision: Option<String>,
    /// First day without the new consent.
    #[serde(default)]
    pub granted_until: Option<NaiveDate>,
}

/// What a message about a swap of places says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SwapNews {
    /// The child's part of it.
    pub part_id: SwapPartId,
    /// Where the child is.
    pub facility: String,
    /// Where it would come.
    pub to: String,
    /// Whose place.
    pub child: ChildInitial,
    /// From this day on.
    pub swap_on: NaiveDate,
    /// The last day of answering.
    pub deadline_on: NaiveDate,
}

/// What a message about substitute care says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubstituteNews {
    /// The child's contract with its childminder.
    pub contract_id: ContractId,
    /// Where the child goes, if somebody was found.
    pub substitute_id: Option<FacilityId>,
    /// Whose.
    pub child: ChildInitial,
    /// The childminder's place.
    pub facility: String,
    /// The substitute's name.
    pub substitute: Option<String>,
    /// Where it is.
    pub address: Option<String>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// `arranged`, `missing` or `over`.
    pub what: String,
}

/// What a message about an offer says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfferNews {
    /// The offer.
    pub offer_id: OfferId,
    /// The facility's name.
    pub facility: String,
    /// Last day on which it can be answered.
    pub deadline_on: NaiveDate,
    /// First day of care.
    pub care_from: NaiveDate,
    /// The times of each day, where they are not the same on every day.
    #[serde(default)]
    pub week: Option<WeekTimes>,
    /// Whose offer.
    pub child: ChildInitial,
}
