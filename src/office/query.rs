//! What the office's list of demands is asked for: a view, filters, one of four orders, and the cursor of each.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::demands::DemandState;
use crate::facilities::{AgeBand, CareType};
use crate::platform::clock::{end_of_day, start_of_day};
use crate::platform::http::{ApiError, Keyed, OrderQuery, SortKey, beginning};
use crate::platform::ids::DemandId;
use crate::tenancy::SchoolRule;

/// A view of the demands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum View {
    /// All that were sent, ended ones too.
    #[default]
    All,
    /// Those that wait for a clerk's confirmation.
    ToConfirm,
    /// Those for which no offer has been accepted yet.
    WithoutPlace,
    /// A child that has a place and wishes another one.
    Transfer,
    /// Those without a place whose family asserted the legal claim.
    LegalClaim,
    /// Those whose family gets letters and answered none whether it still needs the place: somebody must ask it.
    Unanswered,
}

/// The order of the list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum Sort {
    /// When it was sent.
    #[default]
    Submitted,
    /// Wished first day.
    Start,
    /// Until when the municipality owes a place.
    LegalDue,
    /// Age of the child.
    Age,
}

/// The query string of the list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DemandsQuery {
    /// Which demands; `all` when left out.
    #[param(inline)]
    view: Option<View>,
    /// States, separated by commas, within the view.
    #[param(example = "confirmed,in_allocation")]
    state: Option<String>,
    /// Wished first day from this day on.
    start_from: Option<NaiveDate>,
    /// Wished first day until this day.
    start_to: Option<NaiveDate>,
    /// Legal claim due from this day on.
    due_from: Option<NaiveDate>,
    /// Legal claim due until this day.
    due_to: Option<NaiveDate>,
    /// The band in which the child is on its wished first day.
    age_band: Option<AgeBand>,
    /// District of the first wish; `-`: none is known.
    district: Option<String>,
    /// Only where the register knows other data.
    mismatch: Option<bool>,
    /// Kind of care.
    care_type: Option<CareType>,
    /// Sent from this day on.
    submitted_from: Option<NaiveDate>,
    /// Sent until this day.
    submitted_to: Option<NaiveDate>,
    /// An offer was accepted from this day on.
    accepted_from: Option<NaiveDate>,
    /// An offer was accepted until this day.
    accepted_to: Option<NaiveDate>,
    /// Year in which the child enters school; each child once, by the last demand that it sent of this view and kind of care.
    entry_year: Option<i32>,
    /// Only where the child has a place beyond its school entry.
    school_place: Option<bool>,
    /// Beginning of the reference code or of the child's name.
    q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<Sort>,
}

/// A list that can be asked of the database.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub states: Vec<String>,
    pub claimed_only: bool,
    pub unanswered_only: bool,
    /// Only children who have a place and wish another one, or only those who have none.
    pub transfer: Option<bool>,
    pub start_from: Option<NaiveDate>,
    pub start_to: Option<NaiveDate>,
    pub due_from: Option<NaiveDate>,
    pub due_to: Option<NaiveDate>,
    pub age_band: Option<AgeBand>,
    pub district: Option<String>,
    pub mismatch: Option<bool>,
    pub care_type: Option<CareType>,
    /// Sent from this instant on, and before that one.
    pub submitted: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    /// An offer was accepted from this instant on, and before that one.
    pub accepted: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    pub entry_year: Option<i32>,
    pub school_place: bool,
    pub school: SchoolRule,
    pub q: Option<String>,
    pub order: Keyed<Sort, (i64, DemandId)>,
}

/// A child without a place, whether or not an offer is open.
pub(super) const WITHOUT_PLACE: [DemandState; 4] = [
    DemandState::Submitted,
    DemandState::Confirmed,
    DemandState::InAllocation,
    DemandState::OfferPending,
];

impl View {
    fn shows(self, state: DemandState) -> bool {
        match self {
            Self::All => state != DemandState::Draft,
            Self::ToConfirm => state == DemandState::Submitted,
            Self::WithoutPlace | Self::LegalClaim | Self::Transfer | Self::Unanswered => WITHOUT_PLACE.contains(&state),
        }
    }
}

impl SortKey for Sort {}

impl DemandsQuery {
    /// The list that is asked for; 400 for what no list can be.
    pub(super) fn wanted(self, school: SchoolRule) -> Result<Wanted, ApiError> {
        let view = self.view.unwrap_or_default();
        Ok(Wanted {
            states: states(view, self.state.as_deref())?,
            claimed_only: view == View::LegalClaim,
            unanswered_only: view == View::Unanswered,
            transfer: match view {
                View::WithoutPlace => Some(false),
                View::Transfer => Some(true),
                View::All | View::ToConfirm | View::LegalClaim | View::Unanswered => None,
            },
            start_from: self.start_from,
            start_to: self.start_to,
            due_from: self.due_from,
            due_to: self.due_to,
            age_band: self.age_band,
            district: self.district.map(known_district),
            mismatch: self.mismatch,
            care_type: self.care_type,
            submitted: (self.submitted_from.map(start_of_day), self.submitted_to.map(end_of_day)),
            accepted: (self.accepted_from.map(start_of_day), self.accepted_to.map(end_of_day)),
            entry_year: self.entry_year,
            school_place: self.school_place == Some(true),
            school,
            q: beginning(self.q),
            order: self.order.keyed()?,
        })
    }
}

/// A district as the database has it: a dash stands for none.
pub(super) fn known_district(name: String) -> String {
    if name == "-" { String::new() } else { name }
}

/// The states of a view, or those of them that are named.
fn states(view: View, list: Option<&str>) -> Result<Vec<String>, ApiError> {
    let named = match list.filter(|list| !list.is_empty()) {
        None => DemandState::ALL.to_vec(),
        Some(list) => list.split(',').map(state).collect::<Result<_, _>>()?,
    };
    let shown = named.into_iter().filter(|state| view.shows(*state));
    Ok(shown.map(|state| state.as_str().to_owned()).collect())
}

fn state(word: &str) -> Result<DemandState, ApiError> {
    DemandState::parse(word.trim())
        .filter(|state| *state != DemandState::Draft)
        .ok_or_else(|| ApiError::malformed("query.malformed", "state: not a state of a demand that was sent"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_shows_its_states_and_a_filter_narrows_it() {
        assert!(!states(View::All, None).unwrap().contains(&"draft".into()));
        assert_eq!(states(View::ToConfirm, None).unwrap(), ["submitted"]);
        assert_eq!(
            states(View::WithoutPlace, Some("covered, confirmed")).unwrap(),
            ["confirmed"]
        );
        assert!(states(View::ToConfirm, Some("covered")).unwrap().is_empty());
        assert!(states(View::All, Some("draft")).is_err() && states(View::All, Some("nonsense")).is_err());
    }
}
