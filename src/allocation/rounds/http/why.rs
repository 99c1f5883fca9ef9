//! Why: for a family what became of each wish, its own points, and how to check its lottery number.

use actix_web::get;
use actix_web::web::Json;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::case_bodies::WayBody;
use super::siblings::SiblingPlacingBody;
use crate::access::{Action, Ctx, TenantRead};
use crate::allocation::rounds;
use crate::allocation::rounds::chances::{Coarse, coarse};
use crate::allocation::rounds::model::{
    AfterRelease, DeviationKind, DeviationReason, ImprovementState, Outcome, RoundState,
};
use crate::allocation::rounds::proposal::Reason;
use crate::allocation::rounds::snapshot::{CaseWish, Exclusion, RoundPool};
use crate::allocation::rounds::store::{self, CaseRow, RoundRow};
use crate::allocation::rounds::suppression::{Corridor, FEWEST, corridor};
use crate::allocation::rounds::why::Standing;
use crate::demands::{self, ScoreLine};
use crate::facilities;
use crate::families;
use crate::platform::http::{ApiError, At};
use crate::platform::ids::{AccountId, ChildId, DemandId, FacilityId, PreferenceId, RoundId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(get_explanation);
}

/// A wish with the reason why it was met or not.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ExplainedWish {
    pub(super) preference_id: PreferenceId,
    pub(super) facility_id: FacilityId,
    pub(super) facility_name: String,
    /// The parents' rank, from 1.
    pub(super) wish: usize,
    /// `null` before a round has decided.
    pub(super) reason: Option<Reason>,
    /// Why it is no candidate at all.
    pub(super) excluded: Option<Exclusion>,
    pub(super) points: i32,
    /// How the points came about; `null` before a round.
    pub(super) breakdown: Option<Vec<ScoreLine>>,
    /// The own place in the order.
    pub(super) own: Option<Standing>,
    /// That of the last child that got an open place; `null` where it could tell of a single child.
    pub(super) cutoff: Option<Standing>,
    /// The place on the list of those who wait for this facility, from 1, as it was when the round decided about the child.
    pub(super) followup_rank: Option<u32>,
    /// Whether the draw decided, all else being equal.
    pub(super) lottery: bool,
    /// The published reason, where a person departed from the order of the criteria.
    pub(super) provider_reason: Option<DeviationReason>,
    /// What the office decided: `exclude`, that this wish does not count; `place`, that the child goes here or, where it does not, that
    /// another one does. `null`: nothing, and a reason is that of the provider's own order.
    pub(super) decided: Option<DeviationKind>,
    /// First day and hours of the place, where they are not those that the family wishes most; `null`: as wished, or no place.
    pub(super) way: Option<WayBody>,
    /// Where the child would stand now among all who wish the same; `null` after a round, and where fewer than five do.
    pub(super) corridor: Option<Corridor>,
}

/// The family's number in the draw, and how to check it: HMAC-SHA256 with the seed as key and the pseudonym as message.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LotteryBody {
    pub(super) seed: String,
    pub(super) pseudonym: String,
    /// In hexadecimal; the smaller goes first.
    pub(super) number: String,
    /// Families in the draw.
    pub(super) families: u64,
    /// How many of them have a smaller number.
    pub(super) smaller: u64,
    pub(super) draw_source: String,
    pub(super) draw_on: NaiveDate,
    pub(super) commitment: Option<String>,
}

/// The round that decided.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ExplainedRound {
    pub(super) id: RoundId,
    pub(super) name: String,
    pub(super) key_date: NaiveDate,
    pub(super) start_on: NaiveDate,
    pub(super) criteria: Option<String>,
    pub(super) released_at: Option<DateTime<Utc>>,
    pub(super) outcome: Outcome,
    /// A person decided against the proposal for this child.
    pub(super) deviation: bool,
}

/// A place that the family likes better, offered to a child that has one.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ExplainedImprovement {
    pub(super) state: ImprovementState,
    /// Where the better place is.
    pub(super) facility_name: String,
    /// Where the child had its place, and has it unless the better one was accepted.
    pub(super) from_facility_name: String,
}

