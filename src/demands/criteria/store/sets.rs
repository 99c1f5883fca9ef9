//! Sets of criteria and their rules.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use utoipa::ToSchema;

use crate::access::{TenantRead, TenantTx};
use crate::demands::criteria::model::{
    CriterionUse, Evidence, Points, Reserve, Rule, RuleSet, SetState, Source, TieBreak,
};
use crate::platform::ids::{CriteriaSetId, CriterionId, ProviderId};

/// A set without its rules.
#[derive(Debug, Clone)]
pub(in crate::demands) struct SetRow {
    pub id: CriteriaSetId,
    pub provider_id: Option<ProviderId>,
    pub provider_name: Option<String>,
    pub number: i32,
    pub name: String,
    pub state: SetState,
    pub valid_from: Option<NaiveDate>,
    pub tie_breaks: Vec<TieBreak>,
    pub template: Option<String>,
    pub acknowledged: Json<Vec<Acknowledged>>,
    pub published_at: Option<DateTime<Utc>>,
    pub version: i32,
}

/// A warning that somebody took note of, with the reason for publishing all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledged {
    /// Code of the warning.
    pub code: String,
    /// Why the criterion stays.
    #[schema(min_length = 10, max_length = 500)]
    pub reason: String,
}

/// A rule as it is stored.
#[derive(Debug, Clone)]
pub(in crate::demands) struct RuleRow {
    pub set_id: CriteriaSetId,
    pub criterion_id: CriterionId,
    pub code: String,
    pub source: Source,
    pub points: Json<Points>,
    pub rank: i32,
    pub best_of: Option<String>,
    pub evidence: Json<Evidence>,
    pub reserve: Option<Json<Reserve>>,
}

impl RuleRow {
    pub(in crate::demands) fn rule(&self) -> Rule {
        Rule {
            criterion: CriterionUse {
                code: self.code.clone(),
                source: self.source,
            },
            points: self.points.0.clone(),
            rank: self.rank,
            best_of: self.best_of.clone(),
            evidence: self.evidence.0,
            reserve: self.reserve.as_ref().map(|r| r.0),
        }
    }
}

/// All sets, the municipality's first, of each owner the newest first.
pub(in crate::demands) async fn sets(tx: &mut TenantRead) -> Result<Vec<SetRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        SetRow,
        r#"SELECT s.id AS "id: CriteriaSetId", s.provider_id AS "provider_id: ProviderId", p.name AS "provider_name?", s.number, s.name,
                  s.state AS "state: SetState", s.valid_from, s.tie_breaks AS "tie_breaks: Vec<TieBreak>", s.template,
                  s.acknowledged AS "acknowledged: Json<Vec<Acknowledged>>", s.published_at, s.version
             FROM criteria_set s
             LEFT JOIN provider p ON p.tenant_id = s.tenant_id AND p.id = s.provider_id
            WHERE s.tenant_id = $1
            ORDER BY s.provider_id IS NOT NULL, p.name, s.number DESC"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await
}

/// Locks a set until the transaction ends; `false` where there is none.
pub(in crate::demands) async fn lock_set(tx: &mut TenantTx, id: CriteriaSetId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT version FROM criteria_set WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
    .map(|row| row.is_some())
}

/// The rules of these sets in their order.
pub(in crate::demands) async fn rules(
    tx: &mut TenantRead,
    sets: &[CriteriaSetId],
) -> Result<Vec<RuleRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        RuleRow,
        r#"SELECT r.set_id AS "set_id: CriteriaSetId", r.criterion_id AS "criterion_id: CriterionId", c.code,
                  c.source AS "source: Source", r.points AS "points: Json<Points>", r.rank, r.best_of,
                  r.evidence AS "evidence: Json<Evidence>", r.reserve AS "reserve: Json<Reserve>"
             FROM criteria_rule r
             JOIN criterion c ON c.tenant_id = r.tenant_id AND c.id = r.criterion_id
            WHERE r.tenant_id = $1 AND r.set_id = ANY($2)
            ORDER BY r.set_id, r.position"#,
        tenant.0,
        sets as _
    )
    .fetch_all(tx.conn())
    .await
}

/// What a new set begins with.
pub(in crate::demands) struct SetStart<'a> {
    pub provider: Option<ProviderId>,
    pub name: &'a str,
    pub tie_breaks: &'a [TieBreak],
    pub template: Option<&'a str>,
}

