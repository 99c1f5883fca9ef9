//! What becomes of the families: each lives one story, from a draft to a contract, told by the operations that people use.

use chrono::{Datelike, Days, Months, NaiveDate};
use reqwest::Method;
use serde_json::{Value, json};

use super::people::{Household, People};
use super::stage::Stage;
use super::visitor::Visitor;
use super::{DemoError, custody};
use crate::facilities;

/// How far a family has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Draft,
    Waiting,
    Reviewed,
    Invited,
    Waitlisted,
    Refused,
    Offered,
    Declined,
    Lapsed,
    Accepted,
    Withdrawn,
}

use Ending::{Accepted, Declined, Draft, Invited, Lapsed, Offered, Refused, Reviewed, Waiting, Waitlisted, Withdrawn};

/// Login, ending, and the age of the child in months today (below zero: not born yet).
const FAMILIES: [(&str, Ending, i64); 20] = [
    ("familie", Offered, 14),
    ("familie2", Waitlisted, 30),
    ("familie3", Draft, -2),
    ("eltern04", Waiting, 8),
    ("eltern05", Reviewed, 20),
    ("eltern06", Invited, 33),
    ("eltern07", Waitlisted, 11),
    ("eltern08", Refused, 26),
    ("eltern09", Offered, 35),
    ("eltern10", Declined, 18),
    ("eltern11", Lapsed, 9),
    (ENDS_WITH_THREE, Accepted, 27),
    ("eltern13", Accepted, 38),
    ("eltern14", Withdrawn, 16),
    ("eltern15", Waiting, 28),
    ("eltern16", Waiting, 6),
    ("eltern17", Waitlisted, 40),
    ("eltern18", Reviewed, 13),
    ("eltern19", Waiting, -1),
    ("eltern20", Waiting, 31),
];

/// Its place ends with the third birthday, and the family is asked what comes then.
const ENDS_WITH_THREE: &str = "eltern12";

/// The town with all of the stories; the others have the first few, so that the demo starts quickly.
pub(super) const LARGE_TOWN: &str = "flensburg";
const FEW: usize = 8;

/// The facilities that the stories are about: the first is the one whose manager decides, the others are further wishes.
pub(super) struct Wishes<'a> {
    pub decided: &'a str,
    pub others: &'a [String],
}

/// A question to families.
pub(super) struct Question {
    pub id: String,
    pub code: String,
    pub is_number: bool,
}

/// What only a family with two parents can say.
const OF_TWO: [&str; 3] = ["both_work", "one_of_two_works", "second_guardian_works"];

/// What a family says: it claims every second thing, but not at once what cannot be of one family.
fn answers(questions: &[Question], people: &mut People) -> Vec<Value> {
    let mut said = Vec::new();
    let (mut alone, mut works, mut two) = (false, false, false);
    for question in questions {
        if people.between(0, 1) == 0 {
            let drawn = if question.is_number { people.between(1, 39) } else { 0 };
            let code = question.code.as_str();
            let (of_one, of_two) = (code.starts_with("lone_parent"), OF_TWO.contains(&code));
            if (alone && of_two) || (two && of_one) || (works && code == "lone_parent_seeking") {
                continue;
            }
            alone |= of_one;
            two |= of_two;
            works |= code == "lone_parent_working";
            let most = match code {
                "working_hours" => 39,
                "children_under_13" => 3,
                _ if alone => 1,
                _ => 2,
            };
            let number = question.is_number.then(|| 1 + drawn % most);
            said.push(json!({ "criterion_id": question.id, "claimed": true, "number": number }));
        }
    }
    said
}

pub(super) struct Family {
    login: &'static str,
    ending: Ending,
    visitor_account: crate::platform::ids::AccountId,
    reference: Option<String>,
    demand: String,
    start: NaiveDate,
}

