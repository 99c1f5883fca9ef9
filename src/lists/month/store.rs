//! SQL of a facility's month.

use chrono::NaiveDate;

use super::model::StayRow;
use crate::access::TenantRead;
use crate::platform::ids::{ChildId, FacilityId};

/// Children with a contract, or an open offer, on a day within `[from, until)`; also who has left since. Of a restricted child the place
/// counts and the name is not said.
pub(super) async fn stays(
    tx: &mut TenantRead,
    facility: FacilityId,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<StayRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        StayRow,
        r#"SELECT c.id AS "child_id: ChildId", CASE WHEN c.restricted_at IS NULL THEN c.first_name END AS first_name,
                  CASE WHEN c.restricted_at IS NULL THEN c.last_name END AS last_name,
                  COALESCE(c.birth_date, c.expected_birth_date, s.care_from) AS "birth!", s.care_from AS "from!", s.care_until AS "until!",
                  s.held AS "held!"
             FROM (SELECT k.child_id, k.care_from, k.care_until, false AS held
                     FROM care_contract k
                    WHERE k.tenant_id = $1 AND k.facility_id = $2 AND (k.state <> 'terminated' OR k.began_on IS NOT NULL)
                    UNION ALL
                   SELECT o.child_id, o.care_from, o.care_until, true
                     FROM place_offer o
                    WHERE o.tenant_id = $1 AND o.facility_id = $2 AND o.state IN ('sent', 'viewed')) s
             JOIN child c ON c.tenant_id = $1 AND c.id = s.child_id
            WHERE s.care_from < $4 AND s.care_until > $3
            ORDER BY c.first_name, c.last_name, c.id"#,
        tenant.0,
        facility.0,
        from,
        until
    )
    .fetch_all(tx.conn())
    .await
}
