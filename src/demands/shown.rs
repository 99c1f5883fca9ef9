//! A demand as family and office see it: fields, preferences, the legal clock, hints, and what comes next.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::hints::{Hint, NextStep, hints, next_step};
use super::model::{DemandState, PreferenceState, RefuseReason, TimeOfDay, is_editable};
use super::siblings::{self, SiblingsShown};
use super::store::{self, DemandRow, ShownPreference};
use super::writing::{child_of, editable_until};
use super::{DemandError, ScoreBody, starting};
use crate::access::TenantRead;
use crate::contracts;
use crate::facilities::CareType;
use crate::notifications::{self, ToldBy};
use crate::platform::ids::{ChildId, CriterionId, DemandId, FacilityId, OfferId, PreferenceId};
use crate::residence::{self, GuestShown, MoveShown};
use crate::tenancy;

/// A child by its label.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChildLabel {
    /// The child.
    pub id: ChildId,
    /// First name and initial; `erwartetes Kind` or `expected child` before birth.
    pub label: String,
}

/// A criterion that the family answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct FactBody {
    /// The criterion.
    pub criterion_id: CriterionId,
    /// Whether it is claimed.
    pub claimed: bool,
    /// The number, where one is asked.
    pub number: Option<i32>,
    /// `claimed`, `seen` or `rejected`; `null` where nothing is claimed.
    pub evidence_state: Option<String>,
}

/// A wished facility as the family sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreferenceBody {
    /// The preference.
    pub id: PreferenceId,
    /// The facility.
    pub facility_id: FacilityId,
    /// Its name.
    pub facility_name: String,
    /// The family's rank, from 1.
    pub rank: i32,
    /// Where it stands.
    pub state: PreferenceState,
    /// Since when.
    pub state_since: DateTime<Utc>,
    /// Until when the facility should answer; `null` once it has.
    pub answer_due_on: Option<NaiveDate>,
    /// Why the facility refused.
    pub refuse_reason: Option<RefuseReason>,
    /// What the facility wrote with it.
    pub refuse_note: Option<String>,
    /// The newest offer, if there was one.
    pub offer_id: Option<OfferId>,
    /// Distance from home, where it is known.
    pub distance_m: Option<i32>,
    /// The family's own rank and points there, with a line for every rule; `null` where no criteria are published.
    pub score: Option<ScoreBody>,
}

/// The place that a child has.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresentPlaceBody {
    /// Where.
    pub facility_name: String,
    /// First day of care.
    pub care_from: NaiveDate,
    /// First day on which the place is free again.
    pub care_until: NaiveDate,
}

/// A care demand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Demand)]
pub struct DemandBody {
    /// The demand.
    pub id: DemandId,
    /// What to name it by on the telephone, from the day it was sent.
    pub reference_code: Option<String>,
    /// For whom.
    pub child: ChildLabel,
    /// Where it stands.
    pub state: DemandState,
    /// The child has a place, and the family wishes another one.
    pub transfer: bool,
    /// The place that the child keeps meanwhile; of wishes to change only.
    pub present_place: Option<PresentPlaceBody>,
    /// The register knows other data; that never moves the date of application.
    pub register_mismatch: bool,
    /// Kind of care.
    pub care_type: Option<CareType>,
    /// Wished first day.
    pub desired_start: Option<NaiveDate>,
    /// Latest first day.
    pub latest_start: Option<NaiveDate>,
    /// Hours a week.
    pub hours_per_week: Option<i32>,
    /// Fewest hours a week that are enough; `null`: nothing was said.
    pub least_hours: Option<i32>,
    /// What goes first in an allocation round when not all is to be had: the wished times at another facility (`true`), or the facility,
    /// later or with fewer hours.
    pub times_first: bool,
    /// The family's own order of the ways to its wishes instead: each facility as wished and, further down, later or with fewer hours. Of
    /// wishes that have ended it may name some still. `null`: there is none.
    pub ways: Option<Vec<FacilityId>>,
    /// Care from, `HH:MM`.
    pub window_from: Option<TimeOfDay>,
    /// Care until, `HH:MM`.
    pub window_to: Option<TimeOfDay>,
    /// The tick for the legal claim.
    pub legal_claim: bool,
    /// When the claim was asserted.
    pub legal_claim_asserted_at: Option<DateTime<Utc>>,
    /// Until when the municipality owes a place.
    pub legal_due_on: Option<NaiveDate>,
    /// When it was sent.
    pub submitted_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Its version.
    pub version: i32,
    /// Answered criteria.
    pub facts: Vec<FactBody>,
    /// Wished facilities in the family's order, ended ones last.
    pub preferences: Vec<PreferenceBody>,
    /// Whether the family may change it now.
    pub editable: bool,
    /// Last day on which it may.
    pub editable_until: Option<NaiveDate>,
    /// Whether the wished start can move now, after sending.
    pub start_editable: bool,
    /// The first day on which a claim to an earlier start can be due, if the family says it today.
    pub notice_ends_on: NaiveDate,
    /// Things to consider.
    pub hints: Vec<Hint>,
    /// What happens next.
    pub next_step: NextStep,
    /// A mail or letter about it could not be delivered.
    pub mail_problem: bool,
    /// The child lives in another municipality, whose consent is asked for.
    pub guest: Option<GuestShown>,
    /// The family moves here.
    pub move_in: Option<MoveShown>,
    /// Whether the children of the family go to one facility; `null` where none looks for a place at the same time.
    pub siblings: Option<SiblingsShown>,
}