/// Lets all families of a town live their stories, in the order of the days.
pub(super) async fn tell(stage: &Stage<'_>, wishes: &Wishes<'_>, questions: &[Question]) -> Result<(), DemoError> {
    let mut people = People::of(&stage.tenant.slug);
    let mut families = Vec::new();
    let here = if stage.town.slug == LARGE_TOWN {
        FAMILIES.len()
    } else {
        FEW
    };
    for (number, (login, ending, age)) in (0_i64..).zip(FAMILIES).take(here) {
        // Two months ago the first, three weeks ago the last.
        stage.days_ago(60 - 2 * number, 8 + number % 10);
        families.push(apply(stage, &mut people, login, ending, age, wishes, questions).await?);
    }
    stage.days_ago(18, 9);
    let manager = stage.colleague("leitung").await?;
    for family in families.iter().filter(|f| f.reference.is_some()) {
        decide(&manager, family, wishes.decided).await?;
    }
    stage.days_ago(15, 11);
    let manager = stage.colleague("leitung").await?;
    for family in families.iter().filter(|f| f.ending == Lapsed) {
        offer(&manager, family, wishes.decided).await?;
    }
    stage.days_ago(3, 10);
    let manager = stage.colleague("leitung").await?;
    for family in families
        .iter()
        .filter(|f| matches!(f.ending, Offered | Declined | Accepted))
    {
        offer(&manager, family, wishes.decided).await?;
    }
    stage.days_ago(1, 19);
    for family in families
        .iter()
        .filter(|f| matches!(f.ending, Declined | Accepted | Withdrawn))
    {
        answer(stage, family).await?;
    }
    stage.days_ago(1, 20);
    let manager = stage.colleague("leitung").await?;
    let mut accepted = families.iter().filter(|f| f.ending == Accepted);
    if let Some(family) = accepted.next() {
        make_contract(&manager, stage, family).await?;
        stage.job("ProposeFollowups").await?;
    }
    if stage.town.slug == LARGE_TOWN
        && let Some(family) = accepted.next()
    {
        wish_to_change(stage, family, wishes).await?;
    }
    if let Some(family) = families.iter().find(|f| f.login == custody::PROTECTED) {
        custody::tell(stage, &family.demand).await?;
    }
    if let Some(family) = families.iter().find(|f| f.login == custody::HALF_ONLINE) {
        custody::second(stage, &family.demand).await?;
    }
    Ok(())
}

/// A contract is sent, signed on paper and signed for the provider. Others stay drafts.
async fn make_contract(manager: &Visitor, stage: &Stage<'_>, family: &Family) -> Result<(), DemoError> {
    let list = manager.get("/contracts?limit=200").await?;
    let mut drafted = list["items"].as_array().into_iter().flatten();
    let found = drafted.find(|c| c["demand_id"].as_str() == Some(family.demand.as_str()));
    let Some(mut contract) = found.cloned() else {
        return Ok(());
    };
    let path = format!("/staff/contracts/{}", text(&contract, "id")?);
    let signed_on = stage.today - Days::new(1);
    for (step, body) in [
        ("send", json!({})),
        ("paper-signature", json!({ "signed_on": signed_on })),
        ("countersign", json!({})),
    ] {
        let path = format!("{path}/{step}");
        contract = manager.edit(Method::POST, &path, version(&contract)?, &body).await?;
    }
    Ok(())
}

/// A family that just got a place would rather be elsewhere; it risks nothing by saying so.
async fn wish_to_change(stage: &Stage<'_>, family: &Family, wishes: &Wishes<'_>) -> Result<(), DemoError> {
    let parent = stage.again(family.visitor_account, family.login).await?;
    let before = parent.get(&format!("/demands/{}", family.demand)).await?;
    let made = json!({ "child_id": before["child"]["id"], "transfer": true });
    let demand = parent.post("/demands", &made).await?;
    let path = format!("/demands/{}", text(&demand, "id")?);
    let form = json!({
        "care_type": before["care_type"], "desired_start": before["desired_start"], "hours_per_week": before["hours_per_week"],
        "window_from": before["window_from"], "window_to": before["window_to"],
    });
    let demand = parent.edit(Method::PATCH, &path, version(&demand)?, &form).await?;
    let better: Vec<&String> = wishes.others.iter().take(1).collect();
    let wished = json!({ "facility_ids": better });
    parent
        .edit(Method::PUT, &format!("{path}/preferences"), version(&demand)?, &wished)
        .await?;
    parent.post(&format!("{path}/submit"), &json!({})).await.map(|_| ())
}

