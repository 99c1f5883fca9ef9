//! Contracts that end as a former rule of school entry had it: what a change of the rule would touch, what it left, and drafting changes.

use actix_web::http::StatusCode;
use actix_web::web::Json;
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx, TenantRead};
use crate::contracts::model::{ContractState, Hindrance, last_day};
use crate::contracts::rule_change::{self, MOST_AT_ONCE};
use crate::contracts::store::{self, EndFilter, EndSort, OtherEndRow, Rules};
use crate::families;
use crate::platform::fields::Invalid;
use crate::platform::http::{ApiError, Body, OrderQuery, PageQuery, Query, Sorted};
use crate::platform::ids::{ChildId, ContractId, FacilityId};
use crate::tenancy::SchoolRule;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(preview_school_rule)
        .service(list_other_ends)
        .service(draft_other_ends);
}

/// A contract whose end is the usual one by another rule of school entry.
#[derive(Debug, Serialize, ToSchema)]
struct OtherEndBody {
    contract_id: ContractId,
    child_id: ChildId,
    /// The child's name, or initials.
    child: String,
    facility_id: FacilityId,
    facility_name: String,
    state: ContractState,
    care_from: NaiveDate,
    /// The last day of care, as it is agreed.
    last_day: NaiveDate,
    /// The last day of care by the rule.
    usual_last_day: NaiveDate,
    /// What stands against drafting a change, as far as it can be seen; whether there is a place is asked when it is drafted.
    hindrance: Option<Hindrance>,
}

impl OtherEndBody {
    fn of(row: OtherEndRow, today: NaiveDate, language: &str) -> Self {
        Self {
            hindrance: row.hindrance(today),
            contract_id: row.contract_id,
            child_id: row.child_id,
            child: families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), language),
            facility_id: row.facility_id,
            facility_name: row.facility_name,
            state: row.state,
            care_from: row.care_from,
            last_day: last_day(row.care_until),
            usual_last_day: last_day(row.usual_until),
        }
    }
}

/// A page of such contracts, and how many there are.
#[derive(Debug, Serialize, ToSchema)]
struct OtherEndPage {
    items: Vec<OtherEndBody>,
    /// Send it as `cursor` to get the next page; `null` on the last.
    next_cursor: Option<String>,
    /// Contracts in all.
    total: i64,
    /// Children with such a contract.
    children: i64,
    /// Contracts that are left alone: their end was agreed for the child, though the rules differ for it.
    individual: i64,
}

async fn page(tx: &mut TenantRead, rules: &Rules, order: Sorted<EndSort>) -> Result<OtherEndPage, ApiError> {
    let today = tx.today();
    let filter = EndFilter { ids: None, order };
    let counts = rule_change::count_other_ends(tx, rules).await?;
    let rows = match counts.contracts {
        0 => Vec::new(),
        _ => store::other_ends(tx, rules, &filter).await?,
    };
    let language = tx.language();
    let rows = filter.order.page(rows);
    rows.items.iter().for_each(|row| tx.touch_child(row.child_id));
    let rows = rows.map(|row| OtherEndBody::of(row, today, &language));
    Ok(OtherEndPage {
        items: rows.items,
        next_cursor: rows.next_cursor,
        total: counts.contracts,
        children: counts.children,
        individual: counts.individual,
    })
}

/// The rule that is thought of.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RuleQuery {
    /// Month and day (`MM-DD`) by which a child must be six; left out: as in the federal state.
    school_key_day: Option<String>,
    /// Month and day (`MM-DD`) on which the Kita year begins.
    #[param(example = "08-01")]
    kita_year_start: String,
    /// Where the page begins.
    cursor: Option<String>,
    /// How many rows, 1 to 200.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// What another rule of school entry would touch: contracts that end as the rule had it by which they were made. Writes nothing.
#[utoipa::path(tag = "contracts", params(RuleQuery), responses(
    (status = 200, description = "The contracts", body = OtherEndPage),
    (status = 422, description = "`/school_key_day` or `/kita_year_start`: `invalid`")))]