/// Why a child got the place it got, or none.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ExplanationBody {
    pub(super) demand_id: DemandId,
    /// `null` before a round has decided.
    pub(super) round: Option<ExplainedRound>,
    pub(super) wishes: Vec<ExplainedWish>,
    pub(super) lottery: Option<LotteryBody>,
    /// The last better place that was offered beside the one that the child has; `null`: none.
    pub(super) improvement: Option<ExplainedImprovement>,
    /// Whether a better place may still be offered: as the round has it, until the contract is signed, where there is a better wish.
    pub(super) may_improve: bool,
    /// Before the draw, how likely a place is in the round that is under way, in three words; `null` otherwise, and where fewer than five
    /// wish the same.
    pub(super) chance: Option<Coarse>,
    /// How the round placed the children of the family; `null` before a round has decided, and where this child was the only one.
    pub(super) siblings: Option<SiblingPlacingBody>,
}

/// Why: for each wish the reason, own points and cut-off; before a round a corridor. Nothing about any other child.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The explanation", body = ExplanationBody)))]
#[get("/demands/{demand_id}/explanation")]
async fn get_explanation(ctx: Ctx, at: At<DemandId>) -> Result<Json<ExplanationBody>, ApiError> {
    ctx.read(Action::GetExplanation, async |tx| {
        own_child(tx, at.0).await?;
        match decided_case(tx, at.0).await? {
            Some((round, case)) => {
                let reader = tx.scope().own();
                decided(tx, &round, &case, reader).await
            }
            None => before_a_round(tx, at.0).await,
        }
        .map(Json)
    })
    .await
}

/// The child of a demand, if it is in the asker's custody today.
pub(super) async fn own_child(tx: &mut TenantRead, demand: DemandId) -> Result<ChildId, ApiError> {
    let account = tx.scope().own().ok_or_else(ApiError::forbidden)?;
    let child = store::child_of(tx, demand).await?.ok_or_else(ApiError::not_found)?;
    if !families::has_custody(tx, account, child).await? {
        return Err(ApiError::not_found());
    }
    tx.touch(demand);
    tx.touch_child(child);
    Ok(child)
}

/// The newest released round that decided about a demand, with its case.
pub(super) async fn decided_case(
    tx: &mut TenantRead,
    demand: DemandId,
) -> Result<Option<(RoundRow, CaseRow)>, ApiError> {
    let Some((round, case)) = store::decided_case(tx, demand).await? else {
        return Ok(None);
    };
    let round = rounds::round(tx, round).await?;
    let filter = store::Cases {
        id: Some(case),
        ..Default::default()
    };
    let case = store::cases(tx, round.id, &filter).await?.pop();
    Ok(Some((round, case.ok_or_else(ApiError::not_found)?)))
}

/// The way to the place that was given here, if it is not the one that the family wishes most.
fn given(case: &CaseRow, wish: &CaseWish) -> Option<WayBody> {
    let way = case.way().filter(|_| case.preference_id == Some(wish.preference_id))?;
    (way.care_from != case.care_from || wish.ways.first() != Some(way)).then(|| WayBody::of(way))
}

/// What a round decided about a case, for one of the child's parents.
pub(super) async fn decided(
    tx: &mut TenantRead,
    round: &RoundRow,
    case: &CaseRow,
    reader: Option<AccountId>,
) -> Result<ExplanationBody, ApiError> {
    let ids: Vec<FacilityId> = case.wishes.iter().map(|w| w.facility_id).collect();
    let named = facilities::facility_briefs(tx, &ids).await?;
    let pools: Vec<String> = case.wishes.iter().filter_map(|w| w.pool.clone()).collect();
    let placed = store::placed_in(tx, round.id, &pools).await?;
    // The letter goes by here too when somebody of the office asks for it.
    let veil = demands::veil(tx).await?;
    let pools = store::pools(tx, round.id).await?;
    let siblings = match SiblingPlacingBody::of(tx, round.id, case).await? {
        Some(siblings) => Some(siblings.for_parent(tx, reader).await?),
        None => None,
    };
    let many = |wish: &CaseWish| {
        let pool = pools.iter().find(|p| Some(&p.name) == wish.pool.as_ref());
        // The code is that of the last way that was refused; where one lies behind a place that the child has, or that siblings asked for
        // together, it may be any of them.
        let last = case.preference_id.is_none() && siblings.is_none();
        pool.is_some_and(|pool| within(pool, wish, last, &placed) >= FEWEST)
    };
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
            breakdown: Some(veil.score_lines(&wish.lines)),
            own: Standing::of(&wish.priority),
            cutoff: cutoff.filter(|_| many(wish)),
            followup_rank: code.and_then(|c| c.ahead).map(|ahead| ahead + 1),
            lottery: code.is_some_and(|c| c.lottery),
            provider_reason: code.and_then(|c| c.reason),
            decided: code.and_then(|c| c.decided),
            way: given(case, wish),
            corridor: None,
        }
    };
    let wishes = case.wishes.iter().enumerate().map(wish).collect();
    let name = |id: PreferenceId| {
        let wish = case.wishes.iter().find(|w| w.preference_id == id);
        let brief = wish.and_then(|w| named.iter().find(|f| f.id == w.facility_id));
        brief.map(|f| f.name.clone()).unwrap_or_default()
    };
    let improvement = store::improvements(tx, &[case.id]).await?.remove(&case.id);
    let improvement = improvement
        .filter(|found| found.offer_id.is_some())
        .map(|found| ExplainedImprovement {
            state: found.state,
            facility_name: name(found.preference_id),
            from_facility_name: name(found.kept_preference_id),
        });
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
        demand_id: case.demand_id,
        round: Some(ExplainedRound {
            id: round.id,
            name: round.name.clone(),
            key_date: round.key_date,
            start_on: round.start_on,
            criteria: round.rule_set.clone(),
            released_at: round.released_at,
            outcome: case.outcome_for_family(),
            deviation: case.flags.iter().any(|f| f == "deviation"),
        }),
        wishes,
        lottery,
        improvement,
        may_improve: may_improve(tx, round, case).await?,
        chance: None,
        siblings,
    })
}