/// A family comes, fills in the form and, unless it stays a draft, sends it.
pub(super) async fn apply(
    stage: &Stage<'_>,
    people: &mut People,
    login: &'static str,
    ending: Ending,
    age: i64,
    wishes: &Wishes<'_>,
    questions: &[Question],
) -> Result<Family, DemoError> {
    let (account, parent) = stage.parent(login).await?;
    let home = people.household();
    let child = move_in(stage, &parent, people, &home, (login, age)).await?;
    let demand = parent.post("/demands", &json!({ "child_id": child })).await?;
    let id = text(&demand, "id")?;
    // Care starts on the first of a month, four to nine months from now, and not before the first birthday.
    let earliest = stage.today + Months::new(u32::try_from((12 - age).max(4)).unwrap_or(4));
    let start = first_of(earliest + Months::new(u32::try_from(people.between(0, 4)).unwrap_or(0)));
    let hours = 25 + 5 * people.between(0, 4);
    let demand = parent
        .edit(
            Method::PATCH,
            &format!("/demands/{id}"),
            version(&demand)?,
            &json!({
                "care_type": if age >= 24 { "kindergarten" } else { "nursery" },
                "desired_start": start,
                "latest_start": start + Months::new(3),
                "hours_per_week": hours,
                "window_from": "07:30",
                // Five such days hold the hours.
                "window_to": if hours > 40 { "16:30" } else { "15:30" },
                "legal_claim": people.between(0, 2) == 0,
                "facts": answers(questions, people),
            }),
        )
        .await?;
    let mut chosen = vec![wishes.decided.to_owned()];
    let further = usize::try_from(people.between(1, 2)).unwrap_or(1);
    let from = usize::try_from(people.between(0, 1_000)).unwrap_or(0);
    chosen.extend(
        wishes
            .others
            .iter()
            .cycle()
            .skip(from % wishes.others.len().max(1))
            .take(further.min(wishes.others.len()))
            .cloned(),
    );
    let path = format!("/demands/{id}/preferences");
    let mut demand = parent
        .edit(
            Method::PUT,
            &path,
            version(&demand)?,
            &json!({ "facility_ids": chosen }),
        )
        .await?;
    if ending != Draft {
        demand = parent.post(&format!("/demands/{id}/submit"), &json!({})).await?;
    }
    Ok(Family {
        login,
        ending,
        visitor_account: account,
        reference: demand["reference_code"].as_str().map(str::to_owned),
        demand: id,
        start,
    })
}

/// Guardian, household and child.
async fn move_in(
    stage: &Stage<'_>,
    parent: &Visitor,
    people: &mut People,
    home: &Household,
    (login, age): (&str, i64),
) -> Result<String, DemoError> {
    let guardian = json!({ "first_name": home.first_name, "last_name": home.last_name, "phone": home.phone });
    parent.edit(Method::PUT, "/family/guardian", 0, &guardian).await?;
    let (postal_code, city, ..) = stage.town.place;
    let household = json!({
        "street": home.street, "house_number": home.house_number, "postal_code": postal_code, "city": city,
        "address_protected": login == custody::PROTECTED,
    });
    parent.edit(Method::PUT, "/family/household", 0, &household).await?;
    let (first_name, sex) = people.child();
    let day = Days::new(u64::try_from(people.between(0, 27)).unwrap_or(0));
    let child = if age < 0 {
        let expected = stage.today + Months::new(u32::try_from(-age).unwrap_or(1)) + day;
        json!({ "expected_birth_date": expected })
    } else {
        let born = stage.today - Months::new(u32::try_from(age).unwrap_or(12)) - day;
        json!({ "first_name": first_name, "last_name": home.last_name, "sex": sex, "birth_date": born })
    };
    text(&parent.post("/family/children", &child).await?, "id")
}

