//! A town's office, facilities, capacities and staff.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use super::DemoError;
use super::accounts::Grant;
use super::basis;
use super::capacities::{self, Place};
use super::counsel;
use super::fees;
use super::houses::HOUSES;
use super::planning;
use super::stage::Stage;
use super::stories::{self, Question, Wishes, text};
use super::visitor::Visitor;
use super::{cared, notices, residence, rounds};
use crate::access::{Role, as_system};
use crate::facilities::{self, AgeBand};
use crate::platform::ids::{FacilityId, ProviderId};

/// The login that is made last: where it exists, the town is complete.
pub(super) const LAST_LOGIN: &str = "lesen";

/// So many days ago the town began with us.
const FOUNDED_DAYS_AGO: u64 = 88;
/// So long the office of the central town has given the places.
const CENTRAL_DAYS_AGO: u64 = 26;

/// The made-up childminder's.
pub(super) const CHILDMINDER: &str = "Kindertagespflege Muster";

/// Our own list, where no real one is at hand.
const MADE_UP_LIST: &str = include_str!("../../tests/fixtures/einrichtungen.csv");
/// The town of that list, which does not exist, and its middle.
const MADE_UP_CITY: &str = "Lindenau an der Wipper";
const MADE_UP_MIDDLE: (f64, f64) = (51.0405, 11.507);

/// Furnishes a town that was just made.
pub(super) async fn town(stage: &Stage<'_>, lists: &Path) -> Result<(), DemoError> {
    stage.days_ago(FOUNDED_DAYS_AGO.cast_signed(), 9);
    let admin = stage
        .staff("verwaltung", "Vera Waltung", &Grant::Tenant(Role::TenantAdmin))
        .await?;
    profile(stage, &admin).await?;
    without_second_factor(stage, &admin).await?;
    import(stage, &admin, lists).await?;
    let (made_up, provider) = made_up_facilities(stage, &admin).await?;
    let real = real_facilities(&admin, &made_up).await?;
    capacities(stage, &made_up, &real).await?;
    basis::give(stage, &admin, &made_up).await?;
    let children = cared::arrive(stage, &admin).await?;
    stage
        .staff(
            "leitung",
            "Lea Leitung",
            &Stage::facility(Role::FacilityManager, &made_up[0])?,
        )
        .await?;
    stage.staff("traeger", "Tim Träger", &Grant::Provider(provider)).await?;
    stage
        .staff(
            "tagespflege",
            "Tina Tagesmutter",
            &Stage::facility(Role::Childminder, &made_up[2])?,
        )
        .await?;
    stage.staff("amt", "Anton Amtmann", &Grant::Tenant(Role::Clerk)).await?;
    contract_words(stage, &admin).await?;
    cared::settle(stage, &children, &made_up).await?;
    stage.days_ago(FOUNDED_DAYS_AGO.cast_signed(), 9);
    let questions = criteria(stage, &admin).await?;
    let others: Vec<String> = made_up[1..]
        .iter()
        .chain(real.iter().filter(for_the_small).take(12).map(|(id, ..)| id))
        .cloned()
        .collect();
    if stage.town.central {
        rounds::past(stage, &made_up, &questions).await?;
    }
    stories::tell(
        stage,
        &Wishes {
            decided: &made_up[0],
            others: &others,
        },
        &questions,
    )
    .await?;
    notices::tell(stage).await?;
    residence::tell(stage).await?;
    if stage.town.central {
        // Until then the facilities of the stories offered by themselves.
        stage.days_ago(CENTRAL_DAYS_AGO.cast_signed(), 9);
        central(stage, &stage.colleague("verwaltung").await?).await?;
        rounds::under_way(stage, &made_up[1], &others, &questions).await?;
    }
    cared::letters(stage).await?;
    cared::changes(stage, &made_up).await?;
    fees::charge(stage).await?;
    cared::print(stage).await?;
    planning::population(stage).await?;
    counsel::counsellor(stage).await?;
    counsel::set_up(stage).await?;
    stage
        .staff(LAST_LOGIN, "Lena Leserin", &Grant::Tenant(Role::ReadOnly))
        .await?;
    Ok(())
}

