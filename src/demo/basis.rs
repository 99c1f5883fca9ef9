//! What the places of the made-up facilities rest on: permit, groups and staff, and a childminder's substitute.

use serde_json::{Value, json};

use reqwest::Method;

use super::DemoError;
use super::stage::Stage;
use super::visitor::Visitor;

/// Gives the two facilities permit, groups and enough staff, and the childminder a substitute.
pub(super) async fn give(stage: &Stage<'_>, admin: &Visitor, made_up: &[String; 3]) -> Result<(), DemoError> {
    let since = stage.today - chrono::Months::new(12);
    for id in &made_up[..2] {
        let capacity = admin.get(&format!("/staff/facilities/{id}/capacity")).await?;
        let (under3, over3) = (licensed(&capacity, "under3"), licensed(&capacity, "over3"));
        let small = under3.min(12);
        let large = over3.min(22);
        let basis = json!({
            "permits": [{ "reference": "Beispiel 51-17", "valid_from": since, "valid_to": null, "places": [
                { "care_type": "nursery", "age_band": "under3", "places": under3 },
                { "care_type": "kindergarten", "age_band": "over3", "places": over3 },
            ]}],
            "groups": [
                group("Igelgruppe", (6, 36), (small, 0), small * 600, since),
                group("Fuchsgruppe", (36, 84), (0, large), large * 240, since),
                group("Regenbogengruppe", (24, 84), (under3 - small, over3 - large), 0, since),
            ],
            // A post of 40 hours for four small or ten large children: enough by every key that we bring along.
            "staff": [{ "weekly_minutes": ((under3 - small) * 600 + (over3 - large) * 240).max(2400), "valid_from": since }],
            "closures": [], "contingents": [],
        });
        put(admin, id, &basis).await?;
    }
    let alone = json!({ "permits": [], "groups": [], "staff": [], "closures": [], "contingents": [], "substitute_id": made_up[1] });
    put(admin, &made_up[2], &alone).await
}

fn group(name: &str, ages: (i64, i64), places: (i64, i64), weekly_minutes: i64, since: chrono::NaiveDate) -> Value {
    let staff = if weekly_minutes > 0 {
        json!([{ "weekly_minutes": weekly_minutes, "valid_from": since }])
    } else {
        json!([])
    };
    json!({
        "id": null, "name": name, "age_from_months": ages.0, "age_to_months": ages.1, "under3": places.0, "over3": places.1,
        "school_age": 0, "opens_at": "07:30:00", "closes_at": "16:30:00", "valid_from": since, "staff": staff,
    })
}

async fn put(admin: &Visitor, id: &str, basis: &Value) -> Result<(), DemoError> {
    let path = format!("/staff/facilities/{id}/basis");
    admin.edit(Method::PUT, &path, 0, basis).await?;
    Ok(())
}

/// Permitted places of an age band.
fn licensed(capacity: &Value, band: &str) -> i64 {
    let bands = capacity["bands"].as_array();
    let found = bands.into_iter().flatten().find(|b| b["age_band"] == band);
    found.and_then(|b| b["figures"][0]["licensed"].as_i64()).unwrap_or(0)
}
