//! What a municipality is and what it sets for itself. Pure.

mod after;
mod founding;
mod legal;
mod notice;
mod profile;
mod settings;

pub use after::{After, GuestConsent};
pub use founding::NewTenant;
pub use legal::LegalKind;
pub(super) use legal::{FirstPage, first_legal_pages};
pub use notice::{NoticeRule, NoticeTo};
pub(super) use profile::{Profile, may_be_read_on};
pub(super) use settings::month_day;
pub use settings::{AllocationMode, Settings};

use crate::platform::fields::Invalid;

/// What can be wrong with a municipality's own matters.
#[derive(Debug, thiserror::Error)]
pub enum TenancyError {
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The slug, or the host name, belongs to another tenant.
    #[error("this slug or host name is taken")]
    Taken,
    /// No registry is configured (`KITAPLATZ_OPS_DATABASE_URL`).
    #[error("the operator's database URL is not set")]
    NoRegistry,
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] crate::platform::http::Stale),
    /// There is no such page, day or logo.
    #[error("missing")]
    Missing,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}
