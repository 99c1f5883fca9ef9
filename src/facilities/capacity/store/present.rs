//! Who is at a facility on single days.

use chrono::{Datelike, NaiveDate, NaiveTime};

use crate::access::TenantRead;
use crate::platform::ids::{ChildId, ContractId, FacilityId};
use crate::platform::week::{DAYS, WeekTimes, Window};

/// A child that has, is offered or is lent a place on a day.
pub struct PresentRow {
    pub contract_id: Option<ContractId>,
    pub child_id: ChildId,
    pub guest: bool,
    pub day: NaiveDate,
    pub birth: NaiveDate,
    pub window_from: Option<NaiveTime>,
    pub window_to: Option<NaiveTime>,
    pub week: Option<WeekTimes>,
}

impl PresentRow {
    /// Its times of the day (`Some(None)`: all day); `None` where it does not come.
    pub fn window_on_day(&self) -> Option<Option<Window>> {
        let weekday = self.day.weekday();
        match self.week {
            _ if !DAYS.contains(&weekday) => None,
            Some(week) => week.on(weekday).map(Some),
            None => Some(self.window_from.zip(self.window_to)),
        }
    }
}

/// Who is at a facility on each day from one to another, at weekends too.
pub async fn present(
    tx: &mut TenantRead,
    facility: FacilityId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<PresentRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        PresentRow,
        r#"SELECT s.contract_id AS "contract_id: ContractId", c.id AS "child_id: ChildId", s.guest AS "guest!", d.day AS "day!",
                  COALESCE(c.birth_date, c.expected_birth_date, d.day) AS "birth!", s.window_from, s.window_to, s.week AS "week: WeekTimes"
             FROM (SELECT day::date AS day FROM generate_series($3::date::timestamp, $4::date::timestamp, interval '1 day') day) d
            CROSS JOIN LATERAL (
                   SELECT k.id AS contract_id, k.child_id, k.facility_id <> $2 AS guest, t.window_from, t.window_to, t.week
                     FROM care_contract k
                    CROSS JOIN LATERAL app.terms_on(k.tenant_id, k.id, d.day) t
                    WHERE k.tenant_id = $1 AND (k.state <> 'terminated' OR k.began_on IS NOT NULL)
                      AND k.care_from <= d.day AND k.care_until > d.day
                      AND (k.facility_id = $2 OR k.id IN (
                           SELECT s.contract_id
                             FROM substitution s
                             JOIN childminder_absence a ON a.tenant_id = s.tenant_id AND a.id = s.absence_id
                            WHERE s.tenant_id = $1 AND s.substitute_id = $2 AND a.from_on <= d.day AND a.to_on >= d.day))
                    UNION ALL
                   SELECT NULL, o.child_id, false, o.window_from, o.window_to, o.week
                     FROM place_offer o
                    WHERE o.tenant_id = $1 AND o.facility_id = $2 AND o.state IN ('sent', 'viewed')
                      AND o.care_from <= d.day AND o.care_until > d.day) s
             JOIN child c ON c.tenant_id = $1 AND c.id = s.child_id
            ORDER BY c.first_name, c.last_name, c.id, d.day"#,
        tenant.0,
        facility.0,
        from,
        to
    )
    .fetch_all(tx.conn())
    .await
}
