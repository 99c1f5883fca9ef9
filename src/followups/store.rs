//! SQL of this slice.

use chrono::NaiveTime;
use serde_json::json;

use super::model::{Deviation, FollowupList, FollowupRow, Vacancy};
use crate::access::{TenantRead, TenantTx};
use crate::facilities::AgeBand;
use crate::platform::ids::{FacilityId, FollowupId, OfferId};

/// When a facility is open, if it says so.
pub(super) async fn opening_hours(
    tx: &mut TenantRead,
    facility: FacilityId,
) -> Result<Option<(NaiveTime, NaiveTime)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        "SELECT opens_at, closes_at FROM facility WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        facility.0
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.and_then(|r| r.opens_at.zip(r.closes_at)))
}

/// What is written of an offer from the list.
pub(super) struct Decision<'a> {
    pub id: FollowupId,
    pub offer: OfferId,
    pub position: usize,
    pub vacancy: &'a Vacancy,
    pub deviation: Option<Deviation<'a>>,
    /// The decision together with which it was made.
    pub goes_with: Option<FollowupId>,
}

/// Adds the record of an offer, with the list as it stood.
pub(super) async fn add_decision(
    tx: &mut TenantTx,
    list: &FollowupList,
    row: &FollowupRow,
    decision: &Decision<'_>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let by = tx.account().map(|a| a.id.0);
    let lines = list.rows.iter().map(|r| {
        json!({
            "preference_id": r.waiting.wish.id, "priority": r.waiting.wish.priority, "points": r.waiting.wish.points,
            "breakdown": r.waiting.wish.lines, "criteria_set_id": r.waiting.wish.set_id, "lottery": r.lottery,
            "submitted_at": r.waiting.submitted_at, "position": r.position, "passed_over": r.skip,
            "siblings": r.siblings, "with": r.with.iter().map(|(_, wish)| wish).collect::<Vec<_>>(),
        })
    });
    let text = json!(lines.collect::<Vec<_>>()).to_string();
    sqlx::query!(
        "INSERT INTO followup_decision (tenant_id, id, offer_id, preference_id, facility_id, age_band, free_from, position, list, reason,
                                        note, decided_by, at, goes_with)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        tenant.0,
        decision.id.0,
        decision.offer.0,
        row.waiting.wish.id.0,
        list.facility_id.0,
        list.age_band.as_str(),
        decision.vacancy.free_from,
        i32::try_from(decision.position).unwrap_or(i32::MAX),
        text,
        decision.deviation.map(|d| d.reason) as _,
        decision.deviation.map(|d| d.note),
        by,
        now,
        decision.goes_with.map(|with| with.0)
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Facilities within the scope where something is free and somebody waits, by name.
pub(super) struct Free {
    pub facility_id: FacilityId,
    pub facility_name: String,
    pub age_band: AgeBand,
}

/// Where a page of vacancies begins.
pub(super) type After = (String, FacilityId, AgeBand);

/// Age bands of open facilities with a free place within a year, where somebody waits.
pub(super) async fn vacancies(
    tx: &mut TenantRead,
    facility: Option<FacilityId>,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Free>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let scope: Option<Vec<uuid::Uuid>> = tx.scope().facilities().map(|all| all.iter().map(|f| f.0).collect());
    let (name, id, band) = match after {
        Some((name, id, band)) => (Some(name), Some(id.0), Some(band.as_str())),
        None => (None, None, None),
    };
    sqlx::query_as!(
        Free,
        r#"SELECT p.facility_id AS "facility_id: FacilityId", f.name AS facility_name, p.age_band AS "age_band: AgeBand"
             FROM place_pool p
             JOIN facility f ON f.tenant_id = p.tenant_id AND f.id = p.facility_id
            WHERE p.tenant_id = $1 AND f.state = 'open'
              AND ($2::uuid[] IS NULL OR p.facility_id = ANY($2))
              AND ($3::uuid IS NULL OR p.facility_id = $3)
              AND EXISTS (SELECT 1 FROM unnest(p.bookable[1:12]) free WHERE free > 0)
              AND EXISTS (SELECT 1
                            FROM facility_preference w
                           WHERE w.tenant_id = p.tenant_id AND w.facility_id = p.facility_id
                             AND w.state IN ('received', 'under_review', 'invited', 'waitlisted'))
              AND ($4::text IS NULL OR (f.name, p.facility_id, p.age_band) > ($4, $5::uuid, $6))
            ORDER BY f.name, p.facility_id, p.age_band
            LIMIT $7"#,
        tenant.0,
        scope.as_deref(),
        facility.map(|f| f.0),
        name,
        id,
        band,
        limit
    )
    .fetch_all(tx.conn())
    .await
}
