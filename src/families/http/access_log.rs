//! Who looked at my child: what was read and changed of a child's data, for those with custody of it.

use actix_web::get;
use actix_web::web::Json;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::own;
use crate::access::{Action, Ctx};
use crate::audit::{self, ChildEvent};
use crate::families::{FamilyError, store};
use crate::platform::http::{ApiError, At, Page, PageQuery, Query};
use crate::platform::ids::{AccountId, ChildId};

/// Adds the operation on a child's events.
pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(list_child_access);
}

/// Who it was, as far as a parent may know: never a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChildAccessor)]
enum Accessor {
    /// The asker.
    Own,
    /// Another parent or guardian.
    Guardian,
    /// Somebody who works for the office, a provider or a facility.
    Staff,
    /// Somebody with a mandate, in the name of a guardian.
    Counsellor,
    /// Another system of the municipality.
    Machine,
    /// The program by itself, for example a reminder.
    Automatic,
}

/// What was read or changed of a child's data.
#[derive(Debug, Serialize, ToSchema)]
struct ChildAccess {
    id: Uuid,
    at: DateTime<Utc>,
    by: Accessor,
    /// The role in which it was done.
    role: Option<String>,
    /// The facility, the provider or the system; `null` for the office. Of somebody with a mandate: who that is, as the family says.
    place: Option<String>,
    /// In whose name somebody with a mandate did it.
    on_behalf_of: Option<String>,
    /// The operation's name; the pages have the words for it.
    action: String,
    /// Whether something was changed; unknown for old events.
    changed: Option<bool>,
    /// The ground, where one was given.
    reason: Option<String>,
}

impl ChildAccess {
    fn of(event: ChildEvent, me: AccountId) -> Self {
        Self {
            by: match event.actor_kind.as_str() {
                _ if event.on_behalf_of.is_some() => Accessor::Counsellor,
                "parent" if event.actor_id == Some(me.0) => Accessor::Own,
                "parent" => Accessor::Guardian,
                "staff" => Accessor::Staff,
                "api_key" => Accessor::Machine,
                _ => Accessor::Automatic,
            },
            id: event.id,
            at: event.at,
            role: event.role,
            place: event.counsellor.or(event.place),
            on_behalf_of: event.on_behalf_of,
            action: event.action,
            changed: event.changed,
            reason: event.reason,
        }
    }
}

/// Which events, and which page of them.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AccessQuery {
    /// Whether what one did oneself is among them; it is when left out.
    own: Option<bool>,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Who read and changed data of an own child, the latest first: role and facility, not the person's name.
#[utoipa::path(tag = "families", params(AccessQuery),
    responses((status = 200, description = "A page of events", body = Page<ChildAccess>)))]
#[get("/family/children/{child_id}/access")]
async fn list_child_access(
    ctx: Ctx,
    at: At<ChildId>,
    query: Query<AccessQuery>,
) -> Result<Json<Page<ChildAccess>>, ApiError> {
    ctx.read(Action::ListChildAccess, async |tx| {
        let account = own(tx)?;
        let page = PageQuery {
            cursor: query.0.cursor,
            limit: query.0.limit,
        };
        let limit = page.limit()?;
        let but_of = (query.0.own == Some(false)).then_some(account);
        if !store::has_custody(tx, account, at.0).await? {
            return Err(FamilyError::Missing.into());
        }
        tx.touch_child(at.0);
        let rows = audit::of_child(tx, at.0, but_of, page.after()?, limit + 1).await?;
        let page = Page::from_rows(rows, limit, |event| (event.at, event.id));
        Ok(Json(page.map(|event| ChildAccess::of(event, account))))
    })
    .await
}
