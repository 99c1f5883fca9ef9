//! What a family reads of its notices: those that were posted.

use actix_web::web::Json;
use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx, TenantRead};
use crate::documents;
use crate::families;
use crate::notices::store::{Filter, NoticeRow};
use crate::notices::{self, NoticeError, NoticeKind, NoticeState, paper};
use crate::platform::http::{ApiError, At, Sorted};
use crate::platform::ids::{AccountId, ChildId, DemandId, NoticeId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(get_demand_notices).service(get_own_notice);
}

/// A notice as its family sees it.
#[derive(Debug, Serialize, ToSchema)]
struct OwnNotice {
    id: NoticeId,
    kind: NoticeKind,
    state: NoticeState,
    title: String,
    file_number: String,
    posted_on: Option<NaiveDate>,
    /// When it counts as served.
    served_on: Option<NaiveDate>,
    /// Last day to object.
    objection_until: Option<NaiveDate>,
    /// File number of the notice that took over from it.
    replaced_by: Option<String>,
}

/// The notices about a demand.
#[derive(Debug, Serialize, ToSchema)]
struct OwnNotices {
    items: Vec<OwnNotice>,
}

/// The family that asks, or in whose name somebody does, if it has custody of the child today.
async fn with_custody(tx: &mut TenantRead, child: ChildId) -> Result<AccountId, ApiError> {
    let family = tx.scope().own().ok_or_else(ApiError::forbidden)?;
    if families::has_custody(tx, family, child).await? {
        tx.touch_child(child);
        Ok(family)
    } else {
        Err(ApiError::not_found())
    }
}

/// The notices of the office about the own demand, from the day they were posted.
#[utoipa::path(tag = "notices", responses((status = 200, description = "The notices", body = OwnNotices)))]
#[get("/demands/{demand_id}/notices")]
async fn get_demand_notices(ctx: Ctx, at: At<DemandId>) -> Result<Json<OwnNotices>, ApiError> {
    ctx.read(Action::GetDemandNotices, async |tx| {
        let child = crate::demands::child_of_demand(tx, at.0)
            .await?
            .ok_or(NoticeError::Missing)?;
        with_custody(tx, child).await?;
        tx.touch(at.0);
        let filter = Filter {
            demand: Some(at.0),
            order: Sorted::first(200),
            ..Filter::default()
        };
        let rows = notices::listed(tx, &filter).await?;
        let shown = |row: &NoticeRow| row.state.is_out() && is_for(tx, row);
        let items = rows.into_iter().filter(shown).map(own).collect();
        Ok(Json(OwnNotices { items }))
    })
    .await
}

/// What a family earns and pays stays its own: who acts for it is shown the decisions on its place alone.
fn is_for(tx: &TenantRead, row: &NoticeRow) -> bool {
    !row.kind.tells_of_money() || tx.acting().is_none()
}

fn own(row: NoticeRow) -> OwnNotice {
    OwnNotice {
        id: row.id,
        kind: row.kind,
        state: row.state,
        title: row.title,
        file_number: row.file_number,
        posted_on: row.posted_on,
        served_on: row.served_on,
        objection_until: row.objection_until,
        replaced_by: row.replaced_by,
    }
}

/// A posted notice as the family's own copy.
#[utoipa::path(tag = "notices", responses(
    (status = 200, description = "The notice", body = Vec<u8>, content_type = "application/pdf"),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/notices/{notice_id}.pdf")]
async fn get_own_notice(ctx: Ctx, at: At<NoticeId>) -> Result<HttpResponse, ApiError> {
    let (head, letter) = ctx
        .read(Action::GetOwnNotice, async |tx| {
            let row = notices::find(tx, at.0).await?;
            let child = row.child_id.ok_or(NoticeError::Missing)?;
            let family = with_custody(tx, child).await?;
            if !row.state.is_out() || !is_for(tx, &row) {
                return Err(ApiError::not_found());
            }
            tx.touch(at.0);
            Ok(paper::own_paper(tx, row, family).await?)
        })
        .await?;
    Ok(documents::notice_pdf(head, letter).await?.answer("bescheid.pdf"))
}
