//! Children who are in care in the made-up facilities: they came over with a list from the program that the town had before, and the
//! facilities live with them.

mod children;
mod list;
mod names;

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};
use reqwest::Method;
use serde_json::{Value, json};

use super::houses::HOUSES;
use super::people::People;
use super::stage::Stage;
use super::stories::{first_of, text, version};
use super::visitor::Visitor;
use super::{DemoError, furnish};
use crate::access::as_system;
use crate::facilities;
pub(super) use children::Child;
use children::Town;

/// The childminder's children, by their age in months.
const AT_THE_CHILDMINDER: [u32; 3] = [14, 21, 30];
/// So many letters with codes were posted; the other families get theirs with the next file.
const LETTERS: i64 = 40;
/// So many letters wait to be printed.
const LEFT_TO_PRINT: usize = 9;

/// All that the town took over from its old program, in one import, on its first day.
pub(super) async fn arrive(stage: &Stage<'_>, admin: &Visitor) -> Result<Vec<Child>, DemoError> {
    let rule = as_system(stage.platform, &stage.tenant, "demo", async |tx| {
        facilities::school_rule(tx).await
    })
    .await?;
    let mut people = People::of(&format!("betreut-{}", stage.town.slug));
    let mut town = Town::new(stage.today, rule, &mut people);
    for house in &HOUSES {
        // Where the office gives all places in rounds, more than one family must find one.
        town.fill(house, if stage.town.central { 8 } else { 6 });
    }
    for age in AT_THE_CHILDMINDER {
        town.add(furnish::CHILDMINDER, age);
    }
    let mut children = town.children;
    would_swap(&mut children, stage.today);
    let (postal_code, city, ..) = stage.town.place;
    let wished_from = first_of(stage.today + Months::new(3));
    let sent = stage.today - Days::new(100);
    let written = list::written(&children, (postal_code, city), wished_from, sent);
    let report = admin
        .upload("/admin/imports/families", "text/csv", written.into_bytes())
        .await?;
    if report["written"] != true {
        return Err(DemoError::Refused(format!("the children in care: {report}")));
    }
    Ok(children)
}

/// A child of each house would rather be in the other one: places that can be swapped.
fn would_swap(children: &mut [Child], today: NaiveDate) {
    let (three, five) = (today - Months::new(38), today - Months::new(58));
    for (house, other) in [(0, 1), (1, 0)] {
        let mut here = children.iter_mut().filter(|c| c.facility == HOUSES[house].name);
        if let Some(child) = here.find(|c| (five..three).contains(&c.born) && c.last_day.is_none() && c.group.is_some())
        {
            child.wish = Some(HOUSES[other].name);
            child.times = (35, "08:00", "15:00");
        }
    }
}

/// The facilities put their children into groups and write down what families said about them.
pub(super) async fn settle(stage: &Stage<'_>, children: &[Child], made_up: &[String; 3]) -> Result<(), DemoError> {
    stage.days_ago(80, 9);
    let provider = stage.colleague("traeger").await?;
    for (id, house) in made_up.iter().zip(&HOUSES) {
        let here: Vec<&Child> = children.iter().filter(|c| c.facility == house.name).collect();
        let board = board(stage, &provider, id).await?;
        let groups = board["groups"].as_array().into_iter().flatten();
        let groups: BTreeMap<&str, &Value> = groups.filter_map(|g| Some((g["name"].as_str()?, &g["id"]))).collect();
        let ids = children_of(&board);
        for child in &here {
            let (Some(group), Some(child_id)) = (child.group.and_then(|name| groups.get(name)), ids.get(&child.born))
            else {
                continue;
            };
            let place =
                json!({ "child_id": child_id, "group_id": group, "valid_from": in_group_since(child, stage.today) });
            provider
                .edit(
                    Method::PUT,
                    &format!("/staff/facilities/{id}/groups/placement"),
                    0,
                    &place,
                )
                .await?;
        }
        move_away(&provider, id, &here, &ids).await?;
        answer_wishes(&provider, id).await?;
        for (child, sheet) in here.iter().step_by(9).zip(sheets(stage.today)) {
            if let Some(child) = ids.get(&child.born) {
                let path = format!("/staff/facilities/{id}/children/{child}/care-sheet");
                provider.edit(Method::PUT, &path, 0, &sheet).await?;
            }
        }
    }
    Ok(())
}

