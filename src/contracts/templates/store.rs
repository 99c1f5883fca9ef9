//! SQL of the versions.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::Words;
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{ContractTemplateId, ProviderId};
use crate::tenancy::{NoticeRule, NoticeTo};

/// Where a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = ContractTemplateState, example = "draft")]
pub enum TemplateState {
    /// It can be changed.
    Draft,
    /// It holds from its day on, and never changes.
    Published,
    /// It was taken back before it held.
    Withdrawn,
}

/// A version of a contract's words.
#[derive(Debug, Clone)]
pub struct TemplateRow {
    pub id: ContractTemplateId,
    pub provider_id: Option<ProviderId>,
    pub provider_name: Option<String>,
    pub number: i32,
    pub name: String,
    pub body: String,
    pub notice_months: i32,
    pub notice_to: NoticeTo,
    pub notice_not_last_months: i32,
    pub state: TemplateState,
    pub valid_from: Option<NaiveDate>,
    pub published_at: Option<DateTime<Utc>>,
    pub version: i32,
}

impl TemplateRow {
    /// Its period of notice.
    pub fn notice(&self) -> NoticeRule {
        NoticeRule {
            months: self.notice_months,
            to: self.notice_to,
            not_last_months: self.notice_not_last_months,
        }
    }

    /// The day from which it holds, when it was published.
    pub fn holds_from(&self) -> Option<NaiveDate> {
        self.valid_from.filter(|_| self.state == TemplateState::Published)
    }
}

/// All versions, the municipality's first, of each owner the newest first.
pub(super) async fn templates(tx: &mut TenantRead) -> Result<Vec<TemplateRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        TemplateRow,
        r#"SELECT t.id AS "id: ContractTemplateId", t.provider_id AS "provider_id: ProviderId", p.name AS "provider_name?", t.number,
                  t.name, t.body, t.notice_months, t.notice_to AS "notice_to: NoticeTo", t.notice_not_last_months, t.state AS "state: TemplateState", t.valid_from, t.published_at, t.version
             FROM contract_template t
             LEFT JOIN provider p ON p.tenant_id = t.tenant_id AND p.id = t.provider_id
            WHERE t.tenant_id = $1
            ORDER BY t.provider_id IS NOT NULL, p.name, t.number DESC"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// Locks a version until the transaction ends.
pub(super) async fn lock(tx: &mut TenantTx, id: ContractTemplateId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT version FROM contract_template WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn is_provider(tx: &mut TenantRead, id: ProviderId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM provider WHERE tenant_id = $1 AND id = $2) AS "is!""#,
        tenant.0,
        id.0
    )
    .fetch_one(tx.conn())
    .await
}

/// Writes a draft with the next number of its owner. `None`: somebody else took the number at this moment.
pub(super) async fn insert(
    tx: &mut TenantTx,
    provider: Option<ProviderId>,
    name: &str,
    words: &Words,
) -> Result<Option<ContractTemplateId>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let author = tx.account().map(|account| account.id.0);
    sqlx::query_scalar!(
        r#"INSERT INTO contract_template (tenant_id, id, provider_id, number, name, body, notice_months, state, created_by, created_at,
                                          notice_to, notice_not_last_months)
           SELECT $1, $2, $3,
                  COALESCE((SELECT max(number) FROM contract_template WHERE tenant_id = $1 AND provider_id IS NOT DISTINCT FROM $3), 0) + 1,
                  $4, $5, $6, 'draft', $7, $8, $9, $10
           ON CONFLICT DO NOTHING
           RETURNING id AS "id: ContractTemplateId""#,
        tenant.0,
        ContractTemplateId::new().0,
        provider.map(|p| p.0),
        name,
        words.body,
        words.notice.months,
        author,
        now,
        words.notice.to as _,
        words.notice.not_last_months
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn update(
    tx: &mut TenantTx,
    id: ContractTemplateId,
    name: &str,
    body: &str,
    notice: &NoticeRule,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE contract_template
            SET name = $3, body = $4, notice_months = $5, notice_to = $6, notice_not_last_months = $7, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND state = 'draft'",
        tenant.0,
        id.0,
        name,
        body,
        notice.months,
        notice.to as _,
        notice.not_last_months
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn publish(
    tx: &mut TenantTx,
    id: ContractTemplateId,
    valid_from: NaiveDate,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let by = tx.account().map(|account| account.id.0);
    sqlx::query!(
        "UPDATE contract_template
            SET state = 'published', valid_from = $3, published_by = $4, published_at = $5, version = version + 1
          WHERE tenant_id = $1 AND id = $2 AND state = 'draft'",
        tenant.0,
        id.0,
        valid_from,
        by,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn withdraw(tx: &mut TenantTx, id: ContractTemplateId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE contract_template SET state = 'withdrawn', version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
