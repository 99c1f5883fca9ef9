//! The API of this slice.

use actix_web::web::Bytes;
use actix_web::{HttpResponse, post};
use futures_util::stream;
use serde::Deserialize;
use tokio::io::AsyncReadExt;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{ExportError, Purpose};
use crate::access::{Action, Ctx};
use crate::identity;
use crate::platform::http::{ApiError, Body};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(export_tenant);
}

impl From<ExportError> for ApiError {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::SecondFactorMissing => Self::conflict("export.second_factor_missing", error.to_string()),
            ExportError::Db(db) => db.into(),
            other => Self::internal(&other),
        }
    }
}

/// What the export is for, and the second step.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"purpose": "archive", "code": "042317"}))]
struct ExportInput {
    purpose: Purpose,
    /// Code of the second factor.
    #[schema(max_length = 40)]
    code: String,
}

/// So much of the file is read at once.
const PIECE: usize = 64 * 1024;

/// Everything that the municipality owns: an archive with every table as CSV and JSON, and what each column means.
///
/// Passwords, secrets, and what carries one-time codes are left out. The purpose stands in the audit.
#[utoipa::path(tag = "tenancy", request_body = ExportInput, responses(
    (status = 200, description = "ZIP, streamed", body = Vec<u8>, content_type = "application/zip"),
    (status = 409, description = "`export.second_factor_missing`: set it up first"),
    (status = 422, description = "`/code` is `wrong`")))]
#[post("/admin/export")]
async fn export_tenant(ctx: Ctx, body: Body<ExportInput>) -> Result<HttpResponse, ApiError> {
    identity::count_attempt(&ctx, Action::ExportTenant).await?;
    ctx.write(Action::ExportTenant, async |tx| {
        let input = body.parse()?;
        tx.because(input.purpose.as_str());
        if !identity::has_second_factor(tx).await? {
            return Err(ExportError::SecondFactorMissing.into());
        }
        identity::show_second_factor(&ctx, tx, &input.code).await
    })
    .await?;
    // After the event is written: whoever breaks off now is in the audit all the same.
    let (file, length) = super::archive(&ctx.platform, &ctx.tenant).await?;
    let pieces = stream::try_unfold(tokio::fs::File::from_std(file), |mut file| async move {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then(|| (Bytes::from(piece), file)))
    });
    let name = format!("{}-export.zip", ctx.tenant.slug);
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header(("content-disposition", format!("attachment; filename=\"{name}\"")))
        .insert_header(("cache-control", "no-store"))
        // Packed already; to press it again would only cost time.
        .insert_header(("content-encoding", "identity"))
        .no_chunking(length)
        .streaming(Box::pin(pieces)))
}
