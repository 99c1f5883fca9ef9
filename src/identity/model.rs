//! Rules of accounts: passwords, one-time codes, recovery codes, what an invitation may grant. Pure.

use std::net::IpAddr;

use chrono::Duration;
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Totp};
use uuid::Uuid;

use crate::access::Role;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
use crate::platform::limits::aggregate;
use crate::platform::password::HashError;

/// How long a link to confirm an address works.
pub(super) const CONFIRM_LIFE: Duration = Duration::hours(24);
/// How long a link to set a new password works.
pub(super) const RESET_LIFE: Duration = Duration::minutes(30);
/// How long an invitation works.
pub(super) const INVITATION_LIFE: Duration = Duration::days(7);
const PASSWORD_MIN: usize = 12;
const PASSWORD_MAX: usize = 128;

/// What can stand against an operation on people.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Address or password is wrong; which of them is not said.
    #[error("address or password is wrong")]
    Credentials,
    /// The password was right; a code is needed too.
    #[error("send a code of the second factor")]
    SecondFactorRequired,
    /// The code does not fit or was used before.
    #[error("this code does not fit")]
    SecondFactorWrong,
    /// The second factor is set up already.
    #[error("the second factor is set up already")]
    SecondFactorEnabled,
    /// The second factor was not begun, or not set up.
    #[error("the second factor is not set up")]
    SecondFactorMissing,
    /// The link is unknown, used, revoked or too old; which of them is not said.
    #[error("this link does not work any more")]
    Link,
    /// The address belongs to an account of another kind.
    #[error("this address has an account that cannot be staff")]
    AddressInUse,
    /// An offer is open or a contract runs.
    #[error("an offer is open or a contract runs")]
    OpenMatters,
    /// An administrator would shut the own door.
    #[error("the own last administrator's role cannot be ended")]
    OwnAdminRole,
    /// This role is granted already on this scope.
    #[error("this role is granted already")]
    Granted,
    /// Too many attempts or mails; seconds to wait.
    #[error("too many attempts")]
    TooMany(u64),
    /// Missing, or another's.
    #[error("missing")]
    Missing,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// Hashing failed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// A secret could not be sealed or opened.
    #[error(transparent)]
    Seal(#[from] crate::platform::crypto::SealError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// Checks a password that somebody chooses; `words` are easy to guess here (the town, the own address).
pub(super) fn check_password(fields: &mut Fields, pointer: &str, password: &str, words: &[&str]) {
    let length = password.chars().count();
    if length < PASSWORD_MIN {
        fields.fault(pointer, "too_short", "");
    } else if length > PASSWORD_MAX {
        fields.fault(pointer, "too_long", "");
    } else if leans_on(password, words) || zxcvbn::zxcvbn(password, words).score() < zxcvbn::Score::Three {
        fields.fault(pointer, "too_weak", "");
    }
}

/// Whether little is left of a password without these words; the estimate alone counts each further word as a good one.
fn leans_on(password: &str, words: &[&str]) -> bool {
    let mut rest = password.to_lowercase();
    for word in words.iter().filter(|w| w.chars().count() > 3) {
        rest = rest.replace(&word.to_lowercase(), " ");
    }
    rest.chars().filter(|c| c.is_alphanumeric()).count() < 6
}

/// Words that a password must not lean on: the municipality, the platform, the own address.
pub(super) fn guessable<'a>(tenant_name: &'a str, slug: &'a str, email: &'a str) -> Vec<&'a str> {
    let mut words = vec!["kitaplatz", "kita", "kindergarten", "jugendamt", slug, email];
    words.extend(tenant_name.split_whitespace());
    words.extend(email.split(['@', '.', '-', '_', '+']).filter(|w| w.len() > 2));
    words
}

/// A sign-in address as it is looked up; what cannot be an address is looked up too, and not found.
pub(super) fn lookup_email(raw: &str) -> String {
    raw.trim().to_lowercase().chars().take(254).collect()
}

/// Keys under which attempts are counted: this account from this place, and this account from anywhere. No address stands in them.
pub(super) fn attempt_keys(email: &str, address: IpAddr) -> [String; 2] {
    let person = hex(&crate::platform::crypto::digest(email));
    [format!("try:{person}:{}", aggregate(address)), format!("try:{person}")]
}

/// The key under which mails to an address are counted.
pub(super) fn mail_key(email: &str) -> String {
    format!("mail:{}", hex(&crate::platform::crypto::digest(email)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The generator and checker of six-digit codes for a secret.
pub(super) fn totp(secret: [u8; 20]) -> Totp {
    Builder::new().with_secret(secret).build_noncompliant()
}

/// The step of a right code, which must be later than the last one used.
pub(super) fn step_of(secret: [u8; 20], code: &str, at: i64, last_step: i64) -> Option<i64> {
    let at = u64::try_from(at).ok()?;
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = i64::try_from(totp(secret).check(&code, at)?).ok()?;
    (step > last_step).then_some(step)
}

/// Base32 (RFC 4648, without padding), as authenticator programs want it.
pub(super) fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut text, mut buffer, mut bits) = (String::new(), 0_u32, 0_u32);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(LETTERS[(buffer >> bits & 31) as usize]));
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(LETTERS[(buffer << (5 - bits) & 31) as usize]));
    }
    text
}