/// What the manager does with a wish before any offer.
async fn decide(manager: &Visitor, family: &Family, facility: &str) -> Result<(), DemoError> {
    let (step, body) = match family.ending {
        Draft | Waiting | Withdrawn | Offered | Declined | Lapsed | Accepted => return Ok(()),
        Reviewed => ("review", json!({})),
        Invited => (
            "invite",
            json!({ "note": "Bitte rufen Sie uns zwischen 13 und 15 Uhr an." }),
        ),
        Waitlisted => ("waitlist", json!({})),
        Refused => ("refuse", json!({ "reason": "no_place", "note": null })),
    };
    let preference = preference(manager, family, facility).await?;
    let path = format!("/staff/preferences/{}/{step}", text(&preference, "id")?);
    manager.edit(Method::POST, &path, version(&preference)?, &body).await?;
    Ok(())
}

async fn offer(manager: &Visitor, family: &Family, facility: &str) -> Result<(), DemoError> {
    let preference = preference(manager, family, facility).await?;
    let body = json!({
        "preference_id": preference["id"],
        "care_from": family.start,
        "care_until": (family.login == ENDS_WITH_THREE).then(|| third_birthday(&preference)).flatten(),
        "hours_per_week": preference["hours_per_week"],
        "window_from": preference["window_from"],
        "window_to": preference["window_to"],
        "deadline_days": null,
    });
    manager.post("/staff/offers", &body).await?;
    Ok(())
}

fn third_birthday(preference: &Value) -> Option<NaiveDate> {
    let birth: NaiveDate = preference["child"]["birth_date"].as_str()?.parse().ok()?;
    Some(facilities::third_birthday(birth))
}

/// What the family does at last.
async fn answer(stage: &Stage<'_>, family: &Family) -> Result<(), DemoError> {
    let parent = stage.again(family.visitor_account, family.login).await?;
    if family.ending == Withdrawn {
        let demand = parent.get(&format!("/demands/{}", family.demand)).await?;
        parent
            .edit(
                Method::POST,
                &format!("/demands/{}/withdraw", family.demand),
                version(&demand)?,
                &json!({}),
            )
            .await?;
        return Ok(());
    }
    let offers = parent.get("/offers").await?;
    let offer = offers["items"]
        .as_array()
        .and_then(|list| list.first())
        .cloned()
        .unwrap_or_default();
    let id = text(&offer, "id")?;
    let offer = parent.post(&format!("/offers/{id}/view"), &json!({})).await?;
    let (step, body) = match family.ending {
        Accepted => ("accept", json!({})),
        _ => ("decline", json!({ "reason": "too_far" })),
    };
    parent
        .edit(Method::POST, &format!("/offers/{id}/{step}"), version(&offer)?, &body)
        .await?;
    Ok(())
}

/// The same where a round may have given nothing.
pub(super) async fn answer_if_asked(stage: &Stage<'_>, family: &Family) -> Result<(), DemoError> {
    let parent = stage.again(family.visitor_account, family.login).await?;
    let offers = parent.get("/offers").await?;
    match offers["items"].as_array().is_some_and(|list| !list.is_empty()) {
        true => answer(stage, family).await,
        false => Ok(()),
    }
}

/// The wish of a family as the manager sees it.
async fn preference(manager: &Visitor, family: &Family, facility: &str) -> Result<Value, DemoError> {
    let list = manager
        .get(&format!("/staff/preferences?facility_id={facility}&limit=200"))
        .await?;
    list["items"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|item| item["reference_code"].as_str() == family.reference.as_deref())
        .cloned()
        .ok_or_else(|| DemoError::Refused(format!("{}: its wish is not in the queue of {facility}", family.login)))
}

pub(super) fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

pub(super) fn text(value: &Value, key: &str) -> Result<String, DemoError> {
    value[key]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| DemoError::Refused(format!("no {key} in {value}")))
}

pub(super) fn version(value: &Value) -> Result<i64, DemoError> {
    value["version"]
        .as_i64()
        .ok_or_else(|| DemoError::Refused(format!("no version in {value}")))
}

#[cfg(test)]
#[path = "stories_tests.rs"]
mod tests;
