//! The API of the manager's day.

mod bodies;

use actix_web::web::Json;
use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::decide::{Decision, decide, note, refusal};
use super::query::{PreferencesQuery, Sort, Wanted};
use super::store::{self, Row, StaffGuardian};
use crate::access::{Action, Ctx, TenantRead};
use crate::demands;
use crate::facilities;
use crate::families;
use crate::platform::http::{ApiError, At, Body, IfMatch, OrderQuery, Page, Query, Versioned};
use crate::platform::ids::{ChildId, FacilityId, PreferenceId};
use bodies::{MyFacilities, MyFacility, NoteInput, RefuseInput, StaffPreference, StaffPreferenceDetail, StateCounts};

/// Adds the manager's operations below `/api/v1/{tenant}`.
pub(in crate::demands) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(list_my_facilities)
        .service(list_preferences)
        .service(get_preference)
        .service(review_preference)
        .service(invite_preference)
        .service(waitlist_preference)
        .service(refuse_preference)
        .service(reopen_preference);
}

/// The facilities that the asker runs, each with what waits there.
#[utoipa::path(tag = "demands", responses((status = 200, description = "The facilities by name", body = MyFacilities)))]
#[get("/staff/facilities")]
async fn list_my_facilities(ctx: Ctx) -> Result<Json<MyFacilities>, ApiError> {
    ctx.read(Action::ListMyFacilities, async |tx| Ok(Json(my_facilities(tx).await?)))
        .await
}

async fn my_facilities(tx: &mut TenantRead) -> Result<MyFacilities, ApiError> {
    let within = tx.scope().facilities().map(<[FacilityId]>::to_vec);
    let rows = store::my_facilities(tx, within.as_deref()).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let places = facilities::places_now(tx, &ids).await?;
    let places: std::collections::HashMap<_, _> = places.into_iter().map(|p| (p.facility_id, p)).collect();
    let items = rows.into_iter().map(|row| MyFacility {
        bookable_now: places.get(&row.id).and_then(|p| p.bookable),
        capacity_confirmed_on: places.get(&row.id).and_then(|p| p.confirmed_on),
        capacity_is_example: places.get(&row.id).is_some_and(|p| p.is_example),
        id: row.id,
        name: row.name,
        city: row.city,
        counts: StateCounts {
            received: row.received,
            under_review: row.under_review,
            invited: row.invited,
            waitlisted: row.waitlisted,
            offered: row.offered,
            accepted: row.accepted,
        },
        overdue: row.overdue,
        next_deadline: row.next_deadline,
    });
    Ok(MyFacilities { items: items.collect() })
}

/// The preferences that name the asker's facilities: filtered, sorted, by pages.
#[utoipa::path(tag = "demands", params(PreferencesQuery, OrderQuery<Sort>), responses((status = 200, description = "A page of preferences", body = Page<StaffPreference>)))]
#[get("/staff/preferences")]
async fn list_preferences(ctx: Ctx, query: Query<PreferencesQuery>) -> Result<Json<Page<StaffPreference>>, ApiError> {
    ctx.read(Action::ListPreferences, async |tx| {
        let wanted = query.0.within(tx.scope())?;
        Ok(Json(page(tx, &wanted).await?))
    })
    .await
}

async fn page(tx: &mut TenantRead, wanted: &Wanted) -> Result<Page<StaffPreference>, ApiError> {
    let language = tx.language();
    let rows = rows(tx, wanted, &language).await?;
    let key = |row: &Row| (row.key, row.key_received, row.id);
    let page = wanted.order.page(rows, key, |row| row.total);
    page.items.iter().for_each(|row| tx.touch_child(row.child_id));
    Ok(page.map(|row| StaffPreference::of(row, &language)))
}

async fn rows(tx: &mut TenantRead, wanted: &Wanted, language: &str) -> Result<Vec<Row>, ApiError> {
    let school = facilities::school_rule(tx).await?;
    let facilities = match &wanted.facilities {
        Some(named) => named.clone(),
        None => store::facility_ids(tx).await?,
    };
    Ok(store::list(tx, wanted, &facilities, language, school).await?)
}

/// One preference within the scope; missing otherwise.
async fn row(tx: &mut TenantRead, id: PreferenceId) -> Result<Row, ApiError> {
    let facility = crate::demands::preference(tx, id).await?.facility_id;
    if !tx.scope().covers(facility) {
        return Err(ApiError::not_found());
    }
    let wanted = Wanted::one(id, facility, tx.scope().facilities().is_none());
    let language = tx.language();
    let row = rows(tx, &wanted, &language).await?.into_iter().next();
    let row = row.ok_or_else(ApiError::not_found)?;
    tx.touch(row.id);
    tx.touch_child(row.child_id);
    Ok(row)
}

/// One preference with contact, history and open offer.
#[utoipa::path(tag = "demands", responses((status = 200, description = "The preference", body = StaffPreferenceDetail)))]
#[get("/staff/preferences/{preference_id}")]
async fn get_preference(ctx: Ctx, at: At<PreferenceId>) -> Result<Versioned<StaffPreferenceDetail>, ApiError> {
    ctx.read(Action::GetPreference, async |tx| {
        let detail = detail(tx, at.0).await?;
        Ok(Versioned::new(detail.preference.version, detail))
    })
    .await
}

