//! Demands of an allocation round with the order of their wishes.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use crate::access::TenantRead;
use crate::demands::model::{PreferenceState, SIBLING};
use crate::demands::scored::{Entrant, Entrants, ScoreLine, ScoredPreference};
use crate::platform::clock::berlin_date;
use crate::platform::ids::{ChildId, DemandId, FacilityId, PreferenceId};

pub(in crate::demands) async fn entrants(tx: &mut TenantRead, which: &Entrants) -> Result<Vec<Entrant>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Entrant,
        r#"SELECT d.id AS "demand_id: DemandId", d.child_id AS "child_id: ChildId",
                  COALESCE(c.birth_date, c.expected_birth_date) AS "birth!", d.desired_start AS "desired_start!", d.legal_claim
             FROM care_demand d
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
            WHERE d.tenant_id = $1 AND d.state IN ('confirmed', 'in_allocation') AND d.submitted_at < $2
              AND d.desired_start < $3 AND (d.latest_start IS NULL OR d.latest_start >= $4)
            ORDER BY d.id"#,
        tenant.0,
        which.sent_before,
        which.until,
        which.from
    )
    .fetch_all(tx.conn())
    .await
}

/// Points first, then the older child. Nothing hangs on the hour of sending: all demands of a round count as if they came at once.
/// Sorted here: the database would carry all columns through its sort.
pub(in crate::demands) async fn scored_preferences(
    tx: &mut TenantRead,
    which: &Entrants,
) -> Result<Vec<ScoredPreference>, sqlx::Error> {
    let facts = facts(tx, which).await?;
    let tenant = tx.tenant_id();
    let mut rows = sqlx::query!(
        r#"SELECT p.id AS "id: PreferenceId", p.demand_id AS "demand_id: DemandId", p.facility_id AS "facility_id: FacilityId", p.rank,
                  p.state AS "state: PreferenceState", p.points, COALESCE(c.birth_date, c.expected_birth_date) AS "birth!"
             FROM facility_preference p
             JOIN care_demand d ON d.tenant_id = p.tenant_id AND d.id = p.demand_id
             JOIN child c ON c.tenant_id = d.tenant_id AND c.id = d.child_id
            WHERE d.tenant_id = $1 AND d.state IN ('confirmed', 'in_allocation') AND d.submitted_at < $2
              AND d.desired_start < $3 AND (d.latest_start IS NULL OR d.latest_start >= $4)
              AND p.state IN ('received', 'under_review', 'invited', 'waitlisted', 'refused')"#,
        tenant.0,
        which.sent_before,
        which.until,
        which.from
    )
    .fetch_all(tx.conn())
    .await?;
    rows.sort_unstable_by_key(|row| (row.demand_id, row.rank));
    let key_day = berlin_date(which.sent_before);
    let none = Vec::new();
    let scored = rows.into_iter().map(|row| {
        let mut lines = facts.get(&row.demand_id).unwrap_or(&none).clone();
        let rest = row.points - lines.iter().map(|l| l.points).sum::<i32>();
        // What is not claimed by the family is told from the data: a sibling there.
        if rest != 0 {
            lines.push(ScoreLine {
                code: SIBLING.to_owned(),
                points: rest,
                evidence: None,
                not_counted: None,
            });
        }
        ScoredPreference {
            id: row.id,
            demand_id: row.demand_id,
            facility_id: row.facility_id,
            state: row.state,
            priority: vec![0, i64::from(row.points), age_in_days(row.birth, key_day)],
            points: row.points,
            lines,
            reserves: Vec::new(),
            criteria: "points, age in days".to_owned(),
        }
    });
    Ok(scored.collect())
}

fn age_in_days(birth: NaiveDate, day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce()) - i64::from(birth.num_days_from_ce())
}

async fn facts(tx: &mut TenantRead, which: &Entrants) -> Result<HashMap<DemandId, Vec<ScoreLine>>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT f.demand_id AS "demand_id: DemandId", c.code, c.points, f.evidence_state
             FROM demand_fact f
             JOIN criterion c ON c.tenant_id = f.tenant_id AND c.id = f.criterion_id
             JOIN care_demand d ON d.tenant_id = f.tenant_id AND d.id = f.demand_id
            WHERE f.tenant_id = $1 AND d.state IN ('confirmed', 'in_allocation') AND d.submitted_at < $2
              AND d.desired_start < $3 AND (d.latest_start IS NULL OR d.latest_start >= $4)
              AND f.claimed AND c.active AND c.scope = 'global'
            ORDER BY f.demand_id, c.position, c.code"#,
        tenant.0,
        which.sent_before,
        which.until,
        which.from
    )
    .fetch_all(tx.conn())
    .await?;
    let mut facts: HashMap<DemandId, Vec<ScoreLine>> = HashMap::new();
    for row in rows {
        let rejected = row.evidence_state == "rejected";
        facts.entry(row.demand_id).or_default().push(ScoreLine {
            code: row.code,
            points: if rejected { 0 } else { row.points },
            not_counted: rejected.then(|| "rejected".to_owned()),
            evidence: Some(row.evidence_state),
        });
    }
    Ok(facts)
}
