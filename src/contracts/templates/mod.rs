//! The words of contracts in versions, a provider's own or the municipality's for those without. A draft is written and published from a
//! day on; from then on nothing in it changes, and a new version takes over on its own day.

pub mod http;
mod store;

pub use store::{TemplateRow, TemplateState};

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::text::{self, USUAL};
use crate::access::{Scope, TenantRead, TenantTx};
use crate::facilities;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
use crate::platform::ids::{ContractTemplateId, ProviderId};
use crate::tenancy::{self, NoticeRule, NoticeTo};

/// What can stand against a command on templates.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// A published version is never changed.
    #[error("only a draft can be changed; begin a new version")]
    NotDraft,
    /// A version that holds or held cannot be taken back.
    #[error("this version has come into force; begin a new one")]
    InForce,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// A document cannot be made.
    #[error(transparent)]
    Document(#[from] crate::documents::DocumentError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// How a new version begins.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Betreuungsvertrag 2028", "provider_id": "8a1d6f0e-6d3c-4c0f-9a57-2f1be5f0c9d2"}))]
pub struct NewTemplate {
    /// Name for people.
    #[schema(max_length = 200)]
    pub name: String,
    /// The provider whose words they are; `null`: the municipality's, for providers without.
    #[serde(default)]
    pub provider_id: Option<ProviderId>,
}

/// What a draft says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ContractTemplateChange, example = json!({"name": "Betreuungsvertrag 2028", "notice_months": 3,
    "notice_to": "month", "notice_not_last_months": 0, "body": "# Betreuungszeit\n\n{{child}} wird {{hours_per_week}} Stunden in der Woche betreut."}))]
pub struct TemplateChange {
    /// Name for people.
    #[schema(max_length = 200)]
    pub name: String,
    /// `# heading`, `## heading`, `- item`, paragraphs between blank lines, and `{{placeholders}}` of the list.
    #[schema(max_length = 20000)]
    pub body: String,
    /// Whole months of notice, 0 to 12.
    #[schema(minimum = 0, maximum = 12)]
    pub notice_months: i32,
    /// To the end of what; left out: of a month.
    #[serde(default)]
    pub notice_to: NoticeTo,
    /// Months before the agreed end in which nobody leaves by notice, 0 to 12; left out: none.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 12)]
    pub notice_not_last_months: i32,
}

/// The words that hold for a contract.
pub struct Words {
    /// The version; `None`: the usual words.
    pub template: Option<ContractTemplateId>,
    /// Its name and number.
    pub version: Option<String>,
    /// The text.
    pub body: String,
    /// The period of notice.
    pub notice: NoticeRule,
}

/// The words that hold on a day for a provider.
pub async fn in_force(tx: &mut TenantRead, provider: Option<ProviderId>, on: NaiveDate) -> Result<Words, sqlx::Error> {
    let all = store::templates(tx).await?;
    let holding = |owner: Option<ProviderId>| {
        all.iter()
            .filter(|t| t.provider_id == owner && t.holds_from().is_some_and(|day| day <= on))
            .max_by_key(|t| t.valid_from)
    };
    let own = provider.and_then(|p| holding(Some(p)));
    Ok(match own.or_else(|| holding(None)) {
        Some(row) => Words {
            template: Some(row.id),
            version: Some(format!("{}, Fassung {}", row.name, row.number)),
            body: row.body.clone(),
            notice: row.notice(),
        },
        None => Words {
            template: None,
            version: None,
            body: USUAL.to_owned(),
            notice: tenancy::settings(tx).await?.after.notice(),
        },
    })
}

/// Whether the asker's scope covers the words of an owner.
async fn owns(tx: &mut TenantRead, provider: Option<ProviderId>) -> Result<bool, sqlx::Error> {
    let reach = match tx.scope() {
        Scope::Tenant => return Ok(true),
        scope => scope.facilities().unwrap_or_default().to_vec(),
    };
    let Some(provider) = provider else { return Ok(false) };
    let briefs = facilities::facility_briefs(tx, &reach).await?;
    Ok(briefs.iter().any(|f| f.provider_id == Some(provider)))
}

