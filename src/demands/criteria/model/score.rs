//! What a set makes of a family's facts: rank, points and tie-breaks, with a line for every rule. Pure: any set can be run over the same facts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::question::Source;
use super::rules::{Points, ReserveType, Rule, RuleSet, TieBreak};
use crate::platform::clock::berlin_date;

/// What is known of the evidence for a fact. The document itself is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum EvidenceState {
    /// The family says so.
    Claimed,
    /// It was seen.
    Seen,
    /// What was shown does not suffice.
    Rejected,
}

/// What a family answered to a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// Whether it is claimed.
    pub claimed: bool,
    /// The number, where one is asked.
    pub number: Option<i32>,
    /// What is known of the evidence.
    pub evidence: EvidenceState,
    /// Last day on which the evidence holds.
    pub valid_until: Option<NaiveDate>,
}

/// The days that a score looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Whether evidence is late is judged today.
    pub today: NaiveDate,
    /// The day that counts: the key date that lies ahead, else today. Evidence must hold on it.
    pub counts_on: NaiveDate,
}

/// What is known of a demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Answers by the code of their criterion.
    pub answers: BTreeMap<String, Fact>,
    /// Date of birth, or the expected one.
    pub birth: Option<NaiveDate>,
    /// When the demand was sent.
    pub submitted_at: Option<DateTime<Utc>>,
    /// The days.
    pub moment: Moment,
}

/// What the data tell of a child at one facility.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Derived {
    /// What holds.
    pub holds: BTreeSet<Source>,
    /// Whole years at the wished start.
    pub age_years: Option<i32>,
}

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ScoreOutcome)]
pub enum Outcome {
    /// It counts.
    Counted,
    /// It is not claimed, or the data say otherwise.
    DoesNotHold,
    /// The evidence does not suffice.
    Rejected,
    /// The evidence was due and nobody has seen it.
    EvidenceMissing,
    /// The evidence no longer holds on the day that counts.
    EvidenceExpired,
    /// An alternative counts more.
    BetterAlternative,
}

impl Outcome {
    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::DoesNotHold => "does_not_hold",
            Self::Rejected => "rejected",
            Self::EvidenceMissing => "evidence_missing",
            Self::EvidenceExpired => "evidence_expired",
            Self::BetterAlternative => "better_alternative",
        }
    }
}

/// One rule with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Code of the criterion.
    pub code: String,
    /// What became of it.
    pub outcome: Outcome,
    /// What it gives; 0 unless counted.
    pub points: i32,
    /// The rank it gives; 0 unless counted.
    pub rank: i32,
    /// The number that was said, where one is asked.
    pub number: Option<i32>,
    /// State of the evidence, where evidence is needed and the criterion is claimed.
    pub evidence: Option<EvidenceState>,
    /// The last day on which the family's word alone counts, while nothing was seen.
    pub evidence_due: Option<NaiveDate>,
}

/// What a set makes of a child at a facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// The highest rank of the rules that count. It decides before points.
    pub rank: i32,
    /// The sum of the points that count.
    pub points: i32,
    /// One number a tie-break; larger goes first.
    pub ties: Vec<i64>,
    /// Kept seats that the child may take.
    pub reserves: Vec<ReserveType>,
    /// A line for every rule of the set, in its order.
    pub lines: Vec<Line>,
}

impl Score {
    /// The order of children as numbers that are compared from left to right; larger goes first. Equally long for one set.
    pub fn priority(&self) -> Vec<i64> {
        [i64::from(self.rank), i64::from(self.points)]
            .into_iter()
            .chain(self.ties.iter().copied())
            .collect()
    }
}

/// Runs a set over the facts of a demand and what the data tell at one facility.
pub fn score(set: &RuleSet, facts: &Facts, derived: &Derived) -> Score {
    let mut lines: Vec<Line> = set.rules.iter().map(|rule| line(rule, facts, derived)).collect();
    keep_best(&set.rules, &mut lines);
    let mut reserves: Vec<ReserveType> = set
        .rules
        .iter()
        .zip(&lines)
        .filter(|(_, line)| matches!(line.outcome, Outcome::Counted | Outcome::BetterAlternative))
        .filter_map(|(rule, _)| rule.reserve.map(|r| r.kind))
        .collect();
    reserves.sort_unstable();
    reserves.dedup();
    Score {
        rank: lines.iter().map(|l| l.rank).max().unwrap_or(0),
        points: lines.iter().fold(0, |sum, l| sum.saturating_add(l.points)),
        ties: set.tie_breaks.iter().filter_map(|tie| tie_value(*tie, facts)).collect(),
        reserves,
        lines,
    }
}

