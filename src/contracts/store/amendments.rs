//! Changes of agreed contracts.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sqlx::types::Json;

use crate::access::{TenantRead, TenantTx};
use crate::contracts::model::{Agreed, Amending, CareTimes, ContractState};
use crate::documents::AmendmentDraft;
use crate::platform::ids::{AmendmentId, ContractId, GroupId};
use crate::platform::week::WeekTimes;

/// A change as it is kept.
pub struct AmendmentRow {
    pub id: AmendmentId,
    pub number: i32,
    /// The words of a contract that a change can be in; `terminated`: let be.
    pub state: ContractState,
    pub valid_from: NaiveDate,
    pub care_until: NaiveDate,
    pub hours_per_week: i32,
    pub window_from: Option<NaiveTime>,
    pub window_to: Option<NaiveTime>,
    pub week: Option<WeekTimes>,
    pub group_id: Option<GroupId>,
    pub group_name: Option<String>,
    pub note: Option<String>,
    pub document: Option<Json<AmendmentDraft>>,
    pub sent_at: Option<DateTime<Utc>>,
}

impl AmendmentRow {
    /// Its terms.
    pub fn terms(&self) -> Agreed {
        Agreed {
            valid_from: self.valid_from,
            care_until: self.care_until,
            times: CareTimes {
                hours_per_week: self.hours_per_week,
                window_from: self.window_from,
                window_to: self.window_to,
                week: self.week,
            },
        }
    }

    /// Whether it still waits for something.
    pub fn is_open(&self) -> bool {
        use ContractState as S;
        matches!(self.state, S::Drafted | S::Sent | S::SignedByGuardians)
    }
}

/// All changes of a contract by number.
pub async fn amendments(tx: &mut TenantRead, id: ContractId) -> Result<Vec<AmendmentRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        AmendmentRow,
        r#"SELECT a.id AS "id: AmendmentId", a.number, a.state AS "state: ContractState", a.valid_from, a.care_until, a.hours_per_week,
                  a.window_from, a.window_to, a.week AS "week: WeekTimes", a.group_id AS "group_id: GroupId", g.name AS "group_name?", a.note,
                  a.document AS "document: Json<AmendmentDraft>", a.sent_at
             FROM contract_amendment a
             LEFT JOIN care_group g ON g.tenant_id = a.tenant_id AND g.id = a.group_id
            WHERE a.tenant_id = $1 AND a.contract_id = $2
            ORDER BY a.number"#,
        tenant.0,
        id.0
    )
    .fetch_all(tx.conn())
    .await
}

/// What the contract itself says, before any change.
pub async fn first_terms(tx: &mut TenantRead, id: ContractId) -> Result<Agreed, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT care_from, COALESCE((document->>'care_until')::date, care_until) AS "care_until!", hours_per_week, window_from,
                  window_to, week AS "week: WeekTimes"
             FROM care_contract
            WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        id.0
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Agreed {
        valid_from: row.care_from,
        care_until: row.care_until,
        times: CareTimes {
            hours_per_week: row.hours_per_week,
            window_from: row.window_from,
            window_to: row.window_to,
            week: row.week,
        },
    })
}

/// The contract ends on another day from now on: a draft that leaves the end as it was says so, too.
pub async fn move_drafted_end(
    tx: &mut TenantTx,
    contract: ContractId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE contract_amendment
            SET care_until = $4
          WHERE tenant_id = $1 AND contract_id = $2 AND state = 'drafted' AND care_until = $3 AND valid_from < $4",
        tenant.0,
        contract.0,
        from,
        to
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Writes the draft of a change: the open one anew, or the next.
pub async fn put_amendment(
    tx: &mut TenantTx,
    contract: ContractId,
    open: Option<AmendmentId>,
    change: &Amending,
    times: &CareTimes,
    care_until: NaiveDate,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let account = tx.account().map(|a| a.id.0);
    sqlx::query!(
        "INSERT INTO contract_amendment (tenant_id, id, contract_id, number, state, valid_from, care_until, hours_per_week, window_from,
                                         window_to, group_id, note, created_by, created_at, week)
         SELECT $1, $2, $3, count(*) + 1, 'drafted', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::time[]
           FROM contract_amendment
          WHERE tenant_id = $1 AND contract_id = $3
         ON CONFLICT (tenant_id, contract_id) WHERE state IN ('drafted', 'sent', 'signed_by_guardians')
         DO UPDATE SET valid_from = $4, care_until = $5, hours_per_week = $6, window_from = $7, window_to = $8, group_id = $9, note = $10,
                       week = $13",
        tenant.0,
        open.unwrap_or_else(AmendmentId::new).0,
        contract.0,
        change.valid_from,
        care_until,
        times.hours_per_week,
        times.window_from,
        times.window_to,
        change.group_id.map(|g| g.0),
        change.note,
        account,
        now,
        times.week as _
    )
    .execute(tx.conn())
    .await?;
    touched(tx, contract).await
}

/// Writes that it was sent, with all that it says; `None`: it is a draft again.
pub async fn set_amendment_sent(
    tx: &mut TenantTx,
    contract: ContractId,
    id: AmendmentId,
    document: Option<&AmendmentDraft>,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE contract_amendment
            SET state = CASE WHEN $3::jsonb IS NULL THEN 'drafted' ELSE 'sent' END, document = $3,
                sent_at = CASE WHEN $3::jsonb IS NULL THEN NULL ELSE $4::timestamptz END
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        document.map(Json) as _,
        now
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "UPDATE care_contract SET reminders = 0, reminded_on = NULL WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        contract.0
    )
    .execute(tx.conn())
    .await?;
    touched(tx, contract).await
}

/// Writes a state; with the provider's signature it is agreed.
pub async fn set_amendment_state(
    tx: &mut TenantTx,
    contract: ContractId,
    id: AmendmentId,
    state: ContractState,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "UPDATE contract_amendment
            SET state = $3, agreed_at = CASE WHEN $3 = 'signed_by_provider' THEN $4::timestamptz END
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0,
        state.as_str(),
        now
    )
    .execute(tx.conn())
    .await?;
    touched(tx, contract).await
}

/// The contract ends on another day.
pub async fn set_care_until(tx: &mut TenantTx, contract: ContractId, until: NaiveDate) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE care_contract SET care_until = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        contract.0,
        until
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Lets a change be that both sides have not signed: the contract ends, or the child goes elsewhere.
pub async fn drop_open_amendment(tx: &mut TenantTx, contract: ContractId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE contract_amendment
            SET state = 'terminated'
          WHERE tenant_id = $1 AND contract_id = $2 AND state IN ('drafted', 'sent', 'signed_by_guardians')",
        tenant.0,
        contract.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The contract's version counts the steps of its changes too: who signs saw them.
async fn touched(tx: &mut TenantTx, contract: ContractId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE care_contract SET version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        contract.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
