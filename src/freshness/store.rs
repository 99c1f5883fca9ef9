//! SQL of this slice.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::TenantTx;
use crate::platform::crypto::digest;
use crate::platform::ids::{AccountId, FacilityId, random_uuid};

/// A facility whose figures are old.
pub(super) struct DueRow {
    pub id: FacilityId,
    pub name: String,
    /// When the oldest of them was confirmed.
    pub confirmed_on: Option<NaiveDate>,
}

/// Open facilities with figures that nobody confirmed since a day, whose people were not asked since then.
pub(super) async fn due(tx: &mut TenantTx, day: NaiveDate, limit: i64) -> Result<Vec<DueRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        DueRow,
        r#"SELECT f.id AS "id: FacilityId", f.name, min(p.confirmed_on) FILTER (WHERE NOT p.is_example) AS confirmed_on
             FROM facility f
             JOIN place_pool p ON p.tenant_id = f.tenant_id AND p.facility_id = f.id
             LEFT JOIN capacity_reminder r ON r.tenant_id = f.tenant_id AND r.facility_id = f.id
            WHERE f.tenant_id = $1 AND f.state = 'open' AND (r.sent_on IS NULL OR r.sent_on <= $2)
            GROUP BY f.id, f.name
           HAVING bool_or(p.confirmed_on IS NULL OR p.confirmed_on <= $2)
            ORDER BY f.id
            LIMIT $3"#,
        tenant.0,
        day,
        limit
    )
    .fetch_all(tx.conn())
    .await
}

/// Somebody who runs a facility.
pub(super) struct PersonRow {
    pub id: AccountId,
    pub email: String,
    pub language: String,
}

/// Who runs a facility itself; where nobody does, who manages its provider.
pub(super) async fn people(tx: &mut TenantTx, facility: FacilityId) -> Result<Vec<PersonRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PersonRow,
        r#"WITH member AS (
               SELECT m.account_id, m.facility_id IS NOT NULL AS own
                 FROM membership m
                WHERE m.tenant_id = $1 AND m.ended_at IS NULL
                  AND (m.facility_id = $2
                       OR m.provider_id = (SELECT f.provider_id FROM facility f WHERE f.tenant_id = $1 AND f.id = $2)))
           SELECT DISTINCT a.id AS "id: AccountId", a.email, a.language
             FROM member m
             JOIN account a ON a.tenant_id = $1 AND a.id = m.account_id AND a.state = 'active'
            WHERE m.own OR NOT EXISTS (SELECT 1 FROM member WHERE own)
            ORDER BY 1"#,
        tenant.0,
        facility.0
    )
    .fetch_all(tx.conn())
    .await
}

/// Keeps that the people of a facility were asked today.
pub(super) async fn note(tx: &mut TenantTx, facility: FacilityId) -> Result<(), sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query!(
        "INSERT INTO capacity_reminder (tenant_id, facility_id, sent_on)
         VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, facility_id) DO UPDATE SET sent_on = EXCLUDED.sent_on",
        tenant.0,
        facility.0,
        today
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Keeps the link of a mail; links that hold no longer go.
pub(super) async fn add_link(
    tx: &mut TenantTx,
    facility: FacilityId,
    account: AccountId,
    token: &str,
    expires_at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "DELETE FROM confirm_link WHERE tenant_id = $1 AND facility_id = $2 AND expires_at < $3",
        tenant.0,
        facility.0,
        now
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO confirm_link (tenant_id, id, facility_id, account_id, token_hash, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        tenant.0,
        random_uuid(),
        facility.0,
        account.0,
        digest(token),
        expires_at
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A link that holds.
pub(super) struct Link {
    pub facility_id: FacilityId,
    pub account_id: AccountId,
}

/// The link with this token, if it holds.
pub(super) async fn link(tx: &mut TenantTx, token: &str) -> Result<Option<Link>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_as!(
        Link,
        r#"SELECT facility_id AS "facility_id: FacilityId", account_id AS "account_id: AccountId"
             FROM confirm_link
            WHERE tenant_id = $1 AND token_hash = $2 AND expires_at > $3"#,
        tenant.0,
        digest(token),
        now
    )
    .fetch_optional(tx.conn())
    .await
}
