//! The result file: who goes where, why not elsewhere, and the figures of the run.

use std::borrow::Cow;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::read::{Attempt, parse};
use super::{FileError, RESULT_FORMAT};

/// A file of format `kitaplatz-allocation-result/1`.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ResultFile {
    /// The format of this file.
    pub format: ResultFormat,
    /// Hash of the canonical form of the instance.
    pub instance_sha256: String,
    /// Name and version of the program that solved it.
    pub engine: String,
    /// One entry for each child, sorted by child.
    pub assignments: Vec<Assignment>,
    /// One entry for each child and wish, sorted by both.
    pub explanations: Vec<Explanation>,
    /// Families with joint wishes that no allocation served as they may claim, sorted by family.
    pub exceptions: Vec<Exception>,
    /// The figures of the run.
    pub metrics: Metrics,
}

/// The one format that there is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub enum ResultFormat {
    /// The first.
    #[serde(rename = "kitaplatz-allocation-result/1")]
    V1,
}

/// Where a child goes.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The child.
    #[serde(deserialize_with = "shared")]
    #[schemars(with = "String")]
    pub child: Arc<str>,
    /// Its pool, or null.
    #[serde(deserialize_with = "shared_or_null")]
    #[schemars(with = "Option<String>")]
    pub pool: Option<Arc<str>>,
    /// Which wish that is, from 1; for a family placed by a joint wish the place of that one. Null if the child has no place,
    /// or is fixed where it never wished to be.
    #[serde(deserialize_with = "Option::deserialize")]
    pub wish: Option<u32>,
}

/// Why one wish of one child was met or not.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(try_from = "ExplanationRow", into = "ExplanationRow")]
pub struct Explanation {
    /// The child.
    pub child: Arc<str>,
    /// The wish, from 1, counted as in the assignment.
    pub wish: u32,
    /// The reason.
    pub code: Code,
    /// What `FULL` and `RESERVED` add; in a box, for most explanations have none.
    pub detail: Option<Box<Detail>>,
}

/// What an explanation adds to `FULL` and `RESERVED`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Detail {
    /// Priority of the last child that got an open seat there, if any did; the rows of a pool share it.
    pub cutoff: Option<Arc<[i64]>>,
    /// The child's own priority there.
    pub own: Box<[i64]>,
    /// How many children would rather be there than where they are, and go before this one.
    pub ahead: u32,
}

/// Why one wish of one child was met or not.
#[derive(Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
struct ExplanationRow {
    /// The child.
    #[serde(deserialize_with = "shared")]
    #[schemars(with = "String")]
    child: Arc<str>,
    /// The wish, from 1, counted as in the assignment.
    wish: u32,
    /// The reason.
    code: Code,
    /// Priority of the last child that got an open seat there, or null if none did; only with `FULL` and `RESERVED`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "there_or_null")]
    #[schemars(with = "Option<Vec<i64>>")]
    cutoff: Option<Cutoff>,
    /// The child's own priority there; only with `FULL` and `RESERVED`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    own: Option<Box<[i64]>>,
    /// How many children would rather be there than where they are, and go before this one; only with `FULL` and `RESERVED`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ahead: Option<u32>,
}

/// A cut-off that is there, though it may be null.
#[derive(Deserialize, Serialize)]
#[serde(transparent)]
struct Cutoff(Option<Arc<[i64]>>);

impl TryFrom<ExplanationRow> for Explanation {
    type Error = &'static str;

    fn try_from(row: ExplanationRow) -> Result<Self, Self::Error> {
        let detail = match (row.cutoff, row.own, row.ahead) {
            (None, None, None) => None,
            (Some(Cutoff(cutoff)), Some(own), Some(ahead)) => Some(Box::new(Detail { cutoff, own, ahead })),
            _ => return Err("`cutoff`, `own` and `ahead` come together"),
        };
        Ok(Self {
            child: row.child,
            wish: row.wish,
            code: row.code,
            detail,
        })
    }
}

