//! Children of families without an account.

use crate::access::TenantRead;
use crate::families::KnownChild;
use crate::platform::ids::{ChildId, GuardianId, HouseholdId};

/// A child of a guardian without an account, with the household in which it lives.
#[derive(Debug, Clone)]
pub struct PaperChild {
    /// The child.
    pub child: KnownChild,
    /// The guardian.
    pub guardian: GuardianId,
    /// First name of the guardian.
    pub guardian_first_name: String,
    /// The household.
    pub household: HouseholdId,
}

/// The children who are in the custody of a guardian of this last name today, and of nobody who has an account.
pub async fn children_on_paper(tx: &mut TenantRead, last_name: &str) -> Result<Vec<PaperChild>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let rows = sqlx::query!(
        r#"SELECT k.id AS "id: ChildId", k.first_name AS "first_name!", k.last_name AS "last_name!", k.birth_date AS "birth_date!",
                  g.id AS "guardian: GuardianId", g.first_name AS guardian_first_name, k.household_id AS "household!: HouseholdId"
             FROM guardian g
             JOIN custody u ON u.tenant_id = g.tenant_id AND u.guardian_id = g.id
             JOIN child k ON k.tenant_id = u.tenant_id AND k.id = u.child_id
            WHERE g.tenant_id = $1 AND g.account_id IS NULL AND lower(g.last_name) = lower($2)
              AND u.valid_from <= $3 AND (u.valid_to IS NULL OR u.valid_to > $3)
              AND k.first_name IS NOT NULL AND k.last_name IS NOT NULL AND k.birth_date IS NOT NULL AND k.household_id IS NOT NULL
              AND NOT EXISTS (SELECT 1
                                FROM custody o
                                JOIN guardian h ON h.tenant_id = o.tenant_id AND h.id = o.guardian_id
                               WHERE o.tenant_id = k.tenant_id AND o.child_id = k.id AND h.account_id IS NOT NULL
                                 AND o.valid_from <= $3 AND (o.valid_to IS NULL OR o.valid_to > $3))
            ORDER BY k.birth_date, k.id"#,
        tenant.0,
        last_name,
        today
    )
    .fetch_all(tx.conn())
    .await?;
    let one = rows.into_iter().map(|row| PaperChild {
        child: KnownChild {
            id: row.id,
            first_name: row.first_name,
            last_name: row.last_name,
            birth_date: row.birth_date,
        },
        guardian: row.guardian,
        guardian_first_name: row.guardian_first_name,
        household: row.household,
    });
    Ok(one.collect())
}
