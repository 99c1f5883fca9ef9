//! What the API says to the office.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::TenantRead;
use crate::demands::{
    self, DemandBody, DemandEnd, DemandState, HistoryItem, SaysOfDemand, SiblingAnswer, StaffAddress, StaffGuardian,
};
use crate::notifications::Told;
use crate::office::file;
use crate::office::store::{self, EvidenceRow, ListedDemand};
use crate::platform::http::{ApiError, Versioned};
use crate::platform::ids::{ChildId, CriterionId, DemandId, FacilityId};
use crate::{contracts, families, families::KnownChild};

/// A month's demands and accepted offers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfficeMonth {
    /// Its first day.
    pub month: NaiveDate,
    /// Demands that were sent.
    pub demands: i64,
    /// Demands of which an offer was accepted.
    pub accepted: i64,
}

/// What waits for the office, in numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfficeOverview {
    /// Sent demands by state; a state without any is left out.
    pub demands_by_state: BTreeMap<String, i64>,
    /// Demands for which no offer has been accepted yet, of children who have no place.
    pub without_place: i64,
    /// Such demands of children who have a place and wish another one.
    pub transfers: i64,
    /// Open demands with the legal claim asserted.
    pub legal_claims_open: i64,
    /// Those of them that are due within 30 days, or overdue.
    pub legal_claims_due_30_days: i64,
    /// Facilities that answer later than the municipality's clock allows.
    pub silent_facilities: i64,
    /// Mails that could not be delivered.
    pub dead_letters: i64,
    /// Letters to print.
    pub letters_to_print: i64,
    /// Families that get letters and answered none whether they still need the place: somebody must ask them.
    pub unanswered: i64,
    /// Demands that wait for a clerk's confirmation.
    pub to_confirm: i64,
    /// The last twelve months; empty before the first demand.
    pub by_month: Vec<OfficeMonth>,
}

/// A child in the office's list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfficeChild {
    /// First name and initial; `erwartetes Kind` before birth.
    label: String,
    birth_date: Option<NaiveDate>,
    expected_birth_date: Option<NaiveDate>,
}

/// A demand in the office's list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfficeDemand {
    id: DemandId,
    reference_code: Option<String>,
    child: OfficeChild,
    state: DemandState,
    /// The register knows other data.
    register_mismatch: bool,
    desired_start: Option<NaiveDate>,
    /// Whether the legal claim was asserted.
    legal_claim: bool,
    /// The child has a place, and the family wishes another one.
    transfer: bool,
    legal_due_on: Option<NaiveDate>,
    submitted_at: Option<DateTime<Utc>>,
    /// Wished facilities that may still become a place.
    preferences_open: i64,
    preferences_total: i64,
    /// Points at the family's first wish, by the criteria that hold there.
    first_wish_points: i32,
    version: i32,
}

impl OfficeDemand {
    pub(super) fn of(row: ListedDemand, language: &str) -> Self {
        Self {
            child: OfficeChild {
                label: families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), language),
                birth_date: row.birth_date,
                expected_birth_date: row.expected_birth_date,
            },
            id: row.id,
            reference_code: row.reference_code,
            state: row.state,
            register_mismatch: row.register_mismatch,
            desired_start: row.desired_start,
            legal_claim: row.legal_claim,
            transfer: row.transfer,
            legal_due_on: row.legal_due_on,
            submitted_at: row.submitted_at,
            preferences_open: row.preferences_open,
            preferences_total: row.preferences_total,
            first_wish_points: row.first_wish_points,
            version: row.version,
        }
    }
}

/// What the office noted about evidence. The document itself is not kept.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EvidenceBody {
    criterion_id: CriterionId,
    /// `seen` or `rejected`.
    state: String,
    /// On which day.
    seen_on: Option<NaiveDate>,
    /// By whom.
    seen_by: Option<String>,
    /// Last day on which it holds.
    valid_until: Option<NaiveDate>,
}

