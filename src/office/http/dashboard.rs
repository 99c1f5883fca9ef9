//! The office's dashboard: what is due, who waits, and what goes another way than the usual one.

use actix_web::get;
use actix_web::web::Json;
use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::views::silent;
use crate::access::{Action, Ctx, TenantRead};
use crate::allocation::rounds::DeviationReason;
use crate::facilities::{self, AgeBand};
use crate::office::dashboard::{self, Narrow, PassedOverFilter, PassedOverSort, Unserved};
use crate::office::query::known_district;
use crate::platform::clock::month_of;
use crate::platform::http::{ApiError, OrderQuery, Page, Query};
use crate::platform::ids::{DemandId, FacilityId, FollowupId};
use crate::{contracts, families, notifications, residence, tenancy};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(office_dashboard).service(list_passed_over);
}

/// Open claims that are due in a stretch of time, which the list of demands takes as its filter.
#[derive(Debug, Serialize, ToSchema)]
struct ClaimsDue {
    /// `overdue`, `days_30`, `days_90` or `later`.
    code: &'static str,
    due_from: Option<NaiveDate>,
    due_to: Option<NaiveDate>,
    count: i64,
}

/// Children of an age band.
#[derive(Debug, Serialize, ToSchema)]
struct UnservedAge {
    age_band: AgeBand,
    count: i64,
}

/// Children who want to begin in a month.
#[derive(Debug, Serialize, ToSchema)]
struct UnservedMonth {
    /// Its first day.
    month: NaiveDate,
    /// Its last day.
    until: NaiveDate,
    count: i64,
}

/// Children whose first wish lies in a district.
#[derive(Debug, Serialize, ToSchema)]
struct UnservedDistrict {
    /// `null`: no district is known.
    district: Option<String>,
    count: i64,
}

/// Children without a place.
#[derive(Debug, Default, Serialize, ToSchema)]
struct UnservedBody {
    total: i64,
    /// By the age band on the wished first day.
    by_age: Vec<UnservedAge>,
    by_month: Vec<UnservedMonth>,
    /// The most first.
    by_district: Vec<UnservedDistrict>,
}

/// What goes another way than the usual one.
#[derive(Debug, Serialize, ToSchema)]
struct ExceptionsBody {
    /// Open demands that the register knows otherwise.
    register_mismatches: i64,
    /// Drafts of notices that wait for a second person.
    notices_to_approve: i64,
    /// Approved notices that were not posted yet.
    notices_to_post: i64,
    /// Objections that are not decided.
    objections: i64,
    /// Offers to another child than the next of the list, in the last twelve months.
    deviations: i64,
    /// Guest children whose home municipality nobody has asked yet.
    guests_open: i64,
    /// Consents of home municipalities that end within sixty days, or have ended.
    consents_ending: i64,
    /// Consents that were withdrawn or ended while a contract stands, not decided.
    consents_lapsed: i64,
    /// Families who said they would have moved here by now and did not prove it.
    moves_overdue: i64,
    /// Days on which a childminder is away and some child has no substitute.
    absences_uncovered: i64,
    /// Contracts that end as a former rule of school entry had it.
    old_school_ends: i64,
}

/// Children of one year of school entry, with a claim to full-day care from then on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FullDayCohort)]
struct CohortBody {
    /// Year of school entry.
    entry_year: i32,
    /// Children for whom a demand was sent.
    children: i64,
    /// For whom after-school care is wished.
    waiting: i64,
    /// Who have a place beyond their school entry.
    placed: i64,
}

/// The dashboard.
#[derive(Debug, Serialize, ToSchema)]
struct OfficeDashboard {
    /// The state's clock: months between the demand and the start.
    notice_period_months: i32,
    claims: Vec<ClaimsDue>,
    unserved: UnservedBody,
    exceptions: ExceptionsBody,
    /// The claim to full-day care at primary school, by year of entry since 2026.
    full_day_claim: Vec<CohortBody>,
    /// Facilities that answer later than the municipality's clock allows.
    silent_facilities: usize,
    /// Mails that could not be delivered.
    dead_letters: i64,
    /// Letters to print.
    letters_to_print: i64,
}

/// What the unserved children are narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DashboardQuery {
    /// The band in which the child is on its wished first day.
    age_band: Option<AgeBand>,
    /// A day of the month in which it wants to begin.
    month: Option<NaiveDate>,
    /// District of the first wish; `-`: none is known.
    district: Option<String>,
}

/// What is due and who waits, in figures; each has a list behind it.
#[utoipa::path(tag = "office", params(DashboardQuery),
    responses((status = 200, description = "The dashboard", body = OfficeDashboard)))]
#[get("/office/dashboard")]
async fn office_dashboard(ctx: Ctx, query: Query<DashboardQuery>) -> Result<Json<OfficeDashboard>, ApiError> {
    ctx.read(Action::OfficeDashboard, async |tx| {
        let narrow = Narrow {
            age_band: query.0.age_band,
            month: query.0.month.map(month_of),
            district: query.0.district.map(known_district),
        };
        Ok(Json(figures(tx, &narrow).await?))
    })
    .await
}

