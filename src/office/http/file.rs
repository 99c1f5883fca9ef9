//! The file of a child: one page with everything that is known.

use actix_web::get;
use actix_web::web::Json;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::access::{Action, Ctx, TenantRead};
use crate::demands::{self, DemandState, StaffAddress};
use crate::families;
use crate::office::file::{self, FileContract, FileDemand, FileEvent, FileGuardian};
use crate::platform::http::{ApiError, At};
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId, NoticeId};
use crate::register::{self, RegisterResult};

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes.service(get_case_file);
}

/// A guardian with the time of custody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseFileGuardian)]
struct GuardianLine {
    name: String,
    valid_from: NaiveDate,
    /// First day without custody; `null` while it goes on.
    valid_to: Option<NaiveDate>,
}

/// A demand of the child.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseFileDemand)]
struct DemandLine {
    id: DemandId,
    reference_code: Option<String>,
    state: DemandState,
    submitted_at: Option<DateTime<Utc>>,
    desired_start: Option<NaiveDate>,
    legal_due_on: Option<NaiveDate>,
    register_mismatch: bool,
    /// What the last check against the register gave; `null`: there was none.
    register_result: Option<RegisterResult>,
    register_checked_at: Option<DateTime<Utc>>,
}

/// A contract of the child.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseFileContract)]
struct ContractLine {
    id: ContractId,
    facility_id: FacilityId,
    facility_name: String,
    state: String,
    care_from: NaiveDate,
    /// First day on which the place is free again.
    care_until: NaiveDate,
    hours_per_week: i32,
}

/// A line of the time line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseFileEvent)]
struct EventLine {
    at: DateTime<Utc>,
    /// `demand`, `preference`, `offer`, `contract`, `notice`, `letter`, `mail`, `register` or `custody`.
    subject: String,
    /// What happened.
    kind: String,
    /// State after, or what came of it.
    state: Option<String>,
    facility_name: Option<String>,
    /// A reason, a file number or a name.
    detail: Option<String>,
    demand_id: Option<DemandId>,
    notice_id: Option<NoticeId>,
    /// The role of who did it: a role, `parent`, `staff`, `api_key` or `system`.
    role: String,
}

/// The file of a child.
#[derive(Debug, Serialize, ToSchema)]
struct CaseFile {
    id: ChildId,
    /// First name and initial; `erwartetes Kind` before birth.
    label: String,
    birth_date: Option<NaiveDate>,
    expected_birth_date: Option<NaiveDate>,
    guardians: Vec<GuardianLine>,
    /// `null` when it is protected or unknown.
    address: Option<StaffAddress>,
    address_protected: bool,
    demands: Vec<DemandLine>,
    contracts: Vec<ContractLine>,
    /// The newest first.
    events: Vec<EventLine>,
}

/// The file of a child: custody, demands, contracts, and a time line of steps, offers, notices, letters and checks, each with who by role.
#[utoipa::path(tag = "office", responses((status = 200, description = "The file", body = CaseFile)))]
#[get("/office/children/{child_id}/file")]
async fn get_case_file(ctx: Ctx, at: At<ChildId>) -> Result<Json<CaseFile>, ApiError> {
    ctx.read(Action::GetCaseFile, async |tx| Ok(Json(read(tx, at.0).await?)))
        .await
}

async fn read(tx: &mut TenantRead, id: ChildId) -> Result<CaseFile, ApiError> {
    let child = file::child(tx, id).await?.ok_or_else(ApiError::not_found)?;
    tx.touch(id);
    tx.touch_child(id);
    if families::is_hidden(tx, id).await? {
        return Err(ApiError::not_found());
    }
    let (address, address_protected) = demands::home(tx, id).await?;
    let mut demands = Vec::new();
    for row in file::demands(tx, id).await? {
        let check = register::newest(tx, row.id).await?;
        demands.push(demand(row, check));
    }
    let language = tx.language();
    Ok(CaseFile {
        id,
        label: families::child_label(child.first_name.as_deref(), child.last_name.as_deref(), &language),
        birth_date: child.birth_date,
        expected_birth_date: child.expected_birth_date,
        guardians: file::custody(tx, id).await?.into_iter().map(guardian).collect(),
        address,
        address_protected,
        demands,
        contracts: file::contracts(tx, id).await?.into_iter().map(contract).collect(),
        events: file::events(tx, id).await?.into_iter().map(event).collect(),
    })
}

fn guardian(row: FileGuardian) -> GuardianLine {
    GuardianLine {
        name: row.name,
        valid_from: row.valid_from,
        valid_to: row.valid_to,
    }
}

fn demand(row: FileDemand, check: Option<register::CheckRow>) -> DemandLine {
    DemandLine {
        id: row.id,
        reference_code: row.reference_code,
        state: row.state,
        submitted_at: row.submitted_at,
        desired_start: row.desired_start,
        legal_due_on: row.legal_due_on,
        register_mismatch: row.register_mismatch,
        register_result: check.as_ref().map(|c| c.result),
        register_checked_at: check.map(|c| c.at),
    }
}

fn contract(row: FileContract) -> ContractLine {
    ContractLine {
        id: row.id,
        facility_id: row.facility_id,
        facility_name: row.facility_name,
        state: row.state,
        care_from: row.care_from,
        care_until: row.care_until,
        hours_per_week: row.hours_per_week,
    }
}

fn event(row: FileEvent) -> EventLine {
    // What the rule confirms happens while the family sends, and is not the family's doing.
    let by_rule = row.kind == "confirmed_by_rule";
    EventLine {
        at: row.at,
        subject: row.subject,
        kind: row.kind,
        state: row.state,
        facility_name: row.facility_name,
        detail: row.detail,
        demand_id: row.demand_id,
        notice_id: row.notice_id,
        role: if by_rule { "system".to_owned() } else { row.role },
    }
}
