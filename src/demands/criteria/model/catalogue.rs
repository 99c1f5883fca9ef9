//! Criteria that municipalities use again and again, with their texts; templates take theirs from here.

use super::question::{NewCriterion, Source};

/// A criterion that a municipality can take over.
#[derive(Debug, Clone, Copy)]
pub struct CatalogueEntry {
    /// Its stable name.
    pub code: &'static str,
    /// Who answers it.
    pub source: Source,
    /// Title, hint and evidence, each German and English.
    texts: [&'static str; 6],
}

impl CatalogueEntry {
    /// The criterion as an administrator would enter it, at a place in the form.
    pub fn criterion(&self, position: i32) -> NewCriterion {
        let [title_de, title_en, hint_de, hint_en, evidence_de, evidence_en] = self.texts.map(str::to_owned);
        NewCriterion {
            code: self.code.into(),
            source: self.source,
            title_de,
            title_en,
            hint_de,
            hint_en,
            evidence_de,
            evidence_en,
            position,
            confidential: CONFIDENTIAL.contains(&self.code),
        }
    }
}

/// The criterion of this code.
pub fn catalogue_entry(code: &str) -> Option<&'static CatalogueEntry> {
    CATALOGUE.iter().find(|entry| entry.code == code)
}

const WORK_DE: &str = "Bescheinigung von Arbeitgeber, Schule oder Hochschule";
const WORK_EN: &str = "Certificate of the employer, the school or the university";
const WORK_HINT_DE: &str = "Auch Ausbildung und Studium zählen.";
const WORK_HINT_EN: &str = "Training and studies count, too.";
const SEEKING_DE: &str = "Schreiben der Agentur für Arbeit oder des Jobcenters";
const SEEKING_EN: &str = "Letter of the employment agency or the job centre";
const OFFICE_DE: &str = "Schreiben des Jugendamts";
const OFFICE_EN: &str = "Letter of the youth office";
const NONE_DE: &str = "Kein Nachweis nötig";
const NONE_EN: &str = "No evidence needed";

/// What concerns health, hardship or the protection of a child.
const CONFIDENTIAL: [&str; 4] = ["inclusion", "hardship", "protected_case", "parenting_help"];

const fn entry(code: &'static str, source: Source, texts: [&'static str; 6]) -> CatalogueEntry {
    CatalogueEntry { code, source, texts }
}