/// A demand with the family's contact, what was noted about evidence, and its history.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfficeDemandDetail {
    #[serde(flatten)]
    demand: DemandBody,
    /// Guardians who have custody today.
    guardians: Vec<StaffGuardian>,
    /// `null` when it is protected or unknown.
    address: Option<StaffAddress>,
    /// The address is protected, and shown in no view.
    address_protected: bool,
    /// A guardian with custody has an account and answers there; otherwise the office enters what the family says.
    has_account: bool,
    /// The family, which gets letters, let three of them go without an answer whether it still needs the place: somebody must ask it.
    unanswered: bool,
    evidence: Vec<EvidenceBody>,
    history: Vec<HistoryItem>,
}

/// A facility that lets families wait.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SilentFacilityBody {
    pub facility_id: FacilityId,
    pub name: String,
    /// Preferences without an answer.
    pub open_preferences: i64,
    /// When the oldest of them was received.
    pub oldest_received_at: DateTime<Utc>,
    /// Days since then.
    pub oldest_days: i64,
}

/// Facilities that let families wait, the longest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SilentFacilities {
    pub items: Vec<SilentFacilityBody>,
}

/// Nothing needs to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct Nothing {}

/// Whether the register knows other data.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"mismatch": true}))]
pub(super) struct MismatchInput {
    /// `false` takes it back.
    pub mismatch: bool,
}

/// How the office ends a demand.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum OfficeEnd {
    /// The family has no claim here.
    NotEntitled,
    /// The family left the municipality.
    MovedAway,
    /// Another demand took its place.
    Superseded,
    /// The family took it back on paper or by telephone.
    Withdrawn,
    /// A family that gets letters answered none of them, nor when it was asked.
    Expired,
}

impl From<OfficeEnd> for DemandEnd {
    fn from(end: OfficeEnd) -> Self {
        match end {
            OfficeEnd::NotEntitled => Self::NotEntitled,
            OfficeEnd::MovedAway => Self::MovedAway,
            OfficeEnd::Superseded => Self::Superseded,
            OfficeEnd::Withdrawn => Self::Withdrawn,
            OfficeEnd::Expired => Self::Expired,
        }
    }
}

/// Why a demand ends.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"state": "moved_away", "note": null}))]
pub(super) struct CloseInput {
    pub state: OfficeEnd,
    /// An explanation that the family reads in its mail or letter, at most 500 characters; needed when there is no claim.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub note: Option<String>,
}

/// What a family without an account says of its demand.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum DemandAnswer {
    /// It still needs the place.
    StillNeeded,
    /// It takes the demand back.
    Withdrawn,
}

impl From<DemandAnswer> for SaysOfDemand {
    fn from(answer: DemandAnswer) -> Self {
        match answer {
            DemandAnswer::StillNeeded => Self::StillNeeded,
            DemandAnswer::Withdrawn => Self::Withdrawn,
        }
    }
}

/// What a family without an account said of its demand, when, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"says": "still_needed", "told": {"on": "2027-02-01", "by": "phone"}}))]
pub(super) struct ToldDemandAnswer {
    pub says: DemandAnswer,
    /// When it was said, and how.
    pub told: Told,
}

/// What a family without an account answered about placing its children together, when, and how.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"answer": "required", "told": {"on": "2027-02-01", "by": "phone"}}))]
pub(super) struct ToldSiblingAnswer {
    pub answer: SiblingAnswer,
    /// When it was said, and how.
    pub told: Told,
}

