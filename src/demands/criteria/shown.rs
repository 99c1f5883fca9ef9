//! A score as people read it: the set, the rank, the points, and a line for every rule.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{EvidenceState, Line, Outcome, TieBreak};
use super::store::{self, CriterionRow, ScoreRow};
use crate::access::{Scope, TenantRead};
use crate::demands::scored::ScoreLine;
use crate::platform::ids::{CriteriaSetId, PreferenceId};

/// One rule with what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LineBody {
    /// Stable code of the criterion.
    pub code: String,
    /// Its title in the reader's language.
    pub title: String,
    /// Whether it counts, or why not.
    pub outcome: Outcome,
    /// Points that it gives.
    pub points: i32,
    /// Rank that it gives, before all points.
    pub rank: i32,
    /// The number that was said, where one is asked.
    pub number: Option<i32>,
    /// State of the evidence; `null` where nothing is claimed or nothing must be shown.
    pub evidence_state: Option<EvidenceState>,
    /// The last day on which evidence is taken, while none was seen.
    pub evidence_due: Option<NaiveDate>,
}

/// What a set of criteria made of a preference.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScoreBody {
    /// The set.
    pub set_id: CriteriaSetId,
    /// Its name.
    pub set_name: String,
    /// Its version.
    pub set_number: i32,
    /// The provider whose set it is; `null`: the municipality's.
    pub provider_name: Option<String>,
    /// The day that counts.
    pub counts_on: NaiveDate,
    /// When it was counted.
    pub counted_at: DateTime<Utc>,
    /// The rank, before all points; 0: none.
    pub rank: i32,
    /// The sum of points.
    pub points: i32,
    /// What decides among equals, in this order.
    pub tie_breaks: Vec<TieBreak>,
    /// A line for every rule of the set.
    pub lines: Vec<LineBody>,
}

/// The scores of preferences in the reader's language.
pub async fn score_bodies(
    tx: &mut TenantRead,
    preferences: &[PreferenceId],
    language: &str,
) -> Result<HashMap<PreferenceId, ScoreBody>, sqlx::Error> {
    let rows = store::scores(tx, preferences).await?;
    let criteria = store::criteria(tx).await?;
    let veil = Veil::of(tx, &criteria);
    let body = |row: ScoreRow| {
        let body = ScoreBody {
            set_id: row.set_id,
            set_name: row.set_name,
            set_number: row.set_number,
            provider_name: row.provider_name,
            counts_on: row.counts_on,
            counted_at: row.counted_at,
            rank: row.rank,
            points: row.points,
            tie_breaks: row.tie_breaks,
            lines: veil.line_bodies(line_bodies(row.lines.0, &criteria, language), language),
        };
        (row.preference_id, body)
    };
    Ok(rows.into_iter().map(body).collect())
}

/// Whether whoever asks may know which confidential reasons a family has (Art. 9 GDPR, § 8a SGB VIII): the family itself, and who decides
/// about its claim in the office. Facilities may not, nor may who only looks.
pub fn knows_reasons(tx: &TenantRead) -> bool {
    match tx.scope() {
        Scope::Own(_) => true,
        Scope::Tenant => tx.is_system() || tx.is_office(),
        Scope::Facilities(_) | Scope::Public => false,
    }
}

/// What a reader must not know: which of the confidential reasons a family has. It sees what they count together, so that the sum of points is
/// no riddle.
pub struct Veil(BTreeSet<String>);

/// Stands in place of the reasons that only the family and the office know.
pub const CONFIDENTIAL: &str = "confidential";
const CONFIDENTIAL_TITLE: [&str; 2] = [
    "Besondere Gründe, die das Jugendamt kennt",
    "Special reasons that the youth office knows",
];

/// The veil before the eyes of whoever asks.
pub async fn veil(tx: &mut TenantRead) -> Result<Veil, sqlx::Error> {
    let criteria = store::criteria(tx).await?;
    Ok(Veil::of(tx, &criteria))
}

/// How the confidential reasons are called together.
pub fn confidential_title(language: &str) -> &'static str {
    CONFIDENTIAL_TITLE[usize::from(language == "en")]
}

impl Veil {
    fn of(tx: &TenantRead, criteria: &[CriterionRow]) -> Self {
        if knows_reasons(tx) {
            return Self(BTreeSet::new());
        }
        let confidential = criteria.iter().filter(|c| c.confidential);
        Self(confidential.map(|c| c.code.clone()).collect())
    }

    /// Whether the reader must not know who has this criterion.
    pub fn hides(&self, code: &str) -> bool {
        self.0.contains(code)
    }

    /// The lines with one in place of all that are confidential and count.
    pub fn score_lines(&self, lines: &[ScoreLine]) -> Vec<ScoreLine> {
        let (hidden, mut shown): (Vec<_>, Vec<_>) = lines.iter().cloned().partition(|line| self.hides(&line.code));
        let counted: Vec<_> = hidden.iter().filter(|line| line.not_counted.is_none()).collect();
        if !counted.is_empty() {
            shown.push(ScoreLine {
                code: CONFIDENTIAL.into(),
                points: counted.iter().map(|line| line.points).sum(),
                evidence: None,
                not_counted: None,
                number: None,
            });
        }
        shown
    }

    fn line_bodies(&self, lines: Vec<LineBody>, language: &str) -> Vec<LineBody> {
        let (hidden, mut shown): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| self.hides(&line.code));
        let counted: Vec<_> = hidden.iter().filter(|line| line.outcome == Outcome::Counted).collect();
        if !counted.is_empty() {
            shown.push(LineBody {
                code: CONFIDENTIAL.into(),
                title: confidential_title(language).into(),
                outcome: Outcome::Counted,
                points: counted.iter().map(|line| line.points).sum(),
                rank: counted.iter().map(|line| line.rank).max().unwrap_or(0),
                number: None,
                evidence_state: None,
                evidence_due: None,
            });
        }
        shown
    }
}

/// Titles of all criteria by their code, in a language, and what stands in place of the confidential ones.
pub async fn criterion_titles(tx: &mut TenantRead, language: &str) -> Result<HashMap<String, String>, sqlx::Error> {
    let criteria = store::criteria(tx).await?;
    let titled = criteria.into_iter().map(|c| {
        let title = c.texts(language)[0].to_owned();
        (c.code, title)
    });
    let veiled = (CONFIDENTIAL.to_owned(), confidential_title(language).to_owned());
    Ok(titled.chain([veiled]).collect())
}

pub(super) fn line_bodies(lines: Vec<Line>, criteria: &[CriterionRow], language: &str) -> Vec<LineBody> {
    let body = |line: Line| LineBody {
        title: title(&line.code, criteria, language),
        code: line.code,
        outcome: line.outcome,
        points: line.points,
        rank: line.rank,
        number: line.number,
        evidence_state: line.evidence,
        evidence_due: line.evidence_due,
    };
    lines.into_iter().map(body).collect()
}

fn title(code: &str, criteria: &[CriterionRow], language: &str) -> String {
    let row = criteria.iter().find(|c| c.code == code);
    row.map_or_else(|| code.to_owned(), |c| c.texts(language)[0].to_owned())
}
