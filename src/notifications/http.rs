//! The API of this slice: what the office does about mail that did not arrive, and letters to print.

use actix_web::web::Json;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::letters::{Addressee, letters};
use super::model::{Message, NotificationError, Token};
use super::store::{self, LetterRow, MessageSort, OfficeFilter, OfficeRow};
use crate::access::{Action, Ctx, TenantRead};
use crate::documents::{self, Letter, Letterhead};
use crate::platform::http::{ApiError, At, OrderQuery, Page, Query, beginning};
use crate::platform::ids::NotificationId;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_dead_letters)
        .service(retry_dead_letter)
        .service(list_letters)
        .service(get_letter)
        .service(mark_letter_printed);
}

impl From<NotificationError> for ApiError {
    fn from(error: NotificationError) -> Self {
        let says = error.to_string();
        match error {
            NotificationError::Missing => Self::not_found(),
            NotificationError::LinkGone => Self::conflict("notification.link_gone", says),
            NotificationError::Document(document) => document.into(),
            NotificationError::Template(template) => Self::internal(&template),
            NotificationError::Db(db) => db.into(),
        }
    }
}

/// A mail that could not be delivered.
#[derive(Debug, Serialize, ToSchema)]
struct DeadLetter {
    id: NotificationId,
    /// For example `offer`.
    kind: String,
    created_at: DateTime<Utc>,
    /// The guardian's name, or the address with most letters left out.
    recipient_label: String,
    /// The mail server's words, without addresses.
    last_error: Option<String>,
    attempts: i32,
    reference_code: Option<String>,
}

/// A letter for a family without e-mail.
#[derive(Debug, Serialize, ToSchema)]
struct LetterItem {
    id: NotificationId,
    kind: String,
    created_at: DateTime<Utc>,
    recipient_label: String,
    reference_code: Option<String>,
    printed_at: Option<DateTime<Utc>>,
}

/// The person's name; of somebody known by an address only, its first letter and domain.
fn label(row: &OfficeRow) -> String {
    let masked = || {
        let (local, domain) = row.to_address.as_deref()?.split_once('@')?;
        Some(format!("{}…@{domain}", local.chars().next()?))
    };
    row.name.clone().or_else(masked).unwrap_or_else(|| "–".into())
}

/// What a list of mails is narrowed to, and its order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MessageQuery {
    /// Only of this kind, for example `offer`.
    kind: Option<String>,
    /// Beginning of the recipient's name or of the reference code.
    q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<MessageSort>,
}

/// A page of messages in a state.
async fn listed(tx: &mut TenantRead, state: &'static str, query: MessageQuery) -> Result<Page<OfficeRow>, ApiError> {
    let filter = OfficeFilter {
        state,
        kind: beginning(query.kind),
        q: beginning(query.q),
        order: query.order.order()?,
    };
    let rows = store::office_list(tx, &filter).await?;
    let page = filter.order.page(rows);
    page.items
        .iter()
        .filter_map(|row| row.child_id)
        .for_each(|child| tx.touch_child(child));
    Ok(page)
}

/// Mails that could not be delivered, the newest first when nothing is said.
#[utoipa::path(tag = "notifications", params(MessageQuery, OrderQuery<MessageSort>),
    responses((status = 200, description = "A page of dead letters", body = Page<DeadLetter>)))]
#[get("/office/dead-letters")]
async fn list_dead_letters(ctx: Ctx, query: Query<MessageQuery>) -> Result<Json<Page<DeadLetter>>, ApiError> {
    ctx.read(Action::ListDeadLetters, async |tx| {
        Ok(Json(listed(tx, "dead", query.0).await?.map(|row| DeadLetter {
            recipient_label: label(&row),
            id: row.id,
            kind: row.kind,
            created_at: row.created_at,
            last_error: row.last_error,
            attempts: row.attempts,
            reference_code: row.reference_code,
        })))
    })
    .await
}

/// Sends a dead letter again, to the address that the person has now.
#[utoipa::path(tag = "notifications", responses(
    (status = 204, description = "It is queued"),
    (status = 409, description = "`notification.link_gone`: its one-time link was used up; the person must ask for a new one")))]
