//! Commands of the municipality's administrators: settings, look, logo, legal pages.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::de::DeserializeOwned;

use super::http::{
    EarlierLegalPage, LegalPageBody, LegalPageEdit, LegalPageQuery, ProfileBody, ProfileEdit, RestoredVersion,
    SettingsBody, SettingsEdit, SettingsVersion,
};
use super::model::{LegalKind, Profile, TenancyError, may_be_read_on};
use super::{admin_store, logo, store};
use crate::access::{Action, Ctx, TenantRead, TenantTx};
use crate::platform::fields::{Fields, Invalid, normalised_email};
use crate::platform::http::{ApiError, Body, IfMatch, Stale, Versioned};
use crate::versions::{self, Kind, Subject};

/// The settings of today and those that are planned.
pub(super) async fn settings(ctx: &Ctx) -> Result<Versioned<SettingsBody>, ApiError> {
    ctx.read(Action::GetSettings, async |tx| Ok(all_settings(tx).await?))
        .await
}

async fn all_settings(tx: &mut TenantRead) -> Result<Versioned<SettingsBody>, TenancyError> {
    let today = tx.today();
    let rows = admin_store::settings_from(tx, today).await?;
    let version = admin_store::latest_settings_version(tx).await?;
    let (mut planned, mut now): (Vec<_>, Vec<_>) = rows.into_iter().partition(|s| s.valid_from > today);
    // The rows come by date and version: of one date the last one holds.
    planned.reverse();
    planned.dedup_by_key(|s| s.valid_from);
    planned.reverse();
    let current = now.pop().ok_or(TenancyError::Missing)?;
    Ok(Versioned::new(
        version,
        SettingsBody {
            current,
            planned,
            version,
        },
    ))
}

/// Adds a version of the settings.
pub(super) async fn put_settings(
    ctx: &Ctx,
    if_match: IfMatch,
    body: &Body<SettingsEdit>,
) -> Result<Versioned<SettingsBody>, ApiError> {
    ctx.write(Action::PutSettings, async |tx| {
        let seen = if_match.version()?;
        let edit = body.parse()?;
        Ok(write_settings(tx, seen, edit).await?)
    })
    .await
}

/// Lets the settings of an earlier version hold from today on; that makes a new one.
pub(super) async fn restore_settings(
    ctx: &Ctx,
    if_match: IfMatch,
    body: &Body<RestoredVersion>,
) -> Result<Versioned<SettingsBody>, ApiError> {
    ctx.write(Action::RestoreSettings, async |tx| {
        let seen = if_match.version()?;
        Stale::check(seen, admin_store::latest_settings_version(tx).await?).map_err(TenancyError::from)?;
        let edit = SettingsEdit {
            valid_from: tx.today(),
            settings: earlier(tx, Kind::Settings, body.parse()?.number, "valid_from").await?,
        };
        Ok(write_settings(tx, seen, edit).await?)
    })
    .await
}

/// What stood in an earlier version, without a field that does not come back.
async fn earlier<T: DeserializeOwned>(
    tx: &mut TenantRead,
    kind: Kind,
    number: i32,
    left_out: &str,
) -> Result<T, TenancyError> {
    let then = versions::content(tx, &Subject::only(kind), number).await?;
    let then = then.and_then(|mut then| {
        then.value.as_object_mut()?.remove(left_out);
        serde_json::from_value(then.value).ok()
    });
    then.ok_or_else(|| Invalid::one("/number", "unknown", "there is no such version").into())
}

async fn write_settings(
    tx: &mut TenantTx,
    seen: i32,
    edit: SettingsEdit,
) -> Result<Versioned<SettingsBody>, TenancyError> {
    admin_store::lock_profile(tx).await?;
    Stale::check(seen, admin_store::latest_settings_version(tx).await?)?;
    edit.settings.check()?;
    if edit.valid_from < tx.today() {
        return Err(Invalid::one("/valid_from", "too_early", "today or later").into());
    }
    let new = SettingsVersion {
        version: seen + 1,
        valid_from: edit.valid_from,
        settings: edit.settings,
    };
    let subject = Subject::only(Kind::Settings);
    versions::keep(tx, &subject, admin_store::settings_content, async |tx| {
        admin_store::insert_settings(tx, &new).await
    })
    .await?;
    all_settings(tx).await
}

/// Look and contact.
pub(super) async fn profile(ctx: &Ctx) -> Result<Versioned<ProfileBody>, ApiError> {
    ctx.read(Action::GetTenantProfile, async |tx| Ok(profile_body(tx).await?))
        .await
}

async fn profile_body(tx: &mut TenantRead) -> Result<Versioned<ProfileBody>, TenancyError> {
    let row = store::profile(tx).await?.ok_or(TenancyError::Missing)?;
    Ok(Versioned::new(
        row.version,
        ProfileBody {
            name: tx.tenant().name.clone(),
            office_name: row.office_name,
            primary_color: row.primary_color,
            contact_email: row.contact_email,
            contact_phone: row.contact_phone,
            contact_address: row.contact_address,
            feedback_email: row.feedback_email,
            sender_name: row.sender_name,
            sender_address: row.sender_address,
            official_header: row.official_header,
            version: row.version,
        },
    ))
}

