//! The API of this slice.

use actix_web::get;
use actix_web::web::Json;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::store::{self, Wanted};
use crate::access::{Action, Ctx};
use crate::platform::clock::{end_of_day, start_of_day};
use crate::platform::http::{ApiError, Cursor, Direction, Page, PageQuery, Query};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(list_audit);
    super::chain::http::routes(routes);
}

/// One event.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditItem {
    /// The event.
    pub id: Uuid,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// `anonymous`, `parent`, `staff`, `api_key` or `system`.
    pub actor_kind: String,
    /// The account or key.
    pub actor_id: Option<Uuid>,
    /// Name or address of the account, or the key's name, as known today.
    pub actor_label: Option<String>,
    /// The role that allowed it.
    pub role: Option<String>,
    /// The guardian in whose name somebody with a mandate acted.
    pub on_behalf_of: Option<Uuid>,
    /// That guardian's name, as known today.
    pub on_behalf_of_label: Option<String>,
    /// The operation's name.
    pub action: String,
    /// What it was about.
    pub object_id: Option<Uuid>,
    /// The request, as it stands in the log.
    pub request_id: Option<String>,
    /// `done`, or `refused`.
    pub outcome: String,
    /// The problem's code of a refused attempt.
    pub code: Option<String>,
    /// The ground on which it was done, where one is asked for.
    pub reason: Option<String>,
    /// Whether it should be noticed: a protected address was read, or somebody tried to.
    pub alert: bool,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AuditOutcome)]
enum Outcome {
    Done,
    Refused,
}

/// Which events.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AuditQuery {
    /// First day.
    from: Option<NaiveDate>,
    /// Last day.
    to: Option<NaiveDate>,
    /// Only of this account or key.
    actor_id: Option<Uuid>,
    /// Only of this operation.
    action: Option<String>,
    /// Only about this object or child.
    object_id: Option<Uuid>,
    /// Only what came about, or what was refused.
    #[param(inline)]
    outcome: Option<Outcome>,
    /// Only alerts.
    alerts: Option<bool>,
    /// `desc` when left out: the latest first.
    #[param(inline)]
    direction: Option<Direction>,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Who did what, the latest first when nothing is said.
#[utoipa::path(tag = "audit", params(AuditQuery), responses((status = 200, description = "Events", body = Page<AuditItem>)))]
#[get("/admin/audit")]
async fn list_audit(ctx: Ctx, query: Query<AuditQuery>) -> Result<Json<Page<AuditItem>>, ApiError> {
    ctx.read(Action::ListAudit, async |tx| {
        let query = query.0;
        let page = PageQuery {
            cursor: query.cursor,
            limit: query.limit,
        };
        let limit = page.limit()?;
        let upwards = query.direction == Some(Direction::Asc);
        let after = match page.after::<(bool, DateTime<Utc>, Uuid)>()? {
            None => None,
            Some((up, at, id)) if up == upwards => Some((at, id)),
            Some(_) => return Err(Cursor::of_another_order()),
        };
        let wanted = Wanted {
            from: query.from.map(start_of_day),
            until: query.to.map(end_of_day),
            actor: query.actor_id,
            action: query.action,
            object: query.object_id,
            outcome: query.outcome.map(|outcome| match outcome {
                Outcome::Done => "done",
                Outcome::Refused => "refused",
            }),
            alerts_only: query.alerts.unwrap_or(false),
            upwards,
            after,
            limit,
        };
        let total = match &page.cursor {
            None => store::count(tx, &wanted).await?,
            Some(_) => None,
        };
        let rows = store::events(tx, wanted).await?;
        let page = Page::from_rows(rows, limit, |e| (upwards, e.at, e.id));
        Ok(Json(Page { total, ..page }))
    })
    .await
}
