//! What the API says of cases and deviations.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::siblings::SiblingPlacingBody;
use crate::allocation::rounds::model::{
    Answer, DeviationKind, DeviationReason, DeviationState, ImprovementState, Outcome,
};
use crate::allocation::rounds::proposal::{Flag, Reason};
use crate::allocation::rounds::snapshot::{CaseWish, Exclusion, Way};
use crate::allocation::rounds::standing::Held;
use crate::allocation::rounds::store::{self, CaseRow, DeviationRow};
use crate::demands::{ScoreLine, Veil};
use crate::facilities::AgeBand;
use crate::families;
use crate::platform::ids::{AccountId, CaseId, ChildId, DemandId, DeviationId, FacilityId, OfferId, PreferenceId};

/// A child as the office names it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseChild)]
pub(super) struct CaseChildBody {
    id: ChildId,
    /// First name and initial; `erwartetes Kind` before birth.
    label: String,
    birth_date: NaiveDate,
}

/// A better place of a child that has one.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseImprovementBody {
    state: ImprovementState,
    /// Where the better place is.
    facility_id: Option<FacilityId>,
    /// Where the child had its place.
    from_facility_id: Option<FacilityId>,
    offer_id: Option<OfferId>,
}

impl CaseImprovementBody {
    fn of(row: &CaseRow, found: &store::Improvement) -> Self {
        let facility = |id| row.wishes.iter().find(|w| w.preference_id == id).map(|w| w.facility_id);
        Self {
            state: found.state,
            facility_id: facility(found.preference_id),
            from_facility_id: facility(found.kept_preference_id),
            offer_id: found.offer_id,
        }
    }
}

/// Who decided about what is proposed to a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseDecisionBody {
    account_id: AccountId,
    /// The name for people; empty once the account is closed.
    name: String,
    at: DateTime<Utc>,
    /// The ground in words.
    note: Option<String>,
}

/// The wish at which a child's best offer stands in a coordinated round under way.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseHeldBody {
    preference_id: PreferenceId,
    facility_id: FacilityId,
    /// The parents' rank of that wish, from 1.
    wish: usize,
    /// Whether it is final: it cannot become a better one any more.
    last: bool,
}

impl CaseHeldBody {
    fn of(row: &CaseRow, held: &Held) -> Option<Self> {
        let mut wishes = (1..).zip(row.wishes.iter());
        let (wish, found) = wishes.find(|(_, wish)| wish.pool.as_ref() == Some(&held.pool))?;
        Some(Self {
            preference_id: found.preference_id,
            facility_id: found.facility_id,
            wish,
            last: held.last,
        })
    }
}

/// A demand in a round, with what the standing run proposes.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseBody {
    pub(super) id: CaseId,
    demand_id: DemandId,
    reference_code: Option<String>,
    child: CaseChildBody,
    /// Random name of the family in this round; siblings share it.
    family: String,
    age_band: AgeBand,
    /// First day of care: that of the proposed place, where it is later than the wished one.
    care_from: NaiveDate,
    /// Hours a week of the proposed place, where the groups' times bound them; `null`: as wished.
    hours_per_week: Option<i32>,
    legal_claim: bool,
    /// Where it is proposed to go; `null`: no place.
    facility_id: Option<FacilityId>,
    preference_id: Option<PreferenceId>,
    /// Which of the parents' wishes that is, from 1.
    wish: Option<usize>,
    /// How many wishes there are.
    wishes: usize,
    /// What to look at, the gravest first.
    flags: Vec<Flag>,
    /// Whether a named person has to decide about it before the release.
    to_decide: bool,
    /// Who did; `null`: nobody yet.
    decision: Option<CaseDecisionBody>,
    outcome: Outcome,
    /// Why a place could not be offered, or how the demand left.
    outcome_reason: Option<String>,
    offer_id: Option<OfferId>,
    /// How the latest offer stands; `null`: none was sent.
    answer: Option<Answer>,
    /// Whether it had waited, and a place that came back after the release is proposed to it as its first.
    moved_up: bool,
    /// The last better place that was offered to it beside the one it has; `null`: none.
    improvement: Option<CaseImprovementBody>,
    /// What it holds in a coordinated round under way, before a final run; `null`: nothing, or no such round.
    pub(super) held: Option<CaseHeldBody>,
}

impl CaseBody {
    pub(super) fn of(
        row: &CaseRow,
        improvement: Option<&store::Improvement>,
        held: Option<&Held>,
        language: &str,
    ) -> Self {
        let improved = improvement.is_some_and(|i| i.state == ImprovementState::Accepted);
        let (first, last) = (row.first_name.as_deref(), row.last_name.as_deref());
        let at = row
            .wishes
            .iter()
            .position(|w| Some(w.preference_id) == row.preference_id);
        let flags = Flag::ALL
            .into_iter()
            .filter(|f| row.flags.iter().any(|word| word == f.as_str()));
        Self {
            id: row.id,
            demand_id: row.demand_id,
            reference_code: row.reference_code.clone(),
            child: CaseChildBody {
                id: row.child_id,
                label: families::child_label(first, last, language),
                birth_date: row.birth_date,
            },
            family: row.family.clone(),
            age_band: row.age_band,
            care_from: row.way().map_or(row.care_from, |way| way.care_from),
            hours_per_week: row.way().and_then(|way| way.hours),
            legal_claim: row.legal_claim,
            facility_id: at.and_then(|at| row.wishes.get(at)).map(|w| w.facility_id),
            preference_id: row.preference_id,
            wish: at.map(|at| at + 1),
            wishes: row.wishes.len(),
            flags: flags.collect(),
            to_decide: row.to_decide,
            decision: row
                .decided_by
                .zip(row.decided_at)
                .map(|(account_id, at)| CaseDecisionBody {
                    account_id,
                    name: row.decided_by_name.clone().unwrap_or_default(),
                    at,
                    note: row.decision_note.clone(),
                }),
            outcome: row.outcome,
            outcome_reason: row.outcome_reason.clone(),
            offer_id: row.offer_id,
            answer: row.answer,
            moved_up: row.moved_up && !improved,
            improvement: improvement.map(|found| CaseImprovementBody::of(row, found)),
            held: held.and_then(|held| CaseHeldBody::of(row, held)),
        }
    }
}

