//! Six sets of criteria that municipalities use, to begin with. A council decides its own; none is taken over unasked.

use super::catalogue::catalogue_entry;
use super::rules::{CriterionUse, Evidence, Points, Reserve, ReserveType, Rule, RuleSet, SeatsPer, Step, TieBreak};

/// A set to begin with.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// Its stable name.
    pub code: &'static str,
    /// Where it is from, German and English.
    pub name: [&'static str; 2],
    /// What it does, and what its source leaves open, German and English.
    pub note: [&'static str; 2],
    rules: &'static [Given],
    tie_breaks: &'static [TieBreak],
}

/// How many points, in a table that the compiler checks.
#[derive(Debug, Clone, Copy)]
enum Worth {
    Flat(i32),
    Each(i32, Option<i32>),
    From(&'static [(i32, i32)]),
}

#[derive(Debug, Clone, Copy)]
struct Given {
    code: &'static str,
    worth: Worth,
    rank: i32,
    best_of: Option<&'static str>,
    reserve: Option<Reserve>,
}

const fn given(code: &'static str, worth: Worth) -> Given {
    Given {
        code,
        worth,
        rank: 0,
        best_of: None,
        reserve: None,
    }
}

const fn flat(code: &'static str, points: i32) -> Given {
    given(code, Worth::Flat(points))
}

const fn best_of(name: &'static str, given: Given) -> Given {
    Given {
        best_of: Some(name),
        ..given
    }
}

const fn first(rank: i32, code: &'static str) -> Given {
    Given { rank, ..flat(code, 0) }
}

const ONE_A_GROUP: Reserve = Reserve {
    kind: ReserveType::Hardship,
    seats: 1,
    per: SeatsPer::Group,
};

/// All templates, in the order in which they are shown.
pub const TEMPLATES: &[Template] = &[
    Template {
        code: "wuppertal",
        name: ["Wuppertal", "Wuppertal"],
        note: [
            "Zuerst Kinder, die innerhalb eines Jahres in die Schule kommen; dann Punkte; bei Gleichstand die frühere Anmeldung.",
            "Children who start school within a year first; then points; the earlier registration among equals.",
        ],
        rules: &[
            first(1, "school_entry_soon"),
            best_of("A", flat("lone_parent_working", 5)),
            best_of("A", flat("both_work", 4)),
            flat("sibling", 3),
        ],
        tie_breaks: &[TieBreak::RegisteredEarlier],
    },
    Template {
        code: "ostfildern",
        name: ["Ostfildern", "Ostfildern"],
        note: [
            "Allein erziehend: 10, arbeitend 20, Arbeit suchend 15, davon zählt das Höchste. Arbeitsstunden zählen zusätzlich: ab 19 Stunden 10, ab 35 Stunden 15. \
             Der Gleichstand ist in der Vorlage nicht geregelt; wir setzen das ältere Kind ein.",
            "Lone parents: 10, working 20, looking for work 15, the highest counts. Hours of work count in addition: 10 from 19 hours on, 15 from 35 hours on. \
             The model does not say what breaks ties; we put in the older child.",
        ],
        rules: &[
            best_of("A", flat("lone_parent", 10)),
            best_of("A", flat("lone_parent_working", 20)),
            best_of("A", flat("lone_parent_seeking", 15)),
            best_of("A", flat("both_work", 10)),
            given("working_hours", Worth::From(&[(19, 10), (35, 15)])),
            flat("protected_case", 100),
            flat("parenting_help", 100),
            flat("hardship", 50),
            flat("follow_up", 220),
            flat("preschool_without_place", 150),
        ],
        tie_breaks: &[TieBreak::AgeOlder],
    },
    Template {
        code: "empfingen",
        name: ["Empfingen", "Empfingen"],
        note: [
            "Hauptwohnsitz, allein erziehend, Geschwister; jeder arbeitende, suchende oder lernende Elternteil zählt für sich. \
             Der Gleichstand ist in der Vorlage nicht geregelt; wir setzen das ältere Kind ein.",
            "Main residence, lone parents, siblings; every parent who works, looks for work or studies counts by itself. \
             The model does not say what breaks ties; we put in the older child.",
        ],
        rules: &[
            flat("main_residence", 30),
            flat("lone_parent", 15),
            flat("sibling", 8),
            given("working_parents", Worth::Each(10, Some(20))),
            given("seeking_parents", Worth::Each(5, Some(10))),
            given("studying_parents", Worth::Each(10, Some(20))),
        ],
        tie_breaks: &[TieBreak::AgeOlder],
    },
    Template {
        code: "konstanz_u3",
        name: ["Konstanz (unter drei)", "Konstanz (under three)"],
        note: [
            "Arbeit der Eltern und Zahl der Kinder unter 13. Wie viel ein Kind zählt, setzen wir mit 1 ein; ebenso das ältere Kind bei Gleichstand.",
            "Parents' work and the number of children under 13. We put in 1 point a child, and the older child among equals.",
        ],
        rules: &[
            best_of("A", flat("both_work", 5)),
            best_of("A", flat("lone_parent_working", 7)),
            best_of("A", flat("one_of_two_works", 0)),
            given("children_under_13", Worth::Each(1, None)),
        ],
        tie_breaks: &[TieBreak::AgeOlder],
    },
    Template {
        code: "muenchen",
        name: ["München", "Munich"],
        note: [
            "Ränge gehen vor: Kinder, die zurückkehren, dann ab fünf Jahren, dann drei und vier Jahre. Innerhalb eines Rangs Stufen der Dringlichkeit. \
             Ein Platz in jeder Gruppe für soziale Notlagen. Die Stufen setzen wir als Beispiel ein.",
            "Ranks go first: returning children, then five years and older, then three and four. Levels of urgency inside a rank. \
             One place in every group for social emergencies. The levels are our example.",
        ],
        rules: &[
            first(3, "returning"),
            first(2, "age_5_or_older"),
            first(1, "age_3_or_4"),
            best_of("A", flat("lone_parent_working", 3)),
            best_of("A", flat("both_work", 2)),
            best_of("A", flat("one_of_two_works", 1)),
            Given {
                reserve: Some(ONE_A_GROUP),
                ..flat("hardship", 0)
            },
        ],
        tie_breaks: &[TieBreak::AgeOlder],
    },
    Template {
        code: "kitamatch",
        name: ["KitaMatch-Pilot", "KitaMatch pilot"],
        note: [
            "Überall gleich: Sorge, Arbeit beider Eltern, Inklusion, besondere Lage; die Punkte dafür sind ein Beispiel. \
             Nur in der Kita: Geschwister zur selben Zeit 10, früher 5. Bei Gleichstand das ältere Kind.",
            "Everywhere the same: custody, work of both parents, inclusion, special situation; the points for these are an example. \
             At the facility only: sibling at the same time 10, earlier 5. The older child among equals.",
        ],
        rules: &[
            flat("lone_parent", 10),
            flat("first_guardian_works", 10),
            flat("second_guardian_works", 10),
            flat("inclusion", 15),
            flat("hardship", 15),
            best_of("A", flat("sibling", 10)),
            best_of("A", flat("sibling_earlier", 5)),
        ],
        tie_breaks: &[TieBreak::AgeOlder],
    },
];

/// The template of this name.
pub fn template(code: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|t| t.code == code)
}

impl Template {
    /// What it says, with the criteria as the catalogue has them.
    pub fn rule_set(&self) -> RuleSet {
        let rules = self.rules.iter().filter_map(|given| {
            let source = catalogue_entry(given.code)?.source;
            Some(Rule {
                criterion: CriterionUse {
                    code: given.code.into(),
                    source,
                },
                points: given.points(),
                rank: given.rank,
                best_of: given.best_of.map(str::to_owned),
                evidence: if source.is_asked() {
                    Evidence::AtContract
                } else {
                    Evidence::None
                },
                reserve: given.reserve,
            })
        });
        RuleSet {
            rules: rules.collect(),
            tie_breaks: self.tie_breaks.to_vec(),
        }
        .normalised()
    }
}

impl Given {
    fn points(&self) -> Points {
        match self.worth {
            Worth::Flat(points) => Points::Flat { points },
            Worth::Each(points, most) => Points::PerUnit { points, most },
            Worth::From(steps) => Points::Steps {
                steps: steps
                    .iter()
                    .map(|(at_least, points)| Step {
                        at_least: *at_least,
                        points: *points,
                    })
                    .collect(),
            },
        }
    }
}

#[cfg(test)]
#[path = "templates_tests.rs"]
mod tests;
