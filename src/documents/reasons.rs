//! The letter that gives a family the reasons of a round.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::model::Letterhead;
use crate::platform::dates;

/// What a round decided about a child, and why. Nothing in it tells of another child.
#[derive(Debug, Clone)]
pub struct ReasonsLetter {
    /// Name and address, a line each; the name alone where the address is protected.
    pub address: Vec<String>,
    /// Reference code of the demand.
    pub reference_code: Option<String>,
    /// The child's name; `None` for an unborn child without one.
    pub child: Option<String>,
    /// Name of the round.
    pub round: String,
    /// Demands until the end of this day counted.
    pub key_date: NaiveDate,
    /// First day of care for the child.
    pub care_from: NaiveDate,
    /// Hours a week of the place, where groups are open for different times.
    pub hours: Option<i32>,
    /// The sets of criteria with their versions.
    pub criteria: Option<String>,
    /// When it was released.
    pub released_at: Option<DateTime<Utc>>,
    /// `offered`, `decided`, `not_sent`, `left` or `waiting`.
    pub outcome: &'static str,
    /// Whether a person decided against the proposal.
    pub deviation: bool,
    /// The wishes in the parents' order.
    pub wishes: Vec<ReasonsWish>,
    /// How the family's children were placed, where there are several in the round.
    pub siblings: Option<ReasonsSiblings>,
    /// What may still change, by name of the sentence.
    pub changes: Vec<&'static str>,
    /// The family's number in the draw.
    pub lottery: Option<ReasonsLottery>,
}

/// A wish with its reason.
#[derive(Debug, Clone)]
pub struct ReasonsWish {
    /// The parents' rank, from 1.
    pub rank: usize,
    /// Name of the facility.
    pub facility: String,
    /// Name of the sentence.
    pub why: &'static str,
    /// The published reason, where a person departed from the order of the criteria.
    pub provider_reason: Option<&'static str>,
    /// Own points in the order.
    pub own: Option<i64>,
    /// Points of the last child with an open place; `None` where that could tell of a single child.
    pub cutoff: Option<i64>,
    /// Place on the list of those who wait.
    pub waits: Option<u32>,
    /// Own points.
    pub points: i32,
    /// How they came about.
    pub lines: Vec<ReasonsLine>,
}

/// How the children of a family were placed.
#[derive(Debug, Clone)]
pub struct ReasonsSiblings {
    /// `required`, `preferred` or `independent`.
    pub rule: &'static str,
    /// When the parents said so; `None`: they did not, and what the round sets counted.
    pub said_on: Option<NaiveDate>,
    /// What followed for this family, by name of the sentence.
    pub follows: Vec<&'static str>,
}

/// What a criterion gave.
#[derive(Debug, Clone)]
pub struct ReasonsLine {
    /// Title in the reader's language.
    pub title: String,
    /// State of the evidence, or why it does not count.
    pub evidence: &'static str,
    /// Its points.
    pub points: i32,
}

/// A number in the draw, and what is needed to work it out again.
#[derive(Debug, Clone)]
pub struct ReasonsLottery {
    /// In hexadecimal.
    pub number: String,
    /// The family's random name.
    pub pseudonym: String,
    /// What was drawn.
    pub seed: String,
    /// The public draw.
    pub source: String,
    /// Its day.
    pub drawn_on: NaiveDate,
    /// What was published before it.
    pub commitment: Option<String>,
    /// Families in the draw.
    pub families: u64,
    /// Of them with a smaller number.
    pub smaller: u64,
}

impl ReasonsLetter {
    pub(super) fn values(&self, head: &Letterhead) -> Value {
        let label = head.say("Vorgangsnummer", "Reference code");
        json!({
            "address": self.address, "facts": head.facts(self.reference_code.as_deref().map(|code| (label, code))),
            "child": self.child.as_deref().unwrap_or(head.say("erwartetes Kind", "expected child")),
            "round": self.round, "key_date": head.date(self.key_date), "care_from": head.date(self.care_from),
            "hours": self.hours,
            "criteria": self.criteria, "released_at": self.released_at.map(|at| dates::moment(at, head.language)),
            "outcome": self.outcome, "deviation": self.deviation, "changes": self.changes,
            "siblings": self.siblings.as_ref().map(|s| json!({
                "rule": s.rule, "said_on": s.said_on.map(|day| head.date(day)), "follows": s.follows,
            })),
            "wishes": self.wishes.iter().map(ReasonsWish::values).collect::<Vec<_>>(),
            "lottery": self.lottery.as_ref().map(|l| l.values(head)),
            "contact": {"address": head.contact.address, "phone": head.contact.phone, "email": head.contact.email},
        })
    }
}

impl ReasonsWish {
    fn values(&self) -> Value {
        let lines = self.lines.iter().map(|l| json!([l.title, l.evidence, l.points]));
        json!({
            "rank": self.rank, "facility": self.facility, "why": self.why, "provider_reason": self.provider_reason, "own": self.own, "cutoff": self.cutoff, "waits": self.waits,
            "points": self.points, "lines": lines.collect::<Vec<_>>(),
        })
    }
}

impl ReasonsLottery {
    fn values(&self, head: &Letterhead) -> Value {
        json!({
            "number": self.number, "pseudonym": self.pseudonym, "seed": self.seed, "source": self.source,
            "drawn_on": head.date(self.drawn_on), "commitment": self.commitment, "families": self.families, "smaller": self.smaller,
            "command": self.command(),
        })
    }

    /// Works the number out again. What was typed in is quoted, so that the copied command does nothing else.
    fn command(&self) -> String {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
        format!(
            "printf %s {} | openssl dgst -sha256 -hmac {}",
            quoted(&self.pseudonym),
            quoted(&self.seed)
        )
    }
}
