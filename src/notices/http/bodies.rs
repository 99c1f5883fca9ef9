//! What the API says of notices.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::TenantRead;
use crate::documents::FeeSums;
use crate::families;
use crate::notices::model::{NoticeKind, NoticeState, NoticeText, ObjectionOutcome};
use crate::notices::store::{NoticeRow, TemplateRow};
use crate::platform::ids::{ChildId, DemandId, FacilityId, FeeId, NoticeId, NoticeTemplateId};

/// A version of a template.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NoticeTemplateBody {
    /// `null` for the text that comes with the software.
    id: Option<NoticeTemplateId>,
    kind: NoticeKind,
    /// 0 for the text that comes with the software.
    version: i32,
    /// Whether new notices are made from it.
    current: bool,
    text: NoticeText,
    created_at: Option<DateTime<Utc>>,
    created_by: Option<String>,
}

impl NoticeTemplateBody {
    pub(super) fn of(row: TemplateRow, current: bool) -> Self {
        Self {
            id: Some(row.id),
            kind: row.kind,
            version: row.version,
            current,
            text: row.text(),
            created_at: Some(row.created_at),
            created_by: Some(row.created_by),
        }
    }

    pub(super) fn first(kind: NoticeKind, text: NoticeText, current: bool) -> Self {
        Self {
            id: None,
            kind,
            version: 0,
            current,
            text,
            created_at: None,
            created_by: None,
        }
    }
}

/// All versions of all templates, the current one of each kind first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NoticeTemplates {
    pub items: Vec<NoticeTemplateBody>,
    /// What a template may name as `{name}`.
    pub gaps: Vec<&'static str>,
}

/// A new version of a template.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "refusal", "text": {"title": "Ihr Antrag auf einen Betreuungsplatz",
    "decision": "Ihr Antrag vom {asserted_on} wird abgelehnt.", "reasons": "Nach § 24 SGB VIII …",
    "remedy": "Gegen diesen Bescheid kann innerhalb eines Monats Widerspruch erhoben werden.", "objection_months": 1}}))]
pub(super) struct NewNoticeTemplate {
    pub kind: NoticeKind,
    pub text: NoticeText,
}

/// A template's version, as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NoticeTemplateWritten {
    pub id: NoticeTemplateId,
    pub version: i32,
}

/// A notice.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NoticeBody {
    pub id: NoticeId,
    /// `null` on a licence, which is about no child.
    demand_id: Option<DemandId>,
    child_id: Option<ChildId>,
    /// First name and initial; `erwartetes Kind` before birth; `null` on a licence.
    child_label: Option<String>,
    /// The fee that it sets.
    fee_id: Option<FeeId>,
    reference_code: Option<String>,
    kind: NoticeKind,
    state: NoticeState,
    file_number: String,
    /// The assigned facility, or the childminder.
    facility_id: Option<FacilityId>,
    facility_name: Option<String>,
    care_from: Option<NaiveDate>,
    /// First day of the licence that it grants.
    licence_from: Option<NaiveDate>,
    /// Last day of the licence that it grants or ends.
    licence_until: Option<NaiveDate>,
    /// Children at the same time.
    licence_places: Option<i32>,
    /// Contracts in all, where the licence bounds them.
    licence_total: Option<i32>,
    /// File number of the notice from which it takes over.
    replaces: Option<String>,
    /// File number of the posted notice that took over from it.
    replaced_by: Option<String>,
    title: String,
    drafted_by: String,
    drafted_at: DateTime<Utc>,
    approved_by: Option<String>,
    approved_at: Option<DateTime<Utc>>,
    posted_on: Option<NaiveDate>,
    /// The fourth day after posting, or a later one that the family proved.
    served_on: Option<NaiveDate>,
    /// Last day to object.
    objection_until: Option<NaiveDate>,
    objected_on: Option<NaiveDate>,
    /// Whether the objection came after its last day.
    objected_late: bool,
    objection_note: Option<String>,
    decided_on: Option<NaiveDate>,
    outcome: Option<ObjectionOutcome>,
    outcome_note: Option<String>,
    version: i32,
}

impl NoticeBody {
    pub(super) fn of(row: NoticeRow, language: &str) -> Self {
        let (first, last) = (row.first_name.as_deref(), row.last_name.as_deref());
        Self {
            child_label: row.child_id.map(|_| families::child_label(first, last, language)),
            objected_late: row
                .objected_on
                .zip(row.objection_until)
                .is_some_and(|(on, until)| on > until),
            id: row.id,
            demand_id: row.demand_id,
            child_id: row.child_id,
            fee_id: row.fee_id,
            reference_code: row.reference_code,
            kind: row.kind,
            state: row.state,
            file_number: row.file_number,
            facility_id: row.facility_id,
            facility_name: row.facility_name,
            care_from: row.care_from,
            licence_from: row.licence_from,
            licence_until: row.licence_until,
            licence_places: row.licence_places,
            licence_total: row.licence_total,
            replaces: row.replaces,
            replaced_by: row.replaced_by,
            title: row.title,
            drafted_by: row.drafted_by_name,
            drafted_at: row.drafted_at,
            approved_by: row.approved_by_name,
            approved_at: row.approved_at,
            posted_on: row.posted_on,
            served_on: row.served_on,
            objection_until: row.objection_until,
            objected_on: row.objected_on,
            objection_note: row.objection_note,
            decided_on: row.decided_on,
            outcome: row.outcome,
            outcome_note: row.outcome_note,
            version: row.version,
        }
    }
}

/// A notice with its words.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NoticeDetail {
    #[serde(flatten)]
    pub notice: NoticeBody,
    text: NoticeText,
    /// The calculation that a notice of a fee shows below its words.
    sums: Option<FeeSums>,
    /// Version of the template; `null` for the text that comes with the software.
    template_version: Option<i32>,
    /// Whether the asker may approve it: not who wrote or changed it.
    may_approve: bool,
}

impl NoticeDetail {
    pub(super) fn of(tx: &TenantRead, mut row: NoticeRow) -> Self {
        let me = tx.account().map(|a| a.id);
        Self {
            text: row.text(),
            sums: row.sums.take().map(|sums| sums.0),
            template_version: row.template_version,
            may_approve: me.is_some_and(|me| me != row.drafted_by && me != row.edited_by),
            notice: NoticeBody::of(row, &tx.language()),
        }
    }
}

/// When it was posted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"posted_on": "2027-02-01"}))]
pub(super) struct PostedInput {
    pub posted_on: NaiveDate,
}

/// When it really came.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"served_on": "2027-02-01"}))]
pub(super) struct ServedInput {
    pub served_on: NaiveDate,
}

/// An objection.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"objected_on": "2027-02-01", "note": null}))]
pub(super) struct ObjectionInput {
    /// When it came in.
    pub objected_on: NaiveDate,
    /// At most 1,000 characters.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

/// How an objection was decided.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decided_on": "2027-02-01", "outcome": "upheld", "note": null}))]
pub(super) struct DecisionInput {
    pub decided_on: NaiveDate,
    pub outcome: ObjectionOutcome,
    /// At most 1,000 characters.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

/// Nothing needs to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NoticeNothing, example = json!({}))]
pub(super) struct Nothing {}
