//! Faults in what a person typed: collected, each with the place and a stable code, and answered together.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One fault in a request body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"pointer": "/email", "code": "invalid", "detail": "not an e-mail address"}))]
pub struct FieldError {
    /// JSON pointer to the field (RFC 6901).
    pub pointer: String,
    /// Stable code; the frontend has the words for it.
    pub code: String,
    /// A sentence for developers; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// All faults of one request body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} fields are invalid", .0.len())]
pub struct Invalid(pub Vec<FieldError>);

impl Invalid {
    /// A single fault.
    pub fn one(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self(vec![FieldError {
            pointer: pointer.into(),
            code: code.into(),
            detail: detail.into(),
        }])
    }
}

/// Collects faults while a body is checked.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// An empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records a fault unless `holds`.
    pub fn check(&mut self, holds: bool, pointer: &str, code: &str) -> &mut Self {
        if !holds {
            self.fault(pointer, code, "");
        }
        self
    }

    /// Records a fault.
    pub fn fault(&mut self, pointer: &str, code: &str, detail: impl Into<String>) -> &mut Self {
        self.0.push(FieldError {
            pointer: pointer.into(),
            code: code.into(),
            detail: detail.into(),
        });
        self
    }

    /// A text that is needed and at most `max` characters long; answers it without blanks around it.
    pub fn text<'a>(&mut self, value: &'a str, pointer: &str, max: usize) -> &'a str {
        let text = value.trim();
        self.check(!text.is_empty(), pointer, "required");
        self.check(text.chars().count() <= max, pointer, "too_long");
        text
    }

    /// `Ok` when nothing was found.
    pub fn finish(self) -> Result<(), Invalid> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Invalid(self.0))
        }
    }
}

/// An e-mail address as it is stored (trimmed, lower case), or `None` when it cannot be one.
pub fn normalised_email(raw: &str) -> Option<String> {
    let email = raw.trim().to_lowercase();
    let plausible = email.len() <= 254
        && !email.chars().any(|c| c.is_control() || c.is_whitespace())
        && email
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
        && email.parse::<lettre::Address>().is_ok();
    plausible.then_some(email)
}

/// A German postal code: five digits.
pub fn is_postal_code(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_lower_case_and_header_injection_is_no_address() {
        assert_eq!(
            normalised_email(" Mia.Braun@Example.ORG "),
            Some("mia.braun@example.org".into())
        );
        for bad in ["", "a@b", "a b@c.de", "a@c.de\r\nBcc: x@y.de", "@c.de", "a@", "a@@c.de"] {
            assert_eq!(normalised_email(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn all_faults_are_answered_together() {
        let mut fields = Fields::new();
        fields.text("  ", "/name", 5);
        fields.text("zu lang ist das", "/city", 5);
        let Err(Invalid(faults)) = fields.finish() else {
            panic!("must be refused")
        };
        let codes: Vec<_> = faults.iter().map(|f| (f.pointer.as_str(), f.code.as_str())).collect();
        assert_eq!(codes, [("/name", "required"), ("/city", "too_long")]);
    }
}
