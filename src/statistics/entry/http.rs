//! The API of what is entered for a key date.

use actix_web::{get, patch, put};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{ChildAnswers, EntryError, HouseEntry, Part};
use crate::access::{Action, Ctx, TenantRead};
use crate::families;
use crate::platform::crypto::Vault;
use crate::platform::http::{ApiError, At, Body, IfMatch, Query, Versioned};
use crate::platform::ids::{ChildId, FacilityId, GroupId};
use crate::statistics::Finding;
use crate::statistics::http::YearQuery;

/// Adds the form of the statistics.
pub(in crate::statistics) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(get_survey_entry)
        .service(put_survey_entry)
        .service(get_survey_children)
        .service(update_survey_children);
}

impl From<EntryError> for ApiError {
    fn from(error: EntryError) -> Self {
        match error {
            EntryError::Missing => Self::not_found(),
            EntryError::Invalid(invalid) => invalid.into(),
            EntryError::Stale(stale) => stale.into(),
            EntryError::Seal(seal) => Self::internal(&seal),
            EntryError::Db(db) => db.into(),
        }
    }
}

/// A group of which somebody may be part.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyGroup {
    id: GroupId,
    name: String,
}

/// The form of a facility or childminder for a key date.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyForm {
    facility_id: FacilityId,
    name: String,
    part: Part,
    key_date: NaiveDate,
    /// 0: nothing was saved for this key date.
    version: i32,
    /// The key date whose entry the form begins with, as long as nothing was saved for this one.
    prefilled_from: Option<NaiveDate>,
    entry: HouseEntry,
    /// Groups that are open on the key date.
    groups: Vec<SurveyGroup>,
    /// How many children have a place on the key date.
    children: usize,
    /// What is missing in what was saved.
    missing: Vec<Finding>,
}

/// A child in the form.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyChild {
    child_id: ChildId,
    /// First name and initial.
    label: String,
    group_name: Option<String>,
    answers: ChildAnswers,
    missing: Vec<Finding>,
}

/// The children of a facility or childminder on a key date, with what was entered of them.
#[derive(Debug, Serialize, ToSchema)]
struct SurveyChildren {
    facility_id: FacilityId,
    name: String,
    part: Part,
    key_date: NaiveDate,
    /// 0: nothing was saved for this key date.
    version: i32,
    items: Vec<SurveyChild>,
}

/// What is entered of one child.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SurveyChildEntry {
    child_id: ChildId,
    answers: ChildAnswers,
}

/// What is entered of some children.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"children": [{"child_id": "5f1b7c1e-8d4b-4f1c-9a57-1d3b7f6c2a10", "answers": {"days_per_week": 5, "meals": true,
    "attends_school": false, "foreign_origin": false, "german_at_home": true, "integration_help": false}}]}))]
struct SurveyChildrenEdit {
    /// Who is not named stays as it is; at most 500.
    #[schema(max_items = 500)]
    children: Vec<SurveyChildEntry>,
}

async fn form(tx: &mut TenantRead, facility: FacilityId, on: NaiveDate) -> Result<Versioned<SurveyForm>, ApiError> {
    let sheet = super::sheet(tx, facility, on).await?;
    let (house, groups) = (&sheet.house, sheet.house.groups.iter());
    let group = |group: &crate::statistics::model::GroupRow| SurveyGroup {
        id: group.id,
        name: group.name.clone(),
    };
    let body = SurveyForm {
        facility_id: facility,
        name: house.facility.name.clone(),
        part: house.part(),
        key_date: on,
        version: sheet.version,
        prefilled_from: sheet.prefilled_from,
        groups: groups.map(group).collect(),
        children: house.children.len(),
        missing: house.findings(),
        entry: sheet.entry,
    };
    Ok(Versioned::new(sheet.version, body))
}