/// Whoever looks at the demo has no app at hand.
async fn without_second_factor(stage: &Stage<'_>, admin: &Visitor) -> Result<(), DemoError> {
    let now = admin.get("/admin/settings").await?;
    let mut settings = now["current"]["settings"].clone();
    settings["second_factor_required_for_staff"] = json!(false);
    let body = json!({ "valid_from": stage.today - chrono::Days::new(FOUNDED_DAYS_AGO), "settings": settings });
    admin
        .edit(Method::PUT, "/admin/settings", stories::version(&now)?, &body)
        .await?;
    Ok(())
}

/// The municipality's own words for contracts, in force since the town began.
async fn contract_words(stage: &Stage<'_>, admin: &Visitor) -> Result<(), DemoError> {
    let new = json!({ "name": "Betreuungsvertrag", "provider_id": null });
    let draft = admin.post("/admin/contract-templates", &new).await?;
    let path = format!("/admin/contract-templates/{}/publish", text(&draft, "id")?);
    let founded = stage.today - chrono::Days::new(FOUNDED_DAYS_AGO);
    let body = json!({ "valid_from": founded });
    admin
        .edit(Method::POST, &path, stories::version(&draft)?, &body)
        .await?;
    Ok(())
}

/// From now on the office gives the places, in rounds.
async fn central(stage: &Stage<'_>, admin: &Visitor) -> Result<(), DemoError> {
    let now = admin.get("/admin/settings").await?;
    let mut settings = now["current"]["settings"].clone();
    settings["allocation_mode"] = json!("central");
    let body = json!({ "valid_from": stage.today - chrono::Days::new(CENTRAL_DAYS_AGO), "settings": settings });
    admin
        .edit(Method::PUT, "/admin/settings", stories::version(&now)?, &body)
        .await?;
    Ok(())
}

/// A set of criteria that holds from the first day, and in the large town a draft of the next version. Answers the questions to families.
async fn criteria(stage: &Stage<'_>, admin: &Visitor) -> Result<Vec<Question>, DemoError> {
    let (template, name) = stage.town.criteria;
    let set = admin
        .post("/admin/criteria-sets", &json!({ "name": name, "template": template }))
        .await?;
    let path = format!("/admin/criteria-sets/{}", text(&set, "id")?);
    let first_day = stage.today - chrono::Days::new(FOUNDED_DAYS_AGO);
    let publication = json!({ "valid_from": first_day, "acknowledged": [] });
    admin
        .edit(Method::POST, &format!("{path}/publish"), 1, &publication)
        .await?;
    if stage.town.slug == stories::LARGE_TOWN {
        let draft = json!({ "name": format!("{name}, neue Fassung"), "copy_of": set["id"] });
        admin.post("/admin/criteria-sets", &draft).await?;
    }
    let asked = admin.get("/criteria").await?;
    let question = |c: &Value| {
        Some(Question {
            id: c["id"].as_str()?.to_owned(),
            code: c["code"].as_str()?.to_owned(),
            is_number: c["source"] == "asked_number",
        })
    };
    Ok(items(&asked).filter_map(question).collect())
}

/// Postal codes of the country and streets of the town, for the search by place, where these lists are at hand.
pub(super) async fn places(stage: &Stage<'_>, lists: &Path) -> Result<(), DemoError> {
    let refused = |error: &dyn std::fmt::Display| DemoError::Refused(format!("places: {error}"));
    let codes = std::fs::read(lists.join("reference/postal_codes_de.csv"));
    if let (Some(ops), Ok(bytes)) = (&stage.platform.ops, codes) {
        facilities::import_postal_codes(ops, &bytes)
            .await
            .map_err(|error| refused(&error))?;
    }
    let streets = lists.join(format!("reference/{}_streets.csv", stage.town.slug));
    if let Ok(bytes) = std::fs::read(streets) {
        as_system(stage.platform, &stage.tenant, "demo", async |tx| {
            facilities::import_streets(tx, &bytes)
                .await
                .map_err(|error| refused(&error))
        })
        .await?;
    }
    Ok(())
}

