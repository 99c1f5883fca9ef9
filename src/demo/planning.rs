//! Made-up numbers of children in the large town's planning areas, so that coverage and gaps have something to show.

use chrono::{Datelike, NaiveDate};
use reqwest::Method;
use serde_json::json;

use super::DemoError;
use super::people::People;
use super::stage::Stage;
use super::stories;

/// So many birth years are entered.
const YEARS: i32 = 11;

/// Children by planning area: about as many a year as the area's facilities would have places for.
pub(super) async fn population(stage: &Stage<'_>) -> Result<(), DemoError> {
    if stage.town.slug != stories::LARGE_TOWN {
        return Ok(());
    }
    stage.days_ago(2, 11);
    let office = stage.colleague("amt").await?;
    let mut people = People::of("einwohner");
    let planning = office.get("/office/planning").await?;
    let last = stage.today.year() - 1;
    let mut rows = Vec::new();
    for area in planning["areas"].as_array().into_iter().flatten() {
        let (name, facilities) = (
            area["area"].as_str().unwrap_or_default(),
            area["facilities"].as_i64().unwrap_or(0),
        );
        if name.is_empty() || facilities == 0 {
            continue;
        }
        let size = facilities * people.between(11, 19);
        for year in (last - YEARS + 1)..=last {
            rows.push(json!({ "area": name, "birth_year": year, "children": size + people.between(0, 6) }));
        }
    }
    let plan = json!({ "as_of": NaiveDate::from_ymd_opt(last, 12, 31), "target_under3": 45, "target_over3": 98, "target_school_age": 60,
        "population": rows });
    office.edit(Method::PUT, "/office/planning/basis", 0, &plan).await?;
    Ok(())
}
