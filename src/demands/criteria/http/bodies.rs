//! Bodies of sets, their rules, warnings and the preview.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::demands::criteria::model::{
    CourtWarning, CriterionScope, Evidence, Points, Reserve, RuleSet, SampleFamily, Score, SetPhase, SetState, Source,
    Template, TieBreak, catalogue_entry, sample_families,
};
use crate::demands::criteria::publishing::warnings_of;
use crate::demands::criteria::shown::{LineBody, line_bodies};
use crate::demands::criteria::store::{Acknowledged, CriterionRow, RuleRow, SetRow};
use crate::platform::ids::{CriteriaSetId, CriterionId, ProviderId};

/// A rule of a set.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RuleBody {
    criterion_id: CriterionId,
    code: String,
    /// Title of the criterion.
    title: String,
    /// Explanation of the criterion.
    hint: String,
    /// What counts as evidence.
    evidence_text: String,
    source: Source,
    scope: CriterionScope,
    points: Points,
    /// Goes before all points; 0: none.
    rank: i32,
    /// Rules of the same name are alternatives: only the best counts.
    best_of: Option<String>,
    evidence: Evidence,
    reserve: Option<Reserve>,
}

impl RuleBody {
    pub(super) fn all(rows: &[RuleRow], set: CriteriaSetId, criteria: &[CriterionRow], language: &str) -> Vec<Self> {
        let of_set = rows.iter().filter(|row| row.set_id == set);
        let body = |row: &RuleRow| {
            let criterion = criteria.iter().find(|c| c.id == row.criterion_id);
            let [title, hint, evidence_text] = criterion
                .map(|c| c.texts(language).map(str::to_owned))
                .unwrap_or_default();
            Self {
                criterion_id: row.criterion_id,
                code: row.code.clone(),
                title,
                hint,
                evidence_text,
                source: row.source,
                scope: row.source.scope(),
                points: row.points.0.clone(),
                rank: row.rank,
                best_of: row.best_of.clone(),
                evidence: row.evidence.0,
                reserve: row.reserve.as_ref().map(|r| r.0),
            }
        };
        of_set.map(body).collect()
    }
}

/// A set in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SetBody {
    pub id: CriteriaSetId,
    /// The provider whose set it is; `null`: the municipality's.
    pub provider_id: Option<ProviderId>,
    pub provider_name: Option<String>,
    /// Version, from 1 for each owner.
    pub number: i32,
    pub name: String,
    pub phase: SetPhase,
    /// First day on which it counts; of a draft the day that is meant.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it counts; `null` while no later one is published.
    pub valid_until: Option<NaiveDate>,
    /// What decides among equals, in this order.
    pub tie_breaks: Vec<TieBreak>,
    /// The template that it began with.
    pub template: Option<String>,
    pub published_at: Option<DateTime<Utc>>,
    pub version: i32,
}

impl SetBody {
    /// A set among all sets of the tenant on a day.
    pub(super) fn of(row: SetRow, all: &[SetRow], today: NaiveDate) -> Self {
        let next = all
            .iter()
            .filter(|other| other.state == SetState::Published && other.provider_id == row.provider_id)
            .filter_map(|other| other.valid_from)
            .filter(|day| row.valid_from.is_some_and(|from| *day > from))
            .min()
            .filter(|_| row.state == SetState::Published);
        let phase = match row.state {
            SetState::Draft => SetPhase::Draft,
            SetState::Withdrawn => SetPhase::Withdrawn,
            SetState::Published if row.valid_from.is_some_and(|from| from > today) => SetPhase::Coming,
            SetState::Published if next.is_some_and(|day| day <= today) => SetPhase::Superseded,
            SetState::Published => SetPhase::InForce,
        };
        Self {
            id: row.id,
            provider_id: row.provider_id,
            provider_name: row.provider_name,
            number: row.number,
            name: row.name,
            phase,
            valid_from: row.valid_from,
            valid_until: next.and_then(|day| day.pred_opt()),
            tie_breaks: row.tie_breaks,
            template: row.template,
            published_at: row.published_at,
            version: row.version,
        }
    }
}

