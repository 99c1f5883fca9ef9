//! What families, facilities and the public see of rounds, and the records of decisions as a file.

use actix_web::web::Json;
use actix_web::{HttpResponse, get};
use base64::Engine;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx, TenantRead};
use crate::allocation::ENGINE;
use crate::allocation::rounds::model::{DeviationReason, Outcome, RoundState};
use crate::allocation::rounds::proposal::{Reason, hex};
use crate::allocation::rounds::snapshot::{CaseWish, Exclusion};
use crate::allocation::rounds::store::{self, CaseRow, PublicRound, RoundRow};
use crate::allocation::rounds::suppression::{Corridor, FEWEST, corridor, published};
use crate::allocation::rounds::{self, RoundError};
use crate::demands::ScoreLine;
use crate::facilities::{self, AgeBand, age_band_on, school_entry};
use crate::families;
use crate::platform::crypto::sha256;
use crate::platform::http::{ApiError, At, Query};
use crate::platform::ids::{ChildId, DemandId, FacilityId, PreferenceId, RoundId};
use crate::tenancy;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_allocations)
        .service(get_explanation)
        .service(get_round_outcome)
        .service(export_decisions);
}

/// Figures of a released round; what fewer than five children could be known by is `null`.
#[derive(Debug, Serialize, ToSchema)]
struct PublicFigures {
    children: Option<u64>,
    placed: Option<u64>,
    unplaced: Option<u64>,
    first_wish: Option<u64>,
    /// Children with their first wish, their second, and so on.
    rank_histogram: Vec<Option<u64>>,
    /// Children whose legal claim is asserted and who got no place, in all.
    unserved_claims: Option<u64>,
    /// Children who would have had a better claim to a place that another one got.
    justified_envy: Option<u64>,
    /// Cases in which the draw decided, all else being equal.
    lottery_decided: Option<u64>,
}

/// A round as everybody may see it.
#[derive(Debug, Serialize, ToSchema)]
struct AllocationBody {
    id: RoundId,
    name: String,
    state: RoundState,
    kita_year: NaiveDate,
    key_date: NaiveDate,
    start_on: NaiveDate,
    age_bands: Vec<AgeBand>,
    /// The public draw that gives the seed.
    draw_source: String,
    draw_on: NaiveDate,
    /// Hash of what was frozen.
    snapshot_sha256: Option<String>,
    /// The criteria that made the order.
    criteria: Option<String>,
    /// Binds families, criteria and engine before the draw.
    commitment: Option<String>,
    /// The drawn seed, after the release.
    seed: Option<String>,
    engine: String,
    /// Hash of the released run's instance.
    instance_sha256: Option<String>,
    frozen_at: Option<DateTime<Utc>>,
    released_at: Option<DateTime<Utc>>,
    /// After the release.
    figures: Option<PublicFigures>,
}

/// The rounds of a municipality in public.
#[derive(Debug, Serialize, ToSchema)]
struct AllocationList {
    items: Vec<AllocationBody>,
}

impl AllocationBody {
    fn of(row: PublicRound) -> Self {
        let report = row.report.map(|r| r.0);
        let figures = row.metrics.zip(report).map(|(m, report)| PublicFigures {
            children: published(m.children),
            placed: published(m.placed),
            // Together with the number of all it would tell what was left out.
            unplaced: published(m.unplaced).filter(|_| published(m.placed).is_some()),
            first_wish: published(m.first_wish),
            rank_histogram: report.rank_histogram.iter().map(|n| published(*n)).collect(),
            unserved_claims: published(report.unserved_claims.values().sum()),
            justified_envy: published(m.justified_envy),
            lottery_decided: published(report.lottery_decided),
        });
        Self {
            id: row.id,
            name: row.name,
            state: row.state,
            kita_year: row.kita_year,
            key_date: row.key_date,
            start_on: row.start_on,
            age_bands: row.config.0.age_bands,
            draw_source: row.config.0.draw_source,
            draw_on: row.config.0.draw_on,
            snapshot_sha256: row.snapshot_sha256,
            criteria: row.rule_set,
            commitment: row.commitment,
            seed: row.seed,
            engine: row.engine.unwrap_or_else(|| ENGINE.to_owned()),
            instance_sha256: row.instance_sha256,
            frozen_at: row.frozen_at,
            released_at: row.released_at,
            figures,
        }
    }
}

