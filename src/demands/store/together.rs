//! With whom a child that waits goes only together, or rather together.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::TenantRead;
use crate::demands::model::SiblingAnswer;
use crate::platform::ids::{ChildId, DemandId, FacilityId};

/// A demand of a child that waits, or of one of its siblings.
#[derive(Debug, Clone)]
pub(in crate::demands) struct KinRow {
    /// The demand that was asked about.
    pub of: DemandId,
    pub demand_id: DemandId,
    pub child_id: ChildId,
    pub desired_start: Option<NaiveDate>,
    pub answer: Option<SiblingAnswer>,
    pub said_at: Option<DateTime<Utc>>,
    /// Whether it looks for a place still.
    pub looks: bool,
    /// Where it has a place, or an open offer.
    pub place: Option<FacilityId>,
}

/// These demands and those of siblings that look for a place or have got one, however many links lie between. A demand without any such
/// sibling is not among them.
pub(in crate::demands) async fn kin_of(tx: &mut TenantRead, demands: &[DemandId]) -> Result<Vec<KinRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        KinRow,
        r#"WITH RECURSIVE living AS (
             SELECT id, child_id, desired_start, siblings, siblings_said_at, state NOT IN ('covered', 'closed') AS looks
               FROM care_demand
              WHERE tenant_id = $1 AND state IN ('submitted', 'confirmed', 'in_allocation', 'offer_pending', 'covered', 'closed')
                AND child_id IN (SELECT child_id FROM sibling_link WHERE tenant_id = $1
                                  UNION ALL
                                 SELECT sibling_id FROM sibling_link WHERE tenant_id = $1)
           ), kin (of, child_id) AS (
             SELECT l.id, l.child_id FROM living l WHERE l.id = ANY($2)
              UNION
             SELECT kin.of, l.child_id
               FROM kin
               JOIN sibling_link s ON s.tenant_id = $1 AND (s.child_id = kin.child_id OR s.sibling_id = kin.child_id)
               JOIN living l ON l.child_id = CASE WHEN s.child_id = kin.child_id THEN s.sibling_id ELSE s.child_id END
           )
           SELECT kin.of AS "of!: DemandId", l.id AS "demand_id!: DemandId", l.child_id AS "child_id!: ChildId", l.desired_start,
                  l.siblings AS "answer: SiblingAnswer", l.siblings_said_at AS said_at, l.looks AS "looks!",
                  (SELECT o.facility_id
                     FROM place_offer o
                    WHERE o.tenant_id = $1 AND o.demand_id = l.id AND o.state IN ('sent', 'viewed', 'accepted') AND o.care_until > $3
                    ORDER BY o.state = 'accepted' DESC, o.created_at DESC
                    LIMIT 1) AS "place: FacilityId"
             FROM kin
             JOIN living l ON l.child_id = kin.child_id
            ORDER BY kin.of, l.id"#,
        tenant.0,
        demands as _,
        today
    )
    .fetch_all(tx.conn())
    .await
}
