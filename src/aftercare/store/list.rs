//! SQL of the list of proposals, and of one of them.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::TenantRead;
use crate::aftercare::model::{AfterCare, FollowupState};
use crate::platform::crypto::digest;
use crate::platform::http::{Direction, SortKey, Sorted, listed};
use crate::platform::ids::{ChildId, DemandId, FacilityId, FollowupDemandId};

/// A proposal as family and office see it.
pub struct ProposalRow {
    /// The proposal.
    pub id: uuid::Uuid,
    /// The child.
    pub child_id: ChildId,
    /// Its first name.
    pub first_name: Option<String>,
    /// Its last name.
    pub last_name: Option<String>,
    /// Where it is.
    pub facility_name: String,
    /// What comes after.
    pub care_type: AfterCare,
    /// First day without the place.
    pub needed_from: NaiveDate,
    /// Proposed wishes.
    pub facility_ids: Vec<FacilityId>,
    /// Their names in order.
    pub facility_names: Vec<String>,
    /// Hours a week as they are agreed now.
    pub hours_per_week: i32,
    /// Care from this time of day.
    pub window_from: Option<NaiveTime>,
    /// Care until this time of day.
    pub window_to: Option<NaiveTime>,
    /// What became of it.
    pub state: FollowupState,
    /// The demand that came of it.
    pub demand_id: Option<DemandId>,
    /// The demand that led to the place that ends.
    pub place_demand_id: DemandId,
    /// A guardian with custody has an account and answers there, or by the mail.
    pub has_account: bool,
    /// When it was proposed.
    pub created_at: DateTime<Utc>,
    /// When the family answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// By what it is sorted in a list.
    pub sort_key: Option<String>,
    /// How many there are from here on.
    pub total: i64,
}

listed!(ProposalRow, id);

/// What the list of proposals can be sorted by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(in crate::aftercare) enum FollowupSort {
    /// The first day without the place.
    #[default]
    From,
    /// The child as it is named: first name, then the initial.
    Child,
    /// The facility's name.
    Facility,
    /// When it was proposed.
    Asked,
    /// When the family answered.
    Answered,
}

impl SortKey for FollowupSort {
    fn natural(self) -> Direction {
        match self {
            Self::Asked => Direction::Desc,
            _ => Direction::Asc,
        }
    }
}

/// What the list is narrowed to, and its order.
#[derive(Default)]
pub(in crate::aftercare) struct Filter {
    pub token_hash: Option<Vec<u8>>,
    pub id: Option<uuid::Uuid>,
    pub state: Option<FollowupState>,
    /// Whose place ends.
    pub facility: Option<FacilityId>,
    /// What the child's name begins with, in small letters.
    pub q: Option<String>,
    pub order: Sorted<FollowupSort>,
}

/// Proposals in the order asked for; restricted data are shown to administrators and do not go on by a link.
pub(in crate::aftercare) async fn list(tx: &mut TenantRead, filter: &Filter) -> Result<Vec<ProposalRow>, sqlx::Error> {
    let (tenant, today, sees_restricted) = (tx.tenant_id(), tx.today(), tx.sees_restricted());
    let order = &filter.order;
    sqlx::query_as!(
        ProposalRow,
        r#"SELECT p.id, p.child_id AS "child_id: ChildId", c.first_name, c.last_name, f.name AS facility_name,
                  p.care_type AS "care_type: AfterCare", p.needed_from, p.facility_ids AS "facility_ids: Vec<FacilityId>",
                  (SELECT COALESCE(array_agg(n.name ORDER BY array_position(p.facility_ids, n.id)), '{}')
                     FROM facility n
                    WHERE n.tenant_id = p.tenant_id AND n.id = ANY(p.facility_ids)) AS "facility_names!",
                  t.hours_per_week AS "hours_per_week!", t.window_from, t.window_to, p.state AS "state: FollowupState",
                  p.demand_id AS "demand_id: DemandId", k.demand_id AS "place_demand_id: DemandId",
                  app.has_account(p.tenant_id, p.child_id, $3) AS "has_account!", p.created_at, p.answered_at, s.key AS sort_key, count(*) OVER () AS "total!"
             FROM followup_demand p
             JOIN child c ON c.tenant_id = p.tenant_id AND c.id = p.child_id
             JOIN care_contract k ON k.tenant_id = p.tenant_id AND k.id = p.contract_id
             JOIN facility f ON f.tenant_id = k.tenant_id AND f.id = k.facility_id
            CROSS JOIN LATERAL app.terms_on(k.tenant_id, k.id, p.needed_from) t
            CROSS JOIN LATERAL (SELECT CASE $5::text
                 WHEN 'child' THEN lower(concat_ws(' ', c.first_name, c.last_name))
                 WHEN 'facility' THEN lower(f.name)
                 WHEN 'asked' THEN to_char(p.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
                 WHEN 'answered' THEN to_char(p.answered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
                 ELSE p.needed_from::text END) s (key)
            WHERE p.tenant_id = $1
              AND CASE WHEN $2::bytea IS NULL THEN p.needed_from > $3::date - 183
                       ELSE p.needed_from > $3::date AND EXISTS (
                            SELECT 1
                              FROM followup_link l
                              JOIN custody u ON u.tenant_id = l.tenant_id AND u.guardian_id = l.guardian_id
                             WHERE l.tenant_id = p.tenant_id AND l.followup_id = p.id AND l.token_hash = $2 AND u.child_id = p.child_id
                               AND u.valid_from <= $3 AND (u.valid_to IS NULL OR u.valid_to > $3)) END
              AND ($13::uuid IS NULL OR p.id = $13)
              AND ($4::text IS NULL OR p.state = $4)
              AND ($10::uuid IS NULL OR k.facility_id = $10)
              AND ($11::text IS NULL OR lower(c.last_name) ^@ $11 OR lower(concat_ws(' ', c.first_name, c.last_name)) ^@ $11)
              AND ($12 OR c.restricted_at IS NULL)
              AND app.comes_after(s.key, p.id, $6, $7, $8)
            ORDER BY CASE WHEN NOT $6 THEN s.key END COLLATE "de-x-icu", CASE WHEN $6 THEN s.key END COLLATE "de-x-icu" DESC NULLS LAST, p.id
            LIMIT $9"#,
        tenant.0,
        filter.token_hash,
        today,
        filter.state as _,
        order.by as _,
        order.downwards,
        order.last_key.as_deref(),
        order.last_id,
        order.limit + 1,
        filter.facility as _,
        filter.q.as_deref(),
        sees_restricted,
        filter.id
    )
    .fetch_all(tx.conn())
    .await
}

/// The proposal behind a link, until the day from which the care is needed, while the guardian who got the link has custody.
pub(in crate::aftercare) async fn by_token(
    tx: &mut TenantRead,
    token: &str,
) -> Result<Option<ProposalRow>, sqlx::Error> {
    let filter = Filter {
        token_hash: Some(digest(token)),
        ..Filter::default()
    };
    Ok(list(tx, &filter).await?.pop())
}

/// One proposal.
pub(in crate::aftercare) async fn by_id(
    tx: &mut TenantRead,
    id: FollowupDemandId,
) -> Result<Option<ProposalRow>, sqlx::Error> {
    let filter = Filter {
        id: Some(id.0),
        ..Filter::default()
    };
    Ok(list(tx, &filter).await?.pop())
}
