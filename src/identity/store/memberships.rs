//! SQL of the roles that accounts hold.

use uuid::Uuid;

use crate::access::{Role, TenantRead};
use crate::platform::ids::{AccountId, MembershipId};

/// A granted role with the name of its scope.
pub(in crate::identity) struct MembershipRow {
    pub id: MembershipId,
    pub account_id: AccountId,
    pub role: String,
    pub provider_id: Option<Uuid>,
    pub facility_id: Option<Uuid>,
    pub label: Option<String>,
}

impl MembershipRow {
    /// The role; the table's check allows no other word.
    pub fn role(&self) -> Role {
        Role::parse(&self.role).unwrap_or(Role::ReadOnly)
    }
}

/// The roles of these accounts that hold now.
pub(in crate::identity) async fn memberships(
    tx: &mut TenantRead,
    accounts: &[AccountId],
) -> Result<Vec<MembershipRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let accounts: Vec<Uuid> = accounts.iter().map(|a| a.0).collect();
    sqlx::query_as!(
        MembershipRow,
        r#"SELECT m.id AS "id: MembershipId", m.account_id AS "account_id: AccountId", m.role, m.provider_id, m.facility_id,
                  COALESCE(f.name, p.name) AS label
             FROM membership m
             LEFT JOIN facility f ON f.tenant_id = m.tenant_id AND f.id = m.facility_id
             LEFT JOIN provider p ON p.tenant_id = m.tenant_id AND p.id = m.provider_id
            WHERE m.tenant_id = $1 AND m.account_id = ANY($2) AND m.ended_at IS NULL
            ORDER BY m.created_at, m.id"#,
        tenant.0,
        &accounts
    )
    .fetch_all(tx.conn())
    .await
}