/// A demand that was sent, with all that the office sees of it; missing otherwise.
pub(super) async fn detail(tx: &mut TenantRead, id: DemandId) -> Result<Versioned<OfficeDemandDetail>, ApiError> {
    let language = tx.language();
    let demand = demands::demand_body(tx, id, &language).await?;
    let demand = demand
        .filter(|demand| demand.state != DemandState::Draft)
        .ok_or_else(ApiError::not_found)?;
    tx.touch(id);
    let child = demand.child.id;
    tx.touch_child(child);
    if families::is_hidden(tx, child).await? {
        return Err(ApiError::not_found());
    }
    let (address, address_protected) = demands::home(tx, child).await?;
    let evidence = |row: EvidenceRow| EvidenceBody {
        criterion_id: row.criterion_id,
        state: row.state,
        seen_on: row.seen_on,
        seen_by: row.seen_by,
        valid_until: row.valid_until,
    };
    let detail = OfficeDemandDetail {
        guardians: demands::guardians(tx, child).await?,
        address,
        address_protected,
        has_account: families::has_account(tx, child).await?,
        unanswered: demands::is_unanswered(tx, id).await?,
        evidence: store::evidence(tx, id).await?.into_iter().map(evidence).collect(),
        history: demands::history(tx, id).await?,
        demand,
    };
    Ok(Versioned::new(detail.demand.version, detail))
}

/// A child of a form, as it is looked for among those that are known.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"first_name": "Mia", "last_name": "Braun", "birth_date": "2026-03-14"}))]
pub(super) struct SoughtChild {
    /// First name.
    #[schema(max_length = 100)]
    pub first_name: String,
    /// Last name.
    #[schema(max_length = 100)]
    pub last_name: String,
    /// Day of birth.
    pub birth_date: NaiveDate,
}

/// The guardian of a form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"first_name": "Jana", "last_name": "Braun"}))]
pub(super) struct SoughtGuardian {
    /// First name.
    #[schema(max_length = 100)]
    pub first_name: String,
    /// Last name.
    #[schema(max_length = 100)]
    pub last_name: String,
}

/// A demand of a known child.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KnownDemand {
    id: DemandId,
    reference_code: Option<String>,
    state: DemandState,
    submitted_at: Option<DateTime<Utc>>,
}

/// A known child that can be the one of a form.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KnownChild)]
pub(super) struct KnownChildBody {
    child_id: ChildId,
    /// First and last name.
    name: String,
    birth_date: NaiveDate,
    /// Names of those who have custody today.
    guardians: Vec<String>,
    /// One of them has an account: the family applies there.
    has_account: bool,
    /// Where the child has a place, or will have one.
    place: Option<String>,
    /// What was sent for it, the newest first.
    demands: Vec<KnownDemand>,
}

/// Known children: those that can be the one of a form, or its siblings.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct KnownChildren {
    items: Vec<KnownChildBody>,
}

/// Looks for the child.
pub(super) async fn known_children(tx: &mut TenantRead, sought: &SoughtChild) -> Result<KnownChildren, ApiError> {
    let found = families::known_children(tx, &sought.first_name, &sought.last_name, sought.birth_date).await?;
    described(tx, found).await
}

/// Looks for children of the guardian.
pub(super) async fn known_siblings(tx: &mut TenantRead, sought: &SoughtGuardian) -> Result<KnownChildren, ApiError> {
    let found = families::known_siblings(tx, &sought.first_name, &sought.last_name).await?;
    described(tx, found.into_iter().map(|known| known.child).collect()).await
}

async fn described(tx: &mut TenantRead, found: Vec<KnownChild>) -> Result<KnownChildren, ApiError> {
    let mut items = Vec::with_capacity(found.len());
    for child in found {
        let sent = file::demands(tx, child.id).await?;
        items.push(KnownChildBody {
            child_id: child.id,
            name: format!("{} {}", child.first_name, child.last_name),
            birth_date: child.birth_date,
            guardians: demands::guardians(tx, child.id)
                .await?
                .into_iter()
                .map(|g| g.name)
                .collect(),
            has_account: families::has_account(tx, child.id).await?,
            place: contracts::place_of(tx, child.id)
                .await?
                .map(|place| place.facility_name),
            demands: sent
                .into_iter()
                .map(|row| KnownDemand {
                    id: row.id,
                    reference_code: row.reference_code,
                    state: row.state,
                    submitted_at: row.submitted_at,
                })
                .collect(),
        });
    }
    Ok(KnownChildren { items })
}
