//! A list of the staff area as somebody has it on the screen, to become a file: which columns, in which order, all rows of its filters.
//!
//! The words are those of the page, in the language and with the columns that the person chose; they were read row by row with the
//! person's rights before. Here they become a file, and one event that says which list was taken out.

use actix_web::http::{StatusCode, header};
use actix_web::web::Payload;
use actix_web::{HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::file::{self, Cell};
use crate::access::{Action, Ctx};
use crate::documents::{self, TablePaper};
use crate::platform::fields::Invalid;
use crate::platform::http::{ApiError, Body, read_upload};

/// Adds the operation below `/api/v1/{tenant}`.
pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(export_table);
}

/// Largest table: sixteen megabytes, some 50,000 rows.
const MOST_MEGABYTES: usize = 16;
/// What a spreadsheet holds in a cell.
const LONGEST_CELL: usize = 32_767;
const MOST_COLUMNS: usize = 100;
const MOST_ROWS: usize = 100_000;
/// Some sixty sheets of paper; setting more would take too long.
const MOST_ROWS_ON_PAPER: usize = 2000;

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident $word:literal;)*) => {
        /// Which list of the staff area.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum ShownList {
            $($(#[$doc])* $name,)*
        }

        impl ShownList {
            /// Its word in the audit.
            fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

lists! {
    /// What waits today.
    Inbox "inbox";
    /// Preferences that name the facilities.
    Preferences "preferences";
    /// Offers.
    Offers "offers";
    /// Care contracts.
    Contracts "contracts";
    /// Demands of the municipality.
    Demands "demands";
    /// Children of a round.
    Cases "cases";
    /// Rounds.
    Rounds "rounds";
    /// Notices.
    Notices "notices";
    /// Contracts with what is owed for them.
    Fees "fees";
    /// What is owed in a month.
    Receivables "receivables";
    /// Offers past the order.
    Deviations "deviations";
    /// Facilities that let families wait.
    SilentFacilities "silent_facilities";
    /// Mail that could not be delivered.
    DeadLetters "dead_letters";
    /// Letters to print.
    Letters "letters";
    /// Guest children.
    Guests "guests";
    /// Families who move here.
    Movers "movers";
    /// Proposed follow-up care.
    FollowupDemands "followup_demands";
    /// Members of staff.
    Staff "staff";
    /// Invitations of staff.
    Invitations "invitations";
    /// Facilities.
    Facilities "facilities";
    /// Providers.
    Providers "providers";
    /// Closing days.
    ClosingDays "closing_days";
    /// Keys of machine clients.
    ApiKeys "api_keys";
    /// Questions to families.
    Criteria "criteria";
    /// Facilities with what the statistics lack.
    Statistics "statistics";
    /// The facilities of whoever runs them.
    OwnFacilities "own_facilities";
    /// Contracts that end as a former rule of school entry had it.
    OtherEnds "other_ends";
    /// The audit.
    Audit "audit";
    /// Any other table.
    Other "other";
}

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TableFormat)]
enum Format {
    Csv,
    Xlsx,
    /// To be printed.
    Pdf,
}

/// A table as it stands on the screen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"list": "offers", "format": "xlsx", "headers": ["Kind", "Stunden"], "rows": [["Mia B.", 35]]}))]
struct ShownTable {
    list: ShownList,
    format: Format,
    /// What the page calls it, at most 200 characters; stands above a printed table.
    #[serde(default)]
    title: String,
    /// The heads of the columns, at most 100.
    headers: Vec<String>,
    /// The rows, each with as many cells.
    #[schema(value_type = Vec<Vec<Option<serde_json::Value>>>)]
    rows: Vec<Vec<Cell>>,
}

impl ShownTable {
    /// What makes it no table, with its place.
    fn checked(self) -> Result<Self, Invalid> {
        if self.headers.is_empty() || self.headers.len() > MOST_COLUMNS {
            return Err(Invalid::one("/headers", "out_of_range", "between 1 and 100 columns"));
        }
        if self.rows.len() > MOST_ROWS {
            return Err(Invalid::one("/rows", "too_many", "at most 100000 rows"));
        }
        if self.format == Format::Pdf && self.title.trim().is_empty() {
            return Err(Invalid::one("/title", "required", "stands above the table"));
        }
        if self.title.chars().count() > 200 {
            return Err(Invalid::one("/title", "too_long", "at most 200 characters"));
        }
        let too_long = |text: &str| text.encode_utf16().count() > LONGEST_CELL;
        if self.headers.iter().any(|head| too_long(head)) {
            return Err(Invalid::one("/headers", "too_long", "a cell holds 32767 characters"));
        }
        for (at, row) in self.rows.iter().enumerate() {
            if row.len() != self.headers.len() {
                return Err(Invalid::one(
                    format!("/rows/{at}"),
                    "wrong_length",
                    "as many cells as heads",
                ));
            }
            if row
                .iter()
                .any(|cell| matches!(cell, Cell::Text(text) if too_long(text)))
            {
                return Err(Invalid::one(
                    format!("/rows/{at}"),
                    "too_long",
                    "a cell holds 32767 characters",
                ));
            }
        }
        Ok(self)
    }
}

/// A list of the staff area as it is shown, as CSV, as a spreadsheet, or to be printed; nothing in it is a formula. One event says which
/// list was taken out.
#[utoipa::path(tag = "lists", request_body = ShownTable, responses(
    (status = 200, description = "The file", content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "application/pdf"))),
    (status = 413, description = "`body.too_large`, `lists.too_long_for_paper`: narrow the list with filters"),
    (status = 422, description = "`wrong_length`, `too_long`, `too_many`, `out_of_range`, with the place"),
    (status = 501, description = "`documents.off`: this installation makes no documents")))]
#[post("/staff/table-file")]
async fn export_table(ctx: Ctx, payload: Payload) -> Result<HttpResponse, ApiError> {
    // Who may not do it does not get sixteen megabytes read either.
    ctx.prepare(Action::ExportTable, async |_| Ok(())).await?;
    let body: Body<ShownTable> = Body::from(read_upload(payload, MOST_MEGABYTES).await?);
    let (head, table) = ctx
        .read(Action::ExportTable, async |tx| {
            let table = body.parse()?.checked()?;
            if table.format == Format::Pdf && table.rows.len() > MOST_ROWS_ON_PAPER {
                return Err(ApiError::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "lists.too_long_for_paper",
                    "at most 2000 rows on paper",
                ));
            }
            tx.because(table.list.as_str());
            let language = tx.language();
            Ok((documents::letterhead(tx, &language).await?, table))
        })
        .await?;
    let (media, name) = match table.format {
        Format::Csv => ("text/csv; charset=utf-8", "liste.csv"),
        Format::Xlsx => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "liste.xlsx",
        ),
        Format::Pdf => {
            let paper = TablePaper {
                title: table.title,
                rows: table
                    .rows
                    .iter()
                    .map(|row| row.iter().map(Cell::words).collect())
                    .collect(),
                headers: table.headers,
            };
            return Ok(documents::table_pdf(head, paper).await?.answer("liste.pdf"));
        }
    };
    let bytes = actix_web::web::block(move || match table.format {
        Format::Xlsx => file::xlsx(&table.headers, &table.rows),
        Format::Csv | Format::Pdf => Ok(file::cells_csv(&table.headers, &table.rows)),
    })
    .await
    .map_err(|error| ApiError::internal(&error))?
    .map_err(|error| ApiError::internal(&error))?;
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes))
}
