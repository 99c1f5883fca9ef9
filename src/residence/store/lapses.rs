//! SQL of consents that do not hold any more while a contract stands.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{AccountId, ChildId, ContractId, DemandId, random_uuid};
use crate::residence::model::{LapseDecision, LapseReason, NewDecision, Withdrawal};

/// A consent that was withdrawn or ended while a contract stood.
#[derive(Debug, Clone)]
pub struct LapseRow {
    /// Its id, within this slice.
    pub(in crate::residence) id: Uuid,
    /// The contract that stands.
    pub contract_id: ContractId,
    /// Whose.
    pub facility_name: String,
    /// First day without the consent.
    pub lapses_on: NaiveDate,
    /// Why.
    pub reason: LapseReason,
    /// File number of the letter.
    pub file_number: Option<String>,
    /// Until when the office decides.
    pub decide_by: NaiveDate,
    /// When it was noted.
    pub noted_at: DateTime<Utc>,
    /// What was decided; `None`: it is open.
    pub decision: Option<LapseDecision>,
    /// When.
    pub decided_on: Option<NaiveDate>,
    /// First day without the new consent.
    pub granted_until: Option<NaiveDate>,
    /// Why.
    pub decision_reason: Option<String>,
}

/// The last of a demand: the open one, if one is open.
pub(in crate::residence) async fn lapse(
    tx: &mut TenantRead,
    demand: DemandId,
) -> Result<Option<LapseRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        LapseRow,
        r#"SELECT l.id, l.contract_id AS "contract_id: ContractId", f.name AS facility_name, l.lapses_on,
                  l.reason AS "reason: LapseReason", l.file_number, l.decide_by, l.noted_at, l.decision AS "decision: LapseDecision",
                  l.decided_on, l.granted_until, l.decision_reason
             FROM guest_lapse l
             JOIN care_contract k ON k.tenant_id = l.tenant_id AND k.id = l.contract_id
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
            WHERE l.tenant_id = $1 AND l.demand_id = $2
            ORDER BY l.decision IS NULL DESC, l.noted_at DESC, l.id
            LIMIT 1"#,
        tenant.0,
        demand.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// A guest with a signed contract for days on which the consent does not hold.
pub(in crate::residence) struct Standing {
    pub demand_id: DemandId,
    pub child_id: ChildId,
    pub first_name: Option<String>,
    pub contract_id: ContractId,
    pub lapses_on: NaiveDate,
}

/// The contract of a demand that both sides signed and that lasts beyond a day.
pub(in crate::residence) async fn standing(
    tx: &mut TenantRead,
    demand: DemandId,
    lapses_on: NaiveDate,
) -> Result<Option<Standing>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Standing,
        r#"SELECT g.demand_id AS "demand_id: DemandId", g.child_id AS "child_id: ChildId", c.first_name,
                  k.id AS "contract_id: ContractId", $3::date AS "lapses_on!"
             FROM guest_case g
             JOIN child c ON c.tenant_id = g.tenant_id AND c.id = g.child_id
             JOIN care_contract k ON k.tenant_id = g.tenant_id AND k.demand_id = g.demand_id
                  AND k.state IN ('signed_by_provider', 'active') AND k.care_until > $3
            WHERE g.tenant_id = $1 AND g.demand_id = $2
            ORDER BY k.care_from
            LIMIT 1"#,
        tenant.0,
        demand.0,
        lapses_on
    )
    .fetch_optional(tx.conn())
    .await
}

/// Consents that have ended while a signed contract goes on, which nobody has noted yet.
pub(in crate::residence) async fn ended(tx: &mut TenantTx, limit: i64) -> Result<Vec<Standing>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        Standing,
        r#"SELECT DISTINCT ON (g.demand_id) g.demand_id AS "demand_id: DemandId", g.child_id AS "child_id: ChildId", c.first_name,
                  k.id AS "contract_id: ContractId", g.valid_until AS "lapses_on!"
             FROM guest_case g
             JOIN care_demand d ON d.tenant_id = g.tenant_id AND d.id = g.demand_id
                  AND d.state NOT IN ('withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')
             JOIN child c ON c.tenant_id = g.tenant_id AND c.id = g.child_id
             JOIN care_contract k ON k.tenant_id = g.tenant_id AND k.demand_id = g.demand_id
                  AND k.state IN ('signed_by_provider', 'active') AND k.care_until > g.valid_until
            WHERE g.tenant_id = $1 AND g.state = 'granted' AND g.valid_until <= $2
              AND NOT EXISTS (SELECT 1 FROM guest_lapse l
                               WHERE l.tenant_id = g.tenant_id AND l.demand_id = g.demand_id
                                 AND (l.lapses_on = g.valid_until OR l.decision IS NULL))
            ORDER BY g.demand_id, k.care_from
            LIMIT $3"#,
        tenant.0,
        today,
        limit
    )
    .fetch_all(tx.conn())
    .await
}

