//! Templates in versions, and the numbers of files.

use chrono::{DateTime, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::notices::model::{NoticeKind, NoticeText};
use crate::platform::ids::{AccountId, NoticeTemplateId};

/// A version of a template.
pub(in crate::notices) struct TemplateRow {
    pub id: NoticeTemplateId,
    pub kind: NoticeKind,
    pub version: i32,
    pub title: String,
    pub decision: String,
    pub reasons: String,
    pub remedy: String,
    pub objection_months: i32,
    pub created_at: DateTime<Utc>,
    pub created_by: String,
}

impl TemplateRow {
    /// Its words.
    pub fn text(&self) -> NoticeText {
        NoticeText {
            title: self.title.clone(),
            decision: self.decision.clone(),
            reasons: self.reasons.clone(),
            remedy: self.remedy.clone(),
            objection_months: self.objection_months,
        }
    }
}

/// All versions of all templates, the newest of each kind first.
pub(in crate::notices) async fn templates(tx: &mut TenantRead) -> Result<Vec<TemplateRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        TemplateRow,
        r#"SELECT t.id AS "id: NoticeTemplateId", t.kind AS "kind: NoticeKind", t.version, t.title, t.decision, t.reasons, t.remedy,
                  t.objection_months, t.created_at, COALESCE(a.display_name, a.email) AS "created_by!"
             FROM notice_template t
             JOIN account a ON a.tenant_id = t.tenant_id AND a.id = t.created_by
            WHERE t.tenant_id = $1
            ORDER BY t.kind DESC, t.version DESC"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// Adds the next version of a kind. Two at once: the second finds the number taken and is told.
pub(in crate::notices) async fn add_template(
    tx: &mut TenantTx,
    id: NoticeTemplateId,
    kind: NoticeKind,
    text: &NoticeText,
    by: AccountId,
) -> Result<i32, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_scalar!(
        "INSERT INTO notice_template (tenant_id, id, kind, version, title, decision, reasons, remedy, objection_months, created_by, created_at)
         SELECT $1, $2, $3, COALESCE(max(version), 0) + 1, $4, $5, $6, $7, $8, $9, $10
           FROM notice_template
          WHERE tenant_id = $1 AND kind = $3
         RETURNING version",
        tenant.0,
        id.0,
        kind.as_str(),
        text.title,
        text.decision,
        text.reasons,
        text.remedy,
        text.objection_months,
        by.0,
        now
    )
    .fetch_one(tx.conn())
    .await
}

/// The next number of a year; it is given back when the transaction fails, so that none is missing.
pub(in crate::notices) async fn next_number(tx: &mut TenantTx, year: i32) -> Result<i32, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "INSERT INTO notice_number (tenant_id, year, last) VALUES ($1, $2, 1)
         ON CONFLICT (tenant_id, year) DO UPDATE SET last = notice_number.last + 1
         RETURNING last",
        tenant.0,
        year
    )
    .fetch_one(tx.conn())
    .await
}
