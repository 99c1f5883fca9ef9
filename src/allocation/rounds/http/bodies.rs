//! What the API says of rounds, runs, cases and deviations.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::TenantRead;
use crate::allocation::ENGINE;
use crate::allocation::rounds::RoundError;
use crate::allocation::rounds::model::{
    DeviationKind, DeviationReason, DeviationState, Outcome, RoundConfig, RoundMode, RoundState, RunKind,
};
use crate::allocation::rounds::proposal::{Flag, Reason};
use crate::allocation::rounds::report::Figures;
use crate::allocation::rounds::snapshot::{CaseWish, Exclusion};
use crate::allocation::rounds::store::{self, CaseRow, DeviationRow, RoundRow, RunRow};
use crate::demands::ScoreLine;
use crate::facilities::AgeBand;
use crate::families;
use crate::platform::ids::{
    AccountId, CaseId, ChildId, DemandId, DeviationId, FacilityId, OfferId, PreferenceId, RoundId, RunId,
};

/// A signature under a release.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SignatureBody {
    account_id: AccountId,
    at: DateTime<Utc>,
}

/// Cases of a round by what came of them.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct OutcomeCounts {
    /// Before the release.
    none: i64,
    /// The job has not come to them yet.
    waiting: i64,
    /// Decided, without a place for now.
    decided: i64,
    /// A place was offered.
    offered: i64,
    /// A place was proposed and could not be offered.
    not_sent: i64,
    /// Withdrawn, or covered by another way.
    left: i64,
}

/// A round.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoundBody {
    id: RoundId,
    name: String,
    mode: RoundMode,
    state: RoundState,
    /// Where it was before it was paused.
    paused_from: Option<RoundState>,
    /// First day of the Kita year for which places are given.
    kita_year: NaiveDate,
    key_date: NaiveDate,
    start_on: NaiveDate,
    config: RoundConfig,
    /// Hash of what was frozen.
    snapshot_sha256: Option<String>,
    /// The criteria that made the order.
    criteria: Option<String>,
    /// Binds families, criteria and engine before the draw.
    commitment: Option<String>,
    /// Name and version of the engine.
    engine: String,
    /// The drawn seed, once two persons entered the same.
    seed: Option<String>,
    /// How many persons have entered a seed.
    seed_entries: usize,
    /// Whether the asker has.
    seed_entered_by_me: bool,
    /// The standing run: the newest before the release, the released one after it.
    run: Option<RunBody>,
    /// Whether the asker opened the conflicts of the standing run.
    conflicts_opened_by_me: bool,
    /// Who signed the standing run.
    signatures: Vec<SignatureBody>,
    /// Deviations that wait for the second person.
    deviations_pending: usize,
    outcomes: OutcomeCounts,
    created_at: DateTime<Utc>,
    frozen_at: Option<DateTime<Utc>>,
    released_at: Option<DateTime<Utc>>,
    pub(super) version: i32,
}

impl RoundBody {
    pub(super) async fn of(tx: &mut TenantRead, row: RoundRow) -> Result<Self, RoundError> {
        let me = tx.account().map(|a| a.id);
        let seeds = store::seeds(tx, row.id).await?;
        let deviations = store::deviations(tx, row.id, None, None).await?;
        let (mut run, mut signatures, mut opened) = (None, Vec::new(), false);
        if let Some(id) = row.run_id {
            run = store::runs(tx, row.id, Some(id)).await?.pop().map(RunBody::of);
            signatures = store::signatures(tx, id).await?;
            if let Some(me) = me {
                opened = store::has_reviewed(tx, id, me).await?;
            }
        }
        let pending = |d: &&DeviationRow| d.state == DeviationState::Proposed;
        Ok(Self {
            id: row.id,
            name: row.name,
            mode: row.mode,
            state: row.state,
            paused_from: row.paused_from,
            kita_year: row.kita_year,
            key_date: row.key_date,
            start_on: row.start_on,
            config: row.config.0,
            snapshot_sha256: row.snapshot_sha256,
            criteria: row.rule_set,
            commitment: row.commitment,
            engine: ENGINE.to_owned(),
            seed: row.seed,
            seed_entries: seeds.len(),
            seed_entered_by_me: me.is_some_and(|me| seeds.iter().any(|(who, _)| *who == me)),
            run,
            conflicts_opened_by_me: opened,
            signatures: signatures
                .into_iter()
                .map(|(account_id, at)| SignatureBody { account_id, at })
                .collect(),
            deviations_pending: deviations.iter().filter(pending).count(),
            outcomes: OutcomeCounts::of(&store::outcomes(tx, row.id).await?),
            created_at: row.created_at,
            frozen_at: row.frozen_at,
            released_at: row.released_at,
            version: row.version,
        })
    }
}

