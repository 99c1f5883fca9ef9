//! The draw, the runs, their reports, and the release.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{RoundBody, RunBody};
use super::case_bodies::CaseBody;
use super::planning::{Nothing, versioned};
use crate::access::{Action, Ctx};
use crate::allocation::RUN_FORMAT;
use crate::allocation::rounds::chances::{ChanceFigures, WishChance};
use crate::allocation::rounds::report::Report;
use crate::allocation::rounds::{self, store};
use crate::demands;
use crate::platform::http::{ApiError, At, Body, IfMatch, Sorted, Versioned};
use crate::platform::ids::{RoundId, RunId};

/// How many conflicts are shown at once; the rest is a list of cases.
const CONFLICTS: i64 = 200;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(enter_seed)
        .service(run_round)
        .service(list_runs)
        .service(get_run_file)
        .service(get_round_report)
        .service(open_conflicts)
        .service(release_round);
}

/// What the public draw gave.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DrawnSeed, example = json!({"seed": "3-14-15-26-35-41"}))]
struct DrawnSeed {
    /// Exactly as announced; at most 200 characters.
    #[schema(min_length = 1, max_length = 200)]
    seed: String,
}

/// Enters the drawn seed. Two persons enter it without seeing each other's; once they agree it stands.
#[utoipa::path(tag = "allocation", request_body = DrawnSeed,
    responses((status = 200, description = "The round", body = RoundBody),
              (status = 409, description = "`round.wrong_state`; `round.draw_ahead`; `round.seed_stands`")))]
#[post("/rounds/{round_id}/seed")]
async fn enter_seed(ctx: Ctx, at: At<RoundId>, body: Body<DrawnSeed>) -> Result<Versioned<RoundBody>, ApiError> {
    ctx.write(Action::EnterSeed, async |tx| {
        rounds::enter_seed(tx, at.0, &body.parse()?.seed).await?;
        versioned(tx, at.0).await
    })
    .await
}

/// Runs the round: solved, verified, stored. Before the draw it is a dry run, after it a final one.
#[utoipa::path(tag = "allocation", request_body = Nothing,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The run", body = RunBody),
              (status = 409, description = "`round.wrong_state`; `round.decisions_do_not_fit`: more children are placed by decision than there are places")))]
#[post("/rounds/{round_id}/runs")]
async fn run_round(ctx: Ctx, at: At<RoundId>, body: Body<Nothing>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::RunRound, StatusCode::CREATED, &body, async |tx| {
        body.parse()?;
        let run = rounds::run(tx, at.0).await?;
        let row = store::runs(tx, at.0, Some(run)).await?.pop();
        row.map(RunBody::of).ok_or_else(ApiError::not_found)
    })
    .await
}

/// The runs of a round.
#[derive(Debug, Serialize, ToSchema)]
struct RunList {
    items: Vec<RunBody>,
}

/// The runs of a round, newest first.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The runs", body = RunList)))]
#[get("/rounds/{round_id}/runs")]
async fn list_runs(ctx: Ctx, at: At<RoundId>) -> Result<Json<RunList>, ApiError> {
    ctx.read(Action::ListRuns, async |tx| {
        rounds::round(tx, at.0).await?;
        let rows = store::runs(tx, at.0, None).await?;
        Ok(Json(RunList {
            items: rows.into_iter().map(RunBody::of).collect(),
        }))
    })
    .await
}

/// A run as a file with random names only: `kitaplatz allocation replay` makes it again, byte for byte.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The run, format `kitaplatz-allocation-run/1`", body = Object)))]
#[get("/rounds/{round_id}/runs/{run_id}/file")]
async fn get_run_file(ctx: Ctx, at: At<RoundId>, run: At<RunId>) -> Result<HttpResponse, ApiError> {
    let files = ctx
        .read(Action::GetRunFile, async |tx| {
            rounds::round(tx, at.0).await?;
            let row = store::runs(tx, at.0, Some(run.0)).await?.pop();
            row.ok_or_else(ApiError::not_found)?;
            tx.touch(run.0);
            let files = store::run_files(tx, run.0).await?;
            files.ok_or_else(ApiError::not_found)
        })
        .await?;
    let text = format!(
        "{{\"format\":\"{RUN_FORMAT}\",\n\"instance\":{},\n\"result\":{}}}\n",
        files.instance, files.result
    );
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((
            "content-disposition",
            format!("attachment; filename=\"vergabe-lauf-{}.json\"", files.number),
        ))
        .body(text))
}

