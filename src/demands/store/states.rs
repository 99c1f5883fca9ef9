//! Writes what a transition answered, each with its line in the history.

use crate::access::{Actor, TenantTx};
use crate::demands::model::{CareDemand, DemandState, FacilityPreference, PreferenceState, RefuseReason};
use crate::demands::store::rows::{DemandRow, PreferenceRow};
use crate::notifications::Told;
use crate::platform::ids::{DemandId, PreferenceId, random_uuid};

/// Why a state changes, for the history.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::demands) struct Change<'a> {
    /// The transition's name.
    pub kind: &'a str,
    /// A reason in words or as a code.
    pub reason: Option<&'a str>,
    /// What the facility says with it; replaces what it said before. `None` leaves that as it is.
    pub answer: Option<Answer<'a>>,
    /// When and how the family said it, where the office enters it.
    pub told: Option<Told>,
}

/// What a facility says with its answer.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::demands) struct Answer<'a> {
    /// Why it refuses.
    pub refuse_reason: Option<RefuseReason>,
    /// A note to the parents, at most 500 characters.
    pub note: Option<&'a str>,
}

impl<'a> Change<'a> {
    /// A change without further words.
    pub(in crate::demands) fn of(kind: &'a str) -> Self {
        Self {
            kind,
            ..Self::default()
        }
    }
}

/// Gives a preference its new state. Answers its new version.
pub(in crate::demands) async fn change_preference(
    tx: &mut TenantTx,
    row: &PreferenceRow,
    to: &FacilityPreference,
    change: Change<'_>,
) -> Result<i32, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let (paused_from, offered_from) = match to {
        FacilityPreference::Paused(from) => (Some(from.state().as_str()), None),
        FacilityPreference::Offered(from) => (None, Some(from.state().as_str())),
        _ => (None, None),
    };
    let answer = change.answer.unwrap_or_default();
    let version = sqlx::query_scalar!(
        r#"UPDATE facility_preference
              SET state = $3, paused_from = $4, offered_from = $5, state_since = $6, version = version + 1,
                  refuse_reason = CASE WHEN $7 THEN $8 ELSE refuse_reason END,
                  note = CASE WHEN $7 THEN $9 ELSE note END,
                  answered_at = CASE WHEN $3 IN ('invited', 'waitlisted', 'offered', 'refused') THEN COALESCE(answered_at, $6)
                                     -- A first answer that is taken back within a day was none.
                                     WHEN $10 AND answered_at = state_since AND answered_at > $6::timestamptz - interval '1 day' THEN NULL
                                     ELSE answered_at END
            WHERE tenant_id = $1 AND id = $2
            RETURNING version"#,
        tenant.0,
        row.id as _,
        to.state().as_str(),
        paused_from,
        offered_from,
        now,
        change.answer.is_some(),
        answer.refuse_reason.map(RefuseReason::as_str),
        answer.note,
        change.kind == "reopen",
    )
    .fetch_one(tx.conn())
    .await?;
    let event = Event {
        demand: row.demand_id,
        preference: Some(row.id),
        from: Some(row.state.as_str()),
        to: to.state().as_str(),
    };
    record(tx, event, change).await?;
    Ok(version)
}

/// Where a preference stood before the answer that stands.
pub(in crate::demands) async fn state_before(
    tx: &mut TenantTx,
    row: &PreferenceRow,
) -> Result<Option<PreferenceState>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT from_state AS "from_state!: PreferenceState"
             FROM demand_event
            WHERE tenant_id = $1 AND preference_id = $2 AND to_state = $3 AND kind IN ('review', 'invite', 'waitlist', 'refuse')
              AND from_state IS NOT NULL
            ORDER BY at DESC, id DESC
            LIMIT 1"#,
        tenant.0,
        row.id as _,
        row.state.as_str()
    )
    .fetch_optional(tx.conn())
    .await
}

/// Gives a demand its new state. Answers its new version.
pub(in crate::demands) async fn change_demand(
    tx: &mut TenantTx,
    row: &DemandRow,
    to: &CareDemand,
    change: Change<'_>,
) -> Result<i32, sqlx::Error> {
    let (tenant, now, state) = (tx.tenant_id(), tx.now(), to.state());
    let version = sqlx::query_scalar!(
        r#"UPDATE care_demand
              SET state = $3, updated_at = $4, version = version + 1,
                  confirmed_at = CASE WHEN $5 THEN COALESCE(confirmed_at, $4) ELSE confirmed_at END,
                  ended_at = CASE WHEN $6 THEN $4 ELSE ended_at END
            WHERE tenant_id = $1 AND id = $2
            RETURNING version"#,
        tenant.0,
        row.id as _,
        state.as_str(),
        now,
        state == DemandState::Confirmed,
        !state.is_open(),
    )
    .fetch_one(tx.conn())
    .await?;
    let event = Event {
        demand: row.id,
        preference: None,
        from: Some(row.state.as_str()),
        to: state.as_str(),
    };
    record(tx, event, change).await?;
    Ok(version)
}

/// Writes a line into the history of a demand whose state stays.
pub(in crate::demands) async fn note_change(
    tx: &mut TenantTx,
    row: &DemandRow,
    change: Change<'_>,
) -> Result<(), sqlx::Error> {
    let state = row.state.as_str();
    let event = Event {
        demand: row.id,
        preference: None,
        from: Some(state),
        to: state,
    };
    record(tx, event, change).await
}

struct Event {
    demand: DemandId,
    preference: Option<PreferenceId>,
    from: Option<&'static str>,
    to: &'static str,
}

async fn record(tx: &mut TenantTx, event: Event, change: Change<'_>) -> Result<(), sqlx::Error> {
    let (tenant, now, kind) = (tx.tenant_id(), tx.now(), tx.actor().kind());
    let actor = match tx.actor() {
        Actor::Account(account) => Some(account.id.0),
        Actor::ApiKey(key) => Some(key.0),
        Actor::Anonymous | Actor::System(_) => None,
    };
    let reason = change
        .reason
        .or_else(|| change.answer?.refuse_reason.map(RefuseReason::as_str));
    sqlx::query!(
        "INSERT INTO demand_event (tenant_id, id, demand_id, preference_id, kind, from_state, to_state, reason, actor_kind, actor_id, at,
                                   told_on, told_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        tenant.0,
        random_uuid(),
        event.demand as _,
        event.preference as _,
        change.kind,
        event.from,
        event.to,
        reason,
        kind,
        actor,
        now,
        change.told.map(|told| told.on),
        change.told.map(|told| told.by.as_str()),
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
