//! What a family tells about itself, and what of it can be right. Pure.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid, is_postal_code};
use crate::platform::http::Stale;
use crate::platform::ids::{AccountId, ChildId, GuardianId};

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

/// Sex as it stands in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Diverse.
    Diverse,
}

impl Sex {
    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
            Self::Diverse => "diverse",
        }
    }
}

/// On which ground data are only kept (Art. 18 GDPR).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Restriction {
    /// Whether they are right is disputed.
    Accuracy,
    /// They should not have been processed, and the family does not want them deleted.
    Unlawful,
    /// The family, or the office, needs them for a legal claim.
    LegalClaim,
    /// The family objected, and that is being looked at.
    Objection,
}

impl Restriction {
    /// The word in database, API and audit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::Unlawful => "unlawful",
            Self::LegalClaim => "legal_claim",
            Self::Objection => "objection",
        }
    }
}

/// A child as people enter it. An unborn child has an expected date of birth, and no name and no sex.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"first_name": "Mia", "last_name": "Braun", "sex": "female", "birth_date": "2026-03-14"}))]
pub struct NewChild {
    /// First name; not needed before birth.
    #[serde(default)]
    pub first_name: Option<String>,
    /// Last name; not needed before birth.
    #[serde(default)]
    pub last_name: Option<String>,
    /// Sex; never needed.
    #[serde(default)]
    pub sex: Option<Sex>,
    /// Date of birth.
    #[serde(default)]
    pub birth_date: Option<NaiveDate>,
    /// Expected date of birth of an unborn child.
    #[serde(default)]
    pub expected_birth_date: Option<NaiveDate>,
}

/// Changes to a child: what is left out stays, `null` empties.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"first_name": "Mia", "last_name": "Braun", "birth_date": "2026-03-14"}))]
pub struct ChildChange {
    /// First name.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub first_name: Option<Option<String>>,
    /// Last name.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub last_name: Option<Option<String>>,
    /// Sex.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Sex>)]
    pub sex: Option<Option<Sex>>,
    /// Date of birth.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<NaiveDate>)]
    pub birth_date: Option<Option<NaiveDate>>,
    /// Expected date of birth.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<NaiveDate>)]
    pub expected_birth_date: Option<Option<NaiveDate>>,
}

/// Tells a field that is `null` from one that is left out.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
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

impl Contact {
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

/// What other slices may know of a child.
#[derive(Debug, Clone)]
pub struct ChildFacts {
    /// The child.
    pub id: ChildId,
    /// First name, once it is born.
    pub first_name: Option<String>,
    /// Last name, once it is born.
    pub last_name: Option<String>,
    /// Date of birth, once it is born.
    pub birth_date: Option<NaiveDate>,
    /// Expected date of birth.
    pub expected_birth_date: Option<NaiveDate>,
}

impl ChildFacts {
    /// The date of birth, or the expected one.
    pub fn birth(&self) -> Option<NaiveDate> {
        self.birth_date.or(self.expected_birth_date)
    }

