//! The way of a set: begun empty, from a template or as a copy; written; published from a day on; taken back before that day.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::CriteriaError;
use super::jobs::recount_all_later;
use super::model::{
    CourtWarning, CriterionUse, Evidence, Points, Reserve, Rule, RuleSet, SetState, TieBreak, catalogue_entry,
    template, warnings,
};
pub use super::store::Acknowledged;
use super::store::{self, CriterionRow, RuleRow, SetRow, SetStart};
use crate::access::{Scope, TenantRead, TenantTx};
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
use crate::platform::ids::{CriteriaSetId, CriterionId, ProviderId};

/// How a new set begins.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Kriterien ab 2028", "provider_id": "8a1d6f0e-6d3c-4c0f-9a57-2f1be5f0c9d2", "template": "wuppertal",
    "copy_of": null}))]
pub struct NewSet {
    /// Name for people.
    pub name: String,
    /// The provider whose set it is; `null`: the municipality's.
    #[serde(default)]
    pub provider_id: Option<ProviderId>,
    /// Code of the template that it begins with. Criteria that are missing here are added.
    #[serde(default)]
    pub template: Option<String>,
    /// The set that it begins as a copy of.
    #[serde(default)]
    pub copy_of: Option<CriteriaSetId>,
}

/// A rule as it is entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"criterion_id": "6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11", "points": {"kind": "flat", "points": 5}, "rank": 0,
    "best_of": null, "evidence": {"kind": "within_days", "days": 30}, "reserve": null}))]
pub struct RuleInput {
    /// The criterion.
    pub criterion_id: CriterionId,
    /// How many points.
    pub points: Points,
    /// Goes before all points; 0: none.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9)]
    pub rank: i32,
    /// Rules of the same name are alternatives: only the best counts.
    #[serde(default)]
    pub best_of: Option<String>,
    /// What must be shown, and until when.
    pub evidence: Evidence,
    /// Seats that are kept for it.
    #[serde(default)]
    pub reserve: Option<Reserve>,
}

/// What a draft says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Kriterien ab 2028", "valid_from": "2028-01-01", "tie_breaks": ["registered_earlier", "lottery"],
    "rules": [{"criterion_id": "6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11", "points": {"kind": "flat", "points": 5}, "rank": 0, "best_of": null,
               "evidence": {"kind": "within_days", "days": 30}, "reserve": null}]}))]
pub struct SetChange {
    /// Name for people.
    pub name: String,
    /// The day from which it is meant to hold.
    #[serde(default)]
    pub valid_from: Option<NaiveDate>,
    /// The rules in their order.
    #[schema(max_items = 40)]
    pub rules: Vec<RuleInput>,
    /// What decides among equals, in this order. The lottery is always last.
    #[schema(max_items = 6)]
    pub tie_breaks: Vec<TieBreak>,
}

/// Publishing a draft.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"valid_from": "2028-01-01", "acknowledged": []}))]
pub struct Publication {
    /// The first day on which it counts, later than that of the version before.
    pub valid_from: NaiveDate,
    /// For every warning of the set: that it was read, and why the criterion stays.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub acknowledged: Vec<Acknowledged>,
}

/// Whether the asker's scope covers the sets of an owner.
pub(super) async fn owns(tx: &mut TenantRead, provider: Option<ProviderId>) -> Result<bool, sqlx::Error> {
    let facilities = match tx.scope() {
        Scope::Tenant => return Ok(true),
        scope => scope.facilities().unwrap_or_default().to_vec(),
    };
    let Some(provider) = provider else { return Ok(false) };
    Ok(store::providers_of(tx, &facilities).await?.contains(&provider))
}

/// A set that the asker may change, locked, in the version that was seen, with all sets beside it.
async fn seen(tx: &mut TenantTx, id: CriteriaSetId, seen: i32) -> Result<(SetRow, Vec<SetRow>), CriteriaError> {
    store::lock_set(tx, id).await?;
    let all = store::sets(tx).await?;
    let row = all
        .iter()
        .find(|set| set.id == id)
        .cloned()
        .ok_or(CriteriaError::Missing)?;
    if !owns(tx, row.provider_id).await? {
        return Err(CriteriaError::Missing);
    }
    tx.touch(id);
    Stale::check(seen, row.version)?;
    Ok((row, all))
}

