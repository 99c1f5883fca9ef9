//! Rules of the operator's work. Pure.

use chrono::Duration;

use crate::platform::crypto::SealError;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::password::HashError;

/// An operator's session ends after this long without use.
pub(super) const IDLE: Duration = Duration::minutes(30);
/// An operator's session ends at this age.
pub(super) const LIFE: Duration = Duration::hours(10);

/// What can stand against an operator.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// No operator's database URL is configured.
    #[error("the operator interface is off: KITAPLATZ_OPS_DATABASE_URL is not set")]
    Off,
    /// Nobody is signed in as operator.
    #[error("sign in first")]
    SignedOut,
    /// Address or password is wrong.
    #[error("address or password is wrong")]
    Credentials,
    /// The address has an operator's account, or the slug or host a tenant.
    #[error("taken")]
    Taken,
    /// There is no such tenant.
    #[error("missing")]
    Missing,
    /// Only a suspended tenant is destroyed.
    #[error("suspend the tenant first")]
    NotSuspended,
    /// The one who asked for a destruction does not confirm it.
    #[error("a second operator must confirm the destruction")]
    SecondPerson,
    /// The files are not those of the manifest, or the manifest is not the one that was named before.
    #[error("the manifest is of another tenant or another export, or its files have changed")]
    OtherManifest,
    /// People could still change something after the export.
    #[error("the export was made before the tenant was suspended; export it again")]
    EarlierManifest,
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// What is sealed cannot be opened with this installation's key.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Hashing failed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// A host name as it is compared: lower case, without a port; `None` when it cannot be one.
pub(super) fn host_name(raw: &str) -> Option<String> {
    let host = raw.trim().to_lowercase();
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    (host.len() <= 253 && host.contains('.') && host.split('.').all(label)).then_some(host)
}

/// Refuses a password that an operator must not have: these accounts reach all tenants.
pub(super) fn check_password(password: &str, email: &str) -> Result<(), Invalid> {
    let mut fields = Fields::new();
    let long = (16..=128).contains(&password.chars().count());
    fields.check(long, "/password", "too_short");
    let score = zxcvbn::zxcvbn(password, &["kitaplatz", "operator", email]).score();
    fields.check(!long || score >= zxcvbn::Score::Four, "/password", "too_weak");
    fields.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_with_a_dot_and_nothing_else() {
        assert_eq!(host_name(" Kita.Musterstadt.DE "), Some("kita.musterstadt.de".into()));
        for bad in [
            "localhost",
            "kita.de:8080",
            "kita..de",
            "-kita.de",
            "kita.de/x",
            "kita .de",
            "",
            "kïta.de",
        ] {
            assert_eq!(host_name(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_operator_s_password_is_longer_than_a_parent_s() {
        assert!(check_password("vier grüne Pinguine tanzen", "op@example.org").is_ok());
        assert!(check_password("kurz aber gut?", "op@example.org").is_err());
        assert!(check_password("operatoroperatoroperator", "op@example.org").is_err());
    }
}