    /// `Mia B.`, or `erwartetes Kind`, in this language.
    pub fn label(&self, language: &str) -> String {
        child_label(self.first_name.as_deref(), self.last_name.as_deref(), language)
    }
}

/// How staff and own family name a child: first name and initial, `erwartetes Kind` or `expected child` before birth.
pub fn child_label(first_name: Option<&str>, last_name: Option<&str>, language: &str) -> String {
    match (first_name, last_name.and_then(|name| name.chars().next())) {
        (Some(first), Some(initial)) => format!("{first} {initial}."),
        (Some(first), None) => first.to_owned(),
        (None, _) if language == "en" => "expected child".into(),
        (None, _) => "erwartetes Kind".into(),
    }
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

impl NewChild {
    /// This child with the changes.
    pub fn changed(self, change: ChildChange) -> Self {
        Self {
            first_name: change.first_name.unwrap_or(self.first_name),
            last_name: change.last_name.unwrap_or(self.last_name),
            sex: change.sex.unwrap_or(self.sex),
            birth_date: change.birth_date.unwrap_or(self.birth_date),
            expected_birth_date: change.expected_birth_date.unwrap_or(self.expected_birth_date),
        }
    }

    /// The same with blanks trimmed, or what is wrong; `at` is the pointer of the object. Dates that stood there before are not doubted
    /// again, because time goes on.
    pub fn checked(self, at: &str, today: NaiveDate, before: Option<&Self>) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let is_born = self.birth_date.is_some();
        let mut optional = |value: Option<String>, field: &str| {
            let pointer = format!("{at}/{field}");
            match value.filter(|v| !v.trim().is_empty()) {
                Some(value) => Some(name(&mut fields, &value, &pointer)),
                None => {
                    fields.check(!is_born, &pointer, "required");
                    None
                }
            }
        };
        let first_name = optional(self.first_name, "first_name");
        let last_name = optional(self.last_name, "last_name");
        let stood = |field: fn(&Self) -> Option<NaiveDate>, now| before.is_some_and(|b| field(b) == now);
        if let Some(day) = self.birth_date
            && !stood(|c| c.birth_date, self.birth_date)
        {
            let pointer = format!("{at}/birth_date");
            fields.check(day <= today, &pointer, "in_future");
            fields.check(
                Some(day) >= today.checked_sub_months(Months::new(16 * 12)),
                &pointer,
                "too_early",
            );
        }
        match self.expected_birth_date {
            Some(day) if !is_born && !stood(|c| c.expected_birth_date, self.expected_birth_date) => {
                let pointer = format!("{at}/expected_birth_date");
                let (low, high) = (
                    today.checked_sub_days(Days::new(60)),
                    today.checked_add_days(Days::new(300)),
                );
                fields.check(Some(day) >= low, &pointer, "too_early");
                fields.check(high.is_none_or(|high| day <= high), &pointer, "too_late");
            }
            Some(_) => {}
            None => {
                fields.check(is_born, &format!("{at}/birth_date"), "required");
            }
        }
        fields.finish()?;
        Ok(Self {
            first_name,
            last_name,
            ..self
        })
    }
}

fn name(fields: &mut Fields, value: &str, pointer: &str) -> String {
    let text = fields.text(value, pointer, 100).to_owned();
    fields.check(!text.chars().any(char::is_control), pointer, "invalid");
    text
}

/// All three, or all faults of all three together.
pub(super) fn all<A, B, C>(
    a: Result<A, Invalid>,
    b: Result<B, Invalid>,
    c: Result<C, Invalid>,
) -> Result<(A, B, C), Invalid> {
    match (a, b, c) {
        (Ok(a), Ok(b), Ok(c)) => Ok((a, b, c)),
        (a, b, c) => {
            let faults = [a.err(), b.err(), c.err()];
            Err(Invalid(faults.into_iter().flatten().flat_map(|f| f.0).collect()))
        }
    }
}

/// What can stand against a command on a family.
#[derive(Debug, thiserror::Error)]
pub enum FamilyError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// The guardian's own name is needed first.
    #[error("enter your own name first")]
    GuardianMissing,
    /// A demand hangs on the child.
    #[error("a demand was made for this child")]
    ChildHasDemand,
    /// The invitation is unknown, used, revoked or too old; or the inviter has lost custody.
    #[error("this invitation cannot be used any more")]
    InvitationInvalid,
    /// One cannot invite oneself.
    #[error("this is your own invitation; the other parent must open it")]
    OwnInvitation,
    /// More invitations are open than a family needs.
    #[error("too many open invitations; revoke one first")]
    TooManyInvitations,
    /// A demand for the child is open: restricted data could not be worked on.
    #[error("a demand for this child is open; end it first")]
    DemandOpen,
    /// Who has an account corrects the own data there.
    #[error("a guardian has an account and corrects the data there")]
    HasAccount,
    /// The guardian has custody in that time already.
    #[error("this person has custody in that time already")]
    HasCustody,
    /// Nobody would have custody.
    #[error("nobody would have custody; enter first who has it then")]
    NobodyLeft,
    /// A clerk takes a case that nobody has; the rest is an administrator's.
    #[error("only an administrator names who works on this case")]
    AdminNames,
    /// Somebody else works on the case, or nobody.
    #[error("only who works on the case reads a protected address")]
    NotCaseWorker,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn faults(result: Result<NewChild, Invalid>) -> Vec<(String, String)> {
        let Err(Invalid(faults)) = result else { return vec![] };
        faults.into_iter().map(|f| (f.pointer, f.code)).collect()
    }

    #[test]
    fn an_unborn_child_needs_neither_name_nor_sex() {
        let today = day(2027, 2, 1);
        let unborn = NewChild {
            expected_birth_date: Some(day(2027, 6, 1)),
            ..NewChild::default()
        };
        assert_eq!(faults(unborn.clone().checked("", today, None)), []);
        let born = NewChild {
            birth_date: Some(day(2027, 1, 31)),
            ..unborn
        };
        let missing = [("/first_name", "required"), ("/last_name", "required")];
        assert_eq!(
            faults(born.checked("", today, None)),
            missing.map(|(p, c)| (p.to_owned(), c.to_owned()))
        );
    }

    #[test]
    fn dates_that_no_child_can_have_are_refused() {
        let today = day(2027, 2, 1);
        let named = |birth, expected| NewChild {
            first_name: Some("Mia".into()),
            last_name: Some("Braun".into()),
            birth_date: birth,
            expected_birth_date: expected,
            sex: None,
        };
        let cases = [
            (Some(day(2027, 2, 2)), None, "/birth_date", "in_future"),
            (Some(day(1990, 2, 2)), None, "/birth_date", "too_early"),
            (Some(NaiveDate::MAX), None, "/birth_date", "in_future"),
            (Some(NaiveDate::MIN), None, "/birth_date", "too_early"),
            (None, None, "/birth_date", "required"),
            (None, Some(day(2026, 11, 1)), "/expected_birth_date", "too_early"),
            (None, Some(day(2028, 2, 1)), "/expected_birth_date", "too_late"),
            (None, Some(NaiveDate::MAX), "/expected_birth_date", "too_late"),
        ];
        for (birth, expected, pointer, code) in cases {
            let got = faults(named(birth, expected).checked("", today, None));
            assert_eq!(got, [(pointer.to_owned(), code.to_owned())], "{birth:?} {expected:?}");
        }
        let old = named(None, Some(day(2026, 11, 1)));
        assert!(
            old.clone().checked("", today, Some(&old)).is_ok(),
            "what stood there before may stay"
        );
    }

    #[test]
    fn a_child_is_named_by_first_name_and_initial() {
        assert_eq!(child_label(Some("Mia"), Some("Öztürk"), "de"), "Mia Ö.");
        assert_eq!(child_label(None, None, "de"), "erwartetes Kind");
        assert_eq!(child_label(None, Some("Braun"), "en"), "expected child");
    }

    #[test]
    fn left_out_stays_and_null_empties() {
        let change: ChildChange = serde_json::from_str(r#"{"sex": null, "last_name": "Braun"}"#).unwrap();
        let child = NewChild {
            first_name: Some("Mia".into()),
            sex: Some(Sex::Female),
            ..NewChild::default()
        };
        let changed = child.changed(change);
        assert_eq!(changed.first_name.as_deref(), Some("Mia"));
        assert_eq!(changed.last_name.as_deref(), Some("Braun"));
        assert_eq!(changed.sex, None);
    }
}