/// Begins a draft: empty, from a template, or as a copy of another set that the asker may see.
pub async fn create_set(tx: &mut TenantTx, new: &NewSet) -> Result<CriteriaSetId, CriteriaError> {
    let mut fields = Fields::new();
    let name = fields.text(&new.name, "/name", 200).to_owned();
    let known = match new.provider_id {
        Some(id) => store::is_provider(tx, id).await?,
        None => true,
    };
    let owned = known && owns(tx, new.provider_id).await?;
    fields.check(owned, "/provider_id", "unknown");
    let both = new.template.is_some() && new.copy_of.is_some();
    fields.check(!both, "/copy_of", "contradiction");
    let given = new.template.as_deref().map(template);
    fields.check(!matches!(given, Some(None)), "/template", "unknown");
    let copied = match new.copy_of {
        Some(id) => store::sets(tx).await?.into_iter().find(|set| set.id == id),
        None => None,
    };
    let visible = match &copied {
        Some(set) => set.state == SetState::Published || owns(tx, set.provider_id).await?,
        None => new.copy_of.is_none(),
    };
    fields.check(visible, "/copy_of", "unknown");
    fields.finish()?;
    let (rules, tie_breaks) = match (given.flatten(), &copied) {
        (Some(template), _) => from_template(tx, &template.rule_set()).await?,
        (None, Some(set)) => (copy(tx, set.id).await?, set.tie_breaks.clone()),
        (None, None) => (Vec::new(), vec![TieBreak::Lottery]),
    };
    let start = SetStart {
        provider: new.provider_id,
        name: &name,
        tie_breaks: &tie_breaks,
        template: new.template.as_deref(),
    };
    let id = insert(tx, &start).await?;
    tx.touch(id);
    store::replace_rules(tx, id, &rules).await?;
    Ok(id)
}

async fn insert(tx: &mut TenantTx, start: &SetStart<'_>) -> Result<CriteriaSetId, CriteriaError> {
    // Two who begin at the same moment take the same number; the second one tries again.
    for _ in 0..5 {
        if let Some(id) = store::insert_set(tx, start).await? {
            return Ok(id);
        }
    }
    Err(sqlx::Error::Protocol("no free number for a set of criteria".into()).into())
}

async fn copy(tx: &mut TenantTx, set: CriteriaSetId) -> Result<Vec<(CriterionId, Rule)>, sqlx::Error> {
    let rows = store::rules(tx, &[set]).await?;
    Ok(rows.iter().map(|row| (row.criterion_id, row.rule())).collect())
}

/// The rules of a template over this municipality's criteria; those that it lacks are added as the catalogue has them.
async fn from_template(
    tx: &mut TenantTx,
    set: &RuleSet,
) -> Result<(Vec<(CriterionId, Rule)>, Vec<TieBreak>), CriteriaError> {
    let here = store::criteria(tx).await?;
    let mut position = here.iter().map(|c| c.position).max().unwrap_or(0);
    let mut rules = Vec::new();
    for rule in &set.rules {
        let code = &rule.criterion.code;
        let id = match here.iter().find(|c| c.code == *code) {
            Some(row) if row.source != rule.criterion.source => {
                let detail = format!("the criterion {code} is answered otherwise here");
                return Err(Invalid::one("/template", "criterion_differs", detail).into());
            }
            Some(row) => row.id,
            None => {
                position = (position + 1).min(1000);
                let Some(entry) = catalogue_entry(code) else { continue };
                let added = store::insert_criterion(tx, &entry.criterion(position)).await?;
                added.ok_or_else(|| Invalid::one("/template", "criterion_differs", code.clone()))?
            }
        };
        rules.push((id, rule.clone()));
    }
    Ok((rules, set.tie_breaks.clone()))
}

/// The rules that a body names, over this municipality's criteria; every fault with its place.
pub(super) fn read_rules(
    rules: &[RuleInput],
    tie_breaks: &[TieBreak],
    criteria: &[CriterionRow],
) -> Result<(Vec<CriterionId>, RuleSet), Invalid> {
    let mut fields = Fields::new();
    let mut read = Vec::new();
    for (n, input) in rules.iter().enumerate() {
        let found = criteria.iter().find(|c| c.id == input.criterion_id);
        let pointer = format!("/rules/{n}/criterion_id");
        fields.check(found.is_some(), &pointer, "unknown");
        let Some(row) = found else { continue };
        fields.check(row.active, &pointer, "inactive");
        let best_of = input.best_of.as_deref().map(str::trim).filter(|name| !name.is_empty());
        read.push(Rule {
            criterion: CriterionUse {
                code: row.code.clone(),
                source: row.source,
            },
            points: input.points.clone(),
            rank: input.rank,
            best_of: best_of.map(str::to_owned),
            evidence: input.evidence,
            reserve: input.reserve,
        });
    }
    fields.finish()?;
    let set = RuleSet {
        rules: read,
        tie_breaks: tie_breaks.to_vec(),
    };
    set.check()?;
    Ok((rules.iter().map(|r| r.criterion_id).collect(), set.normalised()))
}