/// Whoever would rather be here is on the waiting list.
async fn answer_wishes(provider: &Visitor, facility: &str) -> Result<(), DemoError> {
    let list = provider
        .get(&format!(
            "/staff/preferences?facility_id={facility}&state=received&limit=50"
        ))
        .await?;
    for wish in list["items"].as_array().into_iter().flatten() {
        let path = format!("/staff/preferences/{}/waitlist", text(wish, "id")?);
        provider.edit(Method::POST, &path, version(wish)?, &json!({})).await?;
    }
    Ok(())
}

/// Some contracts end in the next months, for the families move.
async fn move_away(
    provider: &Visitor,
    facility: &str,
    here: &[&Child],
    ids: &BTreeMap<NaiveDate, String>,
) -> Result<(), DemoError> {
    let contracts = contracts(provider, facility).await?;
    for child in here.iter().filter(|child| child.last_day.is_some()) {
        let Some(contract) = ids.get(&child.born).and_then(|id| contracts.get(id)) else {
            continue;
        };
        let path = format!("/staff/contracts/{}/terminate", text(contract, "id")?);
        let notice = json!({ "last_day": child.last_day, "reason": "Die Familie zieht um.", "by_agreement": true });
        provider.edit(Method::POST, &path, version(contract)?, &notice).await?;
    }
    Ok(())
}

async fn board(stage: &Stage<'_>, visitor: &Visitor, facility: &str) -> Result<Value, DemoError> {
    visitor
        .get(&format!("/staff/facilities/{facility}/groups?on={}", stage.today))
        .await
}

/// Everybody on a board by the day of birth, in a group or not.
fn children_of(board: &Value) -> BTreeMap<NaiveDate, String> {
    let groups = board["groups"].as_array().into_iter().flatten();
    let all = groups.map(|group| &group["children"]).chain([&board["without_group"]]);
    all.flat_map(|list| list.as_array().into_iter().flatten())
        .filter_map(|child| {
            Some((
                child["birth_date"].as_str()?.parse().ok()?,
                child["child_id"].as_str()?.to_owned(),
            ))
        })
        .collect()
}

/// Since the child came, or since it was old enough, but not before the groups were.
fn in_group_since(child: &Child, today: NaiveDate) -> NaiveDate {
    let three = child.born + Months::new(37);
    let old_enough = if three <= today { first_of(three) } else { child.from };
    child.from.max(old_enough).max(first_of(today) - Months::new(11))
}

/// What families said: allergies, and who may pick the child up.
fn sheets(today: NaiveDate) -> impl Iterator<Item = Value> {
    let allergy = |substance: &str, measures: &str| json!([{ "substance": substance, "measures": measures }]);
    let pickup = |name: &str, relation: &str, phone: &str| json!([{ "name": name, "relation": relation, "phone": phone, "until": null }]);
    let sheet = |allergies: Value, pickups: Value| {
        let health_consent = allergies.as_array().is_some_and(|all| !all.is_empty());
        json!({ "entries": { "allergies": allergies, "pickups": pickups }, "health_consent": health_consent })
    };
    let until = json!([{ "name": "Marion Petersen", "relation": "Tagesmutter der Schwester", "phone": "0171 3920041", "until": today + Months::new(2) }]);
    [
        sheet(
            allergy("Erdnüsse", "Notfallset liegt im Gruppenraum, sofort 112"),
            pickup("Inge Hansen", "Großmutter", "0171 3920017"),
        ),
        sheet(json!([]), pickup("Jörg Albers", "Großvater", "0171 3920022")),
        sheet(allergy("Kuhmilch", "Ersatzmilch bringt die Familie mit"), json!([])),
        sheet(json!([]), until),
        sheet(
            allergy("Bienenstiche", "kühlen, Antihistaminikum aus dem Büro, Eltern anrufen"),
            pickup("Tanja Voss", "Tante", "0171 3920058"),
        ),
        sheet(
            allergy("Penicillin", ""),
            pickup("Karl-Heinz Böhm", "Nachbar", "0171 3920063"),
        ),
    ]
    .into_iter()
}

