//! SQL of this slice: reads over the tables of others, and when somebody was reminded.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::access::{TenantRead, TenantTx};
use crate::platform::http::{Direction, SortKey, Sorted, listed};
use crate::platform::ids::{ChildId, ContractId, FacilityId, PreferenceId};

/// Something that waits.
pub(super) struct Item {
    /// The word of an `InboxKind`.
    pub kind: String,
    /// Of the preference, offer, contract, permit or facility; only to tell rows apart.
    pub id: Uuid,
    /// What is about no child has none.
    pub preference_id: Option<PreferenceId>,
    pub contract_id: Option<ContractId>,
    pub facility_id: FacilityId,
    pub facility_name: String,
    pub child_id: Option<ChildId>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    /// Until when; what has no date stands last.
    pub due_on: Option<NaiveDate>,
    /// How many documents are missing, hours of staff end, places lack, or children have no substitute.
    pub count: i64,
    pub since: DateTime<Utc>,
    pub sort_key: Option<String>,
    pub total: i64,
}

listed!(Item, id);

/// What the list can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum InboxSort {
    /// Until when.
    #[default]
    Due,
    /// The child as it is named: first name, then the initial.
    Child,
    /// The facility's name.
    Facility,
    /// Since when, the latest first.
    Since,
}

impl SortKey for InboxSort {
    fn natural(self) -> Direction {
        match self {
            Self::Since => Direction::Desc,
            _ => Direction::Asc,
        }
    }
}

/// What the list is narrowed to, and its order.
pub(super) struct Filter {
    /// Only of these facilities.
    pub facilities: Option<Vec<FacilityId>>,
    pub kind: Option<&'static str>,
    /// What the child's name begins with, in small letters.
    pub q: Option<String>,
    pub order: Sorted<InboxSort>,
}

/// So many days before a permit or licence ends it stands on the list, and as long afterwards; so many days before hours of staff end.
const ENDS_SOON: i32 = 90;
/// So many days a family's answer that needs none stands on the list.
const NEWS_DAYS: i32 = 7;