/// The rounds of the municipality with their draws, hashes and anonymous figures.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The rounds", body = AllocationList)))]
#[get("/allocations")]
async fn list_allocations(ctx: Ctx) -> Result<Json<AllocationList>, ApiError> {
    ctx.read(Action::ListAllocations, async |tx| {
        let rows = store::public_rounds(tx).await?;
        Ok(Json(AllocationList {
            items: rows.into_iter().map(AllocationBody::of).collect(),
        }))
    })
    .await
}

/// Rank and points, which decide before any tie-break.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
struct Standing {
    /// The higher rank goes first, whatever the points.
    rank: i64,
    points: i64,
}

impl Standing {
    /// What of a priority may be shown: the tie-breaks after it would tell of other children.
    fn of(priority: &[i64]) -> Option<Self> {
        match priority {
            [rank, points, ..] => Some(Self {
                rank: *rank,
                points: *points,
            }),
            _ => None,
        }
    }
}

/// A wish with the reason why it was met or not.
#[derive(Debug, Serialize, ToSchema)]
struct ExplainedWish {
    preference_id: PreferenceId,
    facility_id: FacilityId,
    facility_name: String,
    /// The parents' rank, from 1.
    wish: usize,
    /// `null` before a round has decided.
    reason: Option<Reason>,
    /// Why it is no candidate at all.
    excluded: Option<Exclusion>,
    points: i32,
    /// How the points came about; `null` before a round.
    breakdown: Option<Vec<ScoreLine>>,
    /// The own place in the order.
    own: Option<Standing>,
    /// That of the last child that got an open place; `null` where it could tell of a single child.
    cutoff: Option<Standing>,
    /// The place on the list of those who wait for this facility, from 1.
    followup_rank: Option<u32>,
    /// Whether the draw decided, all else being equal.
    lottery: bool,
    /// Why the provider's own order put another child first.
    provider_reason: Option<DeviationReason>,
    /// Where the child would stand now among all who wish the same; `null` after a round, and where fewer than five do.
    corridor: Option<Corridor>,
}

/// The family's number in the draw, and how to check it: HMAC-SHA256 with the seed as key and the pseudonym as message.
#[derive(Debug, Serialize, ToSchema)]
struct LotteryBody {
    seed: String,
    pseudonym: String,
    /// In hexadecimal; the smaller goes first.
    number: String,
    /// Families in the draw.
    families: u64,
    /// How many of them have a smaller number.
    smaller: u64,
    draw_source: String,
    draw_on: NaiveDate,
    commitment: Option<String>,
}

/// The round that decided.
#[derive(Debug, Serialize, ToSchema)]
struct ExplainedRound {
    id: RoundId,
    name: String,
    key_date: NaiveDate,
    start_on: NaiveDate,
    criteria: Option<String>,
    released_at: Option<DateTime<Utc>>,
    outcome: Outcome,
    /// A person decided against the proposal for this child.
    deviation: bool,
}

/// Why a child got the place it got, or none.
#[derive(Debug, Serialize, ToSchema)]
struct ExplanationBody {
    demand_id: DemandId,
    /// `null` before a round has decided.
    round: Option<ExplainedRound>,
    wishes: Vec<ExplainedWish>,
    lottery: Option<LotteryBody>,
}

/// Why: for each wish the reason, own points and cut-off; before a round a corridor. Nothing about any other child.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The explanation", body = ExplanationBody)))]
#[get("/demands/{demand_id}/explanation")]
async fn get_explanation(ctx: Ctx, at: At<DemandId>) -> Result<Json<ExplanationBody>, ApiError> {
    ctx.read(Action::GetExplanation, async |tx| {
        let account = tx.scope().own().ok_or_else(ApiError::forbidden)?;
        let child = store::child_of(tx, at.0).await?.ok_or_else(ApiError::not_found)?;
        if !families::has_custody(tx, account, child).await? {
            return Err(ApiError::not_found());
        }
        tx.touch(at.0);
        tx.touch_child(child);
        match store::decided_case(tx, at.0).await? {
            Some((round, case)) => {
                let round = rounds::round(tx, round).await?;
                let filter = store::Cases {
                    id: Some(case),
                    limit: 1,
                    ..Default::default()
                };
                let case = store::cases(tx, round.id, &filter).await?.pop();
                decided(tx, at.0, round, case.ok_or_else(ApiError::not_found)?).await
            }
            None => before_a_round(tx, at.0).await,
        }
        .map(Json)
    })
    .await
}

