//! Background work of this slice: sending, and deleting what has served.

use chrono::Duration;
use serde::Deserialize;
use serde_json::Value;

use super::model::{Message, without_addresses};
use super::render::{self, Frame, Reader};
use super::store::{self, Outcome};
use crate::access::{as_system, tenant_of_job};
use crate::platform::Platform;
use crate::platform::ids::NotificationId;
use crate::platform::jobs::{Job, JobError, Registry};
use crate::platform::mail::{Mail, MailError};

/// Content of messages is kept this long after they left, so that a question about them can be answered.
const KEEP_DAYS: i64 = 30;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    registry
        .promptly("SendNotification", |platform, job| Box::pin(send(platform, job)))
        .every(6 * 3600, "PurgeNotifications", |platform, job| {
            Box::pin(purge(platform, job))
        })
}

#[derive(Deserialize)]
struct Payload {
    notification_id: NotificationId,
}

/// Sends one mail. No transaction is open while the mail server is asked. If the process dies between the server's answer and our note
/// of it, the mail goes out twice with the same Message-ID, and mail programs show it once.
async fn send(platform: Platform, job: Job) -> Result<(), JobError> {
    let Payload { notification_id } = read(job.payload.clone())?;
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let base = format!("{}/{}", platform.config.public_url.trim_end_matches('/'), tenant.slug);
    let fallback = platform.config.mail_from.clone();
    let mail = as_system(&platform, &tenant, "send_notification", async |tx| {
        tx.touch(notification_id);
        let Some(queued) = store::queued_mail(tx, notification_id).await? else {
            return Ok(None);
        };
        let (office, sender) = crate::tenancy::mail_sender(tx).await?;
        let contact = crate::tenancy::contact(tx).await?;
        let frame = Frame {
            tenant: &tx.tenant().name,
            // Who decides and whom to call is the office, whatever name its mails go out under.
            office: if contact.office.is_empty() {
                &office
            } else {
                &contact.office
            },
            phone: &contact.phone,
            address: &contact.address,
            base,
        };
        let message: Message = read(queued.context)?;
        let reader = if queued.without_account && !message.opens_without_account() {
            Reader::WithoutAccount {
                reference_code: queued.reference_code.as_deref(),
            }
        } else {
            Reader::Online
        };
        let words = render::mail(&message, &queued.language, &frame, reader);
        let words = words.map_err(|e| JobError::Dead(e.to_string()))?;
        Ok::<_, JobError>(Some(Mail {
            message_id: queued.message_id,
            from: (office, sender.unwrap_or(fallback)),
            to: queued.to_address,
            subject: words.subject,
            text: words.text,
            html: words.html,
            calendar: message.calendar().map(str::to_owned),
            language: queued.language,
        }))
    })
    .await?;
    let Some(mail) = mail else {
        return Ok(()); // Sent before, or settled by hand.
    };
    let (outcome, answer) = match platform.mailer.send(&mail).await {
        Ok(()) => (Outcome::Sent, Ok(())),
        Err(MailError::Permanent(why)) => dead(&why),
        Err(MailError::Temporary(why)) if job.last_attempt => dead(&why),
        Err(MailError::Temporary(why)) => {
            let why = without_addresses(&why);
            (Outcome::Again(why.clone()), Err(JobError::Retry(why)))
        }
    };
    as_system(&platform, &tenant, "send_notification", async |tx| {
        tx.touch(notification_id);
        store::settle(tx, notification_id, &outcome).await
    })
    .await?;
    answer
}

fn dead(why: &str) -> (Outcome, Result<(), JobError>) {
    let why = without_addresses(why);
    (Outcome::Dead(why.clone()), Err(JobError::Dead(why)))
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, JobError> {
    // Without serde's words: they may repeat what stands in the message.
    serde_json::from_value(value).map_err(|_| JobError::Dead("the message cannot be read".into()))
}

/// Deletes content and addresses of messages that left long ago; that they were sent, and when, stays.
async fn purge(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    as_system(&platform, &tenant, "purge_notifications", async |tx| {
        store::drop_lost(tx).await?;
        let before = tx.now() - Duration::days(KEEP_DAYS);
        store::purge(tx, before).await
    })
    .await?;
    Ok(())
}