async fn figures(tx: &mut TenantRead, narrow: &Narrow) -> Result<OfficeDashboard, ApiError> {
    let settings = tenancy::settings(tx).await?;
    let waiting = notifications::waiting(tx).await?;
    let since = a_year_ago(tx);
    let school = facilities::school_rule(tx).await?;
    let open = residence::open(tx).await?;
    let cohorts = dashboard::cohorts(tx, school).await?;
    let exceptions = dashboard::exceptions(tx, since).await?;
    Ok(OfficeDashboard {
        notice_period_months: settings.notice_period_months,
        claims: claims(tx).await?,
        unserved: unserved(dashboard::unserved(tx, narrow, school).await?),
        exceptions: ExceptionsBody {
            register_mismatches: exceptions.register_mismatches,
            notices_to_approve: exceptions.notices_to_approve,
            notices_to_post: exceptions.notices_to_post,
            objections: exceptions.objections,
            deviations: exceptions.deviations,
            absences_uncovered: exceptions.absences_uncovered,
            guests_open: open.guests_open,
            consents_ending: open.consents_ending,
            consents_lapsed: open.consents_lapsed,
            moves_overdue: open.moves_overdue,
            old_school_ends: contracts::old_school_ends(tx).await?,
        },
        full_day_claim: cohorts.into_iter().map(cohort).collect(),
        silent_facilities: silent(tx, None).await?.len(),
        dead_letters: waiting.dead_letters,
        letters_to_print: waiting.letters_to_print,
    })
}

fn cohort(row: dashboard::Cohort) -> CohortBody {
    CohortBody {
        entry_year: row.entry_year,
        children: row.children,
        waiting: row.waiting,
        placed: row.placed,
    }
}

/// Deviations are counted and listed from this day on.
fn a_year_ago(tx: &TenantRead) -> NaiveDate {
    tx.today().checked_sub_months(Months::new(12)).unwrap_or(NaiveDate::MIN)
}

/// An offer past the order of a follow-up list.
#[derive(Debug, Serialize, ToSchema)]
struct PassedOverBody {
    id: FollowupId,
    at: DateTime<Utc>,
    facility_name: String,
    demand_id: DemandId,
    /// First name and initial of who got the offer; `erwartetes Kind` before birth. Of a restricted child nothing is said.
    child_label: Option<String>,
    /// The place in the order; so many less one were passed over.
    position: i32,
    /// The ground that was given.
    reason: Option<String>,
    /// Who decided; empty where the municipality's rule did by itself.
    decided_by: Option<String>,
}

/// Which offers, and in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PassedOverQuery {
    /// Only of this facility.
    facility_id: Option<FacilityId>,
    /// Only with this ground.
    #[param(inline)]
    reason: Option<DeviationReason>,
    /// Only from this day on.
    from: Option<NaiveDate>,
    /// Only until this day.
    to: Option<NaiveDate>,
    #[serde(flatten)]
    #[param(ignore)]
    order: OrderQuery<PassedOverSort>,
}

/// The offers of the last twelve months that went past the order of a follow-up list: what the dashboard's figure counts.
#[utoipa::path(tag = "office", params(PassedOverQuery, OrderQuery<PassedOverSort>),
    responses((status = 200, description = "A page of offers, the latest first", body = Page<PassedOverBody>)))]
#[get("/office/deviations")]
async fn list_passed_over(ctx: Ctx, query: Query<PassedOverQuery>) -> Result<Json<Page<PassedOverBody>>, ApiError> {
    let query = query.0;
    ctx.read(Action::ListPassedOver, async |tx| {
        let since = a_year_ago(tx);
        let filter = PassedOverFilter {
            since: query.from.map_or(since, |from| from.max(since)),
            until: query.to,
            facility: query.facility_id,
            reason: query.reason,
            order: query.order.order()?,
        };
        let rows = dashboard::passed_over(tx, &filter).await?;
        let rows = filter.order.page(rows);
        let language = tx.language();
        let mut items = Vec::new();
        for row in rows.items {
            let hidden = families::is_hidden(tx, row.child_id).await?;
            if !hidden {
                tx.touch_child(row.child_id);
            }
            let label = families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), &language);
            items.push(PassedOverBody {
                id: row.id,
                at: row.at,
                facility_name: row.facility_name,
                demand_id: row.demand_id,
                child_label: (!hidden).then_some(label),
                position: row.position,
                reason: row.reason,
                decided_by: row.decided_by,
            });
        }
        Ok(Json(Page {
            items,
            next_cursor: rows.next_cursor,
            total: rows.total,
        }))
    })
    .await
}

async fn claims(tx: &mut TenantRead) -> Result<Vec<ClaimsDue>, ApiError> {
    let today = tx.today();
    let after = |days: u64| today.checked_add_days(Days::new(days));
    let (near, far) = (after(30).unwrap_or(today), after(90).unwrap_or(today));
    let counted = dashboard::claims(tx, near, far).await?;
    let due = |code, due_from, due_to, count| ClaimsDue {
        code,
        due_from,
        due_to,
        count,
    };
    Ok(vec![
        due("overdue", None, today.pred_opt(), counted.overdue),
        due("days_30", Some(today), Some(near), counted.days_30),
        due("days_90", near.succ_opt(), Some(far), counted.days_90),
        due("later", far.succ_opt(), None, counted.later),
    ])
}

/// The three groupings of one query, each in its place.
fn unserved(rows: Vec<Unserved>) -> UnservedBody {
    let mut body = UnservedBody::default();
    for row in rows {
        match (row.grouping, row.age_band, row.month) {
            (3, Some(age_band), _) => {
                body.total += row.count;
                body.by_age.push(UnservedAge {
                    age_band,
                    count: row.count,
                });
            }
            (5, _, Some(month)) => body.by_month.push(UnservedMonth {
                month,
                until: month
                    .checked_add_months(Months::new(1))
                    .and_then(|d| d.pred_opt())
                    .unwrap_or(month),
                count: row.count,
            }),
            (6, _, _) => body.by_district.push(UnservedDistrict {
                district: row.district.filter(|d| !d.is_empty()),
                count: row.count,
            }),
            _ => {}
        }
    }
    body
}
