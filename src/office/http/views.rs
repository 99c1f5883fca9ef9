//! What the office sees: the overview, all demands, one of them, and facilities that do not answer.

use std::collections::BTreeMap;

use actix_web::get;
use actix_web::web::Json;
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::bodies::{
    OfficeDemand, OfficeDemandDetail, OfficeMonth, OfficeOverview, SilentFacilities, SilentFacilityBody, detail,
};
use crate::access::{Action, Ctx, TenantRead};
use crate::demands::DemandState;
use crate::office::query::{DemandsQuery, Sort, WITHOUT_PLACE, Wanted};
use crate::office::store::{self, SilentFacility, StateCount};
use crate::platform::clock::berlin_date;
use crate::platform::http::{ApiError, At, OrderQuery, Page, Query, Versioned};
use crate::platform::ids::DemandId;
use crate::{facilities, notifications, tenancy};

/// A claim that is due within so many days is shown as near.
const NEAR_DAYS: u64 = 30;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(office_overview)
        .service(list_office_demands)
        .service(get_office_demand)
        .service(list_silent_facilities);
}

/// What waits for the office, in numbers, and the last twelve months.
#[utoipa::path(tag = "office", responses((status = 200, description = "The overview", body = OfficeOverview)))]
#[get("/office/overview")]
async fn office_overview(ctx: Ctx) -> Result<Json<OfficeOverview>, ApiError> {
    ctx.read(Action::OfficeOverview, async |tx| Ok(Json(overview(tx).await?)))
        .await
}

async fn overview(tx: &mut TenantRead) -> Result<OfficeOverview, ApiError> {
    let today = tx.today();
    let near = today.checked_add_days(Days::new(NEAR_DAYS)).unwrap_or(today);
    let states = store::by_state(tx, near).await?;
    let sum = |states: &[StateCount], of: fn(&StateCount) -> i64| -> i64 {
        let open = states.iter().filter(|s| WITHOUT_PLACE.contains(&s.state));
        open.map(of).sum()
    };
    let waiting = notifications::waiting(tx).await?;
    let silent = silent(tx, None).await?;
    Ok(OfficeOverview {
        without_place: sum(&states, |s| s.all - s.transfers),
        transfers: sum(&states, |s| s.transfers),
        legal_claims_open: sum(&states, |s| s.claims),
        legal_claims_due_30_days: sum(&states, |s| s.claims_due),
        silent_facilities: i64::try_from(silent.len()).unwrap_or(i64::MAX),
        dead_letters: waiting.dead_letters,
        unanswered: store::unanswered(tx).await?,
        letters_to_print: waiting.letters_to_print,
        to_confirm: states
            .iter()
            .find(|s| s.state == DemandState::Submitted)
            .map_or(0, |s| s.all),
        demands_by_state: states
            .iter()
            .map(|s| (s.state.as_str().to_owned(), s.all))
            .collect::<BTreeMap<_, _>>(),
        by_month: months(tx, today).await?,
    })
}

/// The last twelve months with this one; none at all before anything happened.
async fn months(tx: &mut TenantRead, today: NaiveDate) -> Result<Vec<OfficeMonth>, ApiError> {
    let this = today.with_day(1).unwrap_or(today);
    let first = this.checked_sub_months(Months::new(11)).unwrap_or(this);
    let rows = store::by_month(tx, first, this).await?;
    if rows.iter().all(|row| row.demands + row.accepted == 0) {
        return Ok(Vec::new());
    }
    let month = |row: store::MonthCount| OfficeMonth {
        month: row.month,
        demands: row.demands,
        accepted: row.accepted,
    };
    Ok(rows.into_iter().map(month).collect())
}

/// The demands of the municipality: by view, filtered, sorted, by pages.
#[utoipa::path(tag = "office", params(DemandsQuery, OrderQuery<Sort>),
    responses((status = 200, description = "A page of demands", body = Page<OfficeDemand>)))]
#[get("/office/demands")]
async fn list_office_demands(ctx: Ctx, query: Query<DemandsQuery>) -> Result<Json<Page<OfficeDemand>>, ApiError> {
    ctx.read(Action::ListOfficeDemands, async |tx| {
        let school = facilities::school_rule(tx).await?;
        let wanted = query.0.wanted(school)?;
        Ok(Json(page(tx, &wanted).await?))
    })
    .await
}

async fn page(tx: &mut TenantRead, wanted: &Wanted) -> Result<Page<OfficeDemand>, ApiError> {
    let rows = store::demands(tx, wanted).await?;
    let page = wanted.order.page(rows, |row| (row.key, row.id), |row| row.total);
    page.items.iter().for_each(|row| tx.touch_child(row.child_id));
    let language = tx.language();
    Ok(page.map(|row| OfficeDemand::of(row, &language)))
}

/// One demand with contact, evidence and history.
#[utoipa::path(tag = "office", responses((status = 200, description = "The demand", body = OfficeDemandDetail)))]
#[get("/office/demands/{demand_id}")]
async fn get_office_demand(ctx: Ctx, at: At<DemandId>) -> Result<Versioned<OfficeDemandDetail>, ApiError> {
    ctx.read(Action::GetOfficeDemand, async |tx| detail(tx, at.0).await)
        .await
}

/// How long a facility may be silent.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SilentQuery {
    /// Longer than so many days, 0 to 3650; the municipality's answer clock when left out.
    #[param(minimum = 0, maximum = 3650)]
    days: Option<i32>,
}

/// Facilities that have let families wait for longer than so many days, the longest first.
#[utoipa::path(tag = "office", params(SilentQuery),
    responses((status = 200, description = "The facilities", body = SilentFacilities)))]
#[get("/office/silent-facilities")]
async fn list_silent_facilities(ctx: Ctx, query: Query<SilentQuery>) -> Result<Json<SilentFacilities>, ApiError> {
    ctx.read(Action::ListSilentFacilities, async |tx| {
        if query.0.days.is_some_and(|days| !(0..=3650).contains(&days)) {
            return Err(ApiError::malformed("query.malformed", "days: between 0 and 3650"));
        }
        let today = tx.today();
        let body = |row: SilentFacility| SilentFacilityBody {
            facility_id: row.id,
            name: row.name,
            open_preferences: row.waiting,
            oldest_received_at: row.oldest,
            oldest_days: (today - berlin_date(row.oldest)).num_days(),
        };
        let items = silent(tx, query.0.days).await?.into_iter().map(body).collect();
        Ok(Json(SilentFacilities { items }))
    })
    .await
}

/// Facilities that have been silent for more than so many days, or than their clock allows.
pub(super) async fn silent(tx: &mut TenantRead, days: Option<i32>) -> Result<Vec<SilentFacility>, ApiError> {
    let days = match days {
        Some(days) => days,
        None => tenancy::settings(tx).await?.answer_clock_days,
    };
    let before = tx.today().checked_sub_days(Days::new(u64::from(days.unsigned_abs())));
    Ok(store::silent_facilities(tx, before.unwrap_or(NaiveDate::MIN)).await?)
}