/// Writes a draft whole.
pub async fn put_set(
    tx: &mut TenantTx,
    id: CriteriaSetId,
    version: i32,
    change: &SetChange,
) -> Result<(), CriteriaError> {
    let (row, _) = seen(tx, id, version).await?;
    if row.state != SetState::Draft {
        return Err(CriteriaError::NotDraft);
    }
    let mut fields = Fields::new();
    let name = fields.text(&change.name, "/name", 200).to_owned();
    fields.finish()?;
    let criteria = store::criteria(tx).await?;
    let (ids, set) = read_rules(&change.rules, &change.tie_breaks, &criteria)?;
    store::update_set(tx, id, &name, change.valid_from, &set.tie_breaks).await?;
    let rules: Vec<_> = ids.into_iter().zip(set.rules).collect();
    store::replace_rules(tx, id, &rules).await?;
    Ok(())
}

/// Publishes a draft: from now on it is fixed, and from its day on it counts.
pub async fn publish_set(
    tx: &mut TenantTx,
    id: CriteriaSetId,
    version: i32,
    publication: &Publication,
) -> Result<(), CriteriaError> {
    let (row, all) = seen(tx, id, version).await?;
    if row.state != SetState::Draft {
        return Err(CriteriaError::NotDraft);
    }
    let rules = store::rules(tx, &[id]).await?;
    let criteria = store::criteria(tx).await?;
    let mut fields = Fields::new();
    fields.check(!rules.is_empty(), "/rules", "required");
    let usable = |rule: &RuleRow| criteria.iter().any(|c| c.id == rule.criterion_id && c.active);
    fields.check(rules.iter().all(usable), "/rules", "inactive");
    fields.check(publication.valid_from >= tx.today(), "/valid_from", "too_early");
    let before = all
        .iter()
        .filter(|set| set.state == SetState::Published && set.provider_id == row.provider_id)
        .filter_map(|set| set.valid_from)
        .max();
    fields.check(
        before.is_none_or(|day| publication.valid_from > day),
        "/valid_from",
        "not_later",
    );
    check_acknowledged(&mut fields, &publication.acknowledged, &warned(&rules, &criteria));
    fields.finish()?;
    store::publish_set(tx, id, publication.valid_from, &publication.acknowledged).await?;
    recount_all_later(tx).await?;
    Ok(())
}

fn check_acknowledged(fields: &mut Fields, acknowledged: &[Acknowledged], warned: &BTreeSet<&'static str>) {
    for code in warned {
        let read = acknowledged.iter().any(|a| a.code == *code);
        if !read {
            fields.fault("/acknowledged", "required", *code);
        }
    }
    for (n, given) in acknowledged.iter().enumerate() {
        let at = format!("/acknowledged/{n}");
        fields.check(warned.contains(given.code.as_str()), &format!("{at}/code"), "unknown");
        let length = given.reason.trim().chars().count();
        fields.check(length >= 10, &format!("{at}/reason"), "too_short");
        fields.check(length <= 500, &format!("{at}/reason"), "too_long");
    }
}

fn warned(rules: &[RuleRow], criteria: &[CriterionRow]) -> BTreeSet<&'static str> {
    let of = |rule: &RuleRow| warnings_of(rule.criterion_id, criteria);
    rules.iter().flat_map(of).map(|warning| warning.code).collect()
}

/// What stands against a criterion.
pub(super) fn warnings_of(id: CriterionId, criteria: &[CriterionRow]) -> Vec<&'static CourtWarning> {
    let Some(row) = criteria.iter().find(|c| c.id == id) else {
        return Vec::new();
    };
    let used = CriterionUse {
        code: row.code.clone(),
        source: row.source,
    };
    warnings(&used, [&row.title_de, &row.title_en])
}

/// Takes back a draft, or a published set before its first day. It stays in the list with its number.
pub async fn withdraw_set(tx: &mut TenantTx, id: CriteriaSetId, version: i32) -> Result<(), CriteriaError> {
    let (row, _) = seen(tx, id, version).await?;
    match row.state {
        SetState::Draft => {}
        SetState::Published if row.valid_from.is_some_and(|day| day > tx.today()) => {}
        SetState::Published | SetState::Withdrawn => return Err(CriteriaError::InForce),
    }
    store::withdraw_set(tx, id).await?;
    if row.state == SetState::Published {
        recount_all_later(tx).await?;
    }
    Ok(())
}
