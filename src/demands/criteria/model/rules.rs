//! A set of criteria: what counts how much, what goes first, how ties are broken, and what such a set may look like.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::question::Source;
use crate::platform::fields::{Fields, Invalid};

/// Most rules of a set; more nobody can explain.
const MOST_RULES: usize = 40;
/// An engine compares eight numbers: rank, points, and so many tie-breaks. The lottery is its own.
const MOST_TIE_BREAKS: usize = 6;

/// Where a set stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum SetState {
    /// Being written; counts nowhere.
    Draft,
    /// Fixed, with the day from which it holds.
    Published,
    /// Taken back before it held.
    Withdrawn,
}

/// Where a set stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetPhase {
    /// Being written.
    Draft,
    /// Published, and still to come.
    Coming,
    /// Points are counted by it.
    InForce,
    /// A later one of the same owner holds.
    Superseded,
    /// Taken back before it held.
    Withdrawn,
}

/// From so many units on it counts so much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// From this number on.
    pub at_least: i32,
    /// So many points, instead of those of the step below.
    pub points: i32,
}

/// How many points a criterion gives where it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Points {
    /// Always the same.
    Flat {
        /// So many.
        points: i32,
    },
    /// So many for each unit of the number, with a maximum.
    PerUnit {
        /// For each unit.
        points: i32,
        /// Never more than this in all; `null`: no maximum.
        most: Option<i32>,
    },
    /// By thresholds: the highest that is reached counts.
    Steps {
        /// Thresholds in rising order.
        #[schema(max_items = 20)]
        steps: Vec<Step>,
    },
}

/// What a family must show, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Evidence {
    /// Nothing.
    None,
    /// Evidence, at the contract at the latest; until then the family's word counts.
    AtContract,
    /// Evidence within so many days after the demand was sent; after that it counts only once it was seen.
    WithinDays {
        /// Days after sending.
        days: i32,
    },
    /// Evidence by a day; after that it counts only once it was seen.
    ByDate {
        /// The last day.
        date: NaiveDate,
    },
}

impl Evidence {
    /// The last day on which the family's word alone counts; `None`: it always does.
    pub fn due_on(self, submitted_on: Option<NaiveDate>) -> Option<NaiveDate> {
        match self {
            Self::None | Self::AtContract => None,
            Self::WithinDays { days } => {
                submitted_on?.checked_add_days(chrono::Days::new(u64::from(days.unsigned_abs())))
            }
            Self::ByDate { date } => Some(date),
        }
    }

    /// Whether something must be shown.
    pub fn is_needed(self) -> bool {
        self != Self::None
    }
}

/// For whom seats are kept free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReserveType {
    /// Social emergencies.
    Hardship,
    /// Children with special needs.
    Integration,
    /// Children of a company's staff.
    Company,
}

impl ReserveType {
    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hardship => "hardship",
            Self::Integration => "integration",
            Self::Company => "company",
        }
    }
}

/// Per what seats are kept free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeatsPer {
    /// In each group.
    Group,
    /// In each facility.
    Facility,
}

/// Seats kept for children for whom a criterion holds; what they do not take is open to all in the same run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// For whom.
    #[serde(rename = "type")]
    pub kind: ReserveType,
    /// How many.
    pub seats: i32,
    /// Per what.
    pub per: SeatsPer,
}

/// What decides among children of equal rank and points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum TieBreak {
    /// The older child, by days.
    AgeOlder,
    /// The younger child, by days.
    AgeYounger,
    /// The demand that was sent earlier.
    RegisteredEarlier,
    /// The family's lottery number. Always last, whether named or not.
    Lottery,
}

/// A criterion as a rule uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionUse {
    /// Its stable name; facts are found by it.
    pub code: String,
    /// Who answers it.
    pub source: Source,
}

/// What one criterion means in a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which criterion.
    pub criterion: CriterionUse,
    /// How many points.
    pub points: Points,
    /// Goes before all points: the highest rank of a child decides first. 0: none.
    pub rank: i32,
    /// Rules of the same name are alternatives: only the best of them counts.
    pub best_of: Option<String>,
    /// What must be shown, and until when.
    pub evidence: Evidence,
    /// Seats that are kept for it.
    pub reserve: Option<Reserve>,
}

/// What a set says, without its name and dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSet {
    /// In the order in which they are shown.
    pub rules: Vec<Rule>,
    /// In the order in which they decide.
    pub tie_breaks: Vec<TieBreak>,
}

impl RuleSet {
    /// The tie-breaks with the lottery at their end, where it always is.
    pub fn normalised(mut self) -> Self {
        self.tie_breaks.retain(|t| *t != TieBreak::Lottery);
        self.tie_breaks.push(TieBreak::Lottery);
        self
    }

