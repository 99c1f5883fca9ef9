//! What the office corrects about a guardian without an account. Pure.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::families::model::NewGuardian;
use crate::platform::fields::{Fields, Invalid, normalised_email};

/// A guardian as it should be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"first_name": "Jana", "last_name": "Braun", "phone": "0341 123456", "email": null, "language": "de"}))]
pub(super) struct GuardianCorrection {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Telephone number.
    pub phone: Option<String>,
    /// Where mail goes; without it the family gets letters.
    pub email: Option<String>,
    /// Language of mails and letters.
    pub language: String,
}

impl GuardianCorrection {
    /// The same with blanks trimmed, or all that is wrong.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        fields.check(["de", "en"].contains(&self.language.as_str()), "/language", "unknown");
        let typed = self.email.as_deref().map(str::trim).filter(|email| !email.is_empty());
        let email = typed.and_then(normalised_email);
        fields.check(typed.is_none() || email.is_some(), "/email", "invalid");
        let faults = [fields.finish().err(), self.guardian().checked("").err()];
        let faults: Vec<_> = faults
            .into_iter()
            .flatten()
            .flat_map(|Invalid(faults)| faults)
            .collect();
        if !faults.is_empty() {
            return Err(Invalid(faults));
        }
        let guardian = self.guardian().checked("")?;
        Ok(Self {
            first_name: guardian.first_name,
            last_name: guardian.last_name,
            phone: guardian.phone,
            email,
            ..self
        })
    }

    /// The person.
    pub fn guardian(&self) -> NewGuardian {
        NewGuardian {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            phone: self.phone.clone(),
        }
    }
}
