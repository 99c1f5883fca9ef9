//! SQL of a child's file: who has custody, its demands and contracts, and a time line of everything that is known.

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::TenantRead;
use crate::demands::{self, DemandState};
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId, NoticeId};

/// The child itself.
pub(super) struct FileChild {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub expected_birth_date: Option<NaiveDate>,
}

/// A child that the office knows by a demand that was sent; a draft is the family's own business.
pub(super) async fn child(tx: &mut TenantRead, id: ChildId) -> Result<Option<FileChild>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        FileChild,
        "SELECT first_name, last_name, birth_date, expected_birth_date
           FROM child c
          WHERE tenant_id = $1 AND id = $2
            AND EXISTS (SELECT 1 FROM care_demand d WHERE d.tenant_id = c.tenant_id AND d.child_id = c.id AND d.state <> 'draft')",
        tenant.0,
        id.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// A guardian with the time of custody.
pub(super) struct FileGuardian {
    pub name: String,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
}

/// Who the parents were before an adoption is not told on (§ 1758 BGB), but to administrators.
pub(super) async fn custody(tx: &mut TenantRead, child: ChildId) -> Result<Vec<FileGuardian>, sqlx::Error> {
    let (tenant, today, all) = (tx.tenant_id(), tx.today(), tx.is_administrator());
    sqlx::query_as!(
        FileGuardian,
        r#"SELECT g.first_name || ' ' || g.last_name AS "name!", c.valid_from, c.valid_to
             FROM custody c
             JOIN guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
            WHERE c.tenant_id = $1 AND c.child_id = $2
              AND ($4::bool OR c.valid_to IS NULL OR c.valid_to > $3
                   OR NOT EXISTS (SELECT 1 FROM custody_change x
                                   WHERE x.tenant_id = c.tenant_id AND x.child_id = c.child_id AND x.guardian_id = c.guardian_id
                                     AND x.reason = 'adoption' AND x.valid_to IS NOT NULL))
            ORDER BY c.valid_from, g.id"#,
        tenant.0,
        child.0,
        today,
        all
    )
    .fetch_all(tx.conn())
    .await
}

/// A demand of the child.
pub(super) struct FileDemand {
    pub id: DemandId,
    pub reference_code: Option<String>,
    pub state: DemandState,
    pub submitted_at: Option<DateTime<Utc>>,
    pub desired_start: Option<NaiveDate>,
    pub legal_due_on: Option<NaiveDate>,
    pub register_mismatch: bool,
}

pub(super) async fn demands(tx: &mut TenantRead, child: ChildId) -> Result<Vec<FileDemand>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        FileDemand,
        r#"SELECT id AS "id: DemandId", reference_code, state AS "state: DemandState", submitted_at, desired_start, legal_due_on,
                  register_mismatch
             FROM care_demand
            WHERE tenant_id = $1 AND child_id = $2 AND state <> 'draft'
            ORDER BY submitted_at DESC"#,
        tenant.0,
        child.0
    )
    .fetch_all(tx.conn())
    .await
}

/// A contract of the child.
pub(super) struct FileContract {
    pub id: ContractId,
    pub facility_id: FacilityId,
    pub facility_name: String,
    pub state: String,
    pub care_from: NaiveDate,
    pub care_until: NaiveDate,
    pub hours_per_week: i32,
}

pub(super) async fn contracts(tx: &mut TenantRead, child: ChildId) -> Result<Vec<FileContract>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        FileContract,
        r#"SELECT k.id AS "id: ContractId", k.facility_id AS "facility_id: FacilityId", f.name AS facility_name, k.state, k.care_from,
                  k.care_until, t.hours_per_week AS "hours_per_week!"
             FROM care_contract k
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
            CROSS JOIN LATERAL app.terms_on(k.tenant_id, k.id, $3) t
            WHERE k.tenant_id = $1 AND k.child_id = $2
            ORDER BY k.care_from DESC, k.id"#,
        tenant.0,
        child.0,
        today
    )
    .fetch_all(tx.conn())
    .await
}