/// One way to a wish: as the family would like it best, or later or with fewer hours.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoundWay)]
pub(super) struct WayBody {
    /// First day of care.
    care_from: NaiveDate,
    /// Hours a week, where the groups' times bound them; `null`: as wished.
    hours_per_week: Option<i32>,
}

impl WayBody {
    pub(super) fn of(way: &Way) -> Self {
        Self {
            care_from: way.care_from,
            hours_per_week: way.hours,
        }
    }
}

/// A wish with what stands in the way.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseWishBody {
    preference_id: PreferenceId,
    facility_id: FacilityId,
    facility_name: String,
    /// The parents' rank, from 1.
    rank: usize,
    /// Why it was met or not, or `held`; `null` before the first run.
    reason: Option<Reason>,
    /// Why it is no candidate at all.
    excluded: Option<Exclusion>,
    /// The ways to it, the best first; empty where there is but one, as wished.
    ways: Vec<WayBody>,
    points: i32,
    /// How the points came about.
    breakdown: Vec<ScoreLine>,
    /// The order: compared from left to right, larger goes first; rank and points come first.
    priority: Vec<i64>,
    /// Priority of the last child that got an open place there.
    cutoff: Option<Vec<i64>>,
    /// How many wait before this child.
    ahead: Option<u32>,
    /// Whether the draw decided, all else being equal.
    lottery: bool,
    /// The published reason, where a person departed from the order of the criteria.
    provider_reason: Option<DeviationReason>,
    /// What the office decided: `exclude`, that this wish does not count; `place`, that the child goes here or, where it does not, that
    /// another one does. `null`: nothing, and a reason is that of the provider's own order.
    decided: Option<DeviationKind>,
    /// The place in the order of all wishes for these places, from 1; `null` for a wish that does not count, and before the first run.
    position: Option<u32>,
    /// How many wishes there are in that order.
    of: Option<u32>,
    /// In how many of 1,000 other draws this wish is met; `null` until it was counted, and for a wish that does not count.
    chance_per_mille: Option<i32>,
}

impl CaseWishBody {
    pub(super) fn of(
        row: &CaseRow,
        at: usize,
        wish: &CaseWish,
        facility_name: String,
        chance: Option<&store::Chance>,
        held: bool,
        veil: &Veil,
    ) -> Self {
        let met = chance.and_then(|c| Some((c.met.get(at).copied().flatten()?, c.draws)));
        let code = row.code(wish.preference_id);
        Self {
            preference_id: wish.preference_id,
            facility_id: wish.facility_id,
            facility_name,
            rank: at + 1,
            reason: if held { Some(Reason::Held) } else { code.map(|c| c.code) },
            excluded: wish.excluded,
            ways: wish.ways.iter().map(WayBody::of).collect(),
            points: wish.points,
            breakdown: veil.score_lines(&wish.lines),
            priority: wish.priority.clone(),
            cutoff: code.and_then(|c| c.cutoff.clone()),
            ahead: code.and_then(|c| c.ahead),
            lottery: code.is_some_and(|c| c.lottery),
            provider_reason: code.and_then(|c| c.reason),
            decided: code.and_then(|c| c.decided),
            position: code.and_then(|c| c.position),
            of: code.and_then(|c| c.of),
            chance_per_mille: met.map(|(met, draws)| met.saturating_mul(1000) / draws),
        }
    }
}

/// A case with its wishes and what was decided about it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseDetailBody {
    pub(super) case: CaseBody,
    /// Random name of the child in this round, as in the run's file.
    pub(super) pseudonym: String,
    /// The family's lottery number in hexadecimal; the smaller goes first.
    pub(super) lottery_number: Option<String>,
    pub(super) wishes: Vec<CaseWishBody>,
    pub(super) deviations: Vec<DeviationBody>,
    /// Other children of the same family in this round.
    pub(super) siblings: Vec<CaseId>,
    /// How they are placed; `null` without any.
    pub(super) sibling_placing: Option<SiblingPlacingBody>,
}

/// A deviation from the proposal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeviationBody {
    pub(super) id: DeviationId,
    case_id: CaseId,
    kind: DeviationKind,
    preference_id: PreferenceId,
    facility_id: FacilityId,
    reason: DeviationReason,
    note: String,
    state: DeviationState,
    proposed_by: AccountId,
    /// That person's name; empty once the account is closed.
    proposed_by_name: String,
    proposed_at: DateTime<Utc>,
    approved_by: Option<AccountId>,
    approved_by_name: Option<String>,
    approved_at: Option<DateTime<Utc>>,
}

impl DeviationBody {
    pub(super) fn of(row: DeviationRow) -> Self {
        Self {
            id: row.id,
            case_id: row.case_id,
            kind: row.kind,
            preference_id: row.preference_id,
            facility_id: row.facility_id,
            reason: row.reason,
            note: row.note,
            state: row.state,
            proposed_by: row.proposed_by,
            proposed_by_name: row.proposed_by_name,
            proposed_at: row.proposed_at,
            approved_by: row.approved_by,
            approved_by_name: row.approved_by_name,
            approved_at: row.approved_at,
        }
    }
}
