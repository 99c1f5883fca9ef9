//! SQL of what the office sees: how much waits, the lists of dead letters and of letters, a letter to print.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::access::{TenantRead, TenantTx};
use crate::notifications::Waiting;
use crate::platform::http::{Direction, SortKey, Sorted, listed};
use crate::platform::ids::{ChildId, DemandId, NotificationId};

pub(in crate::notifications) async fn has_dead_letter(
    tx: &mut TenantRead,
    demand: DemandId,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM notification WHERE tenant_id = $1 AND demand_id = $2 AND state = 'dead') AS "dead!""#,
        tenant.0,
        demand.0
    )
    .fetch_one(tx.conn())
    .await
}

pub(in crate::notifications) async fn count_waiting(tx: &mut TenantRead) -> Result<Waiting, sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT count(*) FILTER (WHERE state = 'dead') AS "dead!", count(*) FILTER (WHERE state = 'to_print') AS "to_print!"
             FROM notification
            WHERE tenant_id = $1 AND state IN ('dead', 'to_print')"#,
        tenant.0
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Waiting {
        dead_letters: row.dead,
        letters_to_print: row.to_print,
    })
}

/// A message as the office sees it in a list.
pub(in crate::notifications) struct OfficeRow {
    pub id: NotificationId,
    pub kind: String,
    pub created_at: DateTime<Utc>,
    pub name: Option<String>,
    pub to_address: Option<String>,
    pub last_error: Option<String>,
    pub attempts: i32,
    pub printed_at: Option<DateTime<Utc>>,
    pub reference_code: Option<String>,
    pub child_id: Option<ChildId>,
    pub sort_key: Option<String>,
    pub total: i64,
}

listed!(OfficeRow, id.0);

/// What the office's lists of messages can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(in crate::notifications) enum MessageSort {
    /// When it was written, the latest first.
    #[default]
    Created,
    /// The recipient as the list has it.
    Recipient,
    /// The reference code.
    Reference,
    /// How often it was tried to send it.
    Attempts,
    /// When it was printed.
    Printed,
}

impl SortKey for MessageSort {
    fn natural(self) -> Direction {
        match self {
            Self::Created | Self::Printed => Direction::Desc,
            _ => Direction::Asc,
        }
    }
}

/// What the office's lists of messages are narrowed to, and their order.
pub(in crate::notifications) struct OfficeFilter {
    pub state: &'static str,
    pub kind: Option<String>,
    /// What the recipient's name or the reference code begins with, in small letters. Addresses are shown masked and not searched.
    pub q: Option<String>,
    pub order: Sorted<MessageSort>,
}

/// Messages in a state, in the order asked for.
pub(in crate::notifications) async fn office_list(
    tx: &mut TenantRead,
    filter: &OfficeFilter,
) -> Result<Vec<OfficeRow>, sqlx::Error> {
    let (tenant, order) = (tx.tenant_id(), &filter.order);
    sqlx::query_as!(
        OfficeRow,
        r#"SELECT n.id AS "id: NotificationId", n.kind, n.created_at, g.first_name || ' ' || g.last_name AS name, n.to_address,
                  n.last_error, n.attempts, n.printed_at, d.reference_code AS "reference_code?", d.child_id AS "child_id?: ChildId",
                  s.key AS sort_key, count(*) OVER () AS "total!"
             FROM notification n
             LEFT JOIN guardian g ON g.tenant_id = n.tenant_id AND g.id = n.guardian_id
             LEFT JOIN care_demand d ON d.tenant_id = n.tenant_id AND d.id = n.demand_id
            CROSS JOIN LATERAL (SELECT CASE $3::text
                 WHEN 'recipient' THEN lower(COALESCE(g.first_name || ' ' || g.last_name,
                                                      regexp_replace(NULLIF(n.to_address, ''), '^(.)[^@]*@', '\1…@')))
                 WHEN 'reference' THEN lower(d.reference_code)
                 WHEN 'attempts' THEN lpad(n.attempts::text, 6, '0')
                 WHEN 'printed' THEN to_char(n.printed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
                 ELSE to_char(n.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END) s (key)
            WHERE n.tenant_id = $1 AND n.state = $2
              AND ($8::text IS NULL OR n.kind = $8)
              AND ($9::text IS NULL OR lower(d.reference_code) ^@ $9 OR lower(g.last_name) ^@ $9
                   OR lower(g.first_name || ' ' || g.last_name) ^@ $9)
              AND app.comes_after(s.key, n.id, $4, $5, $6)
            ORDER BY CASE WHEN NOT $4 THEN s.key END COLLATE "de-x-icu", CASE WHEN $4 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, n.id
            LIMIT $7"#,
        tenant.0,
        filter.state,
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        filter.kind.as_deref(),
        filter.q.as_deref()
    )
    .fetch_all(tx.conn())
    .await
}

/// A letter with the window's address.
pub(in crate::notifications) struct LetterRow {
    pub language: String,
    pub context: Value,
    pub name: Option<String>,
    pub street: Option<String>,
    pub place: Option<String>,
    pub address_protected: Option<bool>,
    pub reference_code: Option<String>,
    pub child_id: Option<ChildId>,
}

pub(in crate::notifications) async fn letter(
    tx: &mut TenantRead,
    id: NotificationId,
) -> Result<Option<LetterRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        LetterRow,
        r#"SELECT n.language, n.context, g.first_name || ' ' || g.last_name AS name,
                  h.street || ' ' || h.house_number AS street, h.postal_code || ' ' || h.city AS place,
                  h.address_protected AS "address_protected?", d.reference_code AS "reference_code?", d.child_id AS "child_id?: ChildId"
             FROM notification n
             LEFT JOIN guardian g ON g.tenant_id = n.tenant_id AND g.id = n.guardian_id
             LEFT JOIN household h ON h.tenant_id = g.tenant_id AND h.id = g.household_id
             LEFT JOIN care_demand d ON d.tenant_id = n.tenant_id AND d.id = n.demand_id
            WHERE n.tenant_id = $1 AND n.id = $2 AND n.channel = 'letter' AND n.context <> '{}'"#,
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Notes that a letter was printed; its one-time code is on the paper only from then on. Doing it again changes nothing. Answers whether
/// there is such a letter.
pub(in crate::notifications) async fn set_printed(tx: &mut TenantTx, id: NotificationId) -> Result<bool, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let printed = sqlx::query!(
        "UPDATE notification
            SET state = 'printed', printed_at = COALESCE(printed_at, $3), context = context - 'token'
          WHERE tenant_id = $1 AND id = $2 AND channel = 'letter'",
        tenant.0,
        id.0,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(printed.rows_affected() > 0)
}
