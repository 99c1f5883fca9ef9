//! The family's side: its own notices.

use actix_web::web::Json;
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{FeeBody, notices_of};
use crate::access::{Action, Ctx};
use crate::documents;
use crate::families;
use crate::fees::{FeeError, store};
use crate::notices;
use crate::platform::http::{ApiError, At, Page};
use crate::platform::ids::{ChildId, FeeId};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(list_my_fees).service(get_fee_notice);
}

/// A notice as its family sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MyFee)]
struct MyFeeBody {
    child_id: ChildId,
    /// First name and initial; `erwartetes Kind` before birth.
    child: String,
    facility_name: String,
    notice: FeeBody,
}

/// Notices of parent fees for the own children, the newest first.
#[utoipa::path(tag = "fees", responses((status = 200, description = "The notices", body = Page<MyFeeBody>)))]
#[get("/family/fees")]
async fn list_my_fees(ctx: Ctx) -> Result<Json<Page<MyFeeBody>>, ApiError> {
    ctx.read(Action::ListMyFees, async |tx| {
        let account = tx.scope().own().ok_or_else(ApiError::not_found)?;
        let (rows, language) = (store::own(tx, account.0, None).await?, tx.language());
        let ids: Vec<_> = rows.iter().map(|row| row.contract_id).collect();
        let fees = store::assessments(tx, Some(&ids), None).await?;
        let notices = notices_of(tx, &fees).await?;
        rows.iter().for_each(|row| tx.touch_child(row.child_id));
        let mine = rows.iter().filter_map(|row| {
            Some(MyFeeBody {
                child_id: row.child_id,
                child: families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), &language),
                facility_name: row.facility_name.clone(),
                notice: FeeBody::of(fees.iter().find(|fee| fee.id == row.id)?, &notices),
            })
        });
        Ok(Json(Page::all(mine.collect())))
    })
    .await
}

/// The own notice as an accessible PDF, with reasons and how to object.
#[utoipa::path(tag = "fees", responses((status = 200, description = "The notice", content_type = "application/pdf", body = [u8]),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/family/fees/{fee_id}/notice.pdf")]
async fn get_fee_notice(ctx: Ctx, at: At<FeeId>) -> Result<HttpResponse, ApiError> {
    let (head, paper) = ctx
        .read(Action::GetFeeNotice, async |tx| {
            let account = tx.scope().own().ok_or_else(ApiError::not_found)?;
            let row = store::own(tx, account.0, Some(at.0)).await?.pop();
            let row = row.ok_or(FeeError::Missing)?;
            tx.touch(at.0);
            tx.touch_child(row.child_id);
            Ok::<_, ApiError>(notices::letter_of_fee(tx, at.0, Some(account)).await?)
        })
        .await?;
    Ok(documents::notice_pdf(head, paper).await?.answer("beitragsbescheid.pdf"))
}
