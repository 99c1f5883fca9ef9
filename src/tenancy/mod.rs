//! Municipalities: the registry, the look, versioned settings, legal pages.
//!
//! A tenant is made at run time ([`create`]); nothing is compiled in. Settings are never overwritten: [`settings_on`] answers the
//! version that holds on a day, so that a rule can always be told as it was.

mod admin;
mod admin_store;
mod holidays;
pub mod http;
mod logo;
mod model;
mod retention;
mod school;
mod store;

pub use holidays::{Holiday, easter, holidays};
pub use model::{AllocationMode, GuestConsent, NewTenant, NoticeRule, NoticeTo, Settings, TenancyError};
pub use retention::Retention;
pub use school::{FormerRule, SchoolRule, former_school_rules};

use std::sync::Arc;

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx, as_system};
use crate::platform::Platform;
use crate::platform::db::TenantRef;

/// Makes a tenant with its profile, first settings and legal pages to fill in.
pub async fn create(platform: &Platform, new: NewTenant) -> Result<Arc<TenantRef>, TenancyError> {
    let new = new.checked()?;
    let ops = platform.ops.as_ref().ok_or(TenancyError::NoRegistry)?;
    store::insert_tenant(ops, &new, platform.clock.now()).await?;
    platform.tenants.forget();
    let tenant = platform
        .tenants
        .by_slug(&new.slug, platform.clock.now())
        .await?
        .ok_or(TenancyError::NoRegistry)?;
    as_system(platform, &tenant, "create_tenant", async |tx| furnish(tx, &new).await).await?;
    Ok(tenant)
}

/// The tenant that an interrupted [`create`] left, furnished to the end; refused when the slug belongs to another municipality.
pub async fn resume(platform: &Platform, new: NewTenant) -> Result<Arc<TenantRef>, TenancyError> {
    let new = new.checked()?;
    platform.tenants.forget();
    let tenant = platform.tenants.by_slug(&new.slug, platform.clock.now()).await?;
    let is_it = |t: &TenantRef| {
        (&t.name, &t.ags, &t.ars, &t.federal_state) == (&new.name, &new.ags, &new.ars, &new.federal_state)
    };
    let tenant = tenant.filter(|t| is_it(t)).ok_or(TenancyError::Taken)?;
    as_system(platform, &tenant, "resume_tenant", async |tx| furnish(tx, &new).await).await?;
    Ok(tenant)
}

/// Gives a new tenant what it needs to be shown: profile, settings, legal pages. Doing it again changes nothing.
async fn furnish(tx: &mut TenantTx, new: &NewTenant) -> Result<(), TenancyError> {
    store::insert_profile(tx, new).await?;
    let settings = Settings::for_state(&new.federal_state, &new.language);
    store::insert_first_settings(tx, &settings).await?;
    for page in model::first_legal_pages(&new.name) {
        store::insert_legal_page(tx, &page).await?;
    }
    Ok(())
}

/// The settings that hold on a day.
pub async fn settings_on(tx: &mut TenantRead, day: NaiveDate) -> Result<Settings, sqlx::Error> {
    Ok(store::settings_on(tx, day)
        .await?
        .map_or_else(|| Settings::for_state("", "de"), |(_, settings)| settings))
}

/// The settings that hold today.
pub async fn settings(tx: &mut TenantRead) -> Result<Settings, sqlx::Error> {
    let today = tx.today();
    settings_on(tx, today).await
}

/// The name and address that mails of this tenant come from (`None`: the installation's address).
pub async fn mail_sender(tx: &mut TenantRead) -> Result<(String, Option<String>), sqlx::Error> {
    Ok(store::profile(tx)
        .await?
        .map_or_else(|| (String::new(), None), |p| (p.sender_name, p.sender_address)))
}

/// How a municipality's office stands on a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// The office's name.
    pub office: String,
    /// Its address on one line.
    pub address: String,
    /// Its telephone number; may be empty.
    pub phone: String,
    /// Its e-mail address; may be empty.
    pub email: String,
    /// The municipality's colour, `#rrggbb`.
    pub color: String,
}

/// The office's name and contact for letters and documents.
pub async fn contact(tx: &mut TenantRead) -> Result<Contact, sqlx::Error> {
    let one_line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(store::profile(tx).await?.map_or_else(Contact::default, |p| Contact {
        office: p.office_name,
        address: one_line(p.contact_address),
        phone: p.contact_phone,
        email: p.contact_email,
        color: p.primary_color,
    }))
}