async fn decided(
    tx: &mut TenantRead,
    demand: DemandId,
    round: RoundRow,
    case: CaseRow,
) -> Result<ExplanationBody, ApiError> {
    let ids: Vec<FacilityId> = case.wishes.iter().map(|w| w.facility_id).collect();
    let named = facilities::facility_briefs(tx, &ids).await?;
    let pools: Vec<String> = case.wishes.iter().filter_map(|w| w.pool.clone()).collect();
    let placed = store::placed_in(tx, round.id, &pools).await?;
    let many = |pool: Option<&str>| placed.iter().any(|(p, n)| Some(p.as_str()) == pool && *n >= FEWEST);
    let wish = |(at, wish): (usize, &CaseWish)| {
        let code = case.code(wish.preference_id);
        let cutoff = code.and_then(|c| c.cutoff.as_deref()).and_then(Standing::of);
        ExplainedWish {
            preference_id: wish.preference_id,
            facility_id: wish.facility_id,
            facility_name: named
                .iter()
                .find(|f| f.id == wish.facility_id)
                .map(|f| f.name.clone())
                .unwrap_or_default(),
            wish: at + 1,
            reason: code.map(|c| c.code),
            excluded: wish.excluded,
            points: wish.points,
            breakdown: Some(wish.lines.clone()),
            own: Standing::of(&wish.priority),
            cutoff: cutoff.filter(|_| many(wish.pool.as_deref())),
            followup_rank: code.and_then(|c| c.ahead).map(|ahead| ahead + 1),
            lottery: code.is_some_and(|c| c.lottery),
            provider_reason: code.and_then(|c| c.reason),
            corridor: None,
        }
    };
    let wishes = case.wishes.iter().enumerate().map(wish).collect();
    let lottery = match (case.lottery.clone(), round.seed.clone()) {
        (Some(number), Some(seed)) => {
            let (families, smaller) = store::lottery_place(tx, round.id, &number).await?;
            Some(LotteryBody {
                seed,
                pseudonym: case.family.clone(),
                number,
                families,
                smaller,
                draw_source: round.config.draw_source.clone(),
                draw_on: round.config.draw_on,
                commitment: round.commitment.clone(),
            })
        }
        _ => None,
    };
    Ok(ExplanationBody {
        demand_id: demand,
        round: Some(ExplainedRound {
            id: round.id,
            name: round.name,
            key_date: round.key_date,
            start_on: round.start_on,
            criteria: round.rule_set,
            released_at: round.released_at,
            outcome: case.outcome,
            deviation: case.flags.iter().any(|f| f == "deviation"),
        }),
        wishes,
        lottery,
    })
}

/// Among all who wish the same facility for a child of the same band: how many have more points.
async fn before_a_round(tx: &mut TenantRead, demand: DemandId) -> Result<ExplanationBody, ApiError> {
    let wishes = store::open_wishes(tx, demand).await?;
    let ids: Vec<FacilityId> = wishes.iter().map(|w| w.facility_id).collect();
    let rivals = store::rivals(tx, &ids).await?;
    let start = tenancy::settings(tx).await?.kita_year_start;
    let band = |r: &store::Rival| age_band_on(r.birth, r.desired_start, school_entry(r.birth, &start));
    let place = |facility: FacilityId| {
        let mine = rivals
            .iter()
            .find(|r| r.demand_id == demand && r.facility_id == facility)?;
        let same = rivals
            .iter()
            .filter(|r| r.facility_id == facility && band(r) == band(mine));
        let (ahead, of) = same.fold((0, 0), |(ahead, of), r| {
            (ahead + u64::from(r.points > mine.points), of + 1)
        });
        corridor(ahead, of)
    };
    let wish = |w: store::OpenWish| ExplainedWish {
        corridor: place(w.facility_id),
        preference_id: w.preference_id,
        facility_id: w.facility_id,
        facility_name: w.facility_name,
        wish: usize::try_from(w.rank).unwrap_or(0),
        reason: None,
        excluded: None,
        points: w.points,
        breakdown: None,
        own: None,
        cutoff: None,
        followup_rank: None,
        lottery: false,
        provider_reason: None,
    };
    Ok(ExplanationBody {
        demand_id: demand,
        round: None,
        wishes: wishes.into_iter().map(wish).collect(),
        lottery: None,
    })
}

