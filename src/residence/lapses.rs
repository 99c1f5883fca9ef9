//! The consent of a home municipality is withdrawn, or ends without a new one, while a contract stands. Nothing ends by itself: everybody is
//! told, and a person of the office decides.

use super::ResidenceError;
use super::guests::seen;
use super::model::{GuestAnswer, GuestState, LapseDecision, LapseReason, NewDecision, Withdrawal, decide_by};
use super::store::{self, LapseRow, Standing};
use crate::access::TenantTx;
use crate::notifications::{self, ChildInitial, LapseNews, Message, Recipient};
use crate::platform::clock::berlin_date;
use crate::platform::ids::DemandId;

/// The home municipality takes back a consent on which a signed contract rests.
pub async fn record_withdrawal(
    tx: &mut TenantTx,
    demand: DemandId,
    version: i32,
    new: Withdrawal,
) -> Result<(), ResidenceError> {
    let guest = seen(tx, demand, version).await?.ok_or(ResidenceError::NoGuest)?;
    if guest.state != GuestState::Granted {
        return Err(ResidenceError::NotGranted);
    }
    if open(tx, demand).await?.is_some() {
        return Err(ResidenceError::LapseOpen);
    }
    let new = new.checked(guest.valid_until, tx.today())?;
    let standing = store::standing(tx, demand, new.withdrawn_from).await?;
    let standing = standing.ok_or(ResidenceError::NoContract)?;
    store::set_withdrawn(tx, demand, &new).await?;
    Ok(note(tx, &standing, new.reason, new.file_number.as_deref()).await?)
}

/// Notes consents that have ended while a signed contract goes on.
pub(super) async fn note_ended(tx: &mut TenantTx, limit: i64) -> Result<(), sqlx::Error> {
    for standing in store::ended(tx, limit).await? {
        tx.touch_child(standing.child_id);
        note(tx, &standing, LapseReason::Ended, None).await?;
    }
    Ok(())
}

/// The office settles the open one.
pub async fn decide(tx: &mut TenantTx, demand: DemandId, version: i32, new: NewDecision) -> Result<(), ResidenceError> {
    seen(tx, demand, version).await?.ok_or(ResidenceError::NoGuest)?;
    let lapse = open(tx, demand).await?.ok_or(ResidenceError::NoLapse)?;
    let new = new.checked(lapse.lapses_on, berlin_date(lapse.noted_at), tx.today())?;
    store::set_decided(tx, demand, lapse.lapses_on, &new).await?;
    Ok(settle(tx, demand, &lapse, &new).await?)
}

/// A new answer that agrees from the day on which the old consent lapsed, or before, settles it too.
pub(super) async fn settled_by(tx: &mut TenantTx, demand: DemandId, answer: &GuestAnswer) -> Result<bool, sqlx::Error> {
    let Some(lapse) = open(tx, demand).await? else {
        return Ok(false);
    };
    let state = if answer.granted {
        GuestState::Granted
    } else {
        GuestState::Refused
    };
    if !super::model::covers(state, answer.valid_from, answer.valid_until, lapse.lapses_on) {
        return Ok(false);
    }
    let decision = NewDecision {
        decision: LapseDecision::GrantedAgain,
        decided_on: tx.today(),
        granted_until: answer.valid_until,
        reason: answer.note.clone().unwrap_or_default(),
    };
    settle(tx, demand, &lapse, &decision).await?;
    Ok(true)
}

async fn open(tx: &mut TenantTx, demand: DemandId) -> Result<Option<LapseRow>, sqlx::Error> {
    Ok(store::lapse(tx, demand).await?.filter(|lapse| lapse.decision.is_none()))
}

async fn note(
    tx: &mut TenantTx,
    of: &Standing,
    reason: LapseReason,
    file_number: Option<&str>,
) -> Result<(), sqlx::Error> {
    store::insert_lapse(tx, of, reason, file_number, decide_by(tx.today())).await?;
    tell(tx, of).await
}

async fn settle(tx: &mut TenantTx, demand: DemandId, lapse: &LapseRow, new: &NewDecision) -> Result<(), sqlx::Error> {
    store::set_decision(tx, lapse.id, new).await?;
    // The contract may have been ended in the meantime; who was told that it stands is told all the same.
    let guest = store::guest(tx, demand).await?;
    let Some(guest) = guest else { return Ok(()) };
    let of = Standing {
        demand_id: demand,
        child_id: guest.child_id,
        first_name: guest.first_name,
        contract_id: lapse.contract_id,
        lapses_on: lapse.lapses_on,
    };
    tell(tx, &of).await
}

/// Writes to the family, to those who run the facility, and to the office, as it stands now.
async fn tell(tx: &mut TenantTx, of: &Standing) -> Result<(), sqlx::Error> {
    let Some(lapse) = store::lapse(tx, of.demand_id).await? else {
        return Ok(());
    };
    let news = LapseNews {
        demand_id: of.demand_id,
        contract_id: of.contract_id,
        child: ChildInitial::of(of.first_name.as_deref()),
        facility: lapse.facility_name,
        lapses_on: lapse.lapses_on,
        withdrawn: lapse.reason != LapseReason::Ended,
        decide_by: lapse.decide_by,
        decision: lapse.decision.map(|d| d.as_str().to_owned()),
        granted_until: lapse.granted_until,
    };
    notifications::tell_family(tx, of.child_id, of.demand_id, &Message::GuestLapse(news.clone())).await?;
    for person in store::runners(tx, of.contract_id).await? {
        let to = Recipient::account(person.account_id, person.email, person.language);
        notifications::enqueue(tx, to, Message::GuestLapseWork(news.clone())).await?;
    }
    notifications::tell_administrators(tx, &Message::GuestLapseOffice(news)).await
}