/// The tie-break of who has no date yet: last, and its negative is a number, too.
const UNKNOWN: i64 = -i64::MAX;

/// Days and seconds are counted from fixed instants, so that scores of two days compare.
fn tie_value(tie: TieBreak, facts: &Facts) -> Option<i64> {
    let born = facts.birth.map(|day| i64::from(day.num_days_from_ce()));
    match tie {
        TieBreak::AgeOlder => Some(born.map_or(UNKNOWN, |day| -day)),
        TieBreak::AgeYounger => Some(born.unwrap_or(UNKNOWN)),
        TieBreak::RegisteredEarlier => Some(facts.submitted_at.map_or(UNKNOWN, |at| -at.timestamp())),
        TieBreak::Lottery => None,
    }
}

fn line(rule: &Rule, facts: &Facts, derived: &Derived) -> Line {
    let fact = facts.answers.get(&rule.criterion.code).filter(|f| f.claimed);
    let number = number(rule, fact, derived);
    let worth = match number {
        Some(n) => worth(&rule.points, n),
        None => 0,
    };
    let due = rule.evidence.due_on(facts.submitted_at.map(berlin_date));
    let is_asked = rule.criterion.source.is_asked();
    let needed = is_asked && rule.evidence.is_needed() && fact.is_some();
    let unseen = needed && fact.is_some_and(|f| f.evidence == EvidenceState::Claimed);
    let holds = number.is_some_and(|n| reaches(&rule.points, n));
    let outcome = match fact {
        _ if !holds => Outcome::DoesNotHold,
        Some(f) if f.evidence == EvidenceState::Rejected => Outcome::Rejected,
        Some(_) if unseen && due.is_some_and(|due| due < facts.moment.today) => Outcome::EvidenceMissing,
        Some(f) if needed && f.valid_until.is_some_and(|until| until < facts.moment.counts_on) => {
            Outcome::EvidenceExpired
        }
        _ => Outcome::Counted,
    };
    let counts = outcome == Outcome::Counted;
    Line {
        code: rule.criterion.code.clone(),
        outcome,
        points: if counts { worth } else { 0 },
        rank: if counts { rule.rank } else { 0 },
        number: number.filter(|_| rule.criterion.source.is_number()),
        evidence: fact
            .filter(|f| needed || f.evidence == EvidenceState::Rejected)
            .map(|f| f.evidence),
        evidence_due: due.filter(|_| unseen),
    }
}

/// How much of a criterion there is: 1 for a yes, the number where one is said; `None`: it does not hold.
fn number(rule: &Rule, fact: Option<&Fact>, derived: &Derived) -> Option<i32> {
    match rule.criterion.source {
        Source::Asked => fact.map(|_| 1),
        Source::AskedNumber => fact.and_then(|f| f.number),
        Source::AgeYears => derived.age_years,
        source => {
            // A clerk can say that what the data tell is wrong; then a fact with rejected evidence stands against it.
            derived.holds.contains(&source).then_some(1)
        }
    }
}

fn reaches(points: &Points, number: i32) -> bool {
    match points {
        Points::Flat { .. } | Points::PerUnit { .. } => number > 0,
        Points::Steps { steps } => steps.iter().any(|step| step.at_least <= number),
    }
}

fn worth(points: &Points, number: i32) -> i32 {
    match points {
        Points::Flat { points } => *points,
        Points::PerUnit { points, most } => {
            let sum = points.saturating_mul(number.max(0));
            most.map_or(sum, |most| sum.min(most))
        }
        Points::Steps { steps } => steps
            .iter()
            .filter(|step| step.at_least <= number)
            .max_by_key(|step| step.at_least)
            .map_or(0, |step| step.points),
    }
}

/// Of alternatives only the one with the most points counts; among equal ones the first by code, so that the order of rules changes
/// nothing. Ranks are no part of it: else a further claim could lower the points under an equal rank, and more must never hurt.
fn keep_best(rules: &[Rule], lines: &mut [Line]) {
    let mut best: BTreeMap<&str, usize> = BTreeMap::new();
    for (n, rule) in rules.iter().enumerate() {
        let Some(name) = rule.best_of.as_deref() else { continue };
        if lines[n].outcome != Outcome::Counted {
            continue;
        }
        let key = |line: &Line| (line.points, std::cmp::Reverse(line.code.clone()));
        let Some(before) = best.insert(name, n) else { continue };
        let (keep, lower) = if key(&lines[before]) >= key(&lines[n]) {
            (before, n)
        } else {
            (n, before)
        };
        best.insert(name, keep);
        lines[lower].outcome = Outcome::BetterAlternative;
        lines[lower].points = 0;
    }
}

#[cfg(test)]
#[path = "score_tests.rs"]
mod tests;
