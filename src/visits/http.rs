//! The API of this slice.

use actix_web::http::{StatusCode, header};
use actix_web::web::Json;
use actix_web::{HttpResponse, delete, get, post, put};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::NewVisit;
use super::store::{self, VisitRow, Which};
use super::{VisitError, calendar};
use crate::access::{Action, Ctx, TenantRead};
use crate::families;
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::{AccountId, PreferenceId, PreferenceNoteId, VisitId};
use crate::tenancy;

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_visit)
        .service(put_visit)
        .service(cancel_visit)
        .service(list_visits)
        .service(get_visit_file)
        .service(list_preference_notes)
        .service(add_preference_note)
        .service(remove_preference_note);
}

impl From<VisitError> for ApiError {
    fn from(error: VisitError) -> Self {
        let says = error.to_string();
        match error {
            VisitError::Missing => Self::not_found(),
            VisitError::Ended => Self::conflict("visit.ended", says),
            VisitError::Invalid(invalid) => invalid.into(),
            VisitError::Stale(stale) => stale.into(),
            VisitError::Demand(demand) => demand.into(),
            VisitError::Db(db) => db.into(),
        }
    }
}

/// An appointment to get to know a facility.
#[derive(Debug, Serialize, ToSchema)]
struct VisitBody {
    id: VisitId,
    facility_name: String,
    starts_at: DateTime<Utc>,
    minutes: i32,
    place: String,
    cancelled_at: Option<DateTime<Utc>>,
    version: i32,
}

impl From<VisitRow> for VisitBody {
    fn from(row: VisitRow) -> Self {
        Self {
            id: row.id,
            facility_name: row.facility_name,
            starts_at: row.starts_at,
            minutes: row.minutes,
            place: row.place,
            cancelled_at: row.cancelled_at,
            version: row.version,
        }
    }
}

/// The appointment of a preference.
#[derive(Debug, Serialize, ToSchema)]
struct VisitOfPreference {
    /// `null`: none was planned.
    visit: Option<VisitBody>,
}

async fn of_preference(tx: &mut TenantRead, id: PreferenceId) -> Result<Versioned<VisitOfPreference>, ApiError> {
    let visit = store::visits(tx, &Which::Of(id)).await?.pop();
    let version = visit.as_ref().map_or(0, |visit| visit.version);
    let visit = visit.map(VisitBody::from);
    Ok(Versioned::new(version, VisitOfPreference { visit }))
}

/// The appointment of a preference, with its version; version 0 where none was planned.
#[utoipa::path(tag = "visits", responses((status = 200, description = "The appointment", body = VisitOfPreference)))]
#[get("/staff/preferences/{preference_id}/visit")]
async fn get_visit(ctx: Ctx, at: At<PreferenceId>) -> Result<Versioned<VisitOfPreference>, ApiError> {
    ctx.read(Action::GetVisit, async |tx| {
        super::within(tx, at.0).await?;
        of_preference(tx, at.0).await
    })
    .await
}

/// Plans an appointment or changes it; the family gets a mail or letter.
#[utoipa::path(tag = "visits", request_body = NewVisit,
    params(("if-match" = String, Header, description = "Version that was seen; 0 where none was planned")),
    responses((status = 200, description = "The appointment", body = VisitOfPreference),
              (status = 409, description = "`visit.ended`: the preference has ended")))]
#[put("/staff/preferences/{preference_id}/visit")]
async fn put_visit(
    ctx: Ctx,
    at: At<PreferenceId>,
    if_match: IfMatch,
    body: Body<NewVisit>,
) -> Result<Versioned<VisitOfPreference>, ApiError> {
    ctx.write(Action::PutVisit, async |tx| {
        super::plan(tx, at.0, if_match.version()?, body.parse()?).await?;
        of_preference(tx, at.0).await
    })
    .await
}

/// Cancels an appointment; the family gets a mail or letter.
#[utoipa::path(tag = "visits", params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The appointment", body = VisitOfPreference)))]
#[delete("/staff/preferences/{preference_id}/visit")]
async fn cancel_visit(
    ctx: Ctx,
    at: At<PreferenceId>,
    if_match: IfMatch,
) -> Result<Versioned<VisitOfPreference>, ApiError> {
    ctx.write(Action::CancelVisit, async |tx| {
        super::cancel(tx, at.0, if_match.version()?).await?;
        of_preference(tx, at.0).await
    })
    .await
}

/// The family that asks, or in whose name somebody does.
fn own(tx: &TenantRead) -> Result<AccountId, ApiError> {
    tx.scope().own().ok_or_else(ApiError::forbidden)
}

