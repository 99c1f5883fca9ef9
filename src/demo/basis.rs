//! What the places of the made-up facilities rest on: permit, groups and staff, and a childminder's substitute.

use serde_json::{Value, json};

use reqwest::Method;

use super::DemoError;
use super::houses::{HOUSES, Plan};
use super::stage::Stage;
use super::visitor::Visitor;
use crate::facilities::AgeBand;

/// Gives the two facilities permit, groups and enough staff, and the childminder a substitute.
pub(super) async fn give(stage: &Stage<'_>, admin: &Visitor, made_up: &[String; 3]) -> Result<(), DemoError> {
    let since = stage.today - chrono::Months::new(12);
    for (id, house) in made_up.iter().zip(&HOUSES) {
        let (under3, over3) = (house.places(AgeBand::Under3), house.places(AgeBand::Over3));
        let basis = json!({
            "permits": [{ "reference": "Beispiel 51-17", "valid_from": since, "valid_to": null, "places": [
                { "care_type": "nursery", "age_band": "under3", "places": under3 },
                { "care_type": "kindergarten", "age_band": "over3", "places": over3 },
            ]}],
            "groups": house.groups.iter().map(|plan| group(plan, since)).collect::<Vec<_>>(),
            // Somebody who helps out in every group.
            "staff": [{ "weekly_minutes": 2400, "valid_from": since }],
            "closures": [], "contingents": [],
        });
        put(admin, id, &basis).await?;
    }
    let alone = json!({ "permits": [], "groups": [], "staff": [], "closures": [], "contingents": [], "substitute_id": made_up[1] });
    put(admin, &made_up[2], &alone).await
}

fn group(plan: &Plan, since: chrono::NaiveDate) -> Value {
    // A post of 40 hours for four small or ten large children: enough by every key that we bring along.
    let staff = json!([{ "weekly_minutes": plan.under3 * 600 + plan.over3 * 240, "valid_from": since }]);
    json!({
        "id": null, "name": plan.name, "age_from_months": plan.ages.0, "age_to_months": plan.ages.1, "under3": plan.under3,
        "over3": plan.over3, "school_age": 0, "opens_at": "07:30:00", "closes_at": "16:30:00", "valid_from": since, "staff": staff,
    })
}

async fn put(admin: &Visitor, id: &str, basis: &Value) -> Result<(), DemoError> {
    let path = format!("/staff/facilities/{id}/basis");
    admin.edit(Method::PUT, &path, 0, basis).await?;
    Ok(())
}
