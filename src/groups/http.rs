//! The API of this slice.

use actix_web::web::Json;
use actix_web::{get, put};
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::GroupError;
use super::model::{Board, BoardChild, BoardGroup, GroupWarning, NewPlacement};
use crate::access::{Action, Ctx, TenantRead};
use crate::facilities::AgeBand;
use crate::families;
use crate::platform::dates::hours_minutes;
use crate::platform::http::{ApiError, At, Body, Query};
use crate::platform::ids::{ChildId, FacilityId, GroupId};
use crate::platform::week::{DayTimes, WeekTimes};

/// Adds this slice's operations below `/api/v1/{tenant}`.
pub fn routes(routes: &mut ServiceConfig) {
    routes.service(get_group_board).service(place_in_group);
}

impl From<GroupError> for ApiError {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::Missing => Self::not_found(),
            GroupError::Invalid(invalid) => invalid.into(),
            GroupError::Db(db) => db.into(),
        }
    }
}

/// A child on the board.
#[derive(Debug, Serialize, ToSchema)]
struct BoardChildBody {
    child_id: ChildId,
    /// First name and initial; `erwartetes Kind` before birth.
    label: String,
    birth_date: NaiveDate,
    age_months: i32,
    age_band: AgeBand,
    hours_per_week: i32,
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>)]
    window_from: Option<NaiveTime>,
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>)]
    window_to: Option<NaiveTime>,
    /// The times of each day on which the child comes; `null`: the same on every day.
    #[schema(value_type = Option<Vec<DayTimes>>)]
    week: Option<WeekTimes>,
    /// Last day of the contract.
    last_day: NaiveDate,
    /// Whether it is younger or older than its group is for.
    outside_age_range: bool,
    in_group_since: Option<NaiveDate>,
}

/// A group on the board.
#[derive(Debug, Serialize, ToSchema)]
struct BoardGroupBody {
    id: GroupId,
    name: String,
    age_from_months: i32,
    age_to_months: i32,
    places: i32,
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>)]
    opens_at: Option<NaiveTime>,
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>)]
    closes_at: Option<NaiveTime>,
    /// Children under three.
    under3: i32,
    /// Children from three to school entry.
    over3: i32,
    /// Schoolchildren.
    school_age: i32,
    /// Contracted hours of all children a week.
    hours_per_week: i32,
    /// Minutes of the group's staff a week; `null` when none was entered.
    staff_minutes: Option<i64>,
    /// Minutes that the staffing key wants; `null` where no key counts.
    required_minutes: Option<i64>,
    /// What is remarkable; it stops nothing.
    warnings: Vec<GroupWarning>,
    children: Vec<BoardChildBody>,
}

/// The children of a facility on a day, by group.
#[derive(Debug, Serialize, ToSchema)]
struct BoardBody {
    facility_id: FacilityId,
    facility_name: String,
    on: NaiveDate,
    /// Minutes of staff of the whole facility a week; `null` when none was entered.
    staff_minutes: Option<i64>,
    /// Minutes that all its children need a week by the staffing key; `null` where no key counts.
    required_minutes: Option<i64>,
    groups: Vec<BoardGroupBody>,
    without_group: Vec<BoardChildBody>,
    /// Whether the asker may move children.
    may_move: bool,
}

impl BoardChildBody {
    fn of(child: BoardChild, language: &str) -> Self {
        Self {
            label: families::child_label(child.first_name.as_deref(), child.last_name.as_deref(), language),
            child_id: child.child_id,
            birth_date: child.birth,
            age_months: child.age_months,
            age_band: child.age_band,
            hours_per_week: child.hours_per_week,
            window_from: child.window_from,
            window_to: child.window_to,
            week: child.week,
            last_day: child.care_until.pred_opt().unwrap_or(child.care_until),
            outside_age_range: child.outside_age_range,
            in_group_since: child.in_group_since,
        }
    }
}

impl BoardGroupBody {
    fn of(group: BoardGroup, language: &str) -> Self {
        let [under3, over3, school_age] = group.by_band;
        Self {
            id: group.id,
            name: group.name,
            age_from_months: group.age_from_months,
            age_to_months: group.age_to_months,
            places: group.places,
            opens_at: group.opens_at,
            closes_at: group.closes_at,
            under3,
            over3,
            school_age,
            hours_per_week: group.hours_per_week,
            staff_minutes: group.staff_minutes,
            required_minutes: group.required_minutes,
            warnings: group.warnings,
            children: group
                .children
                .into_iter()
                .map(|c| BoardChildBody::of(c, language))
                .collect(),
        }
    }
}

async fn body(tx: &mut TenantRead, facility: FacilityId, day: NaiveDate) -> Result<Json<BoardBody>, ApiError> {
    let Board {
        facility_name,
        day,
        staff_minutes,
        required_minutes,
        groups,
        without_group,
    } = super::board(tx, facility, day).await?;
    for child in groups.iter().flat_map(|g| &g.children).chain(&without_group) {
        tx.touch_child(child.child_id);
    }
    let language = tx.language();
    Ok(Json(BoardBody {
        facility_id: facility,
        facility_name,
        on: day,
        staff_minutes,
        required_minutes,
        groups: groups.into_iter().map(|g| BoardGroupBody::of(g, &language)).collect(),
        without_group: without_group
            .into_iter()
            .map(|c| BoardChildBody::of(c, &language))
            .collect(),
        // The office looks on; it does not decide for the facility.
        may_move: tx.scope().facilities().is_some(),
    }))
}

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BoardQuery {
    /// The day; today when left out.
    on: Option<NaiveDate>,
}

/// The children with a contract on a day, by group, with age mix, hours, staff and what is remarkable.
#[utoipa::path(tag = "groups", params(BoardQuery), responses((status = 200, description = "The board", body = BoardBody)))]
#[get("/staff/facilities/{facility_id}/groups")]
async fn get_group_board(ctx: Ctx, at: At<FacilityId>, query: Query<BoardQuery>) -> Result<Json<BoardBody>, ApiError> {
    ctx.read(Action::GetGroupBoard, async |tx| {
        tx.touch(at.0);
        let day = query.0.on.unwrap_or(tx.today());
        body(tx, at.0, day).await
    })
    .await
}

/// Puts a child into a group from a day on, or into none. Nothing stops it; the board says what is remarkable.
#[utoipa::path(tag = "groups", request_body = NewPlacement,
    responses((status = 200, description = "The board of that day", body = BoardBody)))]
#[put("/staff/facilities/{facility_id}/groups/placement")]
async fn place_in_group(ctx: Ctx, at: At<FacilityId>, new: Body<NewPlacement>) -> Result<Json<BoardBody>, ApiError> {
    ctx.write(Action::PlaceInGroup, async |tx| {
        tx.touch(at.0);
        let new = new.parse()?;
        tx.touch_child(new.child_id);
        super::place(tx, at.0, &new).await?;
        body(tx, at.0, new.valid_from).await
    })
    .await
}
