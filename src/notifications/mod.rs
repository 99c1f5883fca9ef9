//! Messages to people: typed, written into an outbox in the transaction of the change, sent by a job, one mail a job.
//!
//! [`enqueue`] writes one row; with an address it is mail and a job sends it, without one it is a letter that the office prints. A mail
//! keeps its Message-ID over all attempts. What is refused for good, bounces, or fails to the last attempt is a dead letter, which clerk
//! and family see. No personal data beyond what is needed: a child is an initial at most, by type ([`ChildInitial`]).

mod bounce;
pub mod http;
pub mod jobs;
mod letters;
mod model;
mod render;
mod store;

pub use bounce::Bounce;
pub use letters::{Addressee, letters};
pub use model::{
    ChildInitial, ContractNews, DemandNow, Ending, LapseNews, Message, NotificationError, OfferNews, Recipient, Said,
    Step, StepNews, SubstituteNews, SwapNews, Token, Told, ToldBy,
};

use chrono::Duration;
use serde_json::json;

use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{ChildId, DemandId, FacilityId, GuardianId, NotificationId};
use crate::platform::jobs::NewJob;

/// Writes a message for one person into the outbox; it goes out if and only if this transaction commits.
pub async fn enqueue(tx: &mut TenantTx, recipient: Recipient, message: Message) -> Result<NotificationId, sqlx::Error> {
    let id = NotificationId::new();
    let message_id = new_message_id(tx, id).await?;
    store::insert(tx, id, &recipient, &message, &message_id).await?;
    if recipient.email.is_some() {
        tx.enqueue(send_job(id, tx.now() + message.waits())).await?;
    }
    Ok(id)
}

/// Writes a message for every guardian who has custody of the child today: by mail, or as a letter where there is no address.
pub async fn tell_family(
    tx: &mut TenantTx,
    child: ChildId,
    demand: DemandId,
    message: &Message,
) -> Result<(), sqlx::Error> {
    for recipient in store::guardians_of(tx, child, demand).await? {
        enqueue(tx, recipient, message.clone()).await?;
    }
    Ok(())
}

/// Writes a message for everybody who runs a facility itself.
pub async fn tell_facility(tx: &mut TenantTx, facility: FacilityId, message: &Message) -> Result<(), sqlx::Error> {
    for recipient in store::people_of(tx, facility).await? {
        enqueue(tx, recipient, message.clone()).await?;
    }
    Ok(())
}

/// The same for a family, where each gets words of their own, such as a link.
pub async fn tell_each(
    tx: &mut TenantTx,
    child: ChildId,
    demand: DemandId,
    message: impl AsyncFn(&mut TenantTx, GuardianId) -> Result<Message, sqlx::Error>,
) -> Result<(), sqlx::Error> {
    for recipient in store::guardians_of(tx, child, demand).await? {
        if let Some(guardian) = recipient.guardian_id {
            let message = message(tx, guardian).await?;
            enqueue(tx, recipient, message).await?;
        }
    }
    Ok(())
}

/// Tells the family that what `message` said does not hold any more. Who has not got that yet gets neither.
pub async fn take_back(
    tx: &mut TenantTx,
    child: ChildId,
    demand: DemandId,
    message: &Message,
    news: &Message,
) -> Result<(), sqlx::Error> {
    // What leaves in a few seconds may be on its way before this transaction is over.
    let written_after = tx.now() - message.waits() + Duration::seconds(10);
    let untold = store::drop_unsent(tx, demand, message, written_after).await?;
    for recipient in store::guardians_of(tx, child, demand).await? {
        if !untold.contains(&recipient.guardian_id) {
            enqueue(tx, recipient, news.clone()).await?;
        }
    }
    Ok(())
}

/// Removes letters with a code that guardians have not got yet: the code does not hold any more.
pub async fn drop_claim_letters(tx: &mut TenantTx, guardians: &[GuardianId]) -> Result<(), sqlx::Error> {
    store::drop_unprinted(tx, guardians, "claim_code").await
}

/// Writes a message for everybody who administers the municipality.
pub async fn tell_administrators(tx: &mut TenantTx, message: &Message) -> Result<(), sqlx::Error> {
    for recipient in store::administrators(tx).await? {
        enqueue(tx, recipient, message.clone()).await?;
    }
    Ok(())
}

/// Whether a message about this demand could not be delivered and nobody has dealt with it yet.
pub async fn has_mail_problem(tx: &mut TenantRead, demand: DemandId) -> Result<bool, sqlx::Error> {
    store::has_dead_letter(tx, demand).await
}

/// How many messages wait for the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Mails that could not be delivered.
    pub dead_letters: i64,
    /// Letters to print.
    pub letters_to_print: i64,
}

/// Counts what waits for the office.
pub async fn waiting(tx: &mut TenantRead) -> Result<Waiting, sqlx::Error> {
    store::count_waiting(tx).await
}

/// Sends a dead letter again: to the address that the person has now, with the same Message-ID.
pub async fn retry(tx: &mut TenantTx, id: NotificationId) -> Result<(), NotificationError> {
    let context = store::dead_for_update(tx, id)
        .await?
        .ok_or(NotificationError::Missing)?;
    let message: Message = serde_json::from_value(context).map_err(|_| NotificationError::Missing)?;
    if message.token().is_some_and(|token| *token == Token::default()) {
        return Err(NotificationError::LinkGone);
    }
    tx.touch(id);
    store::queue_again(tx, id).await?;
    tx.enqueue(send_job(id, tx.now())).await?;
    Ok(())
}

/// Notes that a mail bounced after it was sent; answers whether it was one of this tenant's.
pub async fn bounced(tx: &mut TenantTx, bounce: &Bounce) -> Result<bool, sqlx::Error> {
    store::set_bounced(tx, &bounce.message_id, &bounce.reason).await
}

/// An id that no other mail has and that stays the same over all attempts. Its right side is the sender's domain where the tenant has
/// a sender of its own.
async fn new_message_id(tx: &mut TenantTx, id: NotificationId) -> Result<String, sqlx::Error> {
    let (_, sender) = crate::tenancy::mail_sender(tx).await?;
    let domain = match sender.as_deref().and_then(|address| address.split_once('@')) {
        Some((_, domain)) => domain.to_owned(),
        None => format!("{}.kitaplatz.invalid", tx.tenant().slug),
    };
    Ok(format!("<{id}@{domain}>"))
}

fn send_job(id: NotificationId, now: chrono::DateTime<chrono::Utc>) -> NewJob {
    NewJob {
        kind: "SendNotification",
        payload: json!({ "notification_id": id }),
        dedup_key: Some(id.to_string()),
        run_at: now,
    }
}
