//! The API of this slice.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Batch, MOST_IN_A_FILE, NewBatch};
use crate::access::{Action, Ctx};
use crate::documents;
use crate::platform::http::{ApiError, At, Body};
use crate::platform::ids::ClaimBatchId;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_claim_batches)
        .service(create_claim_batch)
        .service(write_claim_letters);
}

/// A file of letters with codes.
#[derive(Debug, Serialize, ToSchema)]
struct ClaimBatchBody {
    id: ClaimBatchId,
    /// Whether only families of an import are in it.
    only_imported: bool,
    created_at: DateTime<Utc>,
    /// When its letters were last set; `null`: nobody of it has a code yet.
    written_at: Option<DateTime<Utc>>,
    /// How many letters.
    letters: i64,
    /// How many of the people have an account by now.
    claimed: i64,
}

impl From<Batch> for ClaimBatchBody {
    fn from(batch: Batch) -> Self {
        Self {
            id: batch.id,
            only_imported: batch.only_imported,
            created_at: batch.created_at,
            written_at: batch.written_at,
            letters: batch.letters,
            claimed: batch.claimed,
        }
    }
}

/// The files of the municipality.
#[derive(Debug, Serialize, ToSchema)]
struct ClaimBatchList {
    items: Vec<ClaimBatchBody>,
}

/// Files of letters with codes, newest first, two hundred at most.
#[utoipa::path(tag = "office", responses((status = 200, description = "The files", body = ClaimBatchList)))]
#[get("/office/claim-batches")]
async fn list_claim_batches(ctx: Ctx) -> Result<Json<ClaimBatchList>, ApiError> {
    ctx.read(Action::ListClaimBatches, async |tx| {
        let items = super::list(tx).await?.into_iter().map(Into::into).collect();
        Ok(Json(ClaimBatchList { items }))
    })
    .await
}

fn most() -> i64 {
    MOST_IN_A_FILE
}

/// Who comes into a file.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"only_imported": false, "letters": 500}))]
struct NewClaimBatch {
    /// Only families that came with an import.
    #[serde(default)]
    only_imported: bool,
    /// How many letters at most; 500 when left out.
    #[serde(default = "most")]
    #[schema(minimum = 1, maximum = 500)]
    letters: i64,
}

/// Puts a file of letters together for families without account and code. Nobody has a code before the letters are set.
#[utoipa::path(tag = "office", request_body = NewClaimBatch,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The file", body = ClaimBatchBody),
              (status = 409, description = "`claim.nobody_without`: everybody has an account, a code, or is in a file")))]
#[post("/office/claim-batches")]
async fn create_claim_batch(ctx: Ctx, body: Body<NewClaimBatch>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::CreateClaimBatch, StatusCode::CREATED, &body, async |tx| {
        let new = body.parse()?;
        let new = NewBatch {
            only_imported: new.only_imported,
            letters: new.letters,
        };
        let id = super::create(tx, new).await?;
        Ok(ClaimBatchBody::from(super::find(tx, id).await?))
    })
    .await
}

/// Makes new codes for everybody of a file who has no account, and answers the letters as one PDF, sorted for the post.
///
/// The codes stand in this answer alone. Where the file got lost it is set again; the codes of the lost one do not hold any more.
#[utoipa::path(tag = "office", responses(
    (status = 200, description = "The letters", body = Vec<u8>, content_type = "application/pdf"),
    (status = 409, description = "`claim.nobody_without`: everybody of the file has an account by now"),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[post("/office/claim-batches/{claim_batch_id}/letters.pdf")]
async fn write_claim_letters(ctx: Ctx, at: At<ClaimBatchId>) -> Result<HttpResponse, ApiError> {
    let base = format!(
        "{}/{}",
        ctx.platform.config.public_url.trim_end_matches('/'),
        ctx.tenant.slug
    );
    let (head, letters) = ctx
        .write(Action::WriteClaimLetters, async |tx| {
            let letters = super::write(tx, at.0, base).await?;
            Ok((documents::letterhead(tx, "de").await?, letters))
        })
        .await?;
    // After the transaction: no connection waits for the typesetter.
    Ok(documents::letters_pdf(head, letters).await?.answer("briefe.pdf"))
}