/// What waits at these facilities, by deadline: preferences without an answer, open offers, missing evidence of children who have or are
/// offered a place, contracts that not everybody signed, guests whose home municipality's consent does not hold any more, permits, licences
/// and hours of staff that end without others after them, the first month of the next twelve in which fewer places can be run than are
/// promised, childminders who are away while children have no substitute, and for some days the families who declined or gave notice. Restricted children are the administrators' alone.
pub(super) async fn items(tx: &mut TenantRead, filter: &Filter) -> Result<Vec<Item>, sqlx::Error> {
    let (tenant, today, restricted_too) = (tx.tenant_id(), tx.today(), tx.is_administrator());
    let facilities: Option<Vec<Uuid>> = filter.facilities.as_ref().map(|all| all.iter().map(|f| f.0).collect());
    let order = &filter.order;
    sqlx::query_as!(
        Item,
        r#"WITH waits AS (
             SELECT 'answer' AS kind, p.id, p.id AS preference_id, NULL::uuid AS contract_id, p.facility_id, p.demand_id,
                    p.answer_due_on AS due_on, 0::bigint AS count, p.state_since AS since
               FROM facility_preference p
              WHERE p.tenant_id = $1 AND ($2::uuid[] IS NULL OR p.facility_id = ANY($2))
                AND p.state IN ('received', 'under_review') AND p.answered_at IS NULL
              UNION ALL
             SELECT 'offer', o.id, o.preference_id, NULL, o.facility_id, o.demand_id, o.deadline_on, 0, o.sent_at
               FROM place_offer o
              WHERE o.tenant_id = $1 AND ($2::uuid[] IS NULL OR o.facility_id = ANY($2)) AND o.state IN ('sent', 'viewed')
              UNION ALL
             SELECT 'document', p.id, p.id, NULL, p.facility_id, p.demand_id, NULL::date, missing.count, p.state_since
               FROM facility_preference p
              CROSS JOIN LATERAL (
                SELECT count(*) AS count
                  FROM demand_fact f
                  JOIN criterion k ON k.tenant_id = f.tenant_id AND k.id = f.criterion_id
                 WHERE f.tenant_id = p.tenant_id AND f.demand_id = p.demand_id AND f.claimed AND f.evidence_state = 'claimed'
                   -- What does not count here is not this facility's to know.
                   AND EXISTS (SELECT 1 FROM preference_score s
                                WHERE s.tenant_id = p.tenant_id AND s.preference_id = p.id
                                  AND s.lines @> jsonb_build_array(jsonb_build_object('code', k.code)))) missing
              WHERE p.tenant_id = $1 AND ($2::uuid[] IS NULL OR p.facility_id = ANY($2)) AND p.state IN ('offered', 'accepted')
                AND missing.count > 0
              UNION ALL
             SELECT 'contract', k.id, o.preference_id, k.id, k.facility_id, k.demand_id, k.care_from, 0, k.created_at
               FROM care_contract k
               JOIN place_offer o ON o.tenant_id = k.tenant_id AND o.id = k.offer_id
              WHERE k.tenant_id = $1 AND ($2::uuid[] IS NULL OR k.facility_id = ANY($2))
                AND k.state IN ('drafted', 'sent', 'signed_by_guardians')
              UNION ALL
             SELECT 'contract', a.id, o.preference_id, k.id, k.facility_id, k.demand_id, a.valid_from, 0, a.created_at
               FROM contract_amendment a
               JOIN care_contract k ON k.tenant_id = a.tenant_id AND k.id = a.contract_id
               JOIN place_offer o ON o.tenant_id = k.tenant_id AND o.id = k.offer_id
              WHERE a.tenant_id = $1 AND ($2::uuid[] IS NULL OR k.facility_id = ANY($2))
                AND a.state IN ('drafted', 'sent', 'signed_by_guardians')
              UNION ALL
             SELECT 'consent', l.id, o.preference_id, k.id, k.facility_id, k.demand_id, l.decide_by, 0, l.noted_at
               FROM guest_lapse l
               JOIN care_contract k ON k.tenant_id = l.tenant_id AND k.id = l.contract_id
               JOIN place_offer o ON o.tenant_id = k.tenant_id AND o.id = k.offer_id
              WHERE l.tenant_id = $1 AND l.decision IS NULL AND ($2::uuid[] IS NULL OR k.facility_id = ANY($2))
              UNION ALL
             SELECT 'permit', e.id, NULL, NULL, e.facility_id, NULL, e.valid_to, 0,
                    (e.valid_to - $6::int)::timestamp AT TIME ZONE 'Europe/Berlin'
               FROM (SELECT o.id, o.facility_id, o.valid_from, o.valid_to
                       FROM operating_permit o
                      WHERE o.tenant_id = $1
                      UNION ALL
                     -- A licence has no id of its own, and a home may have two that end.
                     SELECT md5(l.facility_id::text || l.valid_from::text)::uuid, l.facility_id, l.valid_from, l.valid_to
                       FROM childminder_licence l
                      WHERE l.tenant_id = $1) e
               JOIN facility h ON h.tenant_id = $1 AND h.id = e.facility_id AND h.state = 'open'
              WHERE ($2::uuid[] IS NULL OR e.facility_id = ANY($2)) AND e.valid_to BETWEEN $4::date - $6::int AND $4::date + $6::int
                AND NOT EXISTS (SELECT 1 FROM operating_permit n
                                 WHERE n.tenant_id = $1 AND n.facility_id = e.facility_id AND n.valid_from > e.valid_from
                                   AND n.valid_from <= e.valid_to + 1)
                AND NOT EXISTS (SELECT 1 FROM childminder_licence n
                                 WHERE n.tenant_id = $1 AND n.facility_id = e.facility_id AND n.valid_from > e.valid_from
                                   AND n.valid_from <= e.valid_to + 1)
              UNION ALL
             SELECT 'staff', (array_agg(e.id ORDER BY e.id))[1], NULL, NULL, e.facility_id, NULL, e.valid_to,
                    greatest(1, round(sum(e.weekly_minutes) / 60.0))::bigint, (e.valid_to - $6::int)::timestamp AT TIME ZONE 'Europe/Berlin'
               FROM qualified_staff e
               JOIN facility h ON h.tenant_id = $1 AND h.id = e.facility_id AND h.state = 'open'
               LEFT JOIN care_group g ON g.tenant_id = $1 AND g.id = e.group_id
              WHERE e.tenant_id = $1 AND ($2::uuid[] IS NULL OR e.facility_id = ANY($2)) AND e.valid_to BETWEEN $4::date AND $4::date + $6::int
                -- With its group they end as planned.
                AND (g.valid_to IS NULL OR g.valid_to > e.valid_to)
                AND NOT EXISTS (SELECT 1 FROM qualified_staff n
                                 WHERE n.tenant_id = $1 AND n.facility_id = e.facility_id AND n.group_id IS NOT DISTINCT FROM e.group_id
                                   AND n.valid_from > e.valid_from AND n.valid_from BETWEEN e.valid_to - $6::int AND e.valid_to + 1
                                   AND (n.valid_to IS NULL OR n.valid_to > e.valid_to))
              GROUP BY e.facility_id, e.valid_to
              UNION ALL
             SELECT 'shortage', short.facility_id, NULL, NULL, short.facility_id, NULL, short.month, short.places,
                    $4::date::timestamp AT TIME ZONE 'Europe/Berlin'
               FROM (SELECT DISTINCT ON (l.facility_id) l.facility_id, m.month::date AS month, sum(-b.bookable) AS places
                       FROM place_pool l
                       JOIN facility h ON h.tenant_id = $1 AND h.id = l.facility_id AND h.state = 'open'
                      CROSS JOIN LATERAL unnest(l.bookable) WITH ORDINALITY b (bookable, n)
                      CROSS JOIN LATERAL (SELECT l.base_month + make_interval(months => b.n::int - 1)) m (month)
                      WHERE l.tenant_id = $1 AND ($2::uuid[] IS NULL OR l.facility_id = ANY($2)) AND b.bookable < 0
                        AND m.month >= date_trunc('month', $4::date::timestamp)
                        AND m.month < date_trunc('month', $4::date::timestamp) + interval '12 months'
                      GROUP BY 1, 2
                      ORDER BY 1, 2) short
              UNION ALL
             SELECT 'absence', u.id, NULL, NULL, u.facility_id, NULL, u.from_on, u.children, u.recorded_at
               FROM app.uncovered_absences($1, $4) u
              WHERE ($2::uuid[] IS NULL OR u.facility_id = ANY($2))
              UNION ALL
             SELECT 'decline', o.id, o.preference_id, NULL, o.facility_id, o.demand_id, NULL::date, 0, o.answered_at
               FROM place_offer o
              WHERE o.tenant_id = $1 AND ($2::uuid[] IS NULL OR o.facility_id = ANY($2)) AND o.state = 'declined'
                AND o.answered_at >= ($4::date - $13::int)::timestamp AT TIME ZONE 'Europe/Berlin'
              UNION ALL
             SELECT 'termination', k.id, o.preference_id, k.id, k.facility_id, k.demand_id, k.care_until - 1, 0, k.notice_at
               FROM care_contract k
               JOIN place_offer o ON o.tenant_id = k.tenant_id AND o.id = k.offer_id
              WHERE k.tenant_id = $1 AND ($2::uuid[] IS NULL OR k.facility_id = ANY($2)) AND k.notice_by = 'guardians'
                AND k.notice_at >= ($4::date - $13::int)::timestamp AT TIME ZONE 'Europe/Berlin'
           )
           SELECT w.kind AS "kind!", w.id AS "id!", w.preference_id AS "preference_id: PreferenceId",
                  w.contract_id AS "contract_id: ContractId", w.facility_id AS "facility_id!: FacilityId", f.name AS facility_name,
                  c.id AS "child_id?: ChildId", c.first_name AS "first_name?", c.last_name AS "last_name?", w.due_on, w.count AS "count!",
                  w.since AS "since!", s.key AS sort_key, count(*) OVER () AS "total!"
             FROM waits w
             JOIN facility f ON f.tenant_id = $1 AND f.id = w.facility_id
             LEFT JOIN care_demand d ON d.tenant_id = $1 AND d.id = w.demand_id
             LEFT JOIN child c ON c.tenant_id = $1 AND c.id = d.child_id
            CROSS JOIN LATERAL (SELECT CASE $7::text
                 WHEN 'child' THEN NULLIF(lower(concat_ws(' ', c.first_name, c.last_name)), '')
                 WHEN 'facility' THEN lower(f.name)
                 WHEN 'since' THEN to_char(w.since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
                 ELSE w.due_on::text END) s (key)
            WHERE ($3::text IS NULL OR w.kind = $3)
              AND ($5::bool OR c.restricted_at IS NULL)
              AND ($12::text IS NULL OR lower(c.last_name) ^@ $12 OR lower(concat_ws(' ', c.first_name, c.last_name)) ^@ $12)
              AND app.comes_after(s.key, w.id, $8, $9, $10)
            ORDER BY CASE WHEN NOT $8 THEN s.key END COLLATE "de-x-icu", CASE WHEN $8 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, w.id
            LIMIT $11"#,
        tenant.0,
        facilities.as_deref(),
        filter.kind,
        today,
        restricted_too,
        ENDS_SOON,
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        filter.q.as_deref(),
        NEWS_DAYS
    )
    .fetch_all(tx.conn())
    .await
}

