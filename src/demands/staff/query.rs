//! What a list of preferences is asked for: filters, one of five orders, and the cursor of each.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::Scope;
use crate::demands::model::PreferenceState;
use crate::facilities::AgeBand;
use crate::platform::http::{ApiError, Direction, Keyed, OrderQuery, SortKey, beginning};
use crate::platform::ids::{FacilityId, PreferenceId};

/// The order of a list of preferences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum Sort {
    /// Rank and points, then the first tie-break of the criteria.
    #[default]
    Priority,
    /// Age of the child.
    Age,
    /// Wished first day.
    Start,
    /// When it was received.
    Received,
    /// Until when an answer is due.
    AnswerDue,
}

/// The query string of the list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PreferencesQuery {
    /// Only this facility.
    facility_id: Option<FacilityId>,
    /// States, separated by commas. Without it all that have not ended.
    #[param(example = "received,under_review")]
    state: Option<String>,
    /// The band in which the child is on its wished first day.
    age_band: Option<AgeBand>,
    /// Wished first day from this day on.
    start_from: Option<NaiveDate>,
    /// Wished first day until this day.
    start_to: Option<NaiveDate>,
    /// At least so many hours a week.
    hours_min: Option<i32>,
    /// At most so many hours a week.
    hours_max: Option<i32>,
    /// Only where the criterion of this code is claimed.
    criterion: Option<String>,
    /// Only with (or without) the legal claim asserted.
    legal_claim: Option<bool>,
    /// Beginning of the reference code or of the child's name.
    q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<Sort>,
}

/// The sort key of a row: its own, when it was received, and its id.
pub(super) type Key = (i64, i64, PreferenceId);

/// A list that can be asked of the database.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub facilities: Option<Vec<FacilityId>>,
    pub all_visible: bool,
    pub states: Vec<&'static str>,
    pub age_band: Option<AgeBand>,
    pub start_from: Option<NaiveDate>,
    pub start_to: Option<NaiveDate>,
    pub hours_min: Option<i32>,
    pub hours_max: Option<i32>,
    pub criterion: Option<String>,
    pub legal_claim: Option<bool>,
    pub q: Option<String>,
    pub only: Option<PreferenceId>,
    pub order: Keyed<Sort, Key>,
}

impl SortKey for Sort {
    fn natural(self) -> Direction {
        match self {
            Self::Priority => Direction::Desc,
            _ => Direction::Asc,
        }
    }
}

/// States that a list shows when none is named: what waits, rests, or has come to a place.
const NOT_ENDED: [PreferenceState; 8] = [
    PreferenceState::Received,
    PreferenceState::UnderReview,
    PreferenceState::Invited,
    PreferenceState::Waitlisted,
    PreferenceState::Offered,
    PreferenceState::Paused,
    PreferenceState::Accepted,
    PreferenceState::Contracted,
];

impl PreferencesQuery {
    /// The list within the facilities that somebody reaches.
    pub(super) fn within(self, scope: &Scope) -> Result<Wanted, ApiError> {
        Ok(Wanted {
            facilities: scope.narrowed_to(self.facility_id),
            all_visible: scope.facilities().is_none(),
            states: states(self.state.as_deref())?,
            age_band: self.age_band,
            start_from: self.start_from,
            start_to: self.start_to,
            hours_min: self.hours_min,
            hours_max: self.hours_max,
            criterion: self.criterion.filter(|c| !c.is_empty()),
            legal_claim: self.legal_claim,
            q: beginning(self.q),
            only: None,
            order: self.order.keyed()?,
        })
    }
}

impl Wanted {
    /// One preference of a facility, in whatever state.
    pub(super) fn one(id: PreferenceId, facility: FacilityId, all_visible: bool) -> Self {
        Self {
            facilities: Some(vec![facility]),
            all_visible,
            states: every_state(),
            age_band: None,
            start_from: None,
            start_to: None,
            hours_min: None,
            hours_max: None,
            criterion: None,
            legal_claim: None,
            q: None,
            only: Some(id),
            order: Keyed {
                by: Sort::Received,
                direction: Direction::Asc,
                after: None,
                limit: 1,
            },
        }
    }

    /// Whether rows of which only the label may be shown are left out: by a filter on what they hide one could find it out.
    pub(super) fn asks_for_details(&self) -> bool {
        self.age_band.is_some()
            || self.start_from.is_some()
            || self.start_to.is_some()
            || self.hours_min.is_some()
            || self.hours_max.is_some()
            || self.criterion.is_some()
            || self.legal_claim.is_some()
            || self.q.is_some()
    }
}

fn every_state() -> Vec<&'static str> {
    let all = PreferenceState::ALL.iter().filter(|s| **s != PreferenceState::Draft);
    all.map(|s| s.as_str()).collect()
}

fn states(list: Option<&str>) -> Result<Vec<&'static str>, ApiError> {
    let Some(list) = list.filter(|l| !l.is_empty()) else {
        return Ok(NOT_ENDED.iter().map(|s| s.as_str()).collect());
    };
    list.split(',')
        .map(|word| match PreferenceState::parse(word.trim()) {
            Some(state) if state != PreferenceState::Draft => Ok(state.as_str()),
            _ => Err(ApiError::malformed(
                "query.malformed",
                "state: not a state of a preference",
            )),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_facility_outside_the_scope_leaves_nothing() {
        let (own, other) = (FacilityId::new(), FacilityId::new());
        let query = PreferencesQuery {
            facility_id: Some(other),
            ..PreferencesQuery::default()
        };
        let reached = Scope::Facilities(vec![own]);
        assert_eq!(query.clone().within(&reached).unwrap().facilities, Some(vec![]));
        assert_eq!(query.within(&Scope::Tenant).unwrap().facilities, Some(vec![other]));
        let all = PreferencesQuery::default();
        assert_eq!(all.clone().within(&reached).unwrap().facilities, Some(vec![own]));
        assert_eq!(all.within(&Scope::Tenant).unwrap().facilities, None);
    }

    #[test]
    fn drafts_cannot_be_asked_for() {
        assert!(states(Some("received,draft")).is_err());
        assert!(states(Some("nonsense")).is_err());
        assert_eq!(states(Some("received, paused")).unwrap(), ["received", "paused"]);
        assert!(!states(None).unwrap().contains(&"refused"));
        assert!(!every_state().contains(&"draft"));
    }
}