#[get("/admin/settings/school-rule")]
async fn preview_school_rule(ctx: Ctx, query: Query<RuleQuery>) -> Result<Json<OtherEndPage>, ApiError> {
    let query = query.0;
    let paging = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    };
    ctx.read(Action::PreviewSchoolRule, async |tx| {
        let state = tx.tenant().federal_state.clone();
        let rule = |key: Option<&str>, start: &str| SchoolRule::of_days(key, start, &state);
        let invalid = |pointer: &str| Invalid::one(pointer, "invalid", "MM-DD");
        let key = query.school_key_day.as_deref().filter(|day| !day.is_empty());
        rule(None, &query.kita_year_start).ok_or_else(|| invalid("/kita_year_start"))?;
        let by = rule(key, &query.kita_year_start).ok_or_else(|| invalid("/school_key_day"))?;
        let rules = rule_change::rules(tx, Some(by)).await?;
        Ok(Json(page(tx, &rules, OrderQuery::from(paging).order()?).await?))
    })
    .await
}

/// In which order.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherEndsQuery {
    #[serde(flatten)]
    order: OrderQuery<EndSort>,
}

/// Contracts that end as a former rule of school entry had it, by facility when nothing is said. They go on as they were agreed until both
/// sides sign another end.
#[utoipa::path(tag = "contracts", params(OrderQuery<EndSort>), responses((status = 200, description = "The contracts", body = OtherEndPage)))]
#[get("/office/contracts/school-rule")]
async fn list_other_ends(ctx: Ctx, query: Query<OtherEndsQuery>) -> Result<Json<OtherEndPage>, ApiError> {
    ctx.read(Action::ListOtherEnds, async |tx| {
        let order = query.0.order.order()?;
        let rules = rule_change::rules(tx, None).await?;
        Ok(Json(page(tx, &rules, order).await?))
    })
    .await
}

/// Which contracts.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"contract_ids": ["5b0f6f0e-6d3c-4c0f-9a57-2f1be5f0c9d2"]}))]
struct DraftOtherEnds {
    /// 1 to 200 of the list; left out: the first 200 of it.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 200)]
    contract_ids: Option<Vec<ContractId>>,
}

/// What became of one contract.
#[derive(Debug, Serialize, ToSchema)]
struct DraftedEnd {
    contract_id: ContractId,
    /// The child's name, or initials; `null` where the contract is not on the list.
    child: Option<String>,
    facility_name: Option<String>,
    /// Why no change was drafted; `null`: it was.
    hindrance: Option<Hindrance>,
}

/// What became of all of them.
#[derive(Debug, Serialize, ToSchema)]
struct DraftedEnds {
    /// How many changes were drafted.
    drafted: usize,
    items: Vec<DraftedEnd>,
}

/// Drafts for each of these contracts the change to its usual end, where nothing stands against it. The facilities send the drafts, and both
/// sides sign; until then nothing changes.
#[utoipa::path(tag = "contracts", request_body = DraftOtherEnds,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "What became of each", body = DraftedEnds),
              (status = 404, description = "One of them is no contract here"),
              (status = 422, description = "`/contract_ids`: `out_of_range`")))]
#[post("/office/contracts/school-rule")]
async fn draft_other_ends(ctx: Ctx, body: Body<DraftOtherEnds>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::DraftOtherEnds, StatusCode::CREATED, &body, async |tx| {
        let wanted = body.parse()?.contract_ids;
        let most = usize::try_from(MOST_AT_ONCE).unwrap_or(usize::MAX);
        if wanted.as_ref().is_some_and(|all| !(1..=most).contains(&all.len())) {
            return Err(Invalid::one("/contract_ids", "out_of_range", "1 to 200").into());
        }
        let outcomes = rule_change::draft_other_ends(tx, wanted).await?;
        let language = tx.language();
        let drafted = outcomes.iter().filter(|one| one.hindrance.is_none()).count();
        let item = |one: rule_change::Outcome| {
            let child = |row: &OtherEndRow| {
                families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), &language)
            };
            DraftedEnd {
                contract_id: one.contract_id,
                child: one.row.as_ref().map(child),
                facility_name: one.row.map(|row| row.facility_name),
                hindrance: one.hindrance,
            }
        };
        let items = outcomes.into_iter().map(item).collect();
        Ok(DraftedEnds { drafted, items })
    })
    .await
}