/// A facility whose families wait too long, with somebody who runs it.
pub(super) struct Late {
    pub facility_id: FacilityId,
    pub facility_name: String,
    pub account_id: crate::platform::ids::AccountId,
    pub email: String,
    pub language: String,
    pub waiting: i64,
    pub oldest: DateTime<Utc>,
}

/// Facilities with answers that are overdue and were not asked for since a day, each with all who run it.
pub(super) async fn late(tx: &mut TenantRead, not_since: NaiveDate) -> Result<Vec<Late>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        Late,
        r#"WITH late AS (
             SELECT p.facility_id, count(*) AS waiting, min(p.received_at) AS oldest
               FROM facility_preference p
               LEFT JOIN answer_reminder r ON r.tenant_id = p.tenant_id AND r.facility_id = p.facility_id
              WHERE p.tenant_id = $1 AND p.state IN ('received', 'under_review') AND p.answered_at IS NULL AND p.answer_due_on < $2
                AND (r.sent_on IS NULL OR r.sent_on <= $3)
              GROUP BY p.facility_id
           )
           SELECT late.facility_id AS "facility_id: FacilityId", f.name AS facility_name,
                  a.id AS "account_id: crate::platform::ids::AccountId", a.email, a.language, late.waiting AS "waiting!",
                  late.oldest AS "oldest!"
             FROM late
             JOIN facility f ON f.tenant_id = $1 AND f.id = late.facility_id AND f.state = 'open'
             JOIN membership m ON m.tenant_id = $1 AND m.facility_id = late.facility_id AND m.ended_at IS NULL
                  AND m.role IN ('facility_manager', 'childminder')
             JOIN account a ON a.tenant_id = $1 AND a.id = m.account_id AND a.state = 'active'
            ORDER BY late.facility_id, a.id"#,
        tenant.0,
        today,
        not_since
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn set_reminded(tx: &mut TenantTx, facility: FacilityId) -> Result<(), sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query!(
        "INSERT INTO answer_reminder (tenant_id, facility_id, sent_on) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, facility_id) DO UPDATE SET sent_on = $3",
        tenant.0,
        facility.0,
        today
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
