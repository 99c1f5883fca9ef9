//! Ten made-up families, always the same, on whom a set can be tried before it counts.

use chrono::{DateTime, Days, Months, NaiveDate, Utc};

use super::catalogue::catalogue_entry;
use super::question::Source;
use super::rules::RuleSet;
use super::score::{Derived, EvidenceState, Fact, Facts, Moment, Score, score};
use crate::platform::clock::start_of_day;

/// A made-up family.
#[derive(Debug, Clone, Copy)]
pub struct SampleFamily {
    /// `A` to `J`.
    pub letter: char,
    /// How it lives, German and English.
    pub text: [&'static str; 2],
    yes: &'static [&'static str],
    numbers: &'static [(&'static str, i32)],
    data: &'static [Source],
    age_months: u32,
    sent_days_ago: u64,
}

const RESIDENT: Source = Source::MainResidence;

const ALL: [SampleFamily; 10] = [
    SampleFamily {
        letter: 'A',
        text: [
            "Allein erziehend, arbeitet 38 Stunden, ein Kind von zwei Jahren",
            "Lone parent, works 38 hours, one child of two years",
        ],
        yes: &["lone_parent", "lone_parent_working", "first_guardian_works"],
        numbers: &[("working_hours", 38), ("working_parents", 1), ("children_under_13", 1)],
        data: &[RESIDENT, Source::NoPlaceYet],
        age_months: 25,
        sent_days_ago: 80,
    },
    SampleFamily {
        letter: 'B',
        text: [
            "Beide Eltern arbeiten, 20 und 39 Stunden, Geschwister in der Wunsch-Kita",
            "Both parents work, 20 and 39 hours, a sibling at the wished facility",
        ],
        yes: &["both_work", "first_guardian_works", "second_guardian_works"],
        numbers: &[("working_hours", 20), ("working_parents", 2), ("children_under_13", 2)],
        data: &[RESIDENT, Source::NoPlaceYet, Source::SiblingThere],
        age_months: 20,
        sent_days_ago: 100,
    },
    SampleFamily {
        letter: 'C',
        text: [
            "Beide Eltern arbeiten 39 Stunden, ein Kind von einem Jahr",
            "Both parents work 39 hours, one child of one year",
        ],
        yes: &["both_work", "first_guardian_works", "second_guardian_works"],
        numbers: &[("working_hours", 39), ("working_parents", 2), ("children_under_13", 1)],
        data: &[RESIDENT, Source::NoPlaceYet],
        age_months: 14,
        sent_days_ago: 140,
    },
    SampleFamily {
        letter: 'D',
        text: [
            "Einer von zwei Eltern arbeitet, der andere sucht Arbeit, drei Kinder",
            "One of two parents works, the other looks for work, three children",
        ],
        yes: &["one_of_two_works", "first_guardian_works"],
        numbers: &[("working_parents", 1), ("seeking_parents", 1), ("children_under_13", 3)],
        data: &[RESIDENT, Source::NoPlaceYet, Source::SiblingEarlier, Source::Age3Or4],
        age_months: 40,
        sent_days_ago: 60,
    },
    SampleFamily {
        letter: 'E',
        text: [
            "Allein erziehend, sucht Arbeit, Kind von drei Jahren",
            "Lone parent, looks for work, child of three years",
        ],
        yes: &["lone_parent", "lone_parent_seeking"],
        numbers: &[("seeking_parents", 1), ("children_under_13", 1)],
        data: &[RESIDENT, Source::NoPlaceYet, Source::Age3Or4],
        age_months: 38,
        sent_days_ago: 30,
    },
    SampleFamily {
        letter: 'F',
        text: [
            "Vorschulkind von fünf Jahren ohne Platz, neu zugezogen, niemand arbeitet",
            "Child of five years before school without a place, newly arrived, nobody works",
        ],
        yes: &[],
        numbers: &[("children_under_13", 2)],
        data: &[
            RESIDENT,
            Source::NoPlaceYet,
            Source::SchoolEntrySoon,
            Source::PreschoolWithoutPlace,
            Source::Age5OrOlder,
        ],
        age_months: 66,
        sent_days_ago: 10,
    },
    SampleFamily {
        letter: 'G',
        text: [
            "Krippenkind hier, braucht den Anschluss im Kindergarten, beide Eltern arbeiten",
            "Nursery child here, needs the kindergarten after it, both parents work",
        ],
        yes: &["both_work", "first_guardian_works", "second_guardian_works"],
        numbers: &[("working_hours", 30), ("working_parents", 2), ("children_under_13", 1)],
        data: &[RESIDENT, Source::FollowUp, Source::WasHere, Source::Age3Or4],
        age_months: 37,
        sent_days_ago: 120,
    },
    SampleFamily {
        letter: 'H',
        text: [
            "Das Jugendamt hält den Platz zum Schutz des Kindes für nötig; Hilfe zur Erziehung",
            "The youth office needs the place to protect the child; help with parenting",
        ],
        yes: &["protected_case", "parenting_help", "hardship"],
        numbers: &[("children_under_13", 2)],
        data: &[RESIDENT, Source::NoPlaceYet],
        age_months: 28,
        sent_days_ago: 15,
    },
    SampleFamily {
        letter: 'I',
        text: [
            "Kind mit Behinderung, ein Elternteil studiert, der andere arbeitet 25 Stunden",
            "Child with a disability, one parent studies, the other works 25 hours",
        ],
        yes: &[
            "both_work",
            "inclusion",
            "first_guardian_works",
            "second_guardian_works",
        ],
        numbers: &[
            ("working_hours", 25),
            ("working_parents", 1),
            ("studying_parents", 1),
            ("children_under_13", 1),
        ],
        data: &[RESIDENT, Source::NoPlaceYet],
        age_months: 30,
        sent_days_ago: 90,
    },
    SampleFamily {
        letter: 'J',
        text: [
            "Wohnt in der Nachbargemeinde, beide Eltern arbeiten, Geschwister war früher dort",
            "Lives in the next municipality, both parents work, a sibling was there earlier",
        ],
        yes: &["both_work", "first_guardian_works", "second_guardian_works"],
        numbers: &[("working_hours", 35), ("working_parents", 2), ("children_under_13", 2)],
        data: &[Source::NoPlaceYet, Source::SiblingEarlier],
        age_months: 26,
        sent_days_ago: 130,
    },
];

