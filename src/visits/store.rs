//! SQL of this slice.

use chrono::{DateTime, Utc};

use super::model::NewVisit;
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{AccountId, ChildId, PreferenceId, PreferenceNoteId, VisitId};

/// An appointment.
pub(super) struct VisitRow {
    pub id: VisitId,
    pub facility_name: String,
    pub child_id: ChildId,
    pub starts_at: DateTime<Utc>,
    pub minutes: i32,
    pub place: String,
    pub version: i32,
    pub cancelled_at: Option<DateTime<Utc>>,
}

/// The version of a preference's appointment, cancelled or not.
pub(super) async fn version(tx: &mut TenantRead, preference: PreferenceId) -> Result<Option<i32>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT version FROM facility_visit WHERE tenant_id = $1 AND preference_id = $2",
        tenant.0,
        preference.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// Writes an appointment or its next version.
pub(super) async fn put(
    tx: &mut TenantTx,
    preference: PreferenceId,
    new: &NewVisit,
    by: AccountId,
) -> Result<VisitId, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_scalar!(
        r#"INSERT INTO facility_visit (tenant_id, id, preference_id, starts_at, minutes, place, planned_by, planned_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (tenant_id, preference_id) DO UPDATE
              SET starts_at = $4, minutes = $5, place = $6, planned_by = $7, planned_at = $8, cancelled_at = NULL,
                  version = facility_visit.version + 1
           RETURNING id AS "id: VisitId""#,
        tenant.0,
        VisitId::new().0,
        preference.0,
        new.starts_at,
        new.minutes,
        new.place,
        by.0,
        now
    )
    .fetch_one(tx.conn())
    .await
}

/// Cancels an appointment; nothing where it was cancelled already.
pub(super) async fn cancel(tx: &mut TenantTx, preference: PreferenceId) -> Result<Option<VisitId>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query_scalar!(
        r#"UPDATE facility_visit
              SET cancelled_at = $3, version = version + 1
            WHERE tenant_id = $1 AND preference_id = $2 AND cancelled_at IS NULL
           RETURNING id AS "id: VisitId""#,
        tenant.0,
        preference.0,
        now
    )
    .fetch_optional(tx.conn())
    .await
}

/// Which appointments.
pub(super) enum Which {
    Of(PreferenceId),
    One(VisitId),
    /// Of children of whom this account has custody today, from now on.
    Own(AccountId),
}

/// Appointments, the next first.
pub(super) async fn visits(tx: &mut TenantRead, which: &Which) -> Result<Vec<VisitRow>, sqlx::Error> {
    let (tenant, now, today) = (tx.tenant_id(), tx.now(), tx.today());
    let (preference, one, own) = match which {
        Which::Of(id) => (Some(id.0), None, None),
        Which::One(id) => (None, Some(id.0), None),
        Which::Own(account) => (None, None, Some(account.0)),
    };
    sqlx::query_as!(
        VisitRow,
        r#"SELECT v.id AS "id: VisitId", f.name AS facility_name, d.child_id AS "child_id: ChildId", v.starts_at, v.minutes, v.place,
                  v.version, v.cancelled_at
             FROM facility_visit v
             JOIN facility_preference p ON p.tenant_id = v.tenant_id AND p.id = v.preference_id
             JOIN facility f ON f.tenant_id = p.tenant_id AND f.id = p.facility_id
             JOIN care_demand d ON d.tenant_id = p.tenant_id AND d.id = p.demand_id
            WHERE v.tenant_id = $1
              AND ($2::uuid IS NULL OR v.preference_id = $2)
              AND ($3::uuid IS NULL OR v.id = $3)
              AND ($4::uuid IS NULL OR (v.starts_at > $5 AND v.cancelled_at IS NULL AND EXISTS (
                    SELECT 1
                      FROM custody c
                      JOIN guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
                     WHERE c.tenant_id = d.tenant_id AND c.child_id = d.child_id AND (g.account_id = $4 OR g.id = $4)
                       AND c.valid_from <= $6 AND (c.valid_to IS NULL OR c.valid_to > $6))))
            ORDER BY v.starts_at, v.id"#,
        tenant.0,
        preference,
        one,
        own,
        now,
        today
    )
    .fetch_all(tx.conn())
    .await
}

/// A note.
pub(super) struct NoteRow {
    pub id: PreferenceNoteId,
    pub words: String,
    pub written_by: String,
    pub written_at: DateTime<Utc>,
}

/// The notes on a preference, the newest first.
pub(super) async fn notes(tx: &mut TenantRead, preference: PreferenceId) -> Result<Vec<NoteRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        NoteRow,
        r#"SELECT n.id AS "id: PreferenceNoteId", n.words, COALESCE(a.display_name, a.email) AS "written_by!", n.written_at
             FROM preference_note n
             JOIN account a ON a.tenant_id = n.tenant_id AND a.id = n.written_by
            WHERE n.tenant_id = $1 AND n.preference_id = $2
            ORDER BY n.written_at DESC, n.id"#,
        tenant.0,
        preference.0
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn add_note(
    tx: &mut TenantTx,
    preference: PreferenceId,
    words: &str,
    by: AccountId,
) -> Result<PreferenceNoteId, sqlx::Error> {
    let (tenant, now, id) = (tx.tenant_id(), tx.now(), PreferenceNoteId::new());
    sqlx::query!(
        "INSERT INTO preference_note (tenant_id, id, preference_id, words, written_by, written_at) VALUES ($1, $2, $3, $4, $5, $6)",
        tenant.0,
        id.0,
        preference.0,
        words,
        by.0,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(id)
}

pub(super) async fn remove_note(
    tx: &mut TenantTx,
    preference: PreferenceId,
    note: PreferenceNoteId,
) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let gone = sqlx::query!(
        "DELETE FROM preference_note WHERE tenant_id = $1 AND preference_id = $2 AND id = $3",
        tenant.0,
        preference.0,
        note.0
    )
    .execute(tx.conn())
    .await?;
    Ok(gone.rows_affected() > 0)
}