/// A set with its rules and what courts say to them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SetDetail {
    #[serde(flatten)]
    pub set: SetBody,
    pub rules: Vec<RuleBody>,
    pub warnings: Vec<WarningBody>,
    /// Warnings that were read when it was published, each with the reason why the criterion stayed.
    pub acknowledged: Vec<Acknowledged>,
}

/// What courts have held against a criterion.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WarningBody {
    code: String,
    criterion_id: CriterionId,
    /// Title of the criterion.
    title: String,
    /// What is wrong with it.
    why: String,
    /// Where that was decided.
    source: String,
}

impl WarningBody {
    pub(super) fn all(rules: &[CriterionId], criteria: &[CriterionRow], language: &str) -> Vec<Self> {
        let n = usize::from(language == "en");
        let body = |id: CriterionId, warning: &CourtWarning| Self {
            code: warning.code.into(),
            criterion_id: id,
            title: criteria
                .iter()
                .find(|c| c.id == id)
                .map(|c| c.texts(language)[0].to_owned())
                .unwrap_or_default(),
            why: warning.why[n].into(),
            source: warning.source[n].into(),
        };
        rules
            .iter()
            .flat_map(|id| warnings_of(*id, criteria).into_iter().map(|w| body(*id, w)))
            .collect()
    }
}

/// A rule of a template.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TemplateRuleBody {
    code: String,
    title: String,
    points: Points,
    rank: i32,
}

/// A set to begin with.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TemplateBody {
    code: String,
    name: String,
    /// What it does, and what its source leaves open.
    note: String,
    rules: Vec<TemplateRuleBody>,
    tie_breaks: Vec<TieBreak>,
}

impl TemplateBody {
    pub(super) fn of(template: &Template, language: &str) -> Self {
        let n = usize::from(language == "en");
        let set = template.rule_set();
        let rule = |rule: crate::demands::criteria::model::Rule| {
            let texts = catalogue_entry(&rule.criterion.code).map(|entry| entry.criterion(0));
            TemplateRuleBody {
                title: texts.map_or_else(String::new, |c| if n == 1 { c.title_en } else { c.title_de }),
                code: rule.criterion.code,
                points: rule.points,
                rank: rule.rank,
            }
        };
        Self {
            code: template.code.into(),
            name: template.name[n].into(),
            note: template.note[n].into(),
            rules: set.rules.into_iter().map(rule).collect(),
            tie_breaks: set.tie_breaks,
        }
    }
}

/// A made-up family with what the set makes of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SampleBody {
    /// `A` to `J`.
    letter: String,
    /// How it lives.
    text: String,
    /// Place in the list, from 1; equal ones share it, because the lottery decides.
    place: usize,
    rank: i32,
    points: i32,
    lines: Vec<LineBody>,
}

/// What a set would do, before it counts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PreviewBody {
    /// Ten made-up families, the first first.
    families: Vec<SampleBody>,
    warnings: Vec<WarningBody>,
}

impl PreviewBody {
    pub(super) fn of(
        set: &RuleSet,
        ids: &[CriterionId],
        criteria: &[CriterionRow],
        today: NaiveDate,
        language: &str,
    ) -> Self {
        let all = sample_families(set, today);
        let priorities: Vec<Vec<i64>> = all.iter().map(|(_, score)| score.priority()).collect();
        let body = |(family, score): (SampleFamily, Score)| SampleBody {
            letter: family.letter.to_string(),
            text: family.text[usize::from(language == "en")].into(),
            place: 1 + priorities.iter().filter(|p| **p > score.priority()).count(),
            rank: score.rank,
            points: score.points,
            lines: line_bodies(score.lines, criteria, language),
        };
        Self {
            families: all.into_iter().map(body).collect(),
            warnings: WarningBody::all(ids, criteria, language),
        }
    }
}
