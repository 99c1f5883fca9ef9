//! Who speaks for a facility in the steps of a round, what they see, and what they ordered.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::model::RoundState;
use crate::platform::ids::{AccountId, FacilityId, RoundId};

/// A coordinated round as facilities see it.
pub(in crate::allocation::rounds) struct StaffRound {
    pub id: RoundId,
    pub name: String,
    pub state: RoundState,
    pub key_date: NaiveDate,
    pub start_on: NaiveDate,
}

/// Coordinated rounds from their planning to their release, the newest first.
pub(in crate::allocation::rounds) async fn coordinated(tx: &mut TenantRead) -> Result<Vec<StaffRound>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        StaffRound,
        r#"SELECT id AS "id: RoundId", name, state AS "state: RoundState", key_date, start_on
             FROM allocation_round
            WHERE tenant_id = $1 AND mode = 'coordinated' AND released_at IS NULL AND state <> 'cancelled'
            ORDER BY created_at DESC, id
            LIMIT 50"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// The open facilities among these, or of the whole tenant.
pub(in crate::allocation::rounds) async fn open_facilities(
    tx: &mut TenantRead,
    scope: Option<&[FacilityId]>,
) -> Result<Vec<FacilityId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let scope: Option<Vec<uuid::Uuid>> = scope.map(|ids| ids.iter().map(|id| id.0).collect());
    sqlx::query_scalar!(
        r#"SELECT id AS "id: FacilityId"
             FROM facility
            WHERE tenant_id = $1 AND state = 'open' AND ($2::uuid[] IS NULL OR id = ANY($2))
            ORDER BY name, id
            LIMIT 1000"#,
        tenant.0,
        scope.as_deref()
    )
    .fetch_all(tx.conn())
    .await
}

/// Names of the children of a round at these pools, by their random name; restricted ones have none.
pub(in crate::allocation::rounds) struct Named {
    pub child: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
}

pub(in crate::allocation::rounds) async fn named(
    tx: &mut TenantRead,
    round: RoundId,
    children: &[String],
) -> Result<Vec<Named>, sqlx::Error> {
    let (tenant, sees_restricted) = (tx.tenant_id(), tx.sees_restricted());
    sqlx::query_as!(
        Named,
        "SELECT c.child, k.first_name, k.last_name
           FROM round_case c
           JOIN child k ON k.tenant_id = c.tenant_id AND k.id = c.child_id
          WHERE c.tenant_id = $1 AND c.round_id = $2 AND c.child = ANY($3) AND ($4 OR k.restricted_at IS NULL)",
        tenant.0,
        round.0,
        children,
        sees_restricted
    )
    .fetch_all(tx.conn())
    .await
}

/// Notes that managers are reminded of the open step, if its deadline lies at or before a day and nobody was reminded.
pub(in crate::allocation::rounds) async fn claim_step_reminder(
    tx: &mut TenantTx,
    round: RoundId,
    last_day: NaiveDate,
    opened_before: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let (tenant, now, today) = (tx.tenant_id(), tx.now(), tx.today());
    let claimed = sqlx::query!(
        "UPDATE round_step SET reminded_at = $3
          WHERE tenant_id = $1 AND round_id = $2 AND closed_at IS NULL AND reminded_at IS NULL AND due_on BETWEEN $4 AND $5
            AND opened_at <= $6",
        tenant.0,
        round.0,
        now,
        today,
        last_day,
        opened_before
    )
    .execute(tx.conn())
    .await?;
    Ok(claimed.rows_affected() > 0)
}

/// Somebody who speaks for a facility.
pub(in crate::allocation::rounds) struct Manager {
    pub account_id: AccountId,
    pub email: String,
    pub language: String,
    pub facility_name: String,
}

/// Who speaks for these facilities, by name of the facility: their managers, and the managers of their providers.
pub(in crate::allocation::rounds) async fn managers_of(
    tx: &mut TenantRead,
    facilities: &[FacilityId],
) -> Result<Vec<Manager>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Manager,
        r#"SELECT DISTINCT a.id AS "account_id: AccountId", a.email AS "email!", a.language, f.name AS facility_name
             FROM facility f
             JOIN membership m ON m.tenant_id = f.tenant_id AND m.ended_at IS NULL
                              AND (m.facility_id = f.id OR (m.role = 'provider_manager' AND m.provider_id = f.provider_id))
             JOIN account a ON a.tenant_id = m.tenant_id AND a.id = m.account_id AND a.state = 'active'
            WHERE f.tenant_id = $1 AND f.id = ANY($2)
            ORDER BY f.name, a.id"#,
        tenant.0,
        facilities as _
    )
    .fetch_all(tx.conn())
    .await
}

/// Who put the children of a facility into an order by hand.
pub(in crate::allocation::rounds) struct HandOrder {
    pub step: i32,
    pub facility_id: FacilityId,
    pub account_id: Option<AccountId>,
    /// The name for people; empty once the account is closed.
    pub name: String,
    pub at: DateTime<Utc>,
}

/// The orders by hand of these facilities in a round, by step.
pub(in crate::allocation::rounds) async fn hand_orders(
    tx: &mut TenantRead,
    round: RoundId,
    facilities: &[FacilityId],
) -> Result<Vec<HandOrder>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        HandOrder,
        r#"SELECT r.step, r.facility_id AS "facility_id: FacilityId", r.account_id AS "account_id: AccountId",
                  COALESCE(a.display_name, CASE WHEN a.state <> 'closed' THEN a.email END, '') AS "name!", r.at
             FROM round_answer r
             LEFT JOIN account a ON a.tenant_id = r.tenant_id AND a.id = r.account_id
            WHERE r.tenant_id = $1 AND r.round_id = $2 AND r.kind = 'hand' AND r.facility_id = ANY($3)
            ORDER BY r.step, r.facility_id"#,
        tenant.0,
        round.0,
        facilities as _
    )
    .fetch_all(tx.conn())
    .await
}
