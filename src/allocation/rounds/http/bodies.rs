//! What the API says of rounds and runs.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::TenantRead;
use crate::allocation::ENGINE;
use crate::allocation::rounds::RoundError;
use crate::allocation::rounds::model::{
    Answer, DeviationState, ImprovementState, Outcome, RoundConfig, RoundMode, RoundState, RunKind,
};
use crate::allocation::rounds::next::{Known, NextStep, next_step};
use crate::allocation::rounds::report::Figures;
use crate::allocation::rounds::store::{self, DeviationRow, RoundRow, RunRow};
use crate::platform::ids::{AccountId, RoundId, RunId};

/// Who did a step of a round, and when.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoundPerson)]
pub(super) struct PersonBody {
    account_id: AccountId,
    /// The name for people; empty once the account is closed.
    name: String,
    at: DateTime<Utc>,
}

impl PersonBody {
    fn all(rows: Vec<store::PersonAt>) -> Vec<Self> {
        let body = |row: store::PersonAt| Self {
            account_id: row.account_id,
            name: row.name,
            at: row.at,
        };
        rows.into_iter().map(body).collect()
    }
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

/// What families said to the offers of a round.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct AnswerCounts {
    /// They can still answer.
    open: i64,
    accepted: i64,
    declined: i64,
    /// The deadline passed without an answer.
    expired: i64,
    /// The facility took the offer back.
    revoked: i64,
    /// Of all these, first places of children who had waited.
    moved_up: i64,
}

impl AnswerCounts {
    fn of(rows: &[store::Answers]) -> Self {
        let mut counts = Self::default();
        for row in rows {
            counts.moved_up += row.moved_up;
            match row.answer {
                Answer::Open => counts.open = row.all,
                Answer::Accepted => counts.accepted = row.all,
                Answer::Declined => counts.declined = row.all,
                Answer::Expired => counts.expired = row.all,
                Answer::Revoked => counts.revoked = row.all,
            }
        }
        counts
    }
}

/// Better places that were offered to children with a place, by what became of them.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct ImprovementCounts {
    /// The family can still answer, or the offer is about to be sent.
    open: i64,
    /// It changed, and its old place went on.
    accepted: i64,
    /// It keeps what it has: it declined, or did not answer.
    kept: i64,
    /// The place could not be offered, or not any more.
    not_sent: i64,
}

impl ImprovementCounts {
    fn of(rows: &[(ImprovementState, i64)]) -> Self {
        let mut counts = Self::default();
        for (state, n) in rows {
            match state {
                ImprovementState::Waiting | ImprovementState::Offered => counts.open += n,
                ImprovementState::Accepted => counts.accepted += n,
                ImprovementState::Declined | ImprovementState::Expired => counts.kept += n,
                ImprovementState::Revoked | ImprovementState::NotSent | ImprovementState::Left => counts.not_sent += n,
            }
        }
        counts
    }
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
    /// Who they are; what each entered is shown to nobody.
    seed_entered_by: Vec<PersonBody>,
    /// Whether the asker has.
    seed_entered_by_me: bool,
    /// The standing run: the newest before the release, the released one after it.
    run: Option<RunBody>,
    /// Whether the asker opened the conflicts of the standing run.
    conflicts_opened_by_me: bool,
    /// Who opened the conflicts of the standing run.
    conflicts_opened_by: Vec<PersonBody>,
    /// Who signed the standing run.
    signatures: Vec<PersonBody>,
    /// Deviations that wait for the second person.
    deviations_pending: usize,
    /// Cases about which a named person has to decide before the release.
    undecided: i64,
    outcomes: OutcomeCounts,
    answers: AnswerCounts,
    improvements: ImprovementCounts,
    created_at: DateTime<Utc>,
    frozen_at: Option<DateTime<Utc>>,
    released_at: Option<DateTime<Utc>>,
    pub(super) version: i32,
}

impl RoundBody {
    pub(super) async fn of(tx: &mut TenantRead, row: RoundRow) -> Result<Self, RoundError> {
        let me = tx.account().map(|a| a.id);
        let seeds = store::seed_entries(tx, row.id).await?;
        let deviations = store::deviations(tx, row.id, None, None).await?;
        let (mut run, mut signatures, mut reviews) = (None, Vec::new(), Vec::new());
        if let Some(id) = row.run_id {
            run = store::runs(tx, row.id, Some(id)).await?.pop().map(RunBody::of);
            signatures = store::signatures(tx, id).await?;
            reviews = store::reviews(tx, id).await?;
        }
        let among = |all: &[store::PersonAt]| me.is_some_and(|me| all.iter().any(|p| p.account_id == me));
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
            seed_entered_by_me: among(&seeds),
            seed_entered_by: PersonBody::all(seeds),
            run,
            conflicts_opened_by_me: among(&reviews),
            conflicts_opened_by: PersonBody::all(reviews),
            signatures: PersonBody::all(signatures),
            deviations_pending: deviations.iter().filter(pending).count(),
            undecided: match row.released_at {
                Some(_) => 0,
                None => store::undecided(tx, row.id).await?,
            },
            outcomes: OutcomeCounts::of(&store::outcomes(tx, row.id).await?),
            answers: AnswerCounts::of(&store::answers_of_families(tx, row.id).await?),
            improvements: ImprovementCounts::of(&store::improvement_counts(tx, row.id).await?),
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
    /// Children in the standing run; `null` before the first.
    children: Option<u64>,
    /// Of them with a place.
    placed: Option<u64>,
    /// What moves it on, for the person who asks.
    next: NextStep,
}

impl RoundSummary {
    pub(super) fn of(row: RoundRow, progress: &store::Progress, today: NaiveDate) -> Self {
        let known = Known {
            state: row.state,
            coordinated: row.mode == RoundMode::Coordinated,
            key_date: row.key_date,
            draw_on: row.config.draw_on,
            drawn: row.seed.is_some(),
            seed_entries: progress.seed_entries,
            seed_by_me: progress.seed_by_me,
            run: progress.run_kind.zip(progress.verified_at),
            opened_by_me: progress.opened_by_me,
            signed_by_me: progress.signed_by_me,
            pending: progress.pending,
            undecided: progress.undecided,
            decided_at: progress.decided_at,
            waiting: progress.waiting,
            not_sent: progress.not_sent,
        };
        Self {
            next: next_step(&known, today),
            children: progress.figures.as_ref().map(|f| f.children),
            placed: progress.figures.as_ref().map(|f| f.placed),
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
    /// That person's name; empty once the account is closed.
    started_by_name: Option<String>,
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
            started_by_name: row.created_by_name,
        }
    }
}