pub(in crate::residence) async fn insert_lapse(
    tx: &mut TenantTx,
    of: &Standing,
    reason: LapseReason,
    file_number: Option<&str>,
    decide_by: NaiveDate,
) -> Result<(), sqlx::Error> {
    let (tenant, now, by) = (tx.tenant_id(), tx.now(), tx.account().map(|a| a.id.0));
    sqlx::query!(
        "INSERT INTO guest_lapse (tenant_id, id, demand_id, child_id, contract_id, lapses_on, reason, file_number, decide_by, noted_by,
                                  noted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        tenant.0,
        random_uuid(),
        of.demand_id.0,
        of.child_id.0,
        of.contract_id.0,
        of.lapses_on,
        reason as _,
        file_number,
        decide_by,
        by,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The consent holds to the day before the withdrawal; one that is withdrawn before it began was none.
pub(in crate::residence) async fn set_withdrawn(
    tx: &mut TenantTx,
    demand: DemandId,
    of: &Withdrawal,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE guest_case
            SET state = CASE WHEN valid_from < $3 THEN 'granted' ELSE 'refused' END,
                valid_from = CASE WHEN valid_from < $3 THEN valid_from END,
                valid_until = CASE WHEN valid_from < $3 THEN $3::date END, reminded_of = $3, version = version + 1
          WHERE tenant_id = $1 AND demand_id = $2",
        tenant.0,
        demand.0,
        of.withdrawn_from
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::residence) async fn set_decision(
    tx: &mut TenantTx,
    lapse: Uuid,
    new: &NewDecision,
) -> Result<(), sqlx::Error> {
    let (tenant, by) = (tx.tenant_id(), tx.account().map(|a| a.id.0));
    sqlx::query!(
        "UPDATE guest_lapse
            SET decision = $3, decided_on = $4, granted_until = $5, decision_reason = NULLIF($6, ''), decided_by = $7
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        lapse,
        new.decision as _,
        new.decided_on,
        new.granted_until,
        new.reason,
        by
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The guest after a decision: another version, and with a new consent its period, which goes on from the old one where that had begun.
pub(in crate::residence) async fn set_decided(
    tx: &mut TenantTx,
    demand: DemandId,
    lapses_on: NaiveDate,
    new: &NewDecision,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let again = new.decision == LapseDecision::GrantedAgain;
    sqlx::query!(
        "UPDATE guest_case
            SET state = CASE WHEN $3::bool THEN 'granted' ELSE state END,
                valid_from = CASE WHEN $3::bool THEN COALESCE(valid_from, $4) ELSE valid_from END,
                valid_until = CASE WHEN $3::bool THEN $5::date ELSE valid_until END, version = version + 1
          WHERE tenant_id = $1 AND demand_id = $2",
        tenant.0,
        demand.0,
        again,
        lapses_on,
        new.granted_until
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Somebody who runs the facility of a contract, or its provider.
pub(in crate::residence) struct Runner {
    pub account_id: AccountId,
    pub email: String,
    pub language: String,
}

pub(in crate::residence) async fn runners(
    tx: &mut TenantRead,
    contract: ContractId,
) -> Result<Vec<Runner>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        Runner,
        r#"SELECT DISTINCT a.id AS "account_id: AccountId", a.email, a.language
             FROM care_contract k
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
             JOIN membership m ON m.tenant_id = f.tenant_id AND m.ended_at IS NULL
                  AND (m.facility_id = f.id OR (m.role = 'provider_manager' AND m.provider_id = f.provider_id))
             JOIN account a ON a.tenant_id = m.tenant_id AND a.id = m.account_id AND a.state = 'active'
            WHERE k.tenant_id = $1 AND k.id = $2
            ORDER BY 1"#,
        tenant.0,
        contract.0
    )
    .fetch_all(tx.conn())
    .await
}