async fn children(
    tx: &mut TenantRead,
    vault: &Vault,
    facility: FacilityId,
    on: NaiveDate,
    only: Option<&[ChildId]>,
) -> Result<Versioned<SurveyChildren>, ApiError> {
    let mut sheet = super::sheet(tx, facility, on).await?;
    let children = &mut sheet.house.children;
    children.retain(|child| only.is_none_or(|ids| ids.contains(&child.row.child_id)));
    super::children(tx, vault, &mut sheet, on).await?;
    let language = tx.language();
    let (version, part) = (sheet.children_version, sheet.house.part());
    let item = |child: crate::statistics::Child| SurveyChild {
        child_id: child.row.child_id,
        label: families::child_label(
            child.row.first_name.as_deref(),
            child.row.last_name.as_deref(),
            &language,
        ),
        missing: child.findings(part),
        // The form begins with the days that the contract names.
        answers: ChildAnswers {
            days_per_week: child.days_per_week(),
            ..child.answers
        },
        group_name: child.row.group_name,
    };
    let body = SurveyChildren {
        facility_id: facility,
        name: sheet.house.facility.name,
        part,
        key_date: on,
        version,
        items: sheet.house.children.into_iter().map(item).collect(),
    };
    Ok(Versioned::new(version, body))
}

/// What is entered of a facility or childminder for a key date; the form begins with what was entered a year before.
#[utoipa::path(tag = "office", params(YearQuery), responses((status = 200, description = "The form", body = SurveyForm),
    (status = 422, description = "A year before 2020 or after 2100")))]
#[get("/staff/facilities/{facility_id}/survey")]
async fn get_survey_entry(
    ctx: Ctx,
    at: At<FacilityId>,
    query: Query<YearQuery>,
) -> Result<Versioned<SurveyForm>, ApiError> {
    ctx.read(Action::GetSurveyEntry, async |tx| {
        form(tx, at.0, query.0.key_date()?).await
    })
    .await
}

/// Writes what is entered of a facility or childminder for a key date, whole. What this part of the survey does not ask for is not kept.
#[utoipa::path(tag = "office", request_body = HouseEntry,
    params(YearQuery, ("if-match" = String, Header, description = "Version that was seen; 0 where nothing was saved")),
    responses((status = 200, description = "Written", body = SurveyForm),
              (status = 422, description = "A year before 2020 or after 2100, or fields that cannot be")))]
#[put("/staff/facilities/{facility_id}/survey")]
async fn put_survey_entry(
    ctx: Ctx,
    at: At<FacilityId>,
    query: Query<YearQuery>,
    if_match: IfMatch,
    new: Body<HouseEntry>,
) -> Result<Versioned<SurveyForm>, ApiError> {
    ctx.write(Action::PutSurveyEntry, async |tx| {
        let on = query.0.key_date()?;
        super::put_house(tx, at.0, on, if_match.version()?, new.parse()?).await?;
        form(tx, at.0, on).await
    })
    .await
}

/// The children who have a place on a key date, with what was entered of them.
#[utoipa::path(tag = "office", params(YearQuery), responses((status = 200, description = "The children", body = SurveyChildren),
    (status = 422, description = "A year before 2020 or after 2100")))]
#[get("/staff/facilities/{facility_id}/survey/children")]
async fn get_survey_children(
    ctx: Ctx,
    at: At<FacilityId>,
    query: Query<YearQuery>,
) -> Result<Versioned<SurveyChildren>, ApiError> {
    ctx.read(Action::GetSurveyChildren, async |tx| {
        children(tx, &ctx.platform.vault, at.0, query.0.key_date()?, None).await
    })
    .await
}

/// Writes what is entered of some children for a key date, and answers these: of the others nothing is looked at.
#[utoipa::path(tag = "office", request_body = SurveyChildrenEdit,
    params(YearQuery, ("if-match" = String, Header, description = "Version that was seen; 0 where nothing was saved")),
    responses((status = 200, description = "Written", body = SurveyChildren),
              (status = 422, description = "A year before 2020 or after 2100, or fields that cannot be")))]
#[patch("/staff/facilities/{facility_id}/survey/children")]
async fn update_survey_children(
    ctx: Ctx,
    at: At<FacilityId>,
    query: Query<YearQuery>,
    if_match: IfMatch,
    new: Body<SurveyChildrenEdit>,
) -> Result<Versioned<SurveyChildren>, ApiError> {
    ctx.write(Action::UpdateSurveyChildren, async |tx| {
        let (vault, where_and_when) = (&ctx.platform.vault, (at.0, query.0.key_date()?));
        let seen = if_match.version()?;
        let new: SurveyChildrenEdit = new.parse()?;
        let new: Vec<_> = new
            .children
            .into_iter()
            .map(|one| (one.child_id, one.answers))
            .collect();
        let written: Vec<ChildId> = new.iter().map(|(child, _)| *child).collect();
        super::put_children(tx, vault, where_and_when, seen, new).await?;
        children(tx, vault, at.0, where_and_when.1, Some(&written)).await
    })
    .await
}
