//! SQL of this slice: it reads over the tables of the slices above.

use chrono::NaiveDate;

use super::model::{Confirmable, Found};
use crate::access::{TenantRead, TenantTx};

/// What is there.
pub(super) async fn found(tx: &mut TenantRead) -> Result<Found, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Found,
        r#"SELECT EXISTS (SELECT 1 FROM tenant_profile
                           WHERE tenant_id = $1 AND office_name <> '' AND contact_email <> '' AND contact_phone <> '' AND contact_address <> '')
                      AS "contact!",
                  (SELECT count(DISTINCT kind) FROM legal_page
                    WHERE tenant_id = $1 AND language = 'de' AND version > 1 AND kind IN ('imprint', 'privacy', 'accessibility')) AS "legal_written!",
                  EXISTS (SELECT 1 FROM tenant_settings WHERE tenant_id = $1 AND created_by IS NOT NULL) AS "settings_saved!",
                  EXISTS (SELECT 1 FROM setup_confirmation WHERE tenant_id = $1 AND step = 'settings') AS "settings_confirmed!",
                  EXISTS (SELECT 1 FROM setup_confirmation WHERE tenant_id = $1 AND step = 'notices') AS "notices_confirmed!",
                  EXISTS (SELECT 1 FROM setup_confirmation WHERE tenant_id = $1 AND step = 'retention') AS "retention_confirmed!",
                  (SELECT count(*) FROM provider WHERE tenant_id = $1) AS "providers!",
                  (SELECT count(*) FROM facility WHERE tenant_id = $1) AS "facilities!",
                  (SELECT count(*) FROM facility f
                    WHERE f.tenant_id = $1
                      AND NOT EXISTS (SELECT 1 FROM capacity c WHERE c.tenant_id = f.tenant_id AND c.facility_id = f.id)) AS "without_capacity!",
                  EXISTS (SELECT 1 FROM criteria_set WHERE tenant_id = $1 AND provider_id IS NULL AND state = 'published') AS "criteria_published!",
                  EXISTS (SELECT 1 FROM contract_template WHERE tenant_id = $1 AND state = 'published') AS "contract_published!",
                  (SELECT count(DISTINCT kind) FROM notice_template WHERE tenant_id = $1) AS "notice_kinds!",
                  (SELECT count(DISTINCT m.account_id) FROM membership m
                     JOIN account a ON a.tenant_id = m.tenant_id AND a.id = m.account_id AND a.state = 'active'
                    WHERE m.tenant_id = $1 AND m.ended_at IS NULL AND m.role IN ('tenant_admin', 'clerk')) AS "office_people!",
                  (SELECT count(DISTINCT m.account_id) FROM membership m
                    WHERE m.tenant_id = $1 AND m.ended_at IS NULL
                      AND m.role IN ('provider_manager', 'facility_manager', 'childminder')) AS "facility_people!""#,
        tenant.0
    )
    .fetch_one(tx.conn())
    .await
}

/// Whether a day is closed for all.
pub(super) async fn is_closed(tx: &mut TenantRead, day: NaiveDate) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM closing_day WHERE tenant_id = $1 AND day = $2 AND facility_id IS NULL) AS "closed!""#,
        tenant.0,
        day
    )
    .fetch_one(tx.conn())
    .await
}

/// Keeps who took a step's defaults over first.
pub(super) async fn confirm(tx: &mut TenantTx, step: Confirmable) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let by = tx.account().map(|account| account.id);
    sqlx::query!(
        "INSERT INTO setup_confirmation (tenant_id, step, confirmed_by, confirmed_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        tenant.0,
        step.as_str(),
        by as _,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