/// The report of the standing run: figures, what holds, comparisons, conflicts by kind.
#[utoipa::path(tag = "allocation", responses((status = 200, description = "The report", body = ReportBody)))]
#[get("/rounds/{round_id}/report")]
async fn get_round_report(ctx: Ctx, at: At<RoundId>) -> Result<Json<ReportBody>, ApiError> {
    ctx.read(Action::GetRoundReport, async |tx| {
        let round = rounds::round(tx, at.0).await?;
        let run_id = round.run_id.ok_or_else(ApiError::not_found)?;
        let run = store::runs(tx, at.0, Some(run_id)).await?.pop();
        let mut report = store::report(tx, run_id).await?.ok_or_else(ApiError::not_found)?;
        // Where few have a confidential reason, the figures and the cases together would tell who.
        let veil = demands::veil(tx).await?;
        report.by_criterion.retain(|group| !veil.hides(&group.code));
        Ok(Json(ReportBody {
            chances: store::chance_figures(tx, run_id).await?,
            by_wish: store::chances_by_wish(tx, run_id).await?,
            run: run.map(RunBody::of).ok_or_else(ApiError::not_found)?,
            report,
        }))
    })
    .await
}

/// A report with its run.
#[derive(Debug, Serialize, ToSchema)]
struct ReportBody {
    run: RunBody,
    report: Report,
    /// Whose place hangs on the draw; `null` until it was counted, soon after the run.
    chances: Option<ChanceFigures>,
    /// How likely the wishes of each rank are to be met; empty until it was counted.
    by_wish: Vec<WishChance>,
}

/// The conflicts of the standing run.
#[derive(Debug, Serialize, ToSchema)]
struct ConflictsBody {
    /// The run of which they are.
    run_id: RunId,
    /// Cases with something to look at, the gravest first, at most 200.
    items: Vec<CaseBody>,
    /// Goes on as `cursor` of the cases with `flagged=true`; `null` when these are all.
    next_cursor: Option<String>,
}

/// Opens the conflicts of the standing run. That a person did so is noted: without it that person cannot sign the release.
#[utoipa::path(tag = "allocation", request_body = Nothing,
    responses((status = 200, description = "The conflicts", body = ConflictsBody),
              (status = 409, description = "`round.wrong_state`: there is no run to be reviewed")))]
#[post("/rounds/{round_id}/conflicts")]
async fn open_conflicts(ctx: Ctx, at: At<RoundId>, body: Body<Nothing>) -> Result<Json<ConflictsBody>, ApiError> {
    ctx.write(Action::OpenConflicts, async |tx| {
        body.parse()?;
        let run_id = rounds::open_conflicts(tx, at.0).await?;
        let filter = store::Cases {
            flagged: Some(true),
            order: Sorted::first(CONFLICTS),
            ..Default::default()
        };
        let rows = store::cases(tx, at.0, &filter).await?;
        let page = filter.order.page(rows);
        page.items.iter().for_each(|row| tx.touch_child(row.child_id));
        let language = &tx.language();
        Ok(Json(ConflictsBody {
            run_id,
            next_cursor: page.next_cursor,
            items: page
                .items
                .iter()
                .map(|row| CaseBody::of(row, None, None, language))
                .collect(),
        }))
    })
    .await
}

/// The run that is released.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReleaseSignature, example = json!({"run_id": "5b3f0f0e-1d2c-4b3a-8f9e-7a6b5c4d3e2f"}))]
struct ReleaseSignature {
    run_id: RunId,
}

/// Signs the release of a run. The second person's signature releases the round, and the offers are sent.
#[utoipa::path(tag = "allocation", request_body = ReleaseSignature,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The round", body = RoundBody),
              (status = 409, description = "`round.wrong_state`; `round.same_person`; `round.not_final`; `round.run_outdated`; \
                  `round.conflicts_not_opened`; `round.deviation_pending`; `round.cases_undecided`")))]
#[post("/rounds/{round_id}/release")]
async fn release_round(
    ctx: Ctx,
    at: At<RoundId>,
    if_match: IfMatch,
    body: Body<ReleaseSignature>,
) -> Result<Versioned<RoundBody>, ApiError> {
    ctx.write(Action::ReleaseRound, async |tx| {
        let run = body.parse()?.run_id;
        rounds::sign_release(tx, at.0, if_match.version()?, run).await?;
        versioned(tx, at.0).await
    })
    .await
}