/// The ten families with what a set makes of each, the highest first. Equal ones stand in the order of their letters: the lottery
/// would decide.
pub fn sample_families(set: &RuleSet, today: NaiveDate) -> Vec<(SampleFamily, Score)> {
    let mut all: Vec<(SampleFamily, Score)> = (0_usize..)
        .zip(ALL)
        .map(|(n, family)| (family, score(set, &family.facts(n, set, today), &family.derived())))
        .collect();
    all.sort_by_key(|(family, score)| (std::cmp::Reverse(score.priority()), family.letter));
    all
}

impl SampleFamily {
    fn facts(&self, place: usize, set: &RuleSet, today: NaiveDate) -> Facts {
        let fact = |number| Fact {
            claimed: true,
            number,
            evidence: EvidenceState::Seen,
            valid_until: None,
        };
        let mut answers = std::collections::BTreeMap::new();
        answers.extend(self.yes.iter().map(|code| ((*code).to_owned(), fact(None))));
        answers.extend(
            self.numbers
                .iter()
                .map(|(code, n)| ((*code).to_owned(), fact(Some(*n)))),
        );
        // A municipality's own criterion nobody foresaw: every third family answers it, by turns, so that it shows in the list.
        let own = set
            .rules
            .iter()
            .filter(|r| catalogue_entry(&r.criterion.code).is_none());
        for (n, rule) in own.enumerate() {
            if (n + place).is_multiple_of(3) {
                let number = i32::try_from(place).ok().filter(|_| rule.criterion.source.is_number());
                answers.insert(rule.criterion.code.clone(), fact(number));
            }
        }
        Facts {
            answers,
            birth: today.checked_sub_months(Months::new(self.age_months)),
            submitted_at: self.sent(today),
            moment: Moment {
                today,
                counts_on: today,
            },
        }
    }

    fn sent(&self, today: NaiveDate) -> Option<DateTime<Utc>> {
        today.checked_sub_days(Days::new(self.sent_days_ago)).map(start_of_day)
    }

    fn derived(&self) -> Derived {
        Derived {
            holds: self.data.iter().copied().collect(),
            age_years: i32::try_from(self.age_months / 12).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demands::criteria::model::{CriterionUse, Evidence, Points, Rule, TEMPLATES, TieBreak, template};

    fn day() -> NaiveDate {
        "2027-02-01".parse().unwrap()
    }

    fn order(set: &RuleSet) -> String {
        sample_families(set, day()).iter().map(|(f, _)| f.letter).collect()
    }

    #[test]
    fn the_order_of_wuppertal_is_that_of_a_person_with_a_pencil() {
        // F: school soon, first of all. B: 4 + 3. A: 5. C, J, G, I: 4, sent 140, 130, 120, 90 days ago. D 60, E 30, H 15: nothing.
        assert_eq!(order(&template("wuppertal").unwrap().rule_set()), "FBACJGIDEH");
    }

    #[test]
    fn every_template_tells_the_families_apart() {
        for template in TEMPLATES {
            let all = sample_families(&template.rule_set(), day());
            let different: std::collections::BTreeSet<_> = all.iter().map(|(_, s)| (s.rank, s.points)).collect();
            assert!(all.len() == 10 && different.len() >= 4, "{}", template.code);
        }
    }

    #[test]
    fn an_own_criterion_shows_in_the_list() {
        let own = RuleSet {
            rules: vec![Rule {
                criterion: CriterionUse {
                    code: "night_shift".into(),
                    source: Source::Asked,
                },
                points: Points::Flat { points: 7 },
                rank: 0,
                best_of: None,
                evidence: Evidence::None,
                reserve: None,
            }],
            tie_breaks: vec![TieBreak::Lottery],
        };
        assert_eq!(order(&own), "ADGJBCEFHI");
    }
}
