//! SQL of this slice: the children of a facility on a day.

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;
use sqlx::types::Json;

use crate::access::TenantRead;
use crate::platform::ids::{ChildId, FacilityId};
use crate::platform::week::WeekTimes;

/// Who has custody, with where to reach them.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Guardian {
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// A child with a contract.
#[derive(Debug, Clone)]
pub(super) struct ChildRow {
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub hours_per_week: i32,
    pub window_from: Option<NaiveTime>,
    pub window_to: Option<NaiveTime>,
    pub week: Option<WeekTimes>,
    /// The childminder's place that it comes from for this day.
    pub guest_of: Option<String>,
    pub guardians: Json<Vec<Guardian>>,
}

impl ChildRow {
    /// Last and first name.
    pub fn name(&self) -> String {
        [self.last_name.as_deref(), self.first_name.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// The children with a contract of this facility on a day, also those who have left since, by name; guardians with custody
/// today. With the guests who come in place of their childminder that day.
pub(super) async fn children(
    tx: &mut TenantRead,
    facility: FacilityId,
    on: NaiveDate,
    guests: bool,
) -> Result<Vec<ChildRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        ChildRow,
        r#"SELECT c.id AS "child_id: ChildId", c.first_name, c.last_name, c.birth_date, t.hours_per_week AS "hours_per_week!", t.window_from,
                  t.window_to, t.week AS "week: WeekTimes", g.name AS "guest_of?",
                  COALESCE(people.list, '[]') AS "guardians!: Json<Vec<Guardian>>"
             FROM care_contract k
             JOIN child c ON c.tenant_id = k.tenant_id AND c.id = k.child_id
             LEFT JOIN facility g ON g.tenant_id = k.tenant_id AND g.id = k.facility_id AND g.id <> $2
            CROSS JOIN LATERAL app.terms_on(k.tenant_id, k.id, $3) t
             LEFT JOIN LATERAL (
               SELECT json_agg(json_build_object('name', g.first_name || ' ' || g.last_name, 'phone', g.phone,
                                                 'email', COALESCE(a.email, g.email)) ORDER BY g.last_name, g.first_name, g.id) AS list
                 FROM custody u
                 JOIN guardian g ON g.tenant_id = u.tenant_id AND g.id = u.guardian_id
                 LEFT JOIN account a ON a.tenant_id = g.tenant_id AND a.id = g.account_id AND a.state <> 'closed'
                WHERE u.tenant_id = c.tenant_id AND u.child_id = c.id AND u.valid_from <= $4 AND (u.valid_to IS NULL OR u.valid_to > $4)
             ) people ON true
            WHERE k.tenant_id = $1
              AND (k.facility_id = $2 OR ($5 AND k.id IN (
                   SELECT s.contract_id
                     FROM substitution s
                     JOIN childminder_absence a ON a.tenant_id = s.tenant_id AND a.id = s.absence_id
                    WHERE s.tenant_id = $1 AND s.substitute_id = $2 AND a.from_on <= $3 AND a.to_on >= $3)))
              AND (k.state <> 'terminated' OR k.began_on IS NOT NULL)
              AND k.care_from <= $3 AND k.care_until > $3 AND c.restricted_at IS NULL
            ORDER BY c.last_name, c.first_name, c.id"#,
        tenant.0,
        facility.0,
        on,
        today,
        guests
    )
    .fetch_all(tx.conn())
    .await
}