/// Only of this facility.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OutcomeQuery {
    /// Only of this facility.
    facility_id: Option<FacilityId>,
}

/// A child that was offered a place by a round.
#[derive(Debug, Serialize, ToSchema)]
struct PlacedChildBody {
    preference_id: PreferenceId,
    child_id: ChildId,
    /// First name and initial; `erwartetes Kind` before birth.
    label: String,
    care_from: NaiveDate,
    outcome: Outcome,
    /// State of its offer.
    offer_state: Option<String>,
}

/// What a round gave in one age band of a facility.
#[derive(Debug, Serialize, ToSchema)]
struct PoolOutcomeBody {
    facility_id: FacilityId,
    facility_name: String,
    age_band: AgeBand,
    /// Places that the round could give.
    places: i32,
    /// Children to whom one was offered, as far as the offers were sent.
    children: Vec<PlacedChildBody>,
}

/// What a round gave to facilities.
#[derive(Debug, Serialize, ToSchema)]
struct RoundOutcomeBody {
    /// At most 200; narrow them with `facility_id`.
    items: Vec<PoolOutcomeBody>,
}

/// What a released round gave to the facilities in reach.
#[utoipa::path(tag = "allocation", params(OutcomeQuery),
    responses((status = 200, description = "The outcome", body = RoundOutcomeBody),
              (status = 409, description = "`round.not_released`")))]
#[get("/staff/rounds/{round_id}/outcome")]
async fn get_round_outcome(
    ctx: Ctx,
    at: At<RoundId>,
    query: Query<OutcomeQuery>,
) -> Result<Json<RoundOutcomeBody>, ApiError> {
    ctx.read(Action::GetRoundOutcome, async |tx| {
        let round = rounds::round(tx, at.0).await?;
        if round.released_at.is_none() {
            return Err(RoundError::NotReleased.into());
        }
        let scope = tx.scope().clone();
        let pools = store::pool_outcomes(tx, at.0, scope.facilities(), query.0.facility_id).await?;
        let names: Vec<String> = pools.iter().map(|p| p.pool.clone()).collect();
        let children = store::placed_children(tx, at.0, &names).await?;
        children.iter().for_each(|c| tx.touch_child(c.child_id));
        let language = tx.account().map_or("de", |a| a.language.as_str());
        let items = pools.into_iter().map(|pool| PoolOutcomeBody {
            children: children
                .iter()
                .filter(|c| c.pool == pool.pool)
                .map(|c| PlacedChildBody::of(c, language))
                .collect(),
            facility_id: pool.facility_id,
            facility_name: pool.facility_name,
            age_band: pool.age_band,
            places: pool.cap,
        });
        Ok(Json(RoundOutcomeBody { items: items.collect() }))
    })
    .await
}

impl PlacedChildBody {
    fn of(row: &store::PlacedChild, language: &str) -> Self {
        Self {
            preference_id: row.preference_id,
            child_id: row.child_id,
            label: families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), language),
            care_from: row.care_from,
            outcome: row.outcome,
            offer_state: row.offer_state.clone(),
        }
    }
}

/// The records of all decisions of a round as one file: a JSON document a line. Its SHA-256 stands in `Content-Digest`.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The records", body = String, content_type = "application/x-ndjson")))]
#[get("/rounds/{round_id}/decisions")]
async fn export_decisions(ctx: Ctx, at: At<RoundId>) -> Result<HttpResponse, ApiError> {
    let records = ctx
        .read(Action::ExportDecisions, async |tx| {
            rounds::round(tx, at.0).await?;
            Ok(store::records(tx, at.0).await?)
        })
        .await?;
    let mut text = String::new();
    for (body, hash) in &records {
        // The body is the text that was hashed when the decision was made; it stands here as it is.
        text.push_str(&format!("{{\"sha256\":\"{hash}\",\"record\":{body}}}\n"));
    }
    let digest = sha256(text.as_bytes());
    let encoded = base64::engine::general_purpose::STANDARD.encode(&digest);
    Ok(HttpResponse::Ok()
        .content_type("application/x-ndjson")
        .insert_header(("content-digest", format!("sha-256=:{encoded}:")))
        .insert_header((
            "content-disposition",
            format!("attachment; filename=\"entscheidungen-{}.jsonl\"", &hex(&digest)[..16]),
        ))
        .body(text))
}
