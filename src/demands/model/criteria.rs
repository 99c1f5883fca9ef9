//! Criteria by which places are given, and what they may look like.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};

/// Whether points count at every preference or where they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CriterionScope {
    /// The same at every preference.
    Global,
    /// Only at a facility where it holds.
    Local,
}

/// The one local criterion that can be told from the data: a sibling has a place at the facility.
pub const SIBLING: &str = "sibling";

/// A criterion as the administrator enters it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "both_work", "title_de": "Beide Eltern arbeiten", "title_en": "Both parents work",
    "hint_de": "Auch Ausbildung und Studium zählen.", "hint_en": "Training and studies count, too.",
    "evidence_de": "Bescheinigung des Arbeitgebers", "evidence_en": "Certificate of the employer",
    "points": 4, "scope": "global", "position": 2}))]
pub struct NewCriterion {
    /// Stable name: small letters, digits and underscores.
    pub code: String,
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
    /// Points, −1000 to 1000.
    pub points: i32,
    /// Where the points count.
    pub scope: CriterionScope,
    /// Place in the list, from 0.
    #[serde(default)]
    pub position: i32,
}

/// Changes to a criterion: what is left out stays. Its code and scope are fixed, because claims hang on them.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"points": 5, "active": true}))]
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
    /// Points, −1000 to 1000.
    pub points: Option<i32>,
    /// Place in the list.
    pub position: Option<i32>,
    /// Whether it counts and is asked for.
    pub active: Option<bool>,
}

impl NewCriterion {
    /// The same with blanks trimmed, or what is wrong.
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
        fields.check((-1000..=1000).contains(&self.points), "/points", "out_of_range");
        fields.check((0..=1000).contains(&self.position), "/position", "out_of_range");
        // Where any other local criterion holds could be told by nobody, and points nobody can explain fail in court.
        if self.scope == CriterionScope::Local && self.code != SIBLING {
            fields.fault("/scope", "not_supported", "only `sibling` can be local");
        }
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
            points: change.points.unwrap_or(self.points),
            position: change.position.unwrap_or(self.position),
            ..self
        }
    }
}

/// A set to begin with, as the demo has it. No tenant gets it unasked: criteria are decided by its council.
pub fn default_criteria() -> Vec<NewCriterion> {
    let criterion = |code: &str, points, scope, position, texts: [&str; 6]| {
        let [title_de, title_en, hint_de, hint_en, evidence_de, evidence_en] = texts.map(str::to_owned);
        NewCriterion {
            code: code.into(),
            title_de,
            title_en,
            hint_de,
            hint_en,
            evidence_de,
            evidence_en,
            points,
            scope,
            position,
        }
    };
    use CriterionScope::{Global, Local};
    vec![
        criterion(
            "lone_parent_working",
            5,
            Global,
            1,
            [
                "Ich erziehe allein und arbeite",
                "I am a lone parent and I work",
                "Auch Ausbildung, Studium und Arbeitssuche zählen.",
                "Training, studies and looking for work count, too.",
                "Bescheinigung von Arbeitgeber, Schule oder Arbeitsagentur",
                "Certificate of the employer, the school or the employment agency",
            ],
        ),
        criterion(
            "both_work",
            4,
            Global,
            2,
            [
                "Beide Eltern arbeiten",
                "Both parents work",
                "Auch Ausbildung, Studium und Arbeitssuche zählen.",
                "Training, studies and looking for work count, too.",
                "Bescheinigung von Arbeitgeber, Schule oder Arbeitsagentur",
                "Certificate of the employer, the school or the employment agency",
            ],
        ),
        criterion(
            SIBLING,
            3,
            Local,
            3,
            [
                "Ein Geschwisterkind hat dort einen Platz",
                "A sibling has a place there",
                "Wird aus den Verträgen erkannt und zählt nur bei dieser Kita.",
                "Known from the contracts, and counts at that facility only.",
                "Kein Nachweis nötig",
                "No evidence needed",
            ],
        ),
        criterion(
            "school_entry_soon",
            6,
            Global,
            4,
            [
                "Mein Kind kommt in einem Jahr in die Schule und hat noch keinen Platz",
                "My child starts school within a year and has no place yet",
                "",
                "",
                "Kein Nachweis nötig",
                "No evidence needed",
            ],
        ),
        criterion(
            "hardship",
            10,
            Global,
            5,
            [
                "In unserer Familie gibt es eine besondere Notlage",
                "Our family is in a special emergency",
                "Zum Beispiel schwere Krankheit oder Pflege eines Angehörigen.",
                "For example a severe illness, or care for a relative.",
                "Ärztliche Bescheinigung oder Schreiben einer Beratungsstelle",
                "Certificate of a doctor or letter of a counselling service",
            ],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_set_to_begin_with_is_valid() {
        for criterion in default_criteria() {
            assert_eq!(criterion.clone().checked().unwrap(), criterion);
        }
    }

    #[test]
    fn only_what_can_be_told_from_the_data_may_be_local() {
        let local = |code: &str| NewCriterion {
            code: code.into(),
            scope: CriterionScope::Local,
            ..default_criteria().remove(0)
        };
        assert!(local(SIBLING).checked().is_ok());
        let Err(Invalid(faults)) = local("distance").checked() else {
            panic!("must be refused")
        };
        assert_eq!(faults[0].pointer, "/scope");
    }
}
