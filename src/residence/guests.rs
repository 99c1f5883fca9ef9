//! Guest children: the home municipality is asked, and its answer is kept with date, period and file number.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::model::{GuestAnswer, GuestState, Home, covers};
use super::store::{self, GuestRow};
use super::{ResidenceError, lives_elsewhere};
use crate::access::{TenantRead, TenantTx};
use crate::documents::{self, Letter, Letterhead};
use crate::notifications::{self, ChildInitial, Message};
use crate::platform::dates;
use crate::platform::http::Stale;
use crate::platform::ids::{ChildId, DemandId};
use crate::tenancy::{self, GuestConsent};

/// Notes a child as a guest, if it is not yet.
pub async fn mark(tx: &mut TenantTx, demand: DemandId, child: ChildId) -> Result<(), sqlx::Error> {
    store::insert_guests(tx, &[(demand, child)]).await
}

/// Notes the children of many new demands as guests.
pub async fn mark_many(tx: &mut TenantTx, all: &[(DemandId, ChildId)]) -> Result<(), sqlx::Error> {
    store::insert_guests(tx, all).await
}

/// Locks the demand, and its guest in the version that the person saw; none is version 0.
pub(super) async fn seen(
    tx: &mut TenantTx,
    demand: DemandId,
    version: i32,
) -> Result<Option<GuestRow>, ResidenceError> {
    let row = store::lock_demand(tx, demand).await?.ok_or(ResidenceError::Missing)?;
    tx.touch(demand);
    tx.touch_child(row.child_id);
    let guest = store::guest(tx, demand).await?;
    Stale::check(version, guest.as_ref().map_or(0, |g| g.version))?;
    if !row.is_running() {
        return Err(ResidenceError::NotRunning);
    }
    Ok(guest)
}

/// The office writes down in which municipality the child lives; whoever was no guest is one from now on, and moves no more.
pub async fn put_home(tx: &mut TenantTx, demand: DemandId, version: i32, home: Home) -> Result<(), ResidenceError> {
    let guest = seen(tx, demand, version).await?;
    let home = home.checked()?;
    if guest.is_none() {
        let child = store::child_of(tx, demand).await?.ok_or(ResidenceError::Missing)?;
        super::moves::drop_move(tx, demand).await?;
        store::insert_guests(tx, &[(demand, child)]).await?;
    }
    Ok(store::set_home(tx, demand, &home).await?)
}

/// The child lives here after all, or the note was wrong.
pub async fn unmark(tx: &mut TenantTx, demand: DemandId, version: i32) -> Result<(), ResidenceError> {
    seen(tx, demand, version).await?.ok_or(ResidenceError::NoGuest)?;
    Ok(store::delete_guest(tx, demand).await?)
}

/// The letter to the home municipality went out today. A consent that holds stays while it is asked for more.
pub async fn record_asked(tx: &mut TenantTx, demand: DemandId, version: i32) -> Result<(), ResidenceError> {
    let guest = seen(tx, demand, version).await?.ok_or(ResidenceError::NoGuest)?;
    if guest.home_name.is_none() || guest.home_address.is_none() {
        return Err(ResidenceError::HomeUnknown);
    }
    let today = tx.today();
    let next = match guest.state {
        GuestState::Granted => GuestState::Granted,
        GuestState::Open | GuestState::Asked | GuestState::Refused => GuestState::Asked,
    };
    Ok(store::set_asked(tx, demand, next, today).await?)
}

/// The home municipality answered; the family is told.
pub async fn record_answer(
    tx: &mut TenantTx,
    demand: DemandId,
    version: i32,
    answer: GuestAnswer,
) -> Result<(), ResidenceError> {
    let guest = seen(tx, demand, version).await?.ok_or(ResidenceError::NoGuest)?;
    let asked_on = guest.asked_on.ok_or(ResidenceError::NotAsked)?;
    let answer = answer.checked(asked_on, tx.today())?;
    store::set_answer(tx, demand, &answer).await?;
    if super::lapses::settled_by(tx, demand, &answer).await? {
        return Ok(());
    }
    let message = Message::GuestAnswered {
        demand_id: demand,
        child: ChildInitial::of(guest.first_name.as_deref()),
        granted: answer.granted,
        until: answer.valid_until,
    };
    Ok(notifications::tell_family(tx, guest.child_id, demand, &message).await?)
}