    /// Everything that cannot be right, with its place in the body.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut fields = Fields::new();
        fields.check(self.rules.len() <= MOST_RULES, "/rules", "too_many");
        let mut seen = BTreeSet::new();
        for (n, rule) in self.rules.iter().enumerate() {
            let at = format!("/rules/{n}");
            fields.check(
                seen.insert(rule.criterion.code.as_str()),
                &format!("{at}/criterion_id"),
                "duplicate",
            );
            rule.check(&mut fields, &at);
        }
        let mut named = BTreeSet::new();
        for (n, tie) in self.tie_breaks.iter().enumerate() {
            let at = format!("/tie_breaks/{n}");
            fields.check(named.insert(*tie), &at, "duplicate");
            let last = n + 1 == self.tie_breaks.len();
            fields.check(*tie != TieBreak::Lottery || last, &at, "not_last");
        }
        let contradicts = named.contains(&TieBreak::AgeOlder) && named.contains(&TieBreak::AgeYounger);
        fields.check(!contradicts, "/tie_breaks", "contradiction");
        fields.check(self.tie_breaks.len() <= MOST_TIE_BREAKS, "/tie_breaks", "too_many");
        fields.finish()
    }
}

impl Rule {
    fn check(&self, fields: &mut Fields, at: &str) {
        let fits = |n: i32| (-1000..=1000).contains(&n);
        let number = self.criterion.source.is_number();
        match &self.points {
            Points::Flat { points } => {
                fields.check(fits(*points), &format!("{at}/points/points"), "out_of_range");
            }
            Points::PerUnit { points, most } => {
                fields.check(number, &format!("{at}/points/kind"), "needs_number");
                let low_to_high = |n: i32| (0..=1000).contains(&n);
                fields.check(low_to_high(*points), &format!("{at}/points/points"), "out_of_range");
                fields.check(
                    most.is_none_or(low_to_high),
                    &format!("{at}/points/most"),
                    "out_of_range",
                );
            }
            Points::Steps { steps } => {
                fields.check(number, &format!("{at}/points/kind"), "needs_number");
                fields.check(!steps.is_empty(), &format!("{at}/points/steps"), "required");
                fields.check(steps.len() <= 20, &format!("{at}/points/steps"), "too_many");
                let rising = steps.windows(2).all(|w| w[0].at_least < w[1].at_least);
                fields.check(rising, &format!("{at}/points/steps"), "not_rising");
                let all_fit = steps.iter().all(|s| fits(s.points) && (0..=1000).contains(&s.at_least));
                fields.check(all_fit, &format!("{at}/points/steps"), "out_of_range");
            }
        }
        fields.check((0..=9).contains(&self.rank), &format!("{at}/rank"), "out_of_range");
        if let Some(name) = &self.best_of {
            fields.text(name, &format!("{at}/best_of"), 60);
            // Alternatives are about points; a rank that an alternative takes away nobody could explain.
            fields.check(self.rank == 0, &format!("{at}/best_of"), "contradiction");
        }
        let shown = self.criterion.source.is_asked() || !self.evidence.is_needed();
        fields.check(shown, &format!("{at}/evidence/kind"), "not_asked");
        if let Evidence::WithinDays { days } = self.evidence {
            fields.check(
                (0..=365).contains(&days),
                &format!("{at}/evidence/days"),
                "out_of_range",
            );
        }
        if let Some(reserve) = self.reserve {
            let seats = &format!("{at}/reserve/seats");
            fields.check((1..=50).contains(&reserve.seats), seats, "out_of_range");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(code: &str, source: Source, points: Points) -> Rule {
        Rule {
            criterion: CriterionUse {
                code: code.into(),
                source,
            },
            points,
            rank: 0,
            best_of: None,
            evidence: Evidence::None,
            reserve: None,
        }
    }

    fn faults(set: &RuleSet) -> Vec<(String, String)> {
        let Err(Invalid(faults)) = set.check() else {
            return vec![];
        };
        faults.into_iter().map(|f| (f.pointer, f.code)).collect()
    }

    #[test]
    fn every_fault_of_a_set_is_named_with_its_place() {
        let step = |at_least, points| Step { at_least, points };
        let set = RuleSet {
            rules: vec![
                rule("a", Source::Asked, Points::Flat { points: 1001 }),
                rule("a", Source::Asked, Points::PerUnit { points: 1, most: None }),
                Rule {
                    rank: 10,
                    ..rule(
                        "b",
                        Source::AskedNumber,
                        Points::Steps {
                            steps: vec![step(35, 15), step(19, 10)],
                        },
                    )
                },
            ],
            tie_breaks: vec![TieBreak::Lottery, TieBreak::AgeOlder, TieBreak::AgeYounger],
        };
        let wanted = [
            ("/rules/0/points/points", "out_of_range"),
            ("/rules/1/criterion_id", "duplicate"),
            ("/rules/1/points/kind", "needs_number"),
            ("/rules/2/points/steps", "not_rising"),
            ("/rules/2/rank", "out_of_range"),
            ("/tie_breaks/0", "not_last"),
            ("/tie_breaks", "contradiction"),
        ];
        assert_eq!(faults(&set), wanted.map(|(p, c)| (p.to_owned(), c.to_owned())));
    }

    #[test]
    fn the_lottery_is_always_last() {
        let set = RuleSet {
            rules: vec![],
            tie_breaks: vec![TieBreak::AgeOlder],
        };
        assert_eq!(set.normalised().tie_breaks, [TieBreak::AgeOlder, TieBreak::Lottery]);
    }
}