/// Writes a draft with the next number of its owner. `None`: somebody else took the number at this moment.
pub(in crate::demands) async fn insert_set(
    tx: &mut TenantTx,
    start: &SetStart<'_>,
) -> Result<Option<CriteriaSetId>, sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let author = tx.account().map(|account| account.id);
    sqlx::query_scalar!(
        r#"INSERT INTO criteria_set (tenant_id, id, provider_id, number, name, state, tie_breaks, template, created_by, created_at)
           SELECT $1, $2, $3,
                  COALESCE((SELECT max(number) FROM criteria_set WHERE tenant_id = $1 AND provider_id IS NOT DISTINCT FROM $3), 0) + 1,
                  $4, 'draft', $5, $6, $7, $8
           ON CONFLICT DO NOTHING
           RETURNING id AS "id: CriteriaSetId""#,
        tenant.0,
        CriteriaSetId::new() as _,
        start.provider as _,
        start.name,
        start.tie_breaks as _,
        start.template,
        author as _,
        now
    )
    .fetch_optional(tx.conn())
    .await
}

/// Writes name, start and tie-breaks of a draft.
pub(in crate::demands) async fn update_set(
    tx: &mut TenantTx,
    id: CriteriaSetId,
    name: &str,
    valid_from: Option<NaiveDate>,
    tie_breaks: &[TieBreak],
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE criteria_set SET name = $3, valid_from = $4, tie_breaks = $5, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        name,
        valid_from,
        tie_breaks as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Puts the rules of a draft in place of those before.
pub(in crate::demands) async fn replace_rules(
    tx: &mut TenantTx,
    set: CriteriaSetId,
    rules: &[(CriterionId, Rule)],
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM criteria_rule WHERE tenant_id = $1 AND set_id = $2",
        tenant.0,
        set as _
    )
    .execute(tx.conn())
    .await?;
    for (position, (criterion, rule)) in (1_i32..).zip(rules) {
        sqlx::query!(
            "INSERT INTO criteria_rule (tenant_id, set_id, position, criterion_id, points, rank, best_of, evidence, reserve)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            tenant.0,
            set as _,
            position,
            *criterion as _,
            Json(&rule.points) as _,
            rule.rank,
            rule.best_of,
            Json(rule.evidence) as _,
            rule.reserve.map(Json) as _
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// Publishes a draft from a day on.
pub(in crate::demands) async fn publish_set(
    tx: &mut TenantTx,
    id: CriteriaSetId,
    valid_from: NaiveDate,
    acknowledged: &[Acknowledged],
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let author = tx.account().map(|account| account.id);
    sqlx::query!(
        "UPDATE criteria_set
            SET state = 'published', valid_from = $3, acknowledged = $4, published_by = $5, published_at = $6, version = version + 1
          WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _,
        valid_from,
        Json(acknowledged) as _,
        author as _,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(in crate::demands) async fn withdraw_set(tx: &mut TenantTx, id: CriteriaSetId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE criteria_set SET state = 'withdrawn', version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// The published sets whole, for counting.
pub(in crate::demands) async fn published(tx: &mut TenantRead) -> Result<Vec<(SetRow, RuleSet)>, sqlx::Error> {
    whole(tx, |set| set.state == SetState::Published).await
}

/// The sets that are asked for, whole.
pub(in crate::demands) async fn whole(
    tx: &mut TenantRead,
    wanted: impl Fn(&SetRow) -> bool,
) -> Result<Vec<(SetRow, RuleSet)>, sqlx::Error> {
    let mut all = sets(tx).await?;
    all.retain(wanted);
    let ids: Vec<_> = all.iter().map(|set| set.id).collect();
    let rows = rules(tx, &ids).await?;
    let whole = |set: SetRow| {
        let of = rows.iter().filter(|row| row.set_id == set.id).map(RuleRow::rule);
        let rules = RuleSet {
            rules: of.collect(),
            tie_breaks: set.tie_breaks.clone(),
        };
        (set, rules)
    };
    Ok(all.into_iter().map(whole).collect())
}

/// The provider, where there is one of this id.
pub(in crate::demands) async fn is_provider(tx: &mut TenantRead, id: ProviderId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM provider WHERE tenant_id = $1 AND id = $2) AS "found!""#,
        tenant.0,
        id as _
    )
    .fetch_one(tx.conn())
    .await
}

/// The providers of these facilities.
pub(in crate::demands) async fn providers_of(
    tx: &mut TenantRead,
    facilities: &[crate::platform::ids::FacilityId],
) -> Result<Vec<ProviderId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT DISTINCT provider_id AS "id!: ProviderId"
             FROM facility
            WHERE tenant_id = $1 AND id = ANY($2) AND provider_id IS NOT NULL"#,
        tenant.0,
        facilities as _
    )
    .fetch_all(tx.conn())
    .await
}