/// Whether a contract of this demand may be signed for care from a day on: the child is no guest, the municipality does not insist, or
/// a consent holds on that day.
pub async fn consent_covers(tx: &mut TenantRead, demand: DemandId, day: NaiveDate) -> Result<bool, sqlx::Error> {
    let Some(guest) = store::guest(tx, demand).await? else {
        return Ok(true);
    };
    let insists = tenancy::settings(tx).await?.after.guest_consent == GuestConsent::Required;
    Ok(!insists || covers(guest.state, guest.valid_from, guest.valid_until, day))
}

/// Guests who cannot have a contract: their home municipality refused, and the municipality insists on its consent.
pub async fn refused(tx: &mut TenantRead) -> Result<HashSet<DemandId>, sqlx::Error> {
    match tenancy::settings(tx).await?.after.guest_consent {
        GuestConsent::Required => store::refused(tx).await,
        GuestConsent::Noted => Ok(HashSet::new()),
    }
}

/// The letter to the home municipality: who and for what, and nothing more of the family.
pub async fn letter(tx: &mut TenantRead, demand: DemandId) -> Result<(Letterhead, Letter), ResidenceError> {
    let row = store::letter(tx, demand).await?.ok_or(ResidenceError::NoGuest)?;
    tx.touch(demand);
    tx.touch_child(row.child_id);
    let (Some(name), Some(address)) = (&row.home_name, &row.home_address) else {
        return Err(ResidenceError::HomeUnknown);
    };
    let mut lines = vec![name.clone(), "Jugendamt".into()];
    lines.extend(address.split(',').map(|line| line.trim().to_owned()));
    let child = [row.first_name.as_deref(), row.last_name.as_deref()];
    let child = child.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let born = row.birth.map(|day| format!(", geboren am {}", dates::date(day, "de")));
    let from = row
        .care_from
        .map_or_else(String::new, |day| format!(" ab {}", dates::date(day, "de")));
    let hours = row
        .hours_per_week
        .map_or_else(String::new, |h| format!(" mit {h} Stunden in der Woche"));
    let care = match row.care_type.as_deref() {
        Some("nursery") => "einer Krippe",
        Some("kindergarten") => "einem Kindergarten",
        Some("after_school") => "einem Hort",
        _ => "einer Kindertageseinrichtung",
    };
    let municipality = tx.tenant().name.clone();
    let paragraphs = vec![
        "Sehr geehrte Damen und Herren,".to_owned(),
        format!("für das folgende Kind, das in Ihrer Gemeinde wohnt, wird ein Platz in {care} bei uns ({municipality}) gewünscht:"),
        format!("{child}{}", born.unwrap_or_default()),
        format!("Gewünscht wird die Betreuung{from}{hours}."),
        "Wir bitten Sie um Ihr Einverständnis und um die Zusage des Kostenausgleichs für die Dauer der Betreuung. Bitte nennen Sie uns \
         dabei, von wann bis wann Ihre Zusage gilt, und Ihr Aktenzeichen."
            .to_owned(),
        "Lehnen Sie ab, nennen Sie uns bitte die Gründe, damit wir die Familie unterrichten können.".to_owned(),
        "Mit freundlichen Grüßen".to_owned(),
        tenancy::contact(tx).await?.office,
    ];
    let letter = Letter {
        language: "de".into(),
        address: lines,
        reference_code: row.reference_code,
        subject: "Aufnahme eines Gastkindes: Einverständnis und Kostenausgleich".into(),
        paragraphs,
    };
    Ok((documents::letterhead(tx, "de").await?, letter))
}

/// After a move is called off: who lives elsewhere and has sent a demand is a guest.
pub(super) async fn mark_again(tx: &mut TenantTx, demand: DemandId, child: ChildId) -> Result<(), sqlx::Error> {
    if lives_elsewhere(tx, child).await? {
        store::insert_guests(tx, &[(demand, child)]).await?;
    }
    Ok(())
}
