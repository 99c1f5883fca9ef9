//! What is owed in a month, for the treasury.

use actix_web::get;
use actix_web::web::Json;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx};
use crate::fees::model::{PeriodRelief, owed};
use crate::fees::store;
use crate::platform::clock::month_of;
use crate::platform::http::{ApiError, Page, Query};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(list_receivables);
}

/// Which month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReceivablesQuery {
    /// Any day of the month.
    #[param(example = "2027-09-01")]
    month: NaiveDate,
}

/// What is owed for a child in a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Receivable)]
struct ReceivableBody {
    file_number: String,
    reference_code: Option<String>,
    /// Last and first names of those who owe it, together.
    debtors: Vec<String>,
    facility_name: String,
    month: NaiveDate,
    /// Cents that are to be paid; 0 where the fee is waived.
    cents: i32,
    /// What of the table's amount is waived, and why.
    relief: Option<PeriodRelief>,
    currency: &'static str,
}

/// What is owed in a month by the notices that hold in it, for the treasury. Nothing is booked here.
#[utoipa::path(tag = "fees", params(ReceivablesQuery),
    responses((status = 200, description = "A line a contract, by file number", body = Page<ReceivableBody>)))]
#[get("/office/fees/receivables")]
async fn list_receivables(ctx: Ctx, query: Query<ReceivablesQuery>) -> Result<Json<Page<ReceivableBody>>, ApiError> {
    ctx.read(Action::ListReceivables, async |tx| {
        let month = month_of(query.0.month);
        let rows = store::holding_in(tx, month).await?;
        rows.iter().for_each(|row| tx.touch_child(row.child_id));
        let mut lines: Vec<_> = rows
            .into_iter()
            .filter_map(|row| {
                let period = owed(&row.periods, month)?;
                Some(ReceivableBody {
                    file_number: store::file_number(row.file_year, row.file_serial),
                    reference_code: row.reference_code,
                    debtors: row.debtors,
                    facility_name: row.facility_name,
                    month,
                    cents: period.cents,
                    relief: period.relief,
                    currency: "EUR",
                })
            })
            .collect();
        lines.sort_by(|a, b| a.file_number.cmp(&b.file_number));
        Ok(Json(Page::all(lines)))
    })
    .await
}
