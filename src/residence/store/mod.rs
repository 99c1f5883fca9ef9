//! SQL of this slice. Demands and contracts stand below it; their rows are read as data.

mod guests;
mod lapses;
mod moves;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::model::CONSENT_ENDS_SOON;
use crate::access::{TenantRead, TenantTx};
use crate::platform::clock::berlin_date;
use crate::platform::ids::{ChildId, DemandId};
pub use guests::GuestRow;
pub(super) use guests::{
    GuestFilter, GuestSort, delete_guest, guest, guests, insert_guests, letter, refused, remind_of_ends, set_answer,
    set_asked, set_home,
};
pub use lapses::LapseRow;
pub(super) use lapses::{
    Standing, ended, insert_lapse, lapse, runners, set_decided, set_decision, set_withdrawn, standing,
};
pub use moves::MoveRow;
pub(super) use moves::{
    MoveFilter, MoveSort, delete_move, moves, moving, put_move, set_evidence, take_unreminded, to_look_up,
};

/// A demand as far as it matters here.
pub(super) struct DemandRow {
    pub child_id: ChildId,
    pub state: String,
    pub desired_start: Option<NaiveDate>,
    pub asserted_at: Option<DateTime<Utc>>,
}

impl DemandRow {
    /// It was sent and has not ended without a place; what is closed has its contract.
    pub fn is_running(&self) -> bool {
        self.state != "draft" && !self.has_ended()
    }

    pub fn has_ended(&self) -> bool {
        ["withdrawn", "expired", "not_entitled", "moved_away", "superseded"].contains(&self.state.as_str())
    }

    pub fn asserted_on(&self) -> Option<NaiveDate> {
        self.asserted_at.map(berlin_date)
    }
}

pub(super) async fn lock_demand(tx: &mut TenantTx, demand: DemandId) -> Result<Option<DemandRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        DemandRow,
        r#"SELECT child_id AS "child_id: ChildId", state, desired_start, legal_claim_asserted_at AS asserted_at
             FROM care_demand
            WHERE tenant_id = $1 AND id = $2
              FOR NO KEY UPDATE"#,
        tenant.0,
        demand.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// The child of a demand, if there is one.
pub(super) async fn child_of(tx: &mut TenantRead, demand: DemandId) -> Result<Option<ChildId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT child_id AS "id: ChildId" FROM care_demand WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        demand.0
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn set_legal_due(tx: &mut TenantTx, demand: DemandId, due: NaiveDate) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE care_demand SET legal_due_on = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        demand.0,
        due
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// What waits for the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// Guests whose home municipality nobody has asked yet.
    pub guests_open: i64,
    /// Consents that end soon or have ended.
    pub consents_ending: i64,
    /// Consents that were withdrawn or ended while a contract stands, not decided.
    pub consents_lapsed: i64,
    /// Moves whose day has passed without a proof.
    pub moves_overdue: i64,
}

/// Counts what waits for the office, as its lists show it.
pub(super) async fn open(tx: &mut TenantRead) -> Result<Open, sqlx::Error> {
    let (tenant, today, restricted_too) = (tx.tenant_id(), tx.today(), tx.is_administrator());
    let soon = soon(today, CONSENT_ENDS_SOON);
    sqlx::query_as!(
        Open,
        r#"SELECT (SELECT count(*) FROM guest_case g
                     JOIN care_demand d ON d.tenant_id = g.tenant_id AND d.id = g.demand_id
                     JOIN child c ON c.tenant_id = g.tenant_id AND c.id = g.child_id
                    WHERE g.tenant_id = $1 AND g.state = 'open' AND ($4::bool OR c.restricted_at IS NULL)
                      AND d.state NOT IN ('withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')) AS "guests_open!",
                  (SELECT count(*) FROM guest_case g
                     JOIN care_demand d ON d.tenant_id = g.tenant_id AND d.id = g.demand_id
                     JOIN child c ON c.tenant_id = g.tenant_id AND c.id = g.child_id
                    WHERE g.tenant_id = $1 AND g.state = 'granted' AND g.valid_until <= $2 AND ($4::bool OR c.restricted_at IS NULL)
                      AND d.state NOT IN ('withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')
                      AND NOT EXISTS (SELECT 1 FROM care_contract k
                                       WHERE k.tenant_id = g.tenant_id AND k.demand_id = g.demand_id AND k.care_until <= g.valid_until)
                      AND NOT EXISTS (SELECT 1 FROM guest_lapse l
                                       WHERE l.tenant_id = g.tenant_id AND l.demand_id = g.demand_id AND l.lapses_on = g.valid_until)
                  ) AS "consents_ending!",
                  (SELECT count(*) FROM guest_lapse l
                     JOIN care_demand d ON d.tenant_id = l.tenant_id AND d.id = l.demand_id
                     JOIN child c ON c.tenant_id = l.tenant_id AND c.id = l.child_id
                    WHERE l.tenant_id = $1 AND l.decision IS NULL AND ($4::bool OR c.restricted_at IS NULL)
                      AND d.state NOT IN ('withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')
                  ) AS "consents_lapsed!",
                  (SELECT count(*) FROM move_in m
                     JOIN care_demand d ON d.tenant_id = m.tenant_id AND d.id = m.demand_id
                     JOIN child c ON c.tenant_id = m.tenant_id AND c.id = m.child_id
                    WHERE m.tenant_id = $1 AND m.move_on < $3 AND ($4::bool OR c.restricted_at IS NULL)
                      AND (m.evidence IS NULL OR m.evidence NOT IN ('registration', 'register'))
                      AND d.state NOT IN ('draft', 'withdrawn', 'expired', 'not_entitled', 'moved_away', 'superseded')
                  ) AS "moves_overdue!""#,
        tenant.0,
        soon,
        today,
        restricted_too
    )
    .fetch_one(tx.conn())
    .await
}

/// Planning areas that facilities name, for the office to choose from.
pub(super) async fn areas(tx: &mut TenantRead) -> Result<Vec<String>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT DISTINCT district AS "district!" FROM facility WHERE tenant_id = $1 AND district IS NOT NULL ORDER BY 1"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// So many days ahead.
fn soon(today: NaiveDate, days: u64) -> NaiveDate {
    today.checked_add_days(Days::new(days)).unwrap_or(today)
}
