//! The API of this slice.

use actix_web::get;
use actix_web::web::Json;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::store::{self, Filter, InboxSort, Item};
use crate::access::{Action, Ctx};
use crate::families;
use crate::platform::http::{ApiError, OrderQuery, Page, Query, beginning};
use crate::platform::ids::{ContractId, FacilityId, PreferenceId};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(list_inbox);
    super::views::http::routes(routes);
}

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "answer")]
enum InboxKind {
    /// A family waits for an answer.
    Answer,
    /// Evidence of a child who has or is offered a place was not seen.
    Document,
    /// An offer waits for the family.
    Offer,
    /// Not everybody signed a contract.
    Contract,
    /// A guest's home municipality does not agree any more; the office decides.
    Consent,
    /// A permit or a childminder's licence ends soon, or has ended, and none follows.
    Permit,
    /// Hours of qualified staff end soon, and none follow.
    Staff,
    /// In a month of the next twelve more places are promised than can be run.
    Shortage,
    /// A childminder is away, and for some children nobody was found.
    Absence,
    /// A family declined an offer in the last days.
    Decline,
    /// A family gave notice in the last days.
    Termination,
}

impl InboxKind {
    const ALL: [Self; 11] = [
        Self::Answer,
        Self::Document,
        Self::Offer,
        Self::Contract,
        Self::Consent,
        Self::Permit,
        Self::Staff,
        Self::Shortage,
        Self::Absence,
        Self::Decline,
        Self::Termination,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Document => "document",
            Self::Offer => "offer",
            Self::Contract => "contract",
            Self::Consent => "consent",
            Self::Permit => "permit",
            Self::Staff => "staff",
            Self::Shortage => "shortage",
            Self::Absence => "absence",
            Self::Decline => "decline",
            Self::Termination => "termination",
        }
    }
}

/// Something that waits.
#[derive(Debug, Serialize, ToSchema)]
struct InboxItem {
    kind: InboxKind,
    /// `null`: it is about no child.
    preference_id: Option<PreferenceId>,
    contract_id: Option<ContractId>,
    facility_id: FacilityId,
    facility_name: String,
    /// First name and initial; `erwartetes Kind` before birth; `null`: it is about no child.
    child_label: Option<String>,
    /// Until when; `null`: it has no date.
    due_on: Option<NaiveDate>,
    /// How many documents are missing, hours of staff end, places lack, or children have no substitute.
    count: i64,
    since: DateTime<Utc>,
}

/// Which items, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct InboxQuery {
    /// Only of this facility.
    facility_id: Option<FacilityId>,
    /// Only of this kind.
    #[param(inline)]
    kind: Option<InboxKind>,
    /// Beginning of the child's name.
    q: Option<String>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<InboxSort>,
}

/// What waits at the asker's facilities, by deadline when nothing is said.
#[utoipa::path(tag = "inbox", params(InboxQuery, OrderQuery<InboxSort>),
    responses((status = 200, description = "A page of what waits", body = Page<InboxItem>)))]
#[get("/staff/inbox")]
async fn list_inbox(ctx: Ctx, query: Query<InboxQuery>) -> Result<Json<Page<InboxItem>>, ApiError> {
    let query = query.0;
    ctx.read(Action::ListInbox, async |tx| {
        let filter = Filter {
            facilities: tx.scope().narrowed_to(query.facility_id),
            kind: query.kind.map(InboxKind::as_str),
            q: beginning(query.q),
            order: query.order.order()?,
        };
        let page = filter.order.page(store::items(tx, &filter).await?);
        page.items
            .iter()
            .filter_map(|row| row.child_id)
            .for_each(|child| tx.touch_child(child));
        let language = tx.language();
        Ok(Json(page.map(|row| item(row, &language))))
    })
    .await
}

fn item(row: Item, language: &str) -> InboxItem {
    let kind = InboxKind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
    InboxItem {
        kind: kind.unwrap_or(InboxKind::Answer),
        child_label: row
            .child_id
            .map(|_| families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), language)),
        preference_id: row.preference_id,
        contract_id: row.contract_id,
        facility_id: row.facility_id,
        facility_name: row.facility_name,
        due_on: row.due_on,
        count: row.count,
        since: row.since,
    }
}