/// Children whose places bound a wish that was refused: those of its part and of the parts within, of whom the last one may be the cut-off.
/// Of several ways it is the last one, or, where that is not certain, the one with the fewest.
fn within(pool: &RoundPool, wish: &CaseWish, last: bool, placed: &[(String, u64)]) -> u64 {
    let mut at = wish.ways.iter().map(|way| pool.part_named(&way.part));
    let at = if last { at.next_back() } else { at.min() }.unwrap_or(0);
    let parts = pool.parts();
    let inner = |name: &str| parts.iter().take(at + 1).any(|(part, _)| part == name);
    placed.iter().filter(|(part, _)| inner(part)).map(|(_, n)| n).sum()
}

/// Among all who wish the same facility for a child of the same band: how many come before it by rank and points.
async fn before_a_round(tx: &mut TenantRead, demand: DemandId) -> Result<ExplanationBody, ApiError> {
    let wishes = store::open_wishes(tx, demand).await?;
    let ids: Vec<FacilityId> = wishes.iter().map(|w| w.facility_id).collect();
    let rivals = store::rivals(tx, &ids).await?;
    let entries = facilities::school_entries(tx).await?;
    let counted = store::open_chance(tx, demand).await?;
    let chance = counted.and_then(|(chance, codes)| coarse(chance.draws, &chance.met, &codes));
    let band = |r: &store::Rival| entries.band_on(r.child_id, r.birth, r.desired_start);
    let before = |r: &store::Rival| (r.criteria_rank, r.points);
    let place = |facility: FacilityId| {
        let mine = rivals
            .iter()
            .find(|r| r.demand_id == demand && r.facility_id == facility)?;
        let same = rivals
            .iter()
            .filter(|r| r.facility_id == facility && band(r) == band(mine));
        let (ahead, of) = same.fold((0, 0), |(ahead, of), r| {
            (ahead + u64::from(before(r) > before(mine)), of + 1)
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
        decided: None,
        way: None,
    };
    Ok(ExplanationBody {
        demand_id: demand,
        round: None,
        wishes: wishes.into_iter().map(wish).collect(),
        lottery: None,
        improvement: None,
        may_improve: false,
        chance,
        siblings: None,
    })
}

/// Whether the round may still offer a better place than the one that the child has.
async fn may_improve(tx: &mut TenantRead, round: &RoundRow, case: &CaseRow) -> Result<bool, sqlx::Error> {
    let goes_on = round.state == RoundState::Released && round.config.after_release == AfterRelease::KeepOrImprove;
    let first = case.wishes.iter().find(|w| w.pool.is_some());
    // Whoever gives way at the first facility may like another one better as wished.
    let better =
        case.preference_id != first.map(|w| w.preference_id) || first.is_some_and(|w| given(case, w).is_some());
    Ok(goes_on && better && store::has_unsigned_place(tx, case.id).await?)
}