async fn profile(stage: &Stage<'_>, admin: &Visitor) -> Result<(), DemoError> {
    let now = admin.get("/admin/tenant").await?;
    let (postal_code, city, ..) = stage.town.place;
    let body = json!({
        "office_name": format!("Jugendamt {city} (Beispiel)"),
        "primary_color": stage.town.color,
        "contact_email": stage.town.address("jugendamt"),
        "contact_phone": "0171 3920000",
        "contact_address": format!("Beispielplatz 1, {postal_code} {city}"),
        "feedback_email": stage.town.address("barrierefrei"),
        "sender_name": format!("Kitaplatz {city} (Beispiel)"),
        "sender_address": stage.town.address("kita"),
    });
    admin
        .edit(
            Method::PATCH,
            "/admin/tenant",
            now["version"].as_i64().unwrap_or(1),
            &body,
        )
        .await?;
    Ok(())
}

async fn import(stage: &Stage<'_>, admin: &Visitor, lists: &Path) -> Result<(), DemoError> {
    let path = lists.join(stage.town.list);
    let (mapping, bytes) = match std::fs::read(&path) {
        Ok(bytes) => ("kitaplatz", bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => ("german", moved(stage.town.place).into_bytes()),
        Err(error) => return Err(DemoError::List(path, error)),
    };
    let report = admin
        .upload(
            &format!("/admin/imports/facilities?dry_run=false&mapping={mapping}"),
            "text/csv",
            bytes,
        )
        .await?;
    if report["errors"].as_array().is_some_and(|list| !list.is_empty()) {
        return Err(DemoError::Refused(format!("{}: {}", path.display(), report["errors"])));
    }
    Ok(())
}

/// The made-up list as if its town were this one: the same streets around another place, so that the map shows them where the town is.
fn moved((postal_code, city, latitude, longitude): (&str, &str, f64, f64)) -> String {
    let number = |cell: &str| cell.replace(',', ".").parse::<f64>().ok();
    let line = |line: &str| {
        let mut cells: Vec<String> = line.split(';').map(|cell| cell.replace(MADE_UP_CITY, city)).collect();
        if let [_, _, _, _, _, _, _, code, _, _, at, along, ..] = cells.as_mut_slice()
            && *code != "PLZ"
        {
            postal_code.clone_into(code);
            // Not all of them are on the map.
            if let (Some(north), Some(east)) = (number(at), number(along)) {
                *at = format!("{:.5}", latitude + north - MADE_UP_MIDDLE.0);
                *along = format!("{:.5}", longitude + east - MADE_UP_MIDDLE.1);
            }
        }
        cells.join(";")
    };
    MADE_UP_LIST.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Two facilities and a childminder that do not exist, so that nobody plays the staff of a real one.
async fn made_up_facilities(stage: &Stage<'_>, admin: &Visitor) -> Result<([String; 3], ProviderId), DemoError> {
    let (postal_code, city, latitude, longitude) = stage.town.place;
    let provider = format!("Beispielträger {city}");
    let provider = admin
        .post(
            "/admin/providers",
            &json!({ "name": provider, "kind": "private_nonprofit", "website": null }),
        )
        .await?;
    let provider = text(&provider, "id")?;
    let mut ids = [String::new(), String::new(), String::new()];
    let [first, second] = HOUSES.map(|house| {
        let care_types = json!(["nursery", "kindergarten"]);
        (house.name, "daycare", care_types, house.number)
    });
    let names = [first, second, (CHILDMINDER, "childminder", json!(["nursery"]), "7")];
    for (index, (name, kind, care_types, number)) in names.into_iter().enumerate() {
        let childminder = kind == "childminder";
        let offset = [0.0, 0.006, -0.004][index];
        let licence = json!({ "valid_from": stage.today - chrono::Months::new(12), "valid_to": stage.today + chrono::Months::new(48), "places": 5 });
        let facility = json!({
            "name": name, "kind": kind, "provider_id": if childminder { Value::Null } else { json!(provider) }, "care_types": care_types,
            "street": "Am Musterteich", "house_number": number, "postal_code": postal_code, "city": city, "district": null,
            "latitude": metres(latitude + offset), "longitude": metres(longitude - offset),
            "opens_at": "07:00", "closes_at": if childminder { "15:30" } else { "17:00" },
            "languages": ["de"], "concepts": if childminder { json!([]) } else { json!(["Situationsansatz"]) }, "denomination": null,
            "inclusive": true, "barrier_free": index == 0, "age_from_months": 6, "age_to_months": if childminder { 36 } else { 78 },
            "description": "Diese Einrichtung ist erfunden und dient nur als Beispiel.",
            "website": null, "contact_email": null, "phone": null,
            "licence": if childminder { licence } else { Value::Null },
        });
        ids[index] = text(&admin.post("/admin/facilities", &facility).await?, "id")?;
    }
    Ok((ids, ProviderId(parse(&provider)?)))
}

/// An imported facility with the age bands that it takes, and whether it is a childminder's.
type Real = (String, Vec<AgeBand>, bool);

/// Whether a child of the stories, of one to four years, finds its age there.
fn for_the_small((_, bands, _): &&Real) -> bool {
    bands.contains(&AgeBand::Under3) && bands.contains(&AgeBand::Over3)
}

/// The imported facilities, in the order of their names, with the age bands that they take.
async fn real_facilities(admin: &Visitor, made_up: &[String]) -> Result<Vec<Real>, DemoError> {
    let list = admin.get("/facilities?limit=200&sort=name").await?;
    let real = |f: &Value| {
        Some((
            f["id"].as_str()?.to_owned(),
            bands(&f["care_types"]),
            f["kind"] == "childminder",
        ))
    };
    Ok(items(&list)
        .filter_map(real)
        .filter(|(id, ..)| !made_up.contains(id))
        .collect())
}

fn bands(care_types: &Value) -> Vec<AgeBand> {
    let takes = |name: &str| {
        care_types
            .as_array()
            .into_iter()
            .flatten()
            .any(|t| t == name || t == "mixed_age")
    };
    let all = [
        ("nursery", AgeBand::Under3),
        ("kindergarten", AgeBand::Over3),
        ("after_school", AgeBand::SchoolAge),
    ];
    all.into_iter()
        .filter(|(name, _)| takes(name))
        .map(|(_, band)| band)
        .collect()
}

async fn capacities(stage: &Stage<'_>, made_up: &[String], real: &[Real]) -> Result<(), DemoError> {
    let mut places = Vec::new();
    for (index, id) in made_up.iter().enumerate() {
        let bands = if index == 2 {
            vec![AgeBand::Under3]
        } else {
            vec![AgeBand::Under3, AgeBand::Over3]
        };
        places.push(Place {
            facility: FacilityId(parse(id)?),
            bands,
            house: HOUSES.get(index),
            kept_here: true,
            childminder: index == 2,
        });
    }
    for (id, bands, childminder) in real {
        places.push(Place {
            facility: FacilityId(parse(id)?),
            bands: bands.clone(),
            house: None,
            kept_here: false,
            childminder: *childminder,
        });
    }
    capacities::give(stage, &places).await
}

/// A coordinate as one writes it down: five digits are a metre.
fn metres(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}

fn parse(id: &str) -> Result<uuid::Uuid, DemoError> {
    id.parse().map_err(|_| DemoError::Refused(format!("{id} is no id")))
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list["items"].as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_made_up_facilities_stand_in_the_town_that_shows_them() {
        for town in &super::super::towns::TOWNS {
            let (postal_code, city, latitude, longitude) = town.place;
            let list = moved(town.place);
            assert!(!list.contains(MADE_UP_CITY));
            let rows: Vec<Vec<&str>> = list.lines().skip(1).map(|line| line.split(';').collect()).collect();
            assert!(rows.len() > 20);
            for row in rows {
                assert_eq!((row[7], row[8]), (postal_code, city));
                let (Ok(north), Ok(east)) = (row[10].parse::<f64>(), row[11].parse::<f64>()) else {
                    continue;
                };
                assert!(
                    (north - latitude).abs() < 0.1 && (east - longitude).abs() < 0.15,
                    "{row:?}"
                );
            }
        }
    }
}