#[post("/office/dead-letters/{notification_id}/retry")]
async fn retry_dead_letter(ctx: Ctx, at: At<NotificationId>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::RetryDeadLetter, async |tx| {
        super::retry(tx, at.0).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// Whether a letter was printed.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LetterState {
    Open,
    Printed,
}

/// What a list of letters is narrowed to, and its order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LetterQuery {
    /// `open` when left out.
    #[param(inline)]
    state: Option<LetterState>,
    /// Only of this kind, for example `claim_code`.
    kind: Option<String>,
    /// Beginning of the recipient's name or of the reference code.
    q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<MessageSort>,
}

/// Letters for families without e-mail, the newest first when nothing is said.
#[utoipa::path(tag = "notifications", params(LetterQuery, OrderQuery<MessageSort>),
    responses((status = 200, description = "A page of letters", body = Page<LetterItem>)))]
#[get("/office/letters")]
async fn list_letters(ctx: Ctx, query: Query<LetterQuery>) -> Result<Json<Page<LetterItem>>, ApiError> {
    let query = query.0;
    let state = match query.state {
        None | Some(LetterState::Open) => "to_print",
        Some(LetterState::Printed) => "printed",
    };
    let of_state = MessageQuery {
        kind: query.kind,
        q: query.q,
        order: query.order,
    };
    ctx.read(Action::ListLetters, async |tx| {
        Ok(Json(listed(tx, state, of_state).await?.map(|row| LetterItem {
            recipient_label: label(&row),
            id: row.id,
            kind: row.kind,
            created_at: row.created_at,
            reference_code: row.reference_code,
            printed_at: row.printed_at,
        })))
    })
    .await
}

/// A letter as an accessible PDF for a window envelope. Where the address is protected it is left out.
#[utoipa::path(tag = "notifications", responses(
    (status = 200, description = "The letter", body = Vec<u8>, content_type = "application/pdf"),
    (status = 409, description = "`notification.link_gone`: it was printed, and its one-time code with it; issue a new one"),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[get("/office/letters/{notification_id}.pdf")]
async fn get_letter(ctx: Ctx, at: At<NotificationId>) -> Result<HttpResponse, ApiError> {
    let base = format!(
        "{}/{}",
        ctx.platform.config.public_url.trim_end_matches('/'),
        ctx.tenant.slug
    );
    let (head, letter) = ctx
        .read(Action::GetLetter, async |tx| {
            tx.touch(at.0);
            let row = store::letter(tx, at.0).await?.ok_or(NotificationError::Missing)?;
            row.child_id.into_iter().for_each(|child| tx.touch_child(child));
            Ok(compose(tx, row, base).await?)
        })
        .await?;
    // After the transaction: no connection waits for the typesetter.
    Ok(documents::letter_pdf(head, letter).await?.answer("brief.pdf"))
}

async fn compose(tx: &mut TenantRead, row: LetterRow, base: String) -> Result<(Letterhead, Letter), NotificationError> {
    let head = documents::letterhead(tx, &row.language).await?;
    let message: Message = serde_json::from_value(row.context).map_err(|_| NotificationError::Missing)?;
    if message.token().is_some_and(|token| *token == Token::default()) {
        return Err(NotificationError::LinkGone);
    }
    let to = Addressee {
        language: row.language,
        name: row.name,
        street: row.street,
        place: row.place,
        address_protected: row.address_protected == Some(true),
        reference_code: row.reference_code,
    };
    let mut set = letters(tx, base, vec![(to, message)]).await?;
    Ok((head, set.pop().ok_or(NotificationError::Missing)?))
}

/// Notes that a letter was printed.
#[utoipa::path(tag = "notifications", responses((status = 204, description = "It is noted")))]
#[post("/office/letters/{notification_id}/printed")]
async fn mark_letter_printed(ctx: Ctx, at: At<NotificationId>) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::MarkLetterPrinted, async |tx| {
        tx.touch(at.0);
        if store::set_printed(tx, at.0).await? {
            Ok(HttpResponse::NoContent().finish())
        } else {
            Err(ApiError::not_found())
        }
    })
    .await
}