/// Changes look and contact.
pub(super) async fn update_profile(
    ctx: &Ctx,
    if_match: IfMatch,
    body: &Body<ProfileEdit>,
) -> Result<Versioned<ProfileBody>, ApiError> {
    ctx.write(Action::UpdateTenantProfile, async |tx| {
        let seen = if_match.version()?;
        let edit = body.parse()?;
        Ok(write_profile(tx, seen, edit).await?)
    })
    .await
}

/// Lets look and contact of an earlier version stand again; that makes a new one. The logo is not kept, only what tells it from another.
pub(super) async fn restore_profile(
    ctx: &Ctx,
    if_match: IfMatch,
    body: &Body<RestoredVersion>,
) -> Result<Versioned<ProfileBody>, ApiError> {
    ctx.write(Action::RestoreTenantProfile, async |tx| {
        let seen = if_match.version()?;
        let edit = earlier(tx, Kind::Profile, body.parse()?.number, "logo").await?;
        Ok(write_profile(tx, seen, edit).await?)
    })
    .await
}

async fn write_profile(
    tx: &mut TenantTx,
    seen: i32,
    edit: ProfileEdit,
) -> Result<Versioned<ProfileBody>, TenancyError> {
    admin_store::lock_profile(tx).await?;
    let row = store::profile(tx).await?.ok_or(TenancyError::Missing)?;
    Stale::check(seen, row.version)?;
    let profile = edited(row, edit)?;
    let subject = Subject::only(Kind::Profile);
    versions::keep(tx, &subject, admin_store::profile_content, async |tx| {
        admin_store::update_profile(tx, &profile).await
    })
    .await?;
    profile_body(tx).await
}

/// The look after an edit, or what is wrong with the edit.
fn edited(row: store::ProfileRow, edit: ProfileEdit) -> Result<Profile, Invalid> {
    let mut fields = Fields::new();
    let mut needed = |value: Option<String>, old: String, pointer: &str| match value {
        Some(text) => fields.text(&text, pointer, 200).to_owned(),
        None => old,
    };
    let office_name = needed(edit.office_name, row.office_name, "/office_name");
    let sender_name = needed(edit.sender_name, row.sender_name, "/sender_name");
    let mut free = |value: Option<String>, old: String, pointer: &str, max: usize| {
        let text = value.map_or(old, |t| t.trim().to_owned());
        fields.check(text.chars().count() <= max, pointer, "too_long");
        text
    };
    let contact_phone = free(edit.contact_phone, row.contact_phone, "/contact_phone", 60);
    let contact_address = free(edit.contact_address, row.contact_address, "/contact_address", 500);
    let mut address = |value: Option<String>, old: String, pointer: &str| match value.as_deref().map(str::trim) {
        None => old,
        Some("") => String::new(),
        Some(text) => normalised_email(text).unwrap_or_else(|| {
            fields.fault(pointer, "invalid", "");
            String::new()
        }),
    };
    let contact_email = address(edit.contact_email, row.contact_email, "/contact_email");
    let feedback_email = address(edit.feedback_email, row.feedback_email, "/feedback_email");
    let sender = match edit.sender_address {
        None => row.sender_address,
        Some(value) => Some(address(value, String::new(), "/sender_address")).filter(|a| !a.is_empty()),
    };
    let primary_color = edit.primary_color.map_or(row.primary_color, |c| c.to_lowercase());
    match may_be_read_on(&primary_color) {
        Some(true) => {}
        Some(false) => {
            fields.fault("/primary_color", "low_contrast", "white text needs 4.5 to 1");
        }
        None => {
            fields.fault("/primary_color", "invalid", "#rrggbb");
        }
    }
    fields.finish()?;
    Ok(Profile {
        office_name,
        primary_color,
        contact_email,
        contact_phone,
        contact_address,
        feedback_email,
        sender_name,
        sender_address: sender,
        official_header: edit.official_header.unwrap_or(row.official_header),
    })
}

