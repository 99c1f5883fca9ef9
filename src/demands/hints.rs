//! What a family is told beside its demand: what comes next, and what it should know.

use chrono::{Months, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{DemandState, PreferenceState, answer_by, interval_ends, is_near};
use super::store::{self, DemandRow, ShownPreference};
use crate::families::ChildFacts;
use crate::platform::clock::berlin_date;
use crate::platform::dates;
use crate::residence;
use crate::tenancy::Settings;

/// Something to consider; it stops nothing.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Hint {
    /// Stable code.
    pub code: String,
    /// A sentence in the reader's language.
    pub detail: String,
}

/// What happens next, and when.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NextStep {
    /// `send`, `office_confirms`, `facilities_answer`, `office_allocates`, `answer_offer`, `care_begins`, `renew` or `none`.
    pub code: String,
    /// Until then, or then.
    pub date: Option<NaiveDate>,
}

/// The last day on which the demand can be renewed, once it is so near that the family is asked.
fn renewal_near(row: &DemandRow, settings: &Settings, today: NaiveDate) -> Option<NaiveDate> {
    row.machine().renew().ok()?;
    let ends = interval_ends(berlin_date(row.updated_at), settings.renewal_interval_months?)?;
    is_near(ends, today).then(|| answer_by(ends, today))
}

pub(super) fn next_step(
    row: &DemandRow,
    preferences: &[ShownPreference],
    settings: &Settings,
    today: NaiveDate,
) -> NextStep {
    let in_state = |states: &'static [PreferenceState]| preferences.iter().filter(|p| states.contains(&p.state));
    if let Some(last_day) = renewal_near(row, settings, today) {
        return NextStep {
            code: "renew".into(),
            date: Some(last_day),
        };
    }
    let (code, date) = match row.state {
        DemandState::Draft => ("send", None),
        DemandState::Submitted => {
            let sent_on = row.submitted_at.map(berlin_date);
            let by = sent_on.map(|day| store::days_after(day, settings.receipt_clock_days));
            ("office_confirms", by)
        }
        DemandState::Confirmed => {
            let waiting = in_state(&[PreferenceState::Received, PreferenceState::UnderReview]);
            ("facilities_answer", waiting.filter_map(|p| p.answer_due_on).min())
        }
        DemandState::InAllocation => ("office_allocates", None),
        DemandState::OfferPending => {
            let offered = in_state(&[PreferenceState::Offered]);
            ("answer_offer", offered.filter_map(|p| p.deadline_on).min())
        }
        DemandState::Covered => {
            let accepted = in_state(&[PreferenceState::Accepted]);
            ("care_begins", accepted.filter_map(|p| p.care_from).min())
        }
        _ => ("none", None),
    };
    NextStep {
        code: code.into(),
        date,
    }
}

/// Whether the child is younger or older at the wished start than the facility says that it takes.
fn is_age_outside(preference: &ShownPreference, birth: NaiveDate, start: NaiveDate) -> bool {
    let month = |n: i32| birth.checked_add_months(Months::new(n.unsigned_abs()));
    let too_young = preference
        .age_from_months
        .and_then(month)
        .is_some_and(|day| start < day);
    // "To 36 months" means until the next month of life begins.
    let too_old = preference.age_to_months.and_then(|n| month(n.saturating_add(1)));
    too_young || too_old.is_some_and(|day| start >= day)
}

pub(super) fn hints(
    row: &DemandRow,
    child: &ChildFacts,
    preferences: &[ShownPreference],
    settings: &Settings,
    today: NaiveDate,
    language: &str,
) -> Vec<Hint> {
    let say = |de: String, en: String| if language == "en" { en } else { de };
    let hint = |code: &str, detail| Hint {
        code: code.into(),
        detail,
    };
    let mut hints = Vec::new();
    if !row.state.is_open() || row.state == DemandState::Covered {
        return hints;
    }
    let age = row.desired_start.zip(child.birth());
    let outside: Vec<_> = preferences
        .iter()
        .filter(|p| p.state.is_live() && age.is_some_and(|(start, birth)| is_age_outside(p, birth, start)))
        .map(|p| format!("„{}“", p.facility_name))
        .collect();
    if !outside.is_empty() {
        let names = outside.join(", ");
        hints.push(hint(
            "age_outside",
            say(
                format!("Diese Kitas nehmen nach eigenen Angaben keine Kinder in diesem Alter: {names}."),
                format!("These facilities say that they take no children of this age: {names}."),
            ),
        ));
    }
    let notice_ends = residence::legal_due_on(today, today, settings.notice_period_months);
    if row.state == DemandState::Draft && row.desired_start.is_some_and(|start| start < notice_ends) {
        let date = dates::date(notice_ends, language);
        hints.push(hint(
            "within_notice",
            say(
                format!("Die Gemeinde hat für einen Platz Zeit bis zum {date}. Ein früherer Beginn ist nicht sicher."),
                format!("The municipality has until {date} to find a place. An earlier start is not certain."),
            ),
        ));
    }
    if let Some(last_day) = renewal_near(row, settings, today) {
        let date = dates::date(last_day, language);
        hints.push(hint(
            "renew",
            say(
                format!("Brauchen Sie den Platz noch? Sonst endet Ihre Bedarfsanmeldung nach dem {date}."),
                format!("Do you still need the place? If not renewed, your demand ends after {date}."),
            ),
        ));
    }
    if row.state != DemandState::Draft && !preferences.iter().any(|p| p.state.is_live()) {
        hints.push(hint(
            "no_open_preference",
            say(
                "Zurzeit prüft keine Ihrer Wunsch-Kitas die Anmeldung.".into(),
                "At present none of the facilities you wished looks at your demand.".into(),
            ),
        ));
    }
    hints
}
