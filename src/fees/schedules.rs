//! The way of a table: begun from a template, a copy or empty; written; published from a month on; taken back before that month.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::FeeError;
use super::model::TableInput;
use super::store::{self, Content, ScheduleRow, ScheduleState};
use super::templates::templates;
use crate::access::TenantTx;
use crate::platform::fields::Fields;
use crate::platform::http::Stale;
use crate::platform::ids::FeeScheduleId;

/// How a new table begins.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewFeeSchedule, example = json!({"name": "Elternbeiträge ab August 2027", "template": "leipzig_2014", "copy_of": null}))]
pub struct NewSchedule {
    /// Name for people.
    pub name: String,
    /// Code of the template that it begins with.
    #[serde(default)]
    pub template: Option<String>,
    /// The table that it begins as a copy of.
    #[serde(default)]
    pub copy_of: Option<FeeScheduleId>,
}

/// What a draft says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FeeScheduleChange, example = json!({"name": "Elternbeiträge ab August 2027", "legal_basis": "§ 3 der Beitragssatzung vom 1. Juni 2027",
    "due_day": 15, "table": {"kind": "formula",
        "bases": [{"care": "nursery", "cents": 20752, "full_hours": 45, "hours_per_week": [20, 25, 30, 35, 40, 45]}],
        "factors": [{"lone_parent": false, "child": 1, "percent": 100}, {"lone_parent": true, "child": 1, "percent": 90}]}}))]
pub struct ScheduleChange {
    /// Name for people.
    pub name: String,
    /// What a notice names as its ground.
    #[schema(max_length = 500)]
    pub legal_basis: String,
    /// On this day of the month a fee is due.
    #[schema(minimum = 1, maximum = 28)]
    pub due_day: i32,
    /// The table.
    pub table: TableInput,
}

/// Publishing a draft.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"valid_from": "2027-08-01"}))]
pub struct FeePublication {
    /// First day of the first month in which it holds, later than that of every other table.
    pub valid_from: NaiveDate,
}

/// Begins a draft.
pub async fn create(tx: &mut TenantTx, new: &NewSchedule) -> Result<FeeScheduleId, FeeError> {
    let mut fields = Fields::new();
    let name = fields.text(&new.name, "/name", 200).to_owned();
    let both = new.template.is_some() && new.copy_of.is_some();
    fields.check(!both, "/copy_of", "contradiction");
    let template = new
        .template
        .as_deref()
        .map(|code| templates().into_iter().find(|t| t.code == code));
    fields.check(!matches!(template, Some(None)), "/template", "unknown");
    let copied = match new.copy_of {
        Some(id) => store::schedule(tx, id).await?,
        None => None,
    };
    fields.check(new.copy_of.is_none() || copied.is_some(), "/copy_of", "unknown");
    fields.finish()?;
    let mut content = Content::empty(name);
    if let Some(template) = template.flatten() {
        content = content.with_table(template.table)?;
        content.legal_basis = template.legal_basis.to_owned();
    } else if let Some(row) = copied {
        content = Content {
            name: content.name,
            ..row.content()
        };
    }
    let id = FeeScheduleId::new();
    tx.touch(id);
    store::insert_schedule(tx, id, &content).await?;
    Ok(id)
}

async fn seen(tx: &mut TenantTx, id: FeeScheduleId, version: i32) -> Result<ScheduleRow, FeeError> {
    store::lock_schedule(tx, id).await?;
    let row = store::schedule(tx, id).await?.ok_or(FeeError::Missing)?;
    tx.touch(id);
    Stale::check(version, row.version)?;
    Ok(row)
}

/// Writes a draft whole.
pub async fn put(tx: &mut TenantTx, id: FeeScheduleId, version: i32, change: &ScheduleChange) -> Result<(), FeeError> {
    let row = seen(tx, id, version).await?;
    if row.state != ScheduleState::Draft {
        return Err(FeeError::NotDraft);
    }
    let mut fields = Fields::new();
    let name = fields.text(&change.name, "/name", 200).to_owned();
    let legal_basis = fields.text(&change.legal_basis, "/legal_basis", 500).to_owned();
    fields.check((1..=28).contains(&change.due_day), "/due_day", "out_of_range");
    fields.finish()?;
    let content = Content {
        legal_basis,
        due_day: change.due_day,
        ..Content::empty(name)
    };
    store::update_schedule(tx, id, &content.with_table(change.table.clone())?).await?;
    Ok(())
}

/// Publishes a draft: from now on it is fixed, and from its month on it holds.
pub async fn publish(tx: &mut TenantTx, id: FeeScheduleId, version: i32, at: &FeePublication) -> Result<(), FeeError> {
    let row = seen(tx, id, version).await?;
    if row.state != ScheduleState::Draft {
        return Err(FeeError::NotDraft);
    }
    let before = store::published(tx).await?;
    let mut fields = Fields::new();
    fields.check(!row.rows.is_empty(), "/rows", "required");
    fields.check(!row.legal_basis.is_empty(), "/legal_basis", "required");
    fields.check(at.valid_from.day() == 1, "/valid_from", "not_first_of_month");
    let later = before.last().is_none_or(|s| at.valid_from > s.valid_from);
    fields.check(later, "/valid_from", "not_later");
    fields.finish()?;
    store::publish_schedule(tx, id, at.valid_from).await?;
    Ok(())
}

/// Takes back a draft, or a published table before its month. It stays in the list with its number.
pub async fn withdraw(tx: &mut TenantTx, id: FeeScheduleId, version: i32) -> Result<(), FeeError> {
    let row = seen(tx, id, version).await?;
    match row.state {
        ScheduleState::Draft => {}
        ScheduleState::Published if row.valid_from.is_some_and(|day| day > tx.today()) => {}
        ScheduleState::Published | ScheduleState::Withdrawn => return Err(FeeError::InForce),
    }
    store::withdraw_schedule(tx, id).await?;
    Ok(())
}