/// All of them, in the order of a form.
pub const CATALOGUE: &[CatalogueEntry] = &[
    entry(
        "lone_parent",
        Source::Asked,
        [
            "Ich erziehe mein Kind allein",
            "I am a lone parent",
            "Sie leben ohne den anderen Elternteil und ohne Partner im Haushalt.",
            "You live without the other parent and without a partner in your household.",
            "Erklärung auf dem Vordruck der Gemeinde",
            "Declaration on the municipality's form",
        ],
    ),
    entry(
        "lone_parent_working",
        Source::Asked,
        [
            "Ich erziehe allein und arbeite",
            "I am a lone parent and I work",
            WORK_HINT_DE,
            WORK_HINT_EN,
            WORK_DE,
            WORK_EN,
        ],
    ),
    entry(
        "lone_parent_seeking",
        Source::Asked,
        [
            "Ich erziehe allein und suche Arbeit",
            "I am a lone parent and I am looking for work",
            "",
            "",
            SEEKING_DE,
            SEEKING_EN,
        ],
    ),
    entry(
        "both_work",
        Source::Asked,
        [
            "Beide Eltern arbeiten",
            "Both parents work",
            WORK_HINT_DE,
            WORK_HINT_EN,
            WORK_DE,
            WORK_EN,
        ],
    ),
    entry(
        "one_of_two_works",
        Source::Asked,
        [
            "Einer von zwei Eltern arbeitet",
            "One of two parents works",
            WORK_HINT_DE,
            WORK_HINT_EN,
            WORK_DE,
            WORK_EN,
        ],
    ),
    entry(
        "first_guardian_works",
        Source::Asked,
        [
            "Die erste sorgeberechtigte Person arbeitet",
            "The first guardian works",
            WORK_HINT_DE,
            WORK_HINT_EN,
            WORK_DE,
            WORK_EN,
        ],
    ),
    entry(
        "second_guardian_works",
        Source::Asked,
        [
            "Die zweite sorgeberechtigte Person arbeitet",
            "The second guardian works",
            WORK_HINT_DE,
            WORK_HINT_EN,
            WORK_DE,
            WORK_EN,
        ],
    ),
    entry(
        "working_hours",
        Source::AskedNumber,
        [
            "Arbeitsstunden in der Woche",
            "Hours of work a week",
            "Leben zwei Eltern im Haushalt, zählt die kleinere Zahl.",
            "With two parents in the household the smaller number counts.",
            "Bescheinigung des Arbeitgebers mit Stundenzahl",
            "Certificate of the employer with the number of hours",
        ],
    ),
    entry(
        "working_parents",
        Source::AskedNumber,
        [
            "Wie viele Eltern arbeiten?",
            "How many parents work?",
            "",
            "",
            WORK_DE,
            WORK_EN,
        ],
    ),
    entry(
        "seeking_parents",
        Source::AskedNumber,
        [
            "Wie viele Eltern suchen Arbeit?",
            "How many parents are looking for work?",
            "",
            "",
            SEEKING_DE,
            SEEKING_EN,
        ],
    ),
    entry(
        "studying_parents",
        Source::AskedNumber,
        [
            "Wie viele Eltern studieren oder lernen einen Beruf?",
            "How many parents study or are in training?",
            "",
            "",
            "Bescheinigung von Schule oder Hochschule",
            "Certificate of the school or the university",
        ],
    ),
    entry(
        "children_under_13",
        Source::AskedNumber,
        [
            "Wie viele Kinder unter 13 Jahren leben im Haushalt?",
            "How many children under 13 live in the household?",
            "Das angemeldete Kind zählt mit.",
            "The child that you register counts, too.",
            "Auszug aus dem Melderegister oder Geburtsurkunden",
            "Extract from the population register, or birth certificates",
        ],
    ),
    entry(
        "inclusion",
        Source::Asked,
        [
            "Mein Kind braucht besondere Förderung",
            "My child needs special support",
            "Zum Beispiel wegen einer Behinderung.",
            "For example because of a disability.",
            "Bescheid über Eingliederungshilfe oder ärztliche Bescheinigung",
            "Notice on integration assistance, or a doctor's certificate",
        ],
    ),
    entry(
        "hardship",
        Source::Asked,
        [
            "In unserer Familie gibt es eine besondere Notlage",
            "Our family is in a special emergency",
            "Schwere Krankheit, Pflege eines Angehörigen oder drohender Verlust der Wohnung.",
            "A severe illness, care for a relative, or the threat of losing the home.",
            "Ärztliche Bescheinigung oder Schreiben einer Beratungsstelle",
            "Certificate of a doctor or letter of a counselling service",
        ],
    ),
    entry(
        "protected_case",
        Source::Asked,
        [
            "Das Jugendamt hält den Platz zum Schutz des Kindes für nötig (§ 8a SGB VIII)",
            "The youth office needs the place to protect the child (§ 8a SGB VIII)",
            "",
            "",
            OFFICE_DE,
            OFFICE_EN,
        ],
    ),
    entry(
        "parenting_help",
        Source::Asked,
        [
            "Unsere Familie erhält Hilfe zur Erziehung (§ 27 SGB VIII)",
            "Our family receives help with parenting (§ 27 SGB VIII)",
            "",
            "",
            OFFICE_DE,
            OFFICE_EN,
        ],
    ),
    entry(
        "sibling",
        Source::SiblingThere,
        [
            "Ein Geschwisterkind hat zur selben Zeit einen Platz dort",
            "A sibling has a place there at the same time",
            "Wird aus den Verträgen erkannt und zählt nur bei dieser Kita.",
            "Known from the contracts, and counts at that facility only.",
            NONE_DE,
            NONE_EN,
        ],
    ),
    entry(
        "sibling_earlier",
        Source::SiblingEarlier,
        [
            "Ein Geschwisterkind hatte früher einen Platz dort",
            "A sibling had a place there earlier",
            "Wird aus den Verträgen erkannt und zählt nur bei dieser Kita.",
            "Known from the contracts, and counts at that facility only.",
            NONE_DE,
            NONE_EN,
        ],
    ),
    entry(
        "returning",
        Source::WasHere,
        [
            "Das Kind kommt in diese Kita zurück",
            "The child returns to this facility",
            "Wird aus den Verträgen erkannt und zählt nur bei dieser Kita.",
            "Known from the contracts, and counts at that facility only.",
            NONE_DE,
            NONE_EN,
        ],
    ),
    entry(
        "main_residence",
        Source::MainResidence,
        [
            "Die Familie wohnt hier",
            "The family lives here",
            "Wird an der Postleitzahl Ihrer Anschrift erkannt.",
            "Known from the postal code of your address.",
            NONE_DE,
            NONE_EN,
        ],
    ),
    entry(
        "school_entry_soon",
        Source::SchoolEntrySoon,
        [
            "Das Kind kommt innerhalb eines Jahres in die Schule",
            "The child starts school within a year",
            "Wird aus Geburtstag und Wunschtermin berechnet.",
            "Reckoned from the birthday and the wished start.",
            NONE_DE,
            NONE_EN,
        ],
    ),
    entry(
        "preschool_without_place",
        Source::PreschoolWithoutPlace,
        [
            "Vorschulkind ohne Platz",
            "Child before school without a place",
            "Das Kind kommt innerhalb eines Jahres in die Schule und hat hier noch keinen Platz.",
            "The child starts school within a year and has no place here yet.",
            NONE_DE,
            NONE_EN,
        ],
    ),
    entry(
        "follow_up",
        Source::FollowUp,
        [
            "Anschluss an einen Krippenplatz",
            "Follow-up to a nursery place",
            "Das Kind hat hier einen Krippenplatz und braucht einen Platz für die Zeit danach.",
            "The child has a nursery place here and needs one for the time after.",
            NONE_DE,
            NONE_EN,
        ],
    ),
    entry(
        "age_3_or_4",
        Source::Age3Or4,
        [
            "Das Kind ist am Wunschtermin drei oder vier Jahre alt",
            "The child is three or four years old at the wished start",
            "",
            "",
            NONE_DE,
            NONE_EN,
        ],
    ),
    entry(
        "age_5_or_older",
        Source::Age5OrOlder,
        [
            "Das Kind ist am Wunschtermin fünf Jahre alt oder älter",
            "The child is five years or older at the wished start",
            "",
            "",
            NONE_DE,
            NONE_EN,
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_a_valid_criterion_and_no_code_stands_twice() {
        let mut codes = std::collections::BTreeSet::new();
        for entry in CATALOGUE {
            let criterion = entry.criterion(1);
            assert_eq!(criterion.clone().checked().unwrap(), criterion);
            assert!(codes.insert(entry.code), "{}", entry.code);
        }
    }
}