/// Sets the logo after it was looked at.
pub(super) async fn put_logo(ctx: &Ctx, kind: &str, bytes: &[u8]) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::PutLogo, async |tx| {
        logo::check(kind, bytes)?;
        let subject = Subject::only(Kind::Profile);
        versions::keep(tx, &subject, admin_store::profile_content, async |tx| {
            admin_store::set_logo(tx, kind, bytes).await
        })
        .await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// The logo with a content policy of its own: a picture runs nothing and loads nothing, even when it is opened alone.
pub(super) async fn logo(ctx: &Ctx) -> Result<HttpResponse, ApiError> {
    ctx.read(Action::GetLogo, async |tx| {
        let (kind, bytes) = admin_store::logo(tx).await?.ok_or(TenancyError::Missing)?;
        Ok(HttpResponse::Ok()
            .content_type(kind)
            .insert_header((
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            ))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
            .body(bytes))
    })
    .await
}

/// A legal page in this language, else the municipality's own, else German; or an earlier version of it.
pub(super) async fn legal_page(
    ctx: &Ctx,
    kind: Option<LegalKind>,
    asked: LegalPageQuery,
) -> Result<LegalPageBody, ApiError> {
    ctx.read(Action::GetLegalPage, async |tx| {
        let kind = kind.ok_or(TenancyError::Missing)?;
        let own = super::settings(tx).await?.default_language;
        for wanted in [asked.language.as_deref(), Some(own.as_str()), Some("de")]
            .into_iter()
            .flatten()
        {
            if let Some(page) = public_page(tx, kind, wanted, asked.edition).await? {
                return Ok(page);
            }
        }
        Err(TenancyError::Missing.into())
    })
    .await
}

fn legal_subject(kind: LegalKind, language: &str) -> Subject {
    Subject::of(Kind::LegalPage, format!("{}/{language}", kind.as_str()))
}

/// What everybody sees. Of the privacy text everybody sees the earlier versions too: families were told what stood in them.
async fn public_page(
    tx: &mut TenantRead,
    kind: LegalKind,
    language: &str,
    edition: Option<i32>,
) -> Result<Option<LegalPageBody>, TenancyError> {
    let Some(mut page) = admin_store::legal_page(tx, kind, language).await? else {
        return Ok(None);
    };
    let subject = legal_subject(kind, language);
    if kind == LegalKind::Privacy {
        let earlier = versions::earlier(tx, &subject).await?.into_iter();
        page.earlier = earlier
            .map(|version| EarlierLegalPage {
                number: version.number,
                since: version.since,
            })
            .collect();
    }
    if let Some(number) = edition {
        if !page.earlier.iter().any(|version| version.number == number) {
            return Err(TenancyError::Missing);
        }
        let then = versions::content(tx, &subject, number).await?.unwrap_or_default();
        let text: LegalPageEdit = serde_json::from_value(then.value).map_err(|_| TenancyError::Missing)?;
        (page.title, page.body) = (text.title, text.body);
        page.updated_at = then.since.unwrap_or(page.updated_at);
    }
    Ok(Some(page))
}

/// Sets a legal page in a language.
pub(super) async fn put_legal_page(
    ctx: &Ctx,
    kind: Option<LegalKind>,
    language: &str,
    if_match: IfMatch,
    body: &Body<LegalPageEdit>,
) -> Result<Versioned<LegalPageBody>, ApiError> {
    ctx.write(Action::PutLegalPage, async |tx| {
        let kind = editable(kind, language)?;
        let seen = if_match.version()?;
        let edit = body.parse()?;
        let mut fields = Fields::new();
        let title = fields.text(&edit.title, "/title", 200);
        let text = fields.text(&edit.body, "/body", 60_000);
        fields.finish()?;
        Ok(write_legal_page(tx, kind, language, seen, title, text).await?)
    })
    .await
}

/// Sets a legal page to what stood in an earlier version; that makes a new one.
pub(super) async fn restore_legal_page(
    ctx: &Ctx,
    kind: Option<LegalKind>,
    language: &str,
    if_match: IfMatch,
    body: &Body<RestoredVersion>,
) -> Result<Versioned<LegalPageBody>, ApiError> {
    ctx.write(Action::RestoreLegalPage, async |tx| {
        let kind = editable(kind, language)?;
        let seen = if_match.version()?;
        let number = body.parse()?.number;
        admin_store::lock_profile(tx).await?;
        let now = admin_store::legal_page(tx, kind, language).await?;
        Stale::check(seen, now.map_or(0, |p| p.version))?;
        let then = versions::content(tx, &legal_subject(kind, language), number).await?;
        let then: Option<LegalPageEdit> = then.and_then(|then| serde_json::from_value(then.value).ok());
        let text = then.ok_or_else(|| Invalid::one("/number", "unknown", "there is no such version"))?;
        Ok(write_legal_page(tx, kind, language, seen, &text.title, &text.body).await?)
    })
    .await
}

fn editable(kind: Option<LegalKind>, language: &str) -> Result<LegalKind, TenancyError> {
    kind.filter(|_| ["de", "en"].contains(&language))
        .ok_or(TenancyError::Missing)
}

async fn write_legal_page(
    tx: &mut TenantTx,
    kind: LegalKind,
    language: &str,
    seen: i32,
    title: &str,
    text: &str,
) -> Result<Versioned<LegalPageBody>, TenancyError> {
    admin_store::lock_profile(tx).await?;
    let now = admin_store::legal_page(tx, kind, language).await?;
    Stale::check(seen, now.map_or(0, |p| p.version))?;
    versions::keep(
        tx,
        &legal_subject(kind, language),
        async |tx| admin_store::legal_content(tx, kind, language).await,
        async |tx| admin_store::put_legal_page(tx, kind, language, title, text).await,
    )
    .await?;
    let page = public_page(tx, kind, language, None).await?;
    let page = page.ok_or(TenancyError::Missing)?;
    Ok(Versioned::new(page.version, page))
}
