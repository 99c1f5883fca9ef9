//! A criterion as a question: what is asked of the family or told from the data, and its texts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};

/// Whether a criterion counts at every preference or only where it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CriterionScope {
    /// The same at every preference.
    Global,
    /// Only at a facility where it holds.
    Local,
}

/// Who answers a criterion: the family, or the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = CriterionSource)]
pub enum Source {
    /// The family says yes or no.
    Asked,
    /// The family says a number, such as hours a week.
    AskedNumber,
    /// A sibling has a place at the facility when this child would start.
    SiblingThere,
    /// A sibling had a place at the facility that ends before.
    SiblingEarlier,
    /// The child itself had or has a place at the facility.
    WasHere,
    /// The family's postal code is not known to lie in another district.
    MainResidence,
    /// School begins within a year of the wished start.
    SchoolEntrySoon,
    /// School begins within a year of the wished start, and the child has no place.
    PreschoolWithoutPlace,
    /// The child has no place in this municipality.
    NoPlaceYet,
    /// The child has an under-three place here and needs one for the time after.
    FollowUp,
    /// Three or four years old at the wished start.
    #[serde(rename = "age_3_or_4")]
    #[sqlx(rename = "age_3_or_4")]
    Age3Or4,
    /// Five years or older at the wished start.
    #[serde(rename = "age_5_or_older")]
    #[sqlx(rename = "age_5_or_older")]
    Age5OrOlder,
    /// Whole years at the wished start, a number.
    AgeYears,
}

impl Source {
    /// Whether the family answers.
    pub fn is_asked(self) -> bool {
        matches!(self, Self::Asked | Self::AskedNumber)
    }

    /// Whether the answer is a number.
    pub fn is_number(self) -> bool {
        matches!(self, Self::AskedNumber | Self::AgeYears)
    }

    /// Where it counts. Only what the data tell facility by facility is local: what nobody can tell nobody can prove.
    pub fn scope(self) -> CriterionScope {
        match self {
            Self::SiblingThere | Self::SiblingEarlier | Self::WasHere => CriterionScope::Local,
            _ => CriterionScope::Global,
        }
    }
}

/// A criterion as the administrator enters it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "both_work", "source": "asked", "title_de": "Beide Eltern arbeiten", "title_en": "Both parents work",
    "hint_de": "Auch Ausbildung und Studium zählen.", "hint_en": "Training and studies count, too.",
    "evidence_de": "Bescheinigung des Arbeitgebers", "evidence_en": "Certificate of the employer", "position": 2}))]
pub struct NewCriterion {
    /// Stable name: small letters, digits and underscores.
    pub code: String,
    /// Who answers it.
    pub source: Source,
    /// Question to the parents, German.
    pub title_de: String,
    /// Question to the parents, English.
    pub title_en: String,
    /// Explanation, German.
    #[serde(default)]
    pub hint_de: String,
    /// Explanation, English.
    #[serde(default)]
    pub hint_en: String,
    /// What counts as evidence, German.
    #[serde(default)]
    pub evidence_de: String,
    /// What counts as evidence, English.
    #[serde(default)]
    pub evidence_en: String,
    /// Place in the form, from 0.
    #[serde(default)]
    pub position: i32,
    /// Only the family and the office know which reason it is; a facility sees how much such reasons count together.
    #[serde(default)]
    pub confidential: bool,
}

/// Changes to a criterion: what is left out stays. Its code and source are fixed, because facts and rules hang on them.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"hint_de": "Auch Ausbildung zählt.", "active": true}))]
pub struct CriterionChange {
    /// Question to the parents, German.
    pub title_de: Option<String>,
    /// Question to the parents, English.
    pub title_en: Option<String>,
    /// Explanation, German.
    pub hint_de: Option<String>,
    /// Explanation, English.
    pub hint_en: Option<String>,
    /// What counts as evidence, German.
    pub evidence_de: Option<String>,
    /// What counts as evidence, English.
    pub evidence_en: Option<String>,
    /// Place in the form.
    pub position: Option<i32>,
    /// Whether only the family and the office know which reason it is.
    pub confidential: Option<bool>,
    /// Whether new sets may use it. What a set in use counts is not changed by this.
    pub active: Option<bool>,
}

impl NewCriterion {
    /// The same with blanks cut, or what cannot be right.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let code_fits = (2..=41).contains(&self.code.len())
            && self.code.starts_with(|c: char| c.is_ascii_lowercase())
            && self.code.chars().all(letters);
        fields.check(code_fits, "/code", "invalid");
        let title_de = fields.text(&self.title_de, "/title_de", 200).to_owned();
        let title_en = fields.text(&self.title_en, "/title_en", 200).to_owned();
        for (text, pointer) in [
            (&self.hint_de, "/hint_de"),
            (&self.hint_en, "/hint_en"),
            (&self.evidence_de, "/evidence_de"),
            (&self.evidence_en, "/evidence_en"),
        ] {
            fields.check(text.chars().count() <= 1000, pointer, "too_long");
        }
        fields.check((0..=1000).contains(&self.position), "/position", "out_of_range");
        fields.finish()?;
        Ok(Self {
            title_de,
            title_en,
            ..self
        })
    }

    /// This criterion with the changes; whether it is active is the caller's.
    pub fn changed(self, change: CriterionChange) -> Self {
        Self {
            title_de: change.title_de.unwrap_or(self.title_de),
            title_en: change.title_en.unwrap_or(self.title_en),
            hint_de: change.hint_de.unwrap_or(self.hint_de),
            hint_en: change.hint_en.unwrap_or(self.hint_en),
            evidence_de: change.evidence_de.unwrap_or(self.evidence_de),
            evidence_en: change.evidence_en.unwrap_or(self.evidence_en),
            position: change.position.unwrap_or(self.position),
            confidential: change.confidential.unwrap_or(self.confidential),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_data_tell_facility_by_facility_is_local() {
        assert_eq!(Source::SiblingThere.scope(), CriterionScope::Local);
        assert_eq!(Source::Asked.scope(), CriterionScope::Global);
        assert!(!Source::SiblingThere.is_asked() && Source::AskedNumber.is_asked());
    }

    #[test]
    fn a_source_has_one_word_in_contract_and_database() {
        assert_eq!(serde_json::to_value(Source::Age5OrOlder).unwrap(), "age_5_or_older");
        assert_eq!(
            serde_json::to_value(Source::PreschoolWithoutPlace).unwrap(),
            "preschool_without_place"
        );
    }
}