/// The address that an authenticator program reads from the picture.
pub(super) fn otpauth_url(secret: &[u8], issuer: &str, email: &str) -> String {
    let (issuer, email) = (percent(issuer), percent(email));
    format!(
        "otpauth://totp/{issuer}:{email}?secret={}&issuer={issuer}",
        base32(secret)
    )
}

fn percent(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let mut out = String::new();
    for byte in text.bytes() {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A recovery code for people, from 10 random bytes: `abcd-efgh-jklm-nopq`.
pub(super) fn recovery_code(random: [u8; 10]) -> String {
    let text = base32(&random).to_lowercase();
    let parts: Vec<&str> = (0..4).filter_map(|i| text.get(i * 4..i * 4 + 4)).collect();
    parts.join("-")
}

/// A recovery code as it is hashed: without what people add or leave out.
pub(super) fn plain_code(code: &str) -> String {
    code.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// A role on the scope that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Grant {
    pub role: Role,
    pub provider_id: Option<Uuid>,
    pub facility_id: Option<Uuid>,
}

impl Grant {
    /// Refuses a role that cannot be granted, and a scope that the role does not have.
    pub fn check(&self, fields: &mut Fields) {
        let provider = self.role == Role::ProviderManager;
        let facility = matches!(self.role, Role::FacilityManager | Role::Childminder);
        fields.check(self.role != Role::Parent, "/role", "invalid");
        fields.check(!provider || self.provider_id.is_some(), "/provider_id", "required");
        fields.check(provider || self.provider_id.is_none(), "/provider_id", "not_for_role");
        fields.check(!facility || self.facility_id.is_some(), "/facility_id", "required");
        fields.check(facility || self.facility_id.is_none(), "/facility_id", "not_for_role");
    }
}

/// What machine clients can be allowed.
pub(super) const KEY_SCOPES: [&str; 3] = ["facilities_read", "facilities_write", "demands_read"];

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(password: &str) -> Vec<String> {
        let mut fields = Fields::new();
        let words = guessable("Stadt Musterstadt", "musterstadt", "anna.beispiel@example.org");
        check_password(&mut fields, "/password", password, &words);
        match fields.finish() {
            Ok(()) => Vec::new(),
            Err(Invalid(list)) => list.into_iter().map(|f| f.code).collect(),
        }
    }

    #[test]
    fn a_password_is_long_and_hard_to_guess_here() {
        assert!(faults("vier grüne Pinguine tanzen").is_empty());
        assert_eq!(faults("kurz"), ["too_short"]);
        assert_eq!(faults("passwordpassword"), ["too_weak"]);
        assert_eq!(faults("musterstadtmusterstadt"), ["too_weak"]);
        assert_eq!(faults("annabeispiel1"), ["too_weak"]);
        assert_eq!(faults("Musterstadt-Kitaplatz-27"), ["too_weak"]);
        assert_eq!(faults(&"x7".repeat(65)), ["too_long"]);
    }

    #[test]
    fn a_code_fits_once() {
        let secret = *b"12345678901234567890";
        // RFC 6238, appendix B: 59 seconds after the epoch the code ends in 287082.
        assert_eq!(step_of(secret, "287 082", 59, 0), Some(1));
        assert_eq!(step_of(secret, "287082", 59, 1), None);
        assert_eq!(step_of(secret, "287083", 59, 0), None);
        assert_eq!(step_of(secret, "287082", 59 + 90, 0), None);
    }

    #[test]
    fn base32_is_the_one_of_the_standard() {
        for (plain, coded) in [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(plain.as_bytes()), coded);
        }
        let code = recovery_code([255; 10]);
        assert_eq!(code, "7777-7777-7777-7777");
        assert_eq!(plain_code(" 7777 7777-7777-7777 "), plain_code(&code));
    }

    #[test]
    fn a_grant_has_exactly_the_scope_of_its_role() {
        let id = Some(Uuid::from_u128(1));
        let codes = |role, provider_id, facility_id| {
            let mut fields = Fields::new();
            Grant {
                role,
                provider_id,
                facility_id,
            }
            .check(&mut fields);
            fields.finish().is_ok()
        };
        assert!(codes(Role::Clerk, None, None));
        assert!(codes(Role::ProviderManager, id, None));
        assert!(codes(Role::FacilityManager, None, id));
        assert!(!codes(Role::FacilityManager, None, None));
        assert!(!codes(Role::Clerk, None, id));
        assert!(!codes(Role::ProviderManager, id, id));
        assert!(!codes(Role::Parent, None, None));
    }

    #[test]
    fn counted_keys_hold_no_address() {
        let keys = attempt_keys("anna@example.org", "192.0.2.7".parse().unwrap());
        assert!(keys.iter().all(|k| !k.contains("anna")));
        assert_ne!(
            keys[0],
            attempt_keys("anna@example.org", "192.0.2.8".parse().unwrap())[0]
        );
        assert_eq!(
            keys[1],
            attempt_keys("anna@example.org", "192.0.2.8".parse().unwrap())[1]
        );
    }
}