/// Codes for the families, in letters: a file that was posted.
pub(super) async fn letters(stage: &Stage<'_>) -> Result<(), DemoError> {
    stage.days_ago(20, 10);
    let admin = stage.colleague("verwaltung").await?;
    let batch = admin
        .post(
            "/office/claim-batches",
            &json!({ "only_imported": true, "letters": LETTERS }),
        )
        .await?;
    let path = format!("/office/claim-batches/{}/letters.pdf", text(&batch, "id")?);
    admin.post(&path, &json!({})).await.map(|_| ())
}

/// The office has printed its letters, but for the last ones.
pub(super) async fn print(stage: &Stage<'_>) -> Result<(), DemoError> {
    stage.days_ago(0, 0);
    let clerk = stage.colleague("amt").await?;
    // The newest stand first; two hundred are a page.
    loop {
        let list = clerk.get("/office/letters?limit=200").await?;
        let letters: Vec<&Value> = list["items"].as_array().into_iter().flatten().collect();
        if letters.len() <= LEFT_TO_PRINT {
            break;
        }
        for letter in letters.into_iter().skip(LEFT_TO_PRINT) {
            let path = format!("/office/letters/{}/printed", text(letter, "id")?);
            clerk.post(&path, &json!({})).await?;
        }
    }
    Ok(())
}

/// A contract is being changed: the family has its text and has not signed.
pub(super) async fn changes(stage: &Stage<'_>, made_up: &[String; 3]) -> Result<(), DemoError> {
    stage.days_ago(2, 9);
    stage.job("TendContracts").await?;
    stage.job("TendDemands").await?;
    let manager = stage.colleague("leitung").await?;
    let board = board(stage, &manager, &made_up[0]).await?;
    let groups = board["groups"].as_array().into_iter().flatten();
    let mut staying = groups.flat_map(|group| group["children"].as_array().into_iter().flatten());
    let next_year = stage.today + Months::new(12);
    let Some(less) = staying.find(|child| child["hours_per_week"] == 40 && stays(child, next_year)) else {
        return Ok(());
    };
    let day =
        |weekday| json!({ "weekday": weekday, "from": "08:00", "to": if weekday == 5 { "12:00" } else { "14:00" } });
    let week: Vec<Value> = (1..=5).map(day).collect();
    let change = json!({ "valid_from": first_of(stage.today + Months::new(2)), "week": week });
    let contracts = contracts(&manager, &made_up[0]).await?;
    let Some(contract) = less["child_id"].as_str().and_then(|child| contracts.get(child)) else {
        return Ok(());
    };
    let path = format!("/staff/contracts/{}", text(contract, "id")?);
    let contract = manager
        .edit(Method::PUT, &format!("{path}/amendment"), version(contract)?, &change)
        .await?;
    let path = format!("{path}/send");
    manager
        .edit(Method::POST, &path, version(&contract)?, &json!({}))
        .await
        .map(|_| ())
}

fn stays(child: &Value, day: NaiveDate) -> bool {
    child["last_day"]
        .as_str()
        .and_then(|last| last.parse::<NaiveDate>().ok())
        .is_some_and(|last| last > day)
}

/// The contracts of a facility by the child.
async fn contracts(manager: &Visitor, facility: &str) -> Result<BTreeMap<String, Value>, DemoError> {
    let list = manager
        .get(&format!("/contracts?facility_id={facility}&limit=200"))
        .await?;
    let all = list["items"].as_array().into_iter().flatten();
    Ok(all
        .filter_map(|one| Some((one["child"]["id"].as_str()?.to_owned(), one.clone())))
        .collect())
}
