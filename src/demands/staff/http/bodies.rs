//! What the manager's operations take and answer.

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::demands::ScoreBody;
use crate::demands::model::{DemandState, PreferenceState, RefuseReason};
use crate::demands::staff::store::{OpenOffer, Row, StaffAddress, StaffEvent, StaffFact, StaffGuardian};
use crate::facilities::AgeBand;
use crate::families;
use crate::platform::ids::{FacilityId, PreferenceId};

/// Preferences of a facility by state.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StateCounts {
    pub(super) received: i64,
    pub(super) under_review: i64,
    pub(super) invited: i64,
    pub(super) waitlisted: i64,
    pub(super) offered: i64,
    pub(super) accepted: i64,
}

/// A facility of the asker with what waits there.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MyFacility {
    pub(super) id: FacilityId,
    pub(super) name: String,
    pub(super) city: String,
    pub(super) counts: StateCounts,
    /// Preferences without an answer whose date has passed.
    pub(super) overdue: i64,
    /// The earliest date by which an answer is due.
    pub(super) next_deadline: Option<NaiveDate>,
    /// Places bookable this month; `null` when unknown.
    pub(super) bookable_now: Option<i32>,
    /// The oldest date on which a capacity figure was confirmed.
    pub(super) capacity_confirmed_on: Option<NaiveDate>,
    /// Some figure was made up for a demonstration; then the date says nothing.
    pub(super) capacity_is_example: bool,
}

/// The facilities of the asker.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MyFacilities {
    pub(super) items: Vec<MyFacility>,
}

/// A child as a facility sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StaffChild {
    /// First name and initial; `erwartetes Kind` before birth.
    pub(super) label: String,
    pub(super) birth_date: Option<NaiveDate>,
    pub(super) expected_birth_date: Option<NaiveDate>,
    /// Whole months on the wished first day.
    pub(super) age_months_at_start: Option<i32>,
    /// Band on the wished first day.
    pub(super) age_band: Option<AgeBand>,
}

/// A preference as staff see it. After its end a facility sees of it the child's label and the state only; all else is `null` then.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StaffPreference {
    pub(super) id: PreferenceId,
    pub(super) facility_id: FacilityId,
    pub(super) facility_name: String,
    pub(super) child: StaffChild,
    pub(super) demand_state: Option<DemandState>,
    pub(super) reference_code: Option<String>,
    pub(super) state: PreferenceState,
    pub(super) state_since: chrono::DateTime<chrono::Utc>,
    pub(super) received_at: Option<chrono::DateTime<chrono::Utc>>,
    pub(super) answer_due_on: Option<NaiveDate>,
    /// Why the facility refused.
    pub(super) refuse_reason: Option<RefuseReason>,
    /// What the facility said with its answer.
    pub(super) note: Option<String>,
    pub(super) desired_start: Option<NaiveDate>,
    pub(super) latest_start: Option<NaiveDate>,
    pub(super) hours_per_week: Option<i32>,
    /// Fewest hours a week that are enough; `null`: nothing was said.
    pub(super) least_hours: Option<i32>,
    pub(super) window_from: Option<NaiveTime>,
    pub(super) window_to: Option<NaiveTime>,
    pub(super) care_type: Option<String>,
    pub(super) points: Option<i32>,
    pub(super) facts: Vec<StaffFact>,
    /// Whether the legal claim was asserted.
    pub(super) legal_claim: bool,
    pub(super) legal_due_on: Option<NaiveDate>,
    /// Whether a sibling has a contract here beyond the wished first day.
    pub(super) sibling_here: bool,
    pub(super) version: i32,
}

/// A preference with the family's contact and its history.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StaffPreferenceDetail {
    #[serde(flatten)]
    pub(super) preference: StaffPreference,
    /// Guardians who have custody today.
    pub(super) guardians: Vec<StaffGuardian>,
    /// `null` when protected, unknown, or the preference has ended.
    pub(super) address: Option<StaffAddress>,
    /// The address is protected and shown to nobody but the office.
    pub(super) address_protected: bool,
    pub(super) history: Vec<StaffEvent>,
    pub(super) open_offer: Option<OpenOffer>,
    /// Rank and points with a line for every rule; `null` after the preference has ended, or where no criteria are published.
    pub(super) score: Option<ScoreBody>,
}

impl StaffPreference {
    pub(super) fn of(row: Row, language: &str) -> Self {
        let label = families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), language);
        if !row.live {
            return Self::ended(row, label);
        }
        let birth = row.birth_date.or(row.expected_birth_date);
        Self {
            id: row.id,
            facility_id: row.facility_id,
            facility_name: row.facility_name,
            child: StaffChild {
                label,
                birth_date: row.birth_date,
                expected_birth_date: row.expected_birth_date,
                age_months_at_start: birth
                    .zip(row.desired_start)
                    .map(|(birth, day)| whole_months(birth, day)),
                age_band: row.age_band,
            },
            demand_state: Some(row.demand_state),
            reference_code: row.reference_code,
            state: row.state,
            state_since: row.state_since,
            received_at: row.received_at,
            answer_due_on: row.answer_due_on,
            refuse_reason: row.refuse_reason,
            note: row.note,
            desired_start: row.desired_start,
            latest_start: row.latest_start,
            hours_per_week: row.hours_per_week,
            least_hours: row.least_hours,
            window_from: row.window_from,
            window_to: row.window_to,
            care_type: row.care_type,
            points: Some(row.points),
            facts: StaffFact::shown(row.facts.0, language),
            legal_claim: row.legal_claim,
            legal_due_on: row.legal_due_on,
            sibling_here: row.sibling_here,
            version: row.version,
        }
    }

    /// What is left of an ended preference: that there was one.
    fn ended(row: Row, label: String) -> Self {
        Self {
            id: row.id,
            facility_id: row.facility_id,
            facility_name: row.facility_name,
            child: StaffChild {
                label,
                birth_date: None,
                expected_birth_date: None,
                age_months_at_start: None,
                age_band: None,
            },
            demand_state: None,
            reference_code: None,
            state: row.state,
            state_since: row.state_since,
            received_at: row.received_at,
            answer_due_on: None,
            refuse_reason: row.refuse_reason,
            note: row.note,
            desired_start: None,
            latest_start: None,
            hours_per_week: None,
            least_hours: None,
            window_from: None,
            window_to: None,
            care_type: None,
            points: None,
            facts: Vec::new(),
            legal_claim: false,
            legal_due_on: None,
            sibling_here: false,
            version: row.version,
        }
    }
}

/// Whole months from birth to a day; negative before birth.
fn whole_months(birth: NaiveDate, day: NaiveDate) -> i32 {
    let months = (day.year() - birth.year()) * 12 + day.month().cast_signed() - birth.month().cast_signed();
    months - i32::from(day.day() < birth.day())
}

/// What the family is told with an invitation or a place on the waiting list.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "Wir freuen uns am Dienstag um 15 Uhr auf Sie."}))]
pub(super) struct NoteInput {
    /// At most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub(super) note: Option<String>,
}

/// A refusal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "no_place", "note": null}))]
pub(super) struct RefuseInput {
    pub(super) reason: RefuseReason,
    /// At most 500 characters; needed when the reason is `other`.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub(super) note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_whole_on_its_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(whole_months(day("2024-03-15"), day("2027-03-14")), 35);
        assert_eq!(whole_months(day("2024-03-15"), day("2027-03-15")), 36);
        assert_eq!(whole_months(day("2027-03-15"), day("2027-03-01")), -1);
    }
}
