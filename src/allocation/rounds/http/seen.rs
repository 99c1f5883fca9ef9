//! What families, facilities and the public see of rounds, and the records of decisions as a file.

use actix_web::web::Json;
use actix_web::{HttpResponse, get};
use base64::Engine;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx};
use crate::allocation::ENGINE;
use crate::allocation::rounds::model::{AfterRelease, Outcome, RoundState, SiblingRule};
use crate::allocation::rounds::proposal::{Flag, hex};
use crate::allocation::rounds::report::{Figures, Report};
use crate::allocation::rounds::snapshot::{PlacesFrom, PlacesOfHours};
use crate::allocation::rounds::store::{self, PublicRound};
use crate::allocation::rounds::suppression::{published, published_parts};
use crate::allocation::rounds::{self, RoundError};
use crate::facilities::AgeBand;
use crate::families;
use crate::platform::crypto::sha256;
use crate::platform::http::{ApiError, At, Query};
use crate::platform::ids::{ChildId, FacilityId, PreferenceId, RoundId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_allocations)
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
    /// Children who missed a place that one with the smaller claim got, because a person decided so: by a deviation, or by a provider's own
    /// order. Each is told the published reason. `null` also for rounds in which they were not counted.
    passed_over: Option<u64>,
    /// Cases in which the draw decided, all else being equal.
    lottery_decided: Option<u64>,
    /// What serving first wishes first would have given with the same wishes.
    first_preference_first: PublicHabit,
}

/// Figures of the other mechanism, which shows more first wishes and leaves children with a better claim behind.
#[derive(Debug, Serialize, ToSchema)]
struct PublicHabit {
    placed: Option<u64>,
    first_wish: Option<u64>,
    justified_envy: Option<u64>,
}

impl PublicHabit {
    fn of(figures: &Figures) -> Self {
        // How many have no place must not follow, where those are a few.
        let placed = published_parts(&[figures.placed, figures.unplaced]);
        Self {
            placed: placed[0],
            first_wish: published(figures.first_wish),
            justified_envy: published(figures.justified_envy),
        }
    }
}

impl PublicFigures {
    /// Children who keep the place that they have are left out. With its wish or without a place: these are the parts of all children, and what one of them hides must not follow from the rest.
    fn of(figures: &Figures, report: &Report) -> Self {
        let mut parts = report.rank_histogram.clone();
        parts.push(figures.unplaced);
        let mut shown = published_parts(&parts);
        let unplaced = shown.pop().flatten();
        let children = published(figures.children - figures.keeping);
        Self {
            children,
            placed: published(figures.placed).filter(|_| unplaced.is_some() || children.is_none()),
            unplaced,
            first_wish: shown.first().copied().unwrap_or(Some(0)),
            rank_histogram: shown,
            unserved_claims: published(report.unserved_claims.values().sum()),
            justified_envy: published(figures.justified_envy),
            passed_over: report.flags.get(Flag::PassedOver.as_str()).and_then(|n| published(*n)),
            lottery_decided: published(report.lottery_decided),
            first_preference_first: PublicHabit::of(&report.first_preference_first),
        }
    }
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
    /// What holds for siblings in the same round.
    siblings: SiblingRule,
    /// To whom a place goes that comes back after the release.
    after_release: AfterRelease,
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
        let figures = row
            .metrics
            .zip(report)
            .map(|(m, report)| PublicFigures::of(&m, &report));
        Self {
            id: row.id,
            name: row.name,
            state: row.state,
            kita_year: row.kita_year,
            key_date: row.key_date,
            start_on: row.start_on,
            age_bands: row.config.0.age_bands,
            siblings: row.config.0.siblings,
            after_release: row.config.0.after_release,
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
    /// How many of them are free from which month on; empty where all are from the round's first day on.
    starts: Vec<PlacesFrom>,
    /// How many of them have care of how many hours a week, the longest first, each with those before it; empty where nobody said when the
    /// groups are open.
    hours: Vec<PlacesOfHours>,
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
        let language = &tx.language();
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
            starts: pool.starts.0,
            hours: pool.hours.0,
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
