//! Guardians, their household, and how they are reached. Pure.

use serde::Deserialize;
use utoipa::ToSchema;

use super::name;
use crate::platform::fields::{Fields, Invalid, is_postal_code};
use crate::platform::ids::{AccountId, GuardianId};

/// A guardian as people enter it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"first_name": "Jana", "last_name": "Braun", "phone": "0341 123456"}))]
pub struct NewGuardian {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Telephone number.
    #[serde(default)]
    pub phone: Option<String>,
}

/// A household as people enter it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"street": "Lindenweg", "house_number": "4a", "postal_code": "04109", "city": "Musterstadt", "address_protected": false}))]
pub struct NewHousehold {
    /// Street without the house number.
    pub street: String,
    /// House number.
    pub house_number: String,
    /// Five digits.
    pub postal_code: String,
    /// Town.
    pub city: String,
    /// The address is shown to nobody but the office (§ 51 BMG).
    #[serde(default)]
    pub address_protected: bool,
}

impl NewGuardian {
    /// The same with blanks trimmed, or what is wrong; `at` is the pointer of the object.
    pub fn checked(self, at: &str) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let first_name = name(&mut fields, &self.first_name, &format!("{at}/first_name"));
        let last_name = name(&mut fields, &self.last_name, &format!("{at}/last_name"));
        let phone = self
            .phone
            .map(|p| p.trim().to_owned())
            .filter(|phone| !phone.is_empty());
        if let Some(phone) = &phone {
            let plausible = phone.chars().all(|c| c.is_ascii_digit() || "+-/(). ".contains(c))
                && phone.chars().filter(char::is_ascii_digit).count() >= 4;
            let pointer = format!("{at}/phone");
            fields.check(plausible, &pointer, "invalid");
            fields.check(phone.chars().count() <= 40, &pointer, "too_long");
        }
        fields.finish()?;
        Ok(Self {
            first_name,
            last_name,
            phone,
        })
    }
}

impl NewHousehold {
    /// The same with blanks trimmed, or what is wrong; `at` is the pointer of the object.
    pub fn checked(self, at: &str) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let mut line = |value: &str, field: &str, max: usize| {
            let pointer = format!("{at}/{field}");
            let text = fields.text(value, &pointer, max).to_owned();
            fields.check(!text.chars().any(char::is_control), &pointer, "invalid");
            text
        };
        let street = line(&self.street, "street", 100);
        let house_number = line(&self.house_number, "house_number", 12);
        let postal_code = line(&self.postal_code, "postal_code", 10);
        let city = line(&self.city, "city", 100);
        let known = postal_code.is_empty() || is_postal_code(&postal_code);
        fields.check(known, &format!("{at}/postal_code"), "invalid");
        fields.finish()?;
        Ok(Self {
            street,
            house_number,
            postal_code,
            city,
            ..self
        })
    }
}

/// Somebody to be told about a child: a guardian with custody.
#[derive(Debug, Clone)]
pub struct Contact {
    /// The guardian.
    pub guardian_id: GuardianId,
    /// The account, where there is one.
    pub account_id: Option<AccountId>,
    /// Where mail goes, where there is an address.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Preferred language.
    pub language: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where letters go. Shown to nobody but the office when it is protected.
    pub address: Option<Address>,
}

impl Contact {
    /// Whether this is who asks for own things: the account's guardian, or the guardian in whose name somebody asks who has none.
    pub fn is(&self, family: AccountId) -> bool {
        self.account_id == Some(family) || self.guardian_id.0 == family.0
    }

    /// Name and address, a line each, for a paper of their own; the name alone where the address is protected or unknown.
    pub fn address_lines(&self) -> Vec<String> {
        let name = format!("{} {}", self.first_name, self.last_name);
        match &self.address {
            Some(address) if !address.is_protected => vec![
                name,
                format!("{} {}", address.street, address.house_number),
                format!("{} {}", address.postal_code, address.city),
            ],
            _ => vec![name],
        }
    }
}

/// A postal address of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Street without the house number.
    pub street: String,
    /// House number.
    pub house_number: String,
    /// Five digits.
    pub postal_code: String,
    /// Town.
    pub city: String,
    /// Whether it is shown to nobody but the office.
    pub is_protected: bool,
}
