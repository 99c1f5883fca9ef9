//! What the API says of guests and movers.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lapses::LapseBody;
use crate::families;
use crate::platform::ids::{ChildId, DemandId};
use crate::residence::{Evidence, GuestRow, GuestState, LapseRow, MoveRow, MoveState, Residence};

/// A move to this municipality.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MoveIn)]
pub struct MoveShown {
    /// Where it stands.
    state: MoveState,
    /// The day.
    move_on: NaiveDate,
    /// Postal code of the new home.
    postal_code: String,
    /// Its town.
    city: String,
    /// Its planning area, where the office named it.
    area: Option<String>,
    /// What was seen of it.
    evidence: Option<Evidence>,
    /// When.
    seen_on: Option<NaiveDate>,
    /// Its version.
    version: i32,
}

impl MoveShown {
    /// From the row, on a day.
    pub fn of(row: &MoveRow, today: NaiveDate) -> Self {
        Self {
            state: row.state(today),
            move_on: row.move_on,
            postal_code: row.postal_code.clone(),
            city: row.city.clone(),
            area: row.area.clone(),
            evidence: row.evidence,
            seen_on: row.seen_on,
            version: row.version,
        }
    }
}

/// A guest child as the office sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GuestBody {
    state: GuestState,
    home_name: Option<String>,
    home_address: Option<String>,
    home_email: Option<String>,
    /// When the home municipality was asked.
    asked_on: Option<NaiveDate>,
    /// When it answered.
    answered_on: Option<NaiveDate>,
    valid_from: Option<NaiveDate>,
    /// First day without a consent; `null`: no end was named.
    valid_until: Option<NaiveDate>,
    /// Whether it bears its part of the costs; `null`: it said nothing.
    costs_agreed: Option<bool>,
    home_file_number: Option<String>,
    note: Option<String>,
    /// Its consent was withdrawn or ended while a contract stood; the last time, or the one that waits for a decision.
    lapse: Option<LapseBody>,
    version: i32,
}

impl GuestBody {
    fn of(row: GuestRow, lapse: Option<LapseRow>) -> Self {
        Self {
            state: row.state,
            home_name: row.home_name,
            home_address: row.home_address,
            home_email: row.home_email,
            asked_on: row.asked_on,
            answered_on: row.answered_on,
            valid_from: row.valid_from,
            valid_until: row.valid_until,
            costs_agreed: row.costs_agreed,
            home_file_number: row.home_file_number,
            note: row.note,
            lapse: lapse.map(LapseBody::of),
            version: row.version,
        }
    }
}

/// Where the child of a demand lives, as far as it is another municipality.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Residence)]
pub(super) struct ResidenceBody {
    demand_id: DemandId,
    child_id: ChildId,
    /// First name and initial.
    child: String,
    /// Every known address lies in another district.
    lives_elsewhere: bool,
    /// Whether contracts of guests need the consent before anybody signs.
    consent_required: bool,
    /// `null`: no guest.
    guest: Option<GuestBody>,
    /// `null`: no move.
    move_in: Option<MoveShown>,
    /// Planning areas to choose from.
    areas: Vec<String>,
}

/// What is behind a [`ResidenceBody`] beside the residence itself.
pub(super) struct Around {
    pub demand_id: DemandId,
    pub child_id: ChildId,
    pub child: String,
    pub lives_elsewhere: bool,
    pub consent_required: bool,
    pub areas: Vec<String>,
}

impl ResidenceBody {
    pub(super) fn of(residence: Residence, around: Around, today: NaiveDate) -> Self {
        Self {
            demand_id: around.demand_id,
            child_id: around.child_id,
            child: around.child,
            lives_elsewhere: around.lives_elsewhere,
            consent_required: around.consent_required,
            move_in: residence.moving.as_ref().map(|row| MoveShown::of(row, today)),
            guest: residence.guest.map(|row| GuestBody::of(row, residence.lapse)),
            areas: around.areas,
        }
    }
}

/// A guest in the office's list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GuestLine {
    demand_id: DemandId,
    reference_code: Option<String>,
    /// First name and initial.
    child: String,
    state: GuestState,
    home_name: Option<String>,
    asked_on: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
    /// Until when the office decides about a consent that does not hold any more while a contract stands; `null`: nothing is open.
    decide_by: Option<NaiveDate>,
}

impl GuestLine {
    pub(super) fn of(row: GuestRow, language: &str) -> Self {
        Self {
            child: families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), language),
            demand_id: row.demand_id,
            reference_code: row.reference_code,
            state: row.state,
            home_name: row.home_name,
            asked_on: row.asked_on,
            valid_until: row.valid_until,
            decide_by: row.decide_by,
        }
    }
}

/// A mover in the office's list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MoveLine {
    demand_id: DemandId,
    reference_code: Option<String>,
    /// First name and initial.
    child: String,
    state: MoveState,
    move_on: NaiveDate,
    city: String,
    area: Option<String>,
    evidence: Option<Evidence>,
}

impl MoveLine {
    pub(super) fn of(row: MoveRow, language: &str, today: NaiveDate) -> Self {
        Self {
            child: families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), language),
            state: row.state(today),
            demand_id: row.demand_id,
            reference_code: row.reference_code,
            move_on: row.move_on,
            city: row.city,
            area: row.area,
            evidence: row.evidence,
        }
    }
}

/// What shows the move.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"evidence": "rental_contract", "seen_on": "2027-02-01"}))]
pub(super) struct NewMoveEvidence {
    pub evidence: Evidence,
    /// When the office saw it.
    pub seen_on: NaiveDate,
}
