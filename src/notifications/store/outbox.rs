//! SQL of what is written, sent, tried again and taken back.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::access::{TenantRead, TenantTx};
use crate::notifications::model::{Message, Recipient};
use crate::platform::ids::{AccountId, ChildId, DemandId, FacilityId, GuardianId, NotificationId};

pub(in crate::notifications) async fn insert(
    tx: &mut TenantTx,
    id: NotificationId,
    recipient: &Recipient,
    message: &Message,
    message_id: &str,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let (channel, state) = if recipient.email.is_some() {
        ("mail", "queued")
    } else {
        ("letter", "to_print")
    };
    sqlx::query!(
        "INSERT INTO notification (tenant_id, id, kind, language, channel, account_id, guardian_id, demand_id, to_address, context,
                                   message_id, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        tenant.0,
        id.0,
        message.kind(),
        recipient.language,
        channel,
        recipient.account_id as _,
        recipient.guardian_id as _,
        recipient.demand_id as _,
        recipient.email,
        sqlx::types::Json(message) as _,
        message_id,
        state,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Who runs a facility itself.
pub(in crate::notifications) async fn people_of(
    tx: &mut TenantRead,
    facility: FacilityId,
) -> Result<Vec<Recipient>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT a.id AS "account_id: AccountId", a.email, a.language
             FROM membership m
             JOIN account a ON a.tenant_id = m.tenant_id AND a.id = m.account_id AND a.state = 'active'
            WHERE m.tenant_id = $1 AND m.facility_id = $2 AND m.ended_at IS NULL AND m.role IN ('facility_manager', 'childminder')
            ORDER BY a.id"#,
        tenant.0,
        facility.0
    )
    .fetch_all(tx.conn())
    .await?;
    let recipient = rows
        .into_iter()
        .map(|row| Recipient::account(row.account_id, row.email, row.language));
    Ok(recipient.collect())
}

/// Guardians with custody today, each with the address that is known now: the account's, else the one given at the intake.
pub(in crate::notifications) async fn guardians_of(
    tx: &mut TenantRead,
    child: ChildId,
    demand: DemandId,
) -> Result<Vec<Recipient>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let rows = sqlx::query!(
        r#"SELECT g.id AS "guardian_id: GuardianId", a.id AS "account_id?: AccountId",
                  COALESCE(a.email, g.email) AS email, COALESCE(a.language, g.language) AS "language!"
             FROM custody c
             JOIN guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
             LEFT JOIN account a ON a.tenant_id = g.tenant_id AND a.id = g.account_id AND a.state <> 'closed'
            WHERE c.tenant_id = $1 AND c.child_id = $2 AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to > $3)
            ORDER BY g.id"#,
        tenant.0,
        child.0,
        today
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Recipient {
            account_id: row.account_id,
            guardian_id: Some(row.guardian_id),
            demand_id: Some(demand),
            email: row.email.filter(|email| !email.is_empty()),
            language: row.language,
        })
        .collect())
}

/// Everybody who administers the municipality now.
pub(in crate::notifications) async fn administrators(tx: &mut TenantRead) -> Result<Vec<Recipient>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT DISTINCT a.id AS "id: AccountId", a.email, a.language
             FROM membership m
             JOIN account a ON a.tenant_id = m.tenant_id AND a.id = m.account_id AND a.state = 'active'
            WHERE m.tenant_id = $1 AND m.role = 'tenant_admin' AND m.ended_at IS NULL
            ORDER BY 1"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Recipient::account(row.id, row.email, row.language))
        .collect())
}

/// A mail that waits to be sent.
pub(in crate::notifications) struct QueuedMail {
    pub language: String,
    pub to_address: String,
    pub context: Value,
    pub message_id: String,
    pub reference_code: Option<String>,
    /// It goes to a guardian who has none.
    pub without_account: bool,
}

pub(in crate::notifications) async fn queued_mail(
    tx: &mut TenantRead,
    id: NotificationId,
) -> Result<Option<QueuedMail>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        QueuedMail,
        r#"SELECT n.language, n.to_address AS "to_address!", n.context, n.message_id, m.reference_code AS "reference_code?",
                  n.guardian_id IS NOT NULL AND n.account_id IS NULL AS "without_account!"
             FROM notification n
             LEFT JOIN care_demand m ON m.tenant_id = n.tenant_id AND m.id = n.demand_id
            WHERE n.tenant_id = $1 AND n.id = $2 AND n.channel = 'mail' AND n.state = 'queued'
              -- Who lost custody since it was written does not get it any more.
              AND (n.guardian_id IS NULL OR n.demand_id IS NULL OR EXISTS (
                     SELECT 1
                       FROM care_demand d
                       JOIN custody c ON c.tenant_id = d.tenant_id AND c.child_id = d.child_id
                      WHERE d.tenant_id = n.tenant_id AND d.id = n.demand_id AND c.guardian_id = n.guardian_id
                        AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to > $3)))"#,
        tenant.0,
        id.0,
        today
    )
    .fetch_optional(tx.conn())
    .await
}