impl OutcomeCounts {
    fn of(rows: &[(Outcome, i64)]) -> Self {
        let mut counts = Self::default();
        for (outcome, n) in rows {
            match outcome {
                Outcome::None => counts.none = *n,
                Outcome::Waiting => counts.waiting = *n,
                Outcome::Decided => counts.decided = *n,
                Outcome::Offered => counts.offered = *n,
                Outcome::NotSent => counts.not_sent = *n,
                Outcome::Left => counts.left = *n,
            }
        }
        counts
    }
}

/// A round in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoundSummary {
    id: RoundId,
    name: String,
    mode: RoundMode,
    state: RoundState,
    kita_year: NaiveDate,
    key_date: NaiveDate,
    start_on: NaiveDate,
    created_at: DateTime<Utc>,
    released_at: Option<DateTime<Utc>>,
}

impl RoundSummary {
    pub(super) fn of(row: RoundRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            mode: row.mode,
            state: row.state,
            kita_year: row.kita_year,
            key_date: row.key_date,
            start_on: row.start_on,
            created_at: row.created_at,
            released_at: row.released_at,
        }
    }
}

/// A run; it was verified before it was stored.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RunBody {
    pub(super) id: RunId,
    number: i32,
    kind: RunKind,
    instance_sha256: String,
    engine: String,
    figures: Figures,
    verified_at: DateTime<Utc>,
    /// Who started it; `null` for a run of the system after the release.
    started_by: Option<AccountId>,
}

impl RunBody {
    pub(super) fn of(row: RunRow) -> Self {
        Self {
            id: row.id,
            number: row.number,
            kind: row.kind,
            instance_sha256: row.instance_sha256,
            engine: row.engine,
            figures: row.metrics.0,
            verified_at: row.verified_at,
            started_by: row.created_by,
        }
    }
}

/// A child as the office names it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseChild)]
pub(super) struct CaseChildBody {
    id: ChildId,
    /// First name and initial; `erwartetes Kind` before birth.
    label: String,
    birth_date: NaiveDate,
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
    care_from: NaiveDate,
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
    outcome: Outcome,
    /// Why a place could not be offered, or how the demand left.
    outcome_reason: Option<String>,
    offer_id: Option<OfferId>,
}

impl CaseBody {
    pub(super) fn of(row: &CaseRow, language: &str) -> Self {
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
            care_from: row.care_from,
            legal_claim: row.legal_claim,
            facility_id: at.and_then(|at| row.wishes.get(at)).map(|w| w.facility_id),
            preference_id: row.preference_id,
            wish: at.map(|at| at + 1),
            wishes: row.wishes.len(),
            flags: flags.collect(),
            outcome: row.outcome,
            outcome_reason: row.outcome_reason.clone(),
            offer_id: row.offer_id,
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
    /// Why it was met or not; `null` before the first run.
    reason: Option<Reason>,
    /// Why it is no candidate at all.
    excluded: Option<Exclusion>,
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
    /// Why the provider's own order put another child first.
    provider_reason: Option<DeviationReason>,
}

impl CaseWishBody {
    pub(super) fn of(row: &CaseRow, at: usize, wish: &CaseWish, facility_name: String) -> Self {
        let code = row.code(wish.preference_id);
        Self {
            preference_id: wish.preference_id,
            facility_id: wish.facility_id,
            facility_name,
            rank: at + 1,
            reason: code.map(|c| c.code),
            excluded: wish.excluded,
            points: wish.points,
            breakdown: wish.lines.clone(),
            priority: wish.priority.clone(),
            cutoff: code.and_then(|c| c.cutoff.clone()),
            ahead: code.and_then(|c| c.ahead),
            lottery: code.is_some_and(|c| c.lottery),
            provider_reason: code.and_then(|c| c.reason),
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
    proposed_at: DateTime<Utc>,
    approved_by: Option<AccountId>,
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
            proposed_at: row.proposed_at,
            approved_by: row.approved_by,
            approved_at: row.approved_at,
        }
    }
}
