//! Points of preferences, derived: global criteria that are claimed and not rejected, and a sibling at the very facility.

use crate::access::TenantTx;
use crate::demands::model::SIBLING;
use crate::platform::ids::{ChildId, DemandId};

/// Counts the points of these demands' preferences anew (`None`: of all open demands). Only what differs is written.
pub(in crate::demands) async fn recount(tx: &mut TenantTx, demands: Option<&[DemandId]>) -> Result<u64, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query!(
        "WITH counted AS (
             SELECT p.id,
                    COALESCE((SELECT sum(c.points)
                                FROM demand_fact f
                                JOIN criterion c ON c.tenant_id = f.tenant_id AND c.id = f.criterion_id
                               WHERE f.tenant_id = p.tenant_id AND f.demand_id = p.demand_id AND f.claimed
                                 AND f.evidence_state <> 'rejected' AND c.active AND c.scope = 'global'), 0)
                  + COALESCE((SELECT c.points
                                FROM criterion c
                               WHERE c.tenant_id = p.tenant_id AND c.code = $3 AND c.active AND c.scope = 'local'
                                 AND NOT EXISTS (SELECT 1 FROM demand_fact f
                                                  WHERE f.tenant_id = p.tenant_id AND f.demand_id = p.demand_id
                                                    AND f.criterion_id = c.id AND f.evidence_state = 'rejected')
                                 AND EXISTS (SELECT 1
                                               FROM sibling_link s
                                              WHERE s.tenant_id = p.tenant_id AND (s.child_id = d.child_id OR s.sibling_id = d.child_id)
                                                AND EXISTS (SELECT 1
                                                              FROM place_offer o
                                                              LEFT JOIN care_contract k ON k.tenant_id = o.tenant_id AND k.offer_id = o.id
                                                             WHERE o.tenant_id = p.tenant_id
                                                               AND o.child_id = CASE s.child_id WHEN d.child_id THEN s.sibling_id ELSE s.child_id END
                                                               AND o.facility_id = p.facility_id AND o.state = 'accepted'
                                                               AND o.care_until > $4
                                                               AND (k.id IS NULL OR k.state NOT IN ('terminated', 'ended'))))), 0) AS points
               FROM facility_preference p
               JOIN care_demand d ON d.tenant_id = p.tenant_id AND d.id = p.demand_id
              WHERE p.tenant_id = $1 AND ($2::uuid[] IS NULL OR d.id = ANY($2))
                AND d.state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending'))
         UPDATE facility_preference p
            SET points = counted.points
           FROM counted
          WHERE p.tenant_id = $1 AND p.id = counted.id AND p.points <> counted.points",
        tenant.0,
        demands as _,
        SIBLING,
        today
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected())
}

/// The open demands of a child and its siblings.
pub(in crate::demands) async fn demands_of_siblings(
    tx: &mut TenantTx,
    child: ChildId,
) -> Result<Vec<DemandId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT d.id AS "id: DemandId"
             FROM care_demand d
            WHERE d.tenant_id = $1 AND d.state IN ('draft', 'submitted', 'confirmed', 'in_allocation', 'offer_pending')
              AND (d.child_id = $2
                   OR d.child_id IN (SELECT sibling_id FROM sibling_link WHERE tenant_id = $1 AND child_id = $2)
                   OR d.child_id IN (SELECT child_id FROM sibling_link WHERE tenant_id = $1 AND sibling_id = $2))"#,
        tenant.0,
        child as _
    )
    .fetch_all(tx.conn())
    .await
}