async fn detail(tx: &mut TenantRead, id: PreferenceId) -> Result<StaffPreferenceDetail, ApiError> {
    let row = row(tx, id).await?;
    let (child, live, language) = (row.child_id, row.live, tx.language());
    let preference = StaffPreference::of(row, &language);
    if !live {
        return Ok(StaffPreferenceDetail {
            preference,
            guardians: Vec::new(),
            address: None,
            address_protected: false,
            history: store::history(tx, id).await?,
            open_offer: None,
            score: None,
        });
    }
    let (address, address_protected) = store::home(tx, child).await?;
    Ok(StaffPreferenceDetail {
        preference,
        guardians: guardians(tx, child).await?,
        address,
        address_protected,
        history: store::history(tx, id).await?,
        open_offer: store::open_offer(tx, id).await?,
        score: demands::score_bodies(tx, &[id], &language).await?.remove(&id),
    })
}

/// Those who have custody of a child today, with where to reach them.
pub async fn guardians(tx: &mut TenantRead, child: ChildId) -> Result<Vec<StaffGuardian>, sqlx::Error> {
    let contacts = families::guardians_of(tx, child).await?;
    let known = contacts.into_iter().map(|contact| StaffGuardian {
        name: format!("{} {}", contact.first_name, contact.last_name),
        phone: contact.phone,
        email: contact.email,
    });
    Ok(known.collect())
}

/// Takes a decision within the scope and answers the preference as it is then.
async fn decided(
    ctx: &Ctx,
    action: Action,
    id: PreferenceId,
    seen: IfMatch,
    decision: impl AsyncFnOnce() -> Result<Decision, ApiError>,
) -> Result<Versioned<StaffPreference>, ApiError> {
    ctx.write(action, async |tx| {
        let (seen, decision) = (seen.version()?, decision().await?);
        decide(tx, id, seen, &decision).await?;
        let (row, language) = (row(tx, id).await?, tx.language());
        Ok(Versioned::new(row.version, StaffPreference::of(row, &language)))
    })
    .await
}

/// Begins to look at a preference.
#[utoipa::path(tag = "demands",
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The preference", body = StaffPreference),
    (status = 409, description = "`preference.wrong_state`")))]
#[post("/staff/preferences/{preference_id}/review")]
async fn review_preference(
    ctx: Ctx,
    at: At<PreferenceId>,
    seen: IfMatch,
) -> Result<Versioned<StaffPreference>, ApiError> {
    decided(&ctx, Action::ReviewPreference, at.0, seen, async || {
        Ok(Decision::Review)
    })
    .await
}

/// Invites the family to come and see.
#[utoipa::path(tag = "demands", request_body = NoteInput,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The preference", body = StaffPreference),
    (status = 409, description = "`preference.wrong_state`")))]
#[post("/staff/preferences/{preference_id}/invite")]
async fn invite_preference(
    ctx: Ctx,
    at: At<PreferenceId>,
    seen: IfMatch,
    body: Body<NoteInput>,
) -> Result<Versioned<StaffPreference>, ApiError> {
    decided(&ctx, Action::InvitePreference, at.0, seen, async || {
        Ok(Decision::Invite {
            note: note(body.parse()?.note)?,
        })
    })
    .await
}

/// Puts a preference on the waiting list.
#[utoipa::path(tag = "demands", request_body = NoteInput,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The preference", body = StaffPreference),
    (status = 409, description = "`preference.wrong_state`")))]
#[post("/staff/preferences/{preference_id}/waitlist")]
async fn waitlist_preference(
    ctx: Ctx,
    at: At<PreferenceId>,
    seen: IfMatch,
    body: Body<NoteInput>,
) -> Result<Versioned<StaffPreference>, ApiError> {
    decided(&ctx, Action::WaitlistPreference, at.0, seen, async || {
        Ok(Decision::Waitlist {
            note: note(body.parse()?.note)?,
        })
    })
    .await
}

/// Refuses a preference, with a reason that the family reads.
#[utoipa::path(tag = "demands", request_body = RefuseInput,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The preference", body = StaffPreference),
    (status = 409, description = "`preference.wrong_state`")))]
#[post("/staff/preferences/{preference_id}/refuse")]
async fn refuse_preference(
    ctx: Ctx,
    at: At<PreferenceId>,
    seen: IfMatch,
    body: Body<RefuseInput>,
) -> Result<Versioned<StaffPreference>, ApiError> {
    decided(&ctx, Action::RefusePreference, at.0, seen, async || {
        let input = body.parse()?;
        Ok(refusal(input.reason, input.note)?)
    })
    .await
}

/// Takes the facility's last answer back.
#[utoipa::path(tag = "demands",
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The preference", body = StaffPreference),
    (status = 409, description = "`preference.wrong_state`")))]
#[post("/staff/preferences/{preference_id}/reopen")]
async fn reopen_preference(
    ctx: Ctx,
    at: At<PreferenceId>,
    seen: IfMatch,
) -> Result<Versioned<StaffPreference>, ApiError> {
    decided(&ctx, Action::ReopenPreference, at.0, seen, async || {
        Ok(Decision::Reopen)
    })
    .await
}
