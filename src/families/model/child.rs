//! A child: what is entered of it, and what others may know. Pure.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::name;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::ids::ChildId;

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

impl NewChild {
    /// The date of birth, or the expected one.
    pub fn birth(&self) -> Option<NaiveDate> {
        self.birth_date.or(self.expected_birth_date)
    }

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
