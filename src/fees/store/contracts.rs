//! SQL of what a fee depends on: the terms of a contract, its changes, school entry and what is waived.

use chrono::NaiveDate;
use sqlx::types::Json;

use crate::access::TenantRead;
use crate::fees::model::{self, Relief};
use crate::platform::clock::month_of;
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId};

/// The terms of a contract on which a fee depends.
pub(in crate::fees) struct ContractRow {
    pub id: ContractId,
    pub demand_id: DemandId,
    pub child_id: ChildId,
    pub facility_id: FacilityId,
    pub birth: NaiveDate,
    pub care_from: NaiveDate,
    pub care_until: NaiveDate,
    /// As they stood in the contract itself.
    pub hours_per_week: i32,
    /// The hours of its changes, each from its day on.
    pub changes: Json<Vec<(NaiveDate, i32)>>,
    /// What of the fee is waived, in the order of the months.
    pub reliefs: Json<Vec<Relief>>,
}

impl ContractRow {
    /// The hours by month: those of the contract, and of each change from the month on in which it holds.
    pub fn hours(&self) -> Vec<(NaiveDate, i32)> {
        let first = (month_of(self.care_from), self.hours_per_week);
        let changes = self.changes.iter().map(|(from, hours)| (month_of(*from), *hours));
        std::iter::once(first).chain(changes).collect()
    }

    /// The hours of a month.
    pub fn hours_in(&self, month: NaiveDate) -> i32 {
        model::hours_in(&self.hours(), month)
    }
}

/// One that came about or still can: what ended before care began costs nothing.
pub(in crate::fees) async fn contract(tx: &mut TenantRead, id: ContractId) -> Result<Option<ContractRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        ContractRow,
        r#"SELECT k.id AS "id: ContractId", k.demand_id AS "demand_id: DemandId", k.child_id AS "child_id: ChildId",
                  k.facility_id AS "facility_id: FacilityId", coalesce(c.birth_date, c.expected_birth_date) AS "birth!", k.care_from, k.care_until, k.hours_per_week,
                  (SELECT coalesce(json_agg(json_build_array(v.valid_from, v.hours_per_week) ORDER BY v.number), '[]')
                     FROM contract_amendment v
                    WHERE v.tenant_id = k.tenant_id AND v.contract_id = k.id AND v.state = 'signed_by_provider'
                  ) AS "changes!: Json<Vec<(NaiveDate, i32)>>",
                  (SELECT coalesce(json_agg(json_build_object('from_month', r.from_month, 'until_month', r.until_month, 'reason', r.reason,
                                                              'percent', r.percent) ORDER BY r.from_month), '[]')
                     FROM fee_relief r
                    WHERE r.tenant_id = k.tenant_id AND r.contract_id = k.id AND r.revoked_at IS NULL
                  ) AS "reliefs!: Json<Vec<Relief>>"
             FROM care_contract k
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
            WHERE k.tenant_id = $1 AND k.id = $2 AND NOT (k.state = 'terminated' AND k.began_on IS NULL)"#,
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
}
