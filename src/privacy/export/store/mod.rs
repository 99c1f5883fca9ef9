//! SQL of the copies: one literal query a table, which leaves out what is about somebody else or secret.

mod care;
mod decisions;
mod own;
mod person;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::access::TenantRead;
use crate::platform::ids::{AccountId, ChildId, GuardianId};

pub(super) use care::{contracts, demands, places};
pub(super) use decisions::{decisions, office};
pub(super) use own::{childminder, own};
pub(super) use person::{children, person, records};

/// Rows by table.
pub(super) type Tables = BTreeMap<&'static str, Vec<Value>>;

/// Whose copy it is.
pub(super) struct Subject {
    /// The account; of a guardian without one the guardian's own id, which is no account's.
    pub account: AccountId,
    pub guardian: Option<GuardianId>,
    pub children: Vec<ChildId>,
}

/// The guardian behind an account, with the children in custody today.
pub(super) async fn subject(tx: &mut TenantRead, account: AccountId) -> Result<Subject, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let guardian = sqlx::query_scalar!(
        r#"SELECT id AS "id: GuardianId" FROM guardian WHERE tenant_id = $1 AND (account_id = $2 OR id = $2)"#,
        tenant.0,
        account as _
    )
    .fetch_optional(tx.conn())
    .await?;
    let children = sqlx::query_scalar!(
        r#"SELECT DISTINCT child_id AS "child_id: ChildId"
             FROM custody
            WHERE tenant_id = $1 AND guardian_id = $2 AND valid_from <= $3 AND (valid_to IS NULL OR valid_to > $3)"#,
        tenant.0,
        guardian as _,
        today
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(Subject {
        account,
        guardian,
        children,
    })
}

/// What decides whether the office may hand a copy to a guardian.
pub(super) struct Applicant {
    pub has_account: bool,
    pub address_protected: bool,
    pub case_worker: Option<AccountId>,
}

/// A guardian who asks at the counter.
pub(super) async fn applicant(tx: &mut TenantRead, id: GuardianId) -> Result<Option<Applicant>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Applicant,
        r#"SELECT g.account_id IS NOT NULL AS "has_account!", COALESCE(h.address_protected, false) AS "address_protected!",
                  h.case_worker AS "case_worker: AccountId"
             FROM guardian g
             LEFT JOIN household h ON h.tenant_id = g.tenant_id AND h.id = g.household_id
            WHERE g.tenant_id = $1 AND g.id = $2"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}