/// Appointments of the own children.
#[derive(Debug, Serialize, ToSchema)]
struct Visits {
    items: Vec<VisitBody>,
}

/// The appointments of the own children from now on.
#[utoipa::path(tag = "visits", responses((status = 200, description = "The appointments", body = Visits)))]
#[get("/visits")]
async fn list_visits(ctx: Ctx) -> Result<Json<Visits>, ApiError> {
    ctx.read(Action::ListVisits, async |tx| {
        let rows = store::visits(tx, &Which::Own(own(tx)?)).await?;
        rows.iter().for_each(|row| tx.touch_child(row.child_id));
        let items = rows.into_iter().map(VisitBody::from).collect();
        Ok(Json(Visits { items }))
    })
    .await
}

/// An appointment of the own child as a calendar file.
#[utoipa::path(tag = "visits", responses((status = 200, description = "The file", body = String, content_type = "text/calendar")))]
#[get("/visits/{visit_id}.ics")]
async fn get_visit_file(ctx: Ctx, at: At<VisitId>) -> Result<HttpResponse, ApiError> {
    ctx.read(Action::GetVisitFile, async |tx| {
        let family = own(tx)?;
        let visit = store::visits(tx, &Which::One(at.0))
            .await?
            .pop()
            .ok_or(VisitError::Missing)?;
        if !families::has_custody(tx, family, visit.child_id).await? {
            return Err(ApiError::not_found());
        }
        tx.touch(at.0);
        tx.touch_child(visit.child_id);
        let office = tenancy::contact(tx).await?.office;
        let language = &tx.language();
        let file = calendar::file(&visit, &office, tx.now(), language);
        Ok(HttpResponse::Ok()
            .content_type("text/calendar; charset=utf-8")
            .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"termin.ics\""))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(file))
    })
    .await
}

/// A note of the facility.
#[derive(Debug, Serialize, ToSchema)]
struct PreferenceNote {
    id: PreferenceNoteId,
    words: String,
    written_by: String,
    written_at: DateTime<Utc>,
}

/// The notes on a preference, the newest first.
#[derive(Debug, Serialize, ToSchema)]
struct PreferenceNotes {
    items: Vec<PreferenceNote>,
}

async fn notes(tx: &mut TenantRead, id: PreferenceId) -> Result<PreferenceNotes, ApiError> {
    let rows = store::notes(tx, id).await?;
    let note = |row: store::NoteRow| PreferenceNote {
        id: row.id,
        words: row.words,
        written_by: row.written_by,
        written_at: row.written_at,
    };
    Ok(PreferenceNotes {
        items: rows.into_iter().map(note).collect(),
    })
}

/// What staff noted on a preference. The family does not see it on its pages, but has a right to be told.
#[utoipa::path(tag = "visits", responses((status = 200, description = "The notes", body = PreferenceNotes)))]
#[get("/staff/preferences/{preference_id}/notes")]
async fn list_preference_notes(ctx: Ctx, at: At<PreferenceId>) -> Result<Json<PreferenceNotes>, ApiError> {
    ctx.read(Action::ListPreferenceNotes, async |tx| {
        super::within(tx, at.0).await?;
        Ok(Json(notes(tx, at.0).await?))
    })
    .await
}

/// A new note.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"words": "Ruft am Montag zurück."}))]
struct NewNote {
    /// At most 1,000 characters.
    #[schema(max_length = 1000)]
    words: String,
}

/// Writes a note on a preference.
#[utoipa::path(tag = "visits", request_body = NewNote,
    params(("idempotency-key" = String, Header, description = "8 to 64 characters")),
    responses((status = 201, description = "The notes", body = PreferenceNotes)))]
#[post("/staff/preferences/{preference_id}/notes")]
async fn add_preference_note(ctx: Ctx, at: At<PreferenceId>, body: Body<NewNote>) -> Result<HttpResponse, ApiError> {
    ctx.create(Action::AddPreferenceNote, StatusCode::CREATED, &body, async |tx| {
        super::add_note(tx, at.0, &body.parse()?.words).await?;
        notes(tx, at.0).await
    })
    .await
}

/// Removes a note.
#[utoipa::path(tag = "visits", responses((status = 204, description = "Gone")))]
#[delete("/staff/preferences/{preference_id}/notes/{preference_note_id}")]
async fn remove_preference_note(
    ctx: Ctx,
    at: At<PreferenceId>,
    note: At<PreferenceNoteId>,
) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::RemovePreferenceNote, async |tx| {
        super::remove_note(tx, at.0, note.0).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}