impl From<Explanation> for ExplanationRow {
    fn from(explanation: Explanation) -> Self {
        let (cutoff, own, ahead) = match explanation.detail {
            Some(detail) => (Some(Cutoff(detail.cutoff)), Some(detail.own), Some(detail.ahead)),
            None => (None, None, None),
        };
        Self {
            child: explanation.child,
            wish: explanation.wish,
            code: explanation.code,
            cutoff,
            own,
            ahead,
        }
    }
}

/// The reasons, of which the first that applies is given.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// The child goes there.
    Placed,
    /// The child goes to a pool that it likes better.
    BetterPlaced,
    /// The child stays where it is fixed.
    Fixed,
    /// The family may claim this joint wish, but no allocation grants it and all others what they may claim.
    Exception,
    /// The pool has a seat for the child, but not all children of the family have theirs.
    Sibling,
    /// Only children for whom seats are reserved are there with less priority.
    Reserved,
    /// Everybody there goes before.
    Full,
}

/// A family that may claim a joint wish which no allocation grants.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The family.
    pub family: String,
    /// The joint wish that it may claim: a pool or null for each child in the order of their ids.
    pub would_take: Vec<Option<String>>,
    /// Why it was not granted.
    pub reason: String,
}

/// Figures of a run.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// Children in the instance.
    pub children: u64,
    /// Children with a place.
    pub placed: u64,
    /// Children with their first wish.
    pub first_wish: u64,
    /// Sum of the numbers of the wishes that were met.
    pub wish_sum: u64,
    /// Children with a wish whose pool's choice would take them.
    pub justified_envy: u64,
    /// Seats that a wishing child could still take.
    pub wasted_seats: u64,
}

struct WholeResult;

impl<'t> Attempt<'t> for WholeResult {
    type Value = ResultFile;

    fn attempt<D: Deserializer<'t>>(&mut self, deserializer: D) -> Result<ResultFile, D::Error> {
        let mut result = ResultFile::deserialize(deserializer)?;
        // Rows of one child share its name again, as they do in a result that was just made.
        for at in 1..result.explanations.len() {
            let (before, rest) = result.explanations.split_at_mut(at);
            if let (Some(before), Some(row)) = (before.last(), rest.first_mut())
                && before.child == row.child
            {
                row.child = Arc::clone(&before.child);
            }
        }
        Ok(result)
    }
}

impl ResultFile {
    /// Reads a file of format `kitaplatz-allocation-result/1`.
    pub fn read(text: &[u8]) -> Result<Self, FileError> {
        parse(text, WholeResult)
    }

    /// The file, one array element a line, so that people can read and compare it.
    pub fn write(&self, out: &mut impl std::io::Write) -> std::io::Result<()> {
        write!(out, "{{\n  \"format\": \"{RESULT_FORMAT}\",\n  \"instance_sha256\": ")?;
        serde_json::to_writer(&mut *out, &self.instance_sha256)?;
        write!(out, ",\n  \"engine\": ")?;
        serde_json::to_writer(&mut *out, &self.engine)?;
        lines(out, "assignments", &self.assignments)?;
        lines(out, "explanations", &self.explanations)?;
        lines(out, "exceptions", &self.exceptions)?;
        write!(out, ",\n  \"metrics\": ")?;
        serde_json::to_writer(&mut *out, &self.metrics)?;
        out.write_all(b"\n}\n")
    }
}

fn lines<T: Serialize>(out: &mut impl std::io::Write, name: &str, items: &[T]) -> std::io::Result<()> {
    write!(out, ",\n  \"{name}\": [")?;
    for (at, item) in items.iter().enumerate() {
        out.write_all(if at == 0 { b"\n    " } else { b",\n    " })?;
        serde_json::to_writer(&mut *out, item)?;
    }
    out.write_all(if items.is_empty() { b"]" } else { b"\n  ]" })
}

fn shared<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
    Ok(Cow::<str>::deserialize(deserializer)?.into())
}

/// Null must stand there: a field that is left out is no answer.
fn shared_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Arc<str>>, D::Error> {
    Ok(Option::<Cow<'de, str>>::deserialize(deserializer)?.map(Into::into))
}

fn there_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cutoff>, D::Error> {
    Cutoff::deserialize(deserializer).map(Some)
}
