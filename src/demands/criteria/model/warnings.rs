//! Criteria that courts have held void, or that are near to one: the editor warns, and who publishes them all the same says why.

use super::rules::CriterionUse;

/// What a criterion is near to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CourtWarning {
    /// Stable name.
    pub code: &'static str,
    /// What is wrong with it, German and English.
    pub why: [&'static str; 2],
    /// Where that was decided, or that we know of no decision, German and English.
    pub source: [&'static str; 2],
    /// Beginnings of words, small letters, by which it is known in code or title.
    words: &'static [&'static str],
}

const DARMSTADT: [&str; 2] = ["VG Darmstadt 2019", "Administrative Court of Darmstadt, 2019"];
const NEAR: [&str; 2] = [
    "Eine eigene Entscheidung dazu kennen wir nicht. Die Gründe des VG Darmstadt 2019 und des OVG Münster (12 B 930/17) liegen nahe.",
    "We know of no decision on this very point. The reasons of the Administrative Court of Darmstadt (2019) and of the Higher Administrative Court in Münster (12 B 930/17) are near.",
];

const ALL: &[CourtWarning] = &[
    CourtWarning {
        code: "staff_child",
        why: [
            "Kinder des eigenen Personals zu bevorzugen, wurde für unwirksam gehalten: Es hat nichts damit zu tun, wie dringend ein Kind den Platz braucht.",
            "To prefer children of one's own staff was held void: it says nothing about how urgently a child needs the place.",
        ],
        source: DARMSTADT,
        words: &[
            "staff_child",
            "mitarbeiter",
            "kitapersonal",
            "personals",
            "beschäftigte",
            "bedienstete",
            "staff",
            "employee",
        ],
    },
    CourtWarning {
        code: "volunteering",
        why: [
            "Ehrenamt oder Mithilfe im Verein zu belohnen, wurde für unwirksam gehalten.",
            "To reward volunteers or work for an association was held void.",
        ],
        source: DARMSTADT,
        words: &[
            "volunteer",
            "ehrenamt",
            "ehrenamtlich",
            "verein",
            "feuerwehr",
            "association",
        ],
    },
    CourtWarning {
        code: "open_discretion",
        why: [
            "Offene Gründe und ungeregelte Ausnahmen halten nicht: Die Stadt muss für jeden Platz objektive Kriterien nachweisen.",
            "Open reasons and unregulated exceptions do not hold: the city must prove objective criteria for each place.",
        ],
        source: [
            "OVG Münster, 12 B 930/17",
            "Higher Administrative Court in Münster, 12 B 930/17",
        ],
        words: &[
            "sonstig",
            "andere gründe",
            "weitere gründe",
            "ermessen",
            "einzelfall",
            "other_reasons",
            "other reasons",
            "discretion",
        ],
    },
    CourtWarning {
        code: "residence_duration",
        why: [
            "Wie lange eine Familie schon hier wohnt, sagt nichts darüber, wie dringend das Kind den Platz braucht.",
            "How long a family has lived here says nothing about how urgently the child needs the place.",
        ],
        source: NEAR,
        words: &[
            "wohndauer",
            "wohnt seit",
            "wohnen seit",
            "ortsansässig",
            "residence_duration",
            "residence duration",
            "lived here",
        ],
    },
    CourtWarning {
        code: "parents_membership",
        why: [
            "Die Mitgliedschaft der Eltern in Verein, Kirche oder Förderkreis sagt nichts über den Bedarf des Kindes.",
            "The parents' membership of an association, a church or a circle of supporters says nothing about the child's need.",
        ],
        source: NEAR,
        words: &["mitglied", "förderverein", "membership", "member"],
    },
];

impl CourtWarning {
    fn concerns(&self, code: &str, titles: [&str; 2]) -> bool {
        let [de, en] = titles.map(str::to_lowercase);
        let begins = |text: &str, word: &str| {
            text.match_indices(word).any(|(at, _)| {
                text[..at]
                    .chars()
                    .next_back()
                    .is_none_or(|before| !before.is_alphabetic())
            })
        };
        self.words
            .iter()
            .any(|word| begins(code, word) || begins(&de, word) || begins(&en, word))
    }
}

/// What stands against a criterion, by its code and its German and English title.
pub fn warnings(criterion: &CriterionUse, titles: [&str; 2]) -> Vec<&'static CourtWarning> {
    if !criterion.source.is_asked() {
        return Vec::new();
    }
    ALL.iter().filter(|w| w.concerns(&criterion.code, titles)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demands::criteria::model::{CATALOGUE, Source};

    fn codes(code: &str, de: &str, en: &str) -> Vec<&'static str> {
        let criterion = CriterionUse {
            code: code.into(),
            source: Source::Asked,
        };
        warnings(&criterion, [de, en]).iter().map(|w| w.code).collect()
    }

    #[test]
    fn what_courts_held_void_is_known_by_code_or_title() {
        assert_eq!(codes("c1", "Kind einer Mitarbeiterin der Kita", ""), ["staff_child"]);
        assert_eq!(codes("c1", "Ehrenamt in der Feuerwehr", ""), ["volunteering"]);
        assert_eq!(codes("c1", "Sonstige Gründe", ""), ["open_discretion"]);
        assert_eq!(codes("c1", "Wohndauer über fünf Jahre", ""), ["residence_duration"]);
        assert_eq!(codes("c1", "Mitglied im Förderverein", ""), ["parents_membership"]);
        assert_eq!(codes("staff_child", "Frei gewählt", "Chosen freely"), ["staff_child"]);
    }

    #[test]
    fn no_criterion_of_the_catalogue_is_warned_of() {
        for entry in CATALOGUE {
            let c = entry.criterion(0);
            assert_eq!(codes(&c.code, &c.title_de, &c.title_en), [""; 0], "{}", c.code);
        }
    }
}