/// A line of a demand's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryItem {
    /// When.
    pub at: DateTime<Utc>,
    /// What happened.
    pub kind: String,
    /// To this preference; `null`: to the demand.
    pub preference_id: Option<PreferenceId>,
    /// The preference's facility.
    pub facility_name: Option<String>,
    /// State before.
    pub from: Option<String>,
    /// State after.
    pub to: Option<String>,
    /// Reason, as a code or in words.
    pub reason: Option<String>,
    /// The day on which a family without an account said it, where the office entered it.
    pub told_on: Option<NaiveDate>,
    /// In which way it said so.
    pub told_by: Option<ToldBy>,
}

/// A demand as it is shown, `None` when there is none. Who may see it is the caller's to ask.
pub async fn demand_body(tx: &mut TenantRead, id: DemandId, language: &str) -> Result<Option<DemandBody>, DemandError> {
    let Some(row) = store::demand(tx, id).await? else {
        return Ok(None);
    };
    let child = child_of(tx, row.child_id).await?;
    tx.touch_child(child.id);
    let settings = tenancy::settings(tx).await?;
    let (preferences, facts) = (store::preferences(tx, id).await?, store::facts(tx, id).await?);
    let ids: Vec<_> = preferences.iter().map(|p| p.id).collect();
    let mut scores = super::score_bodies(tx, &ids, language).await?;
    let (until, today) = (editable_until(tx, &row).await?, tx.today());
    let editable = is_editable(row.state, until, today);
    let start_editable = row.state != DemandState::Draft && starting::may_move(tx, &row).await.is_ok();
    let notice_ends_on = starting::notice_ends(tx, id, today).await?;
    let present_place = present_place(tx, &row).await?;
    let mail_problem = notifications::has_mail_problem(tx, id).await?;
    let residence = residence::of_demand(tx, id).await?;
    let siblings = siblings::shown(tx, id, language).await?;
    Ok(Some(DemandBody {
        id,
        child: ChildLabel {
            id: child.id,
            label: child.label(language),
        },
        hints: hints(&row, &child, &preferences, &settings, today, language),
        next_step: next_step(&row, &preferences, &settings, today),
        editable,
        editable_until: until.filter(|_| editable),
        start_editable,
        notice_ends_on,
        mail_problem,
        guest: residence
            .guest
            .as_ref()
            .map(|row| GuestShown::of(row, residence.lapse.as_ref())),
        move_in: residence.moving.as_ref().map(|row| MoveShown::of(row, today)),
        siblings,
        facts: facts.into_iter().map(FactBody::from).collect(),
        preferences: preferences
            .into_iter()
            .map(|p| {
                let score = scores.remove(&p.id);
                PreferenceBody::of(p, score)
            })
            .collect(),
        reference_code: row.reference_code,
        state: row.state,
        transfer: row.transfer,
        present_place,
        register_mismatch: row.register_mismatch,
        care_type: row.care_type.as_deref().and_then(CareType::parse),
        desired_start: row.desired_start,
        latest_start: row.latest_start,
        hours_per_week: row.hours_per_week,
        least_hours: row.least_hours,
        times_first: row.times_first,
        ways: row.ways,
        window_from: row.window_from.map(TimeOfDay),
        window_to: row.window_to.map(TimeOfDay),
        legal_claim: row.legal_claim,
        legal_claim_asserted_at: row.legal_claim_asserted_at,
        legal_due_on: row.legal_due_on,
        submitted_at: row.submitted_at,
        updated_at: row.updated_at,
        version: row.version,
    }))
}

/// Once the new place is accepted the other one is no matter of the demand any more.
async fn present_place(tx: &mut TenantRead, row: &DemandRow) -> Result<Option<PresentPlaceBody>, sqlx::Error> {
    if !row.transfer || !row.state.is_open() || row.state == DemandState::Covered {
        return Ok(None);
    }
    let place = contracts::place_of(tx, row.child_id).await?;
    Ok(place.map(|place| PresentPlaceBody {
        facility_name: place.facility_name,
        care_from: place.care_from,
        care_until: place.care_until,
    }))
}

/// Everything that happened to a demand and its preferences, oldest first.
pub async fn history(tx: &mut TenantRead, id: DemandId) -> Result<Vec<HistoryItem>, sqlx::Error> {
    let events = store::history(tx, id).await?;
    // That evidence was seen names the criterion.
    let knows_reasons = super::knows_reasons(tx);
    let item = |e: store::ShownEvent| HistoryItem {
        reason: e.reason.filter(|_| knows_reasons || !e.kind.starts_with("evidence_")),
        at: e.at,
        kind: e.kind,
        preference_id: e.preference_id,
        facility_name: e.facility_name,
        from: e.from_state,
        to: Some(e.to_state),
        told_on: e.told_on,
        told_by: e.told_by,
    };
    Ok(events.into_iter().map(item).collect())
}

impl From<store::ShownFact> for FactBody {
    fn from(fact: store::ShownFact) -> Self {
        Self {
            criterion_id: fact.criterion_id,
            claimed: fact.claimed,
            number: fact.number,
            evidence_state: fact.claimed.then_some(fact.evidence_state),
        }
    }
}

impl PreferenceBody {
    fn of(row: ShownPreference, score: Option<ScoreBody>) -> Self {
        Self {
            id: row.id,
            facility_id: row.facility_id,
            facility_name: row.facility_name,
            rank: row.rank,
            state: row.state,
            state_since: row.state_since,
            answer_due_on: row.answer_due_on.filter(|_| row.state.is_live()),
            refuse_reason: row.refuse_reason,
            refuse_note: row.note,
            offer_id: row.offer_id,
            distance_m: None,
            score,
        }
    }
}