/// How an attempt to send ended.
pub(in crate::notifications) enum Outcome {
    Sent,
    Again(String),
    Dead(String),
}

/// Notes how an attempt ended. With the mail gone its one-time token leaves the outbox.
pub(in crate::notifications) async fn settle(
    tx: &mut TenantTx,
    id: NotificationId,
    outcome: &Outcome,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let (state, error) = match outcome {
        Outcome::Sent => ("sent", None),
        Outcome::Again(why) => ("queued", Some(why)),
        Outcome::Dead(why) => ("dead", Some(why)),
    };
    sqlx::query!(
        "UPDATE notification
            SET state = $3, last_error = $4, attempts = attempts + 1,
                sent_at = CASE WHEN $3 = 'sent' THEN $5 ELSE sent_at END,
                context = CASE WHEN $3 = 'sent' THEN context - 'token' ELSE context END
          WHERE tenant_id = $1 AND id = $2 AND state = 'queued'",
        tenant.0,
        id.0,
        state,
        error,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Empties messages that left before an instant; answers how many.
pub(in crate::notifications) async fn purge(tx: &mut TenantTx, before: DateTime<Utc>) -> Result<u64, sqlx::Error> {
    let tenant = tx.tenant_id();
    let emptied = sqlx::query!(
        "UPDATE notification
            SET context = '{}', to_address = CASE WHEN channel = 'mail' THEN '' END, last_error = NULL
          WHERE tenant_id = $1 AND state IN ('sent', 'printed') AND COALESCE(sent_at, printed_at) < $2 AND context <> '{}'",
        tenant.0,
        before
    )
    .execute(tx.conn())
    .await?;
    Ok(emptied.rows_affected())
}

/// The content of a dead letter, locked until the transaction ends.
pub(in crate::notifications) async fn dead_for_update(
    tx: &mut TenantTx,
    id: NotificationId,
) -> Result<Option<Value>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT context FROM notification WHERE tenant_id = $1 AND id = $2 AND state = 'dead' FOR UPDATE",
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Queues a dead letter again. Who has an account gets it at the account's address of today, but for what goes to a new address on purpose.
pub(in crate::notifications) async fn queue_again(tx: &mut TenantTx, id: NotificationId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE notification n
            SET state = 'queued', attempts = 0, last_error = NULL,
                to_address = CASE WHEN n.kind = 'email_change' THEN n.to_address
                                  ELSE COALESCE((SELECT a.email
                                                   FROM account a
                                                  WHERE a.tenant_id = n.tenant_id AND a.id = n.account_id AND a.state <> 'closed'),
                                                n.to_address) END
          WHERE n.tenant_id = $1 AND n.id = $2 AND n.state = 'dead'",
        tenant.0,
        id.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::notifications) async fn set_bounced(
    tx: &mut TenantTx,
    message_id: &str,
    reason: &str,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let marked = sqlx::query!(
        "UPDATE notification
            SET state = 'dead', last_error = $3
          WHERE tenant_id = $1 AND message_id = $2 AND channel = 'mail' AND state IN ('sent', 'dead')",
        tenant.0,
        message_id,
        reason
    )
    .execute(tx.conn())
    .await?;
    Ok(marked.rows_affected() > 0)
}

/// Removes what waits to be sent or printed for who has lost custody of the child that it is about.
pub(in crate::notifications) async fn drop_lost(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query!(
        "DELETE FROM notification n
          USING care_demand d
          WHERE n.tenant_id = $1 AND n.state IN ('queued', 'dead', 'to_print') AND n.guardian_id IS NOT NULL
            AND d.tenant_id = n.tenant_id AND d.id = n.demand_id
            AND NOT EXISTS (SELECT 1 FROM custody c
                             WHERE c.tenant_id = n.tenant_id AND c.child_id = d.child_id AND c.guardian_id = n.guardian_id
                               AND c.valid_from <= $2 AND (c.valid_to IS NULL OR c.valid_to > $2))",
        tenant.0,
        today
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Removes letters of a kind to guardians that were not printed yet: what they say does not hold any more.
pub(in crate::notifications) async fn drop_unprinted(
    tx: &mut TenantTx,
    of: &[GuardianId],
    kind: &str,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM notification WHERE tenant_id = $1 AND guardian_id = ANY($2) AND kind = $3 AND state = 'to_print'",
        tenant.0,
        of as _,
        kind
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Removes a message about a demand from where it waits to be printed or, if it was written after an instant, sent; answers for whom.
pub(in crate::notifications) async fn drop_unsent(
    tx: &mut TenantTx,
    demand: DemandId,
    message: &Message,
    written_after: DateTime<Utc>,
) -> Result<Vec<Option<GuardianId>>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"DELETE FROM notification
            WHERE tenant_id = $1 AND demand_id = $2 AND context = $3
              AND (state = 'to_print' OR state = 'queued' AND attempts = 0 AND created_at > $4)
            RETURNING guardian_id AS "guardian_id: GuardianId""#,
        tenant.0,
        demand.0,
        sqlx::types::Json(message) as _,
        written_after
    )
    .fetch_all(tx.conn())
    .await
}