/// A line of the time line.
pub(super) struct FileEvent {
    pub at: DateTime<Utc>,
    /// What it is about: `demand`, `preference`, `offer`, `contract`, `notice`, `letter`, `mail`, `register` or `custody`.
    pub subject: String,
    /// What happened, as a word of the subject.
    pub kind: String,
    /// State after, or what came of it.
    pub state: Option<String>,
    pub facility_name: Option<String>,
    /// Reason, file number, name: what belongs to the subject.
    pub detail: Option<String>,
    pub demand_id: Option<DemandId>,
    pub notice_id: Option<NoticeId>,
    /// The role of who did it: a role of the policy, `parent`, `api_key` or `system`.
    pub role: String,
}

/// Everything that is known, the newest first. Days without an hour stand at the day's begin in Germany. A person's role is the widest one
/// that they had at that moment; who they are is in the audit.
pub(super) async fn events(tx: &mut TenantRead, child: ChildId) -> Result<Vec<FileEvent>, sqlx::Error> {
    let (tenant, today, all) = (tx.tenant_id(), tx.today(), tx.is_administrator());
    let knows_reasons = demands::knows_reasons(tx);
    sqlx::query_as!(
        FileEvent,
        r#"WITH mine AS (
             SELECT id FROM care_demand WHERE tenant_id = $1 AND child_id = $2 AND state <> 'draft'
           ), hidden AS (
             -- Who lost custody by an adoption.
             SELECT DISTINCT x.guardian_id
               FROM custody_change x
              WHERE x.tenant_id = $1 AND x.child_id = $2 AND x.reason = 'adoption' AND x.valid_to IS NOT NULL AND NOT $4::bool
                AND NOT EXISTS (SELECT 1 FROM custody c
                                 WHERE c.tenant_id = $1 AND c.child_id = $2 AND c.guardian_id = x.guardian_id
                                   AND (c.valid_to IS NULL OR c.valid_to > $3))
           ), line AS (
             SELECT e.at, CASE WHEN e.preference_id IS NULL THEN 'demand' ELSE 'preference' END AS subject, e.kind, e.to_state AS state,
                    p.facility_id,
                    -- That evidence was seen names the criterion.
                    CASE WHEN $5::bool OR NOT e.kind ^@ 'evidence_' THEN e.reason END AS detail, e.demand_id, NULL::uuid AS notice_id, e.actor_kind, e.actor_id
               FROM demand_event e
               JOIN mine ON mine.id = e.demand_id
               LEFT JOIN facility_preference p ON p.tenant_id = e.tenant_id AND p.id = e.preference_id
              WHERE e.tenant_id = $1
              UNION ALL
             SELECT step.at, 'offer', step.kind, NULL, o.facility_id,
                    CASE step.kind WHEN 'declined' THEN o.decline_reason WHEN 'revoked' THEN o.revoke_reason END, o.demand_id, NULL,
                    -- What the family told was entered by somebody else.
                    CASE WHEN entered.actor_kind IS NOT NULL THEN entered.actor_kind
                         WHEN step.kind IN ('viewed', 'accepted', 'declined') THEN 'parent' WHEN step.kind = 'expired' THEN 'system' ELSE 'staff' END,
                    entered.actor_id
               FROM place_offer o
              CROSS JOIN LATERAL (VALUES (o.sent_at, 'sent'), (o.viewed_at, 'viewed'),
                                         (CASE WHEN o.state IN ('accepted', 'declined') THEN o.answered_at END, o.state),
                                         (CASE WHEN o.state = 'expired' THEN o.expires_at END, 'expired')) AS step (at, kind)
               LEFT JOIN LATERAL (SELECT e.actor_kind, e.actor_id
                                    FROM demand_event e
                                   WHERE e.tenant_id = $1 AND e.demand_id = o.demand_id AND e.kind = 'told' AND e.reason = step.kind
                                     AND e.told_on = (o.answered_at AT TIME ZONE 'Europe/Berlin')::date AND e.at >= o.sent_at
                                   ORDER BY e.at
                                   LIMIT 1) AS entered ON step.kind IN ('accepted', 'declined')
              WHERE o.tenant_id = $1 AND o.child_id = $2 AND step.at IS NOT NULL
              UNION ALL
             SELECT k.created_at, 'contract', 'drafted', k.state, k.facility_id, NULL, k.demand_id, NULL, 'system', NULL
               FROM care_contract k
              WHERE k.tenant_id = $1 AND k.child_id = $2
              UNION ALL
             SELECT step.at, 'contract', step.kind, a.state, k.facility_id, a.number::text, k.demand_id, NULL, 'staff', a.created_by
               FROM contract_amendment a
               JOIN care_contract k ON k.tenant_id = a.tenant_id AND k.id = a.contract_id
              CROSS JOIN LATERAL (VALUES (a.sent_at, 'change_sent'), (a.agreed_at, 'change_agreed')) AS step (at, kind)
              WHERE a.tenant_id = $1 AND k.child_id = $2 AND step.at IS NOT NULL
              UNION ALL
             SELECT step.at, 'notice', step.kind, n.kind, n.facility_id, n.file_number, n.demand_id, n.id,
                    CASE step.kind WHEN 'objected' THEN 'parent' WHEN 'served' THEN 'system' ELSE 'staff' END, step.by
               FROM notice n
               JOIN mine ON mine.id = n.demand_id
              CROSS JOIN LATERAL (VALUES (n.drafted_at, 'drafted', n.drafted_by), (n.approved_at, 'approved', n.approved_by),
                                         -- A day without an hour, but never before the approval.
                                         (CASE WHEN n.posted_on IS NOT NULL THEN GREATEST(n.posted_on::timestamp AT TIME ZONE 'Europe/Berlin',
                                                                                         n.approved_at + interval '1 second') END,
                                          'issued', n.issued_by),
                                         (CASE WHEN n.served_on <= $3 THEN n.served_on::timestamp AT TIME ZONE 'Europe/Berlin' END, 'served', NULL),
                                         (n.objected_on::timestamp AT TIME ZONE 'Europe/Berlin', 'objected', NULL),
                                         (n.decided_on::timestamp AT TIME ZONE 'Europe/Berlin', 'decided', NULL)) AS step (at, kind, by)
              WHERE n.tenant_id = $1 AND step.at IS NOT NULL
              UNION ALL
             SELECT m.created_at, m.channel, m.kind, m.state, NULL,
                    CASE WHEN g.id NOT IN (SELECT guardian_id FROM hidden) THEN g.first_name || ' ' || g.last_name END, m.demand_id, NULL, 'system', NULL
               FROM notification m
               JOIN mine ON mine.id = m.demand_id
               LEFT JOIN guardian g ON g.tenant_id = m.tenant_id AND g.id = m.guardian_id
              WHERE m.tenant_id = $1
              UNION ALL
             SELECT c.at, 'register', 'checked', c.result, NULL, NULL, c.demand_id, NULL,
                    CASE WHEN c.checked_by IS NULL THEN 'system' ELSE 'staff' END, c.checked_by
               FROM register_check c
               JOIN mine ON mine.id = c.demand_id
              WHERE c.tenant_id = $1
              UNION ALL
             SELECT step.at, 'custody', step.kind, NULL, NULL, g.first_name || ' ' || g.last_name, NULL, NULL, 'parent', NULL
               FROM custody c
               JOIN guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
              CROSS JOIN LATERAL (VALUES (c.valid_from::timestamp AT TIME ZONE 'Europe/Berlin', 'began'),
                                         (c.valid_to::timestamp AT TIME ZONE 'Europe/Berlin', 'ended')) AS step (at, kind)
              WHERE c.tenant_id = $1 AND c.child_id = $2 AND step.at IS NOT NULL
                AND c.guardian_id NOT IN (SELECT guardian_id FROM hidden)
           )
           SELECT line.at AS "at!", line.subject AS "subject!", line.kind AS "kind!", line.state, f.name AS "facility_name?", line.detail,
                  line.demand_id AS "demand_id: DemandId", line.notice_id AS "notice_id: NoticeId",
                  COALESCE((SELECT m.role
                              FROM membership m
                             WHERE m.tenant_id = $1 AND m.account_id = line.actor_id AND m.created_at <= line.at
                               AND (m.ended_at IS NULL OR m.ended_at > line.at)
                             ORDER BY array_position(ARRAY['tenant_admin', 'clerk', 'provider_manager', 'facility_manager', 'childminder',
                                                           'read_only'], m.role)
                             LIMIT 1), line.actor_kind) AS "role!"
             FROM line
             LEFT JOIN facility f ON f.tenant_id = $1 AND f.id = line.facility_id
            ORDER BY line.at DESC, line.subject, line.kind"#,
        tenant.0,
        child.0,
        today,
        all,
        knows_reasons
    )
    .fetch_all(tx.conn())
    .await
}