/// A version that the asker may see: its own, and all that were published.
async fn visible(tx: &mut TenantRead, id: ContractTemplateId) -> Result<TemplateRow, TemplateError> {
    let all = store::templates(tx).await?;
    let row = all.into_iter().find(|t| t.id == id).ok_or(TemplateError::Missing)?;
    if row.state != TemplateState::Published && !owns(tx, row.provider_id).await? {
        return Err(TemplateError::Missing);
    }
    tx.touch(id);
    Ok(row)
}

/// A version that the asker may change, locked, as it was seen.
async fn seen(tx: &mut TenantTx, id: ContractTemplateId, seen: i32) -> Result<TemplateRow, TemplateError> {
    store::lock(tx, id).await?;
    let row = visible(tx, id).await?;
    if !owns(tx, row.provider_id).await? {
        return Err(TemplateError::Missing);
    }
    Stale::check(seen, row.version)?;
    Ok(row)
}

/// Begins a draft with the words that hold now.
pub async fn create(tx: &mut TenantTx, new: &NewTemplate) -> Result<TemplateRow, TemplateError> {
    let mut fields = Fields::new();
    let name = fields.text(&new.name, "/name", 200).to_owned();
    let known = match new.provider_id {
        Some(id) => store::is_provider(tx, id).await?,
        None => true,
    };
    let owned = known && owns(tx, new.provider_id).await?;
    fields.check(owned, "/provider_id", "unknown");
    fields.finish()?;
    let today = tx.today();
    let words = in_force(tx, new.provider_id, today).await?;
    // Two who begin at the same moment take the same number; the second one tries again.
    for _ in 0..5 {
        if let Some(id) = store::insert(tx, new.provider_id, &name, &words).await? {
            return visible(tx, id).await;
        }
    }
    Err(sqlx::Error::Protocol("no free number for a contract's words".into()).into())
}

/// Writes a draft whole.
pub async fn put(
    tx: &mut TenantTx,
    id: ContractTemplateId,
    version: i32,
    change: &TemplateChange,
) -> Result<TemplateRow, TemplateError> {
    let row = seen(tx, id, version).await?;
    if row.state != TemplateState::Draft {
        return Err(TemplateError::NotDraft);
    }
    let mut fields = Fields::new();
    let name = fields.text(&change.name, "/name", 200).to_owned();
    text::check(&mut fields, &change.body, "/body");
    let months = (0..=12).contains(&change.notice_months);
    fields.check(months, "/notice_months", "out_of_range");
    let last = (0..=12).contains(&change.notice_not_last_months);
    fields.check(last, "/notice_not_last_months", "out_of_range");
    fields.finish()?;
    let notice = NoticeRule {
        months: change.notice_months,
        to: change.notice_to,
        not_last_months: change.notice_not_last_months,
    };
    store::update(tx, id, &name, &change.body, &notice).await?;
    visible(tx, id).await
}

/// Publishes a draft: from now on it is fixed, and contracts that are sent from its day on have these words.
pub async fn publish(
    tx: &mut TenantTx,
    id: ContractTemplateId,
    version: i32,
    valid_from: NaiveDate,
) -> Result<TemplateRow, TemplateError> {
    let row = seen(tx, id, version).await?;
    if row.state != TemplateState::Draft {
        return Err(TemplateError::NotDraft);
    }
    let all = store::templates(tx).await?;
    let same = all.iter().filter(|t| t.provider_id == row.provider_id);
    let before = same.filter_map(TemplateRow::holds_from).max();
    let mut fields = Fields::new();
    fields.check(valid_from >= tx.today(), "/valid_from", "too_early");
    fields.check(before.is_none_or(|day| valid_from > day), "/valid_from", "not_later");
    text::check(&mut fields, &row.body, "/body");
    fields.finish()?;
    store::publish(tx, id, valid_from).await?;
    visible(tx, id).await
}

/// Takes back a draft, or a published version before its first day.
pub async fn withdraw(tx: &mut TenantTx, id: ContractTemplateId, version: i32) -> Result<TemplateRow, TemplateError> {
    let row = seen(tx, id, version).await?;
    let today = tx.today();
    if row.state == TemplateState::Withdrawn || row.holds_from().is_some_and(|day| day <= today) {
        return Err(TemplateError::InForce);
    }
    store::withdraw(tx, id).await?;
    visible(tx, id).await
}
