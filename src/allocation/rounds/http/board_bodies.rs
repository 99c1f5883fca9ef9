//! What a facility sees of its part of a coordinated round.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::steps::{FacilityStand, StepBody};
use crate::allocation::rounds::coordination::FacilityMode;
use crate::allocation::rounds::model::DeviationReason;
use crate::allocation::rounds::snapshot::{PlacesFrom, PlacesOfHours};
use crate::demands::ScoreLine;
use crate::facilities::AgeBand;
use crate::platform::ids::{CaseId, FacilityId, RoundId};

/// How a child stands with the facility. Where else it wishes or goes is nobody's matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "open")]
pub(super) enum ApplicantState {
    /// It waits.
    Open,
    /// The facility's offer is the best that it has.
    Held,
    /// That, and nothing better can come any more.
    Final,
    /// It has a place that the family likes better.
    Elsewhere,
}

/// A child that wishes the places.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ApplicantBody {
    pub(super) case_id: CaseId,
    /// First name and initial; `erwartetes Kind` before birth.
    pub(super) label: String,
    pub(super) birth_date: NaiveDate,
    pub(super) points: i32,
    /// How the points came about, with the state of the evidence.
    pub(super) breakdown: Vec<ScoreLine>,
    /// Its place by the points, from 1.
    pub(super) points_place: usize,
    pub(super) state: ApplicantState,
    /// Whether it would be offered a place in this step.
    pub(super) next: bool,
    /// First day of the place that it would be offered, or whose offer it holds, where places are told apart by that or by hours.
    pub(super) care_from: Option<NaiveDate>,
    /// Hours a week of that place, where groups are open for different times.
    pub(super) hours_per_week: Option<i32>,
    /// Whether the result by the points alone would place it here.
    pub(super) suggested: bool,
    /// Why it goes before a child with more points.
    pub(super) reason: Option<DeviationReason>,
}

/// The places of one age band with the children who wish them, in the order that stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PoolBoardBody {
    pub(super) age_band: AgeBand,
    pub(super) places: u32,
    /// How many of them are free from which month on; empty where all are from the first day on.
    pub(super) starts: Vec<PlacesFrom>,
    /// How many of them have care of how many hours; empty where nothing bounds them.
    pub(super) hours: Vec<PlacesOfHours>,
    /// Places for which no family holds an offer.
    pub(super) free: u32,
    /// How many first places of the order stay as they are, because offers were made by it.
    pub(super) kept: usize,
    pub(super) applicants: Vec<ApplicantBody>,
}

/// A facility's part of a coordinated round.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BoardBody {
    pub(super) round_id: RoundId,
    pub(super) round_name: String,
    pub(super) facility_id: FacilityId,
    pub(super) facility_name: String,
    pub(super) mode: FacilityMode,
    pub(super) continue_by_points: bool,
    /// The newest step.
    pub(super) step: Option<StepBody>,
    pub(super) stand: FacilityStand,
    /// Whether facilities may still object, so that everything can change.
    pub(super) provisional: bool,
    /// Whether all steps are over.
    pub(super) done: bool,
    pub(super) steps_left: Option<u32>,
    /// Empty before the freeze.
    pub(super) pools: Vec<PoolBoardBody>,
    pub(super) version: i32,
}
