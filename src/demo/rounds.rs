//! Two rounds of the town whose office gives the places: one of the past, and one that the next visitor goes on with.

use chrono::{Days, Months, NaiveDate};
use reqwest::Method;
use serde_json::{Value, json};

use super::DemoError;
use super::people::People;
use super::stage::Stage;
use super::stories::{self, Ending, Family, Question, Wishes, text, version};
use super::visitor::Visitor;

/// Logins of the families of the past round, with their children's age in months today.
const PAST: [(&str, Ending, i64); 8] = [
    ("runde01", Ending::Accepted, 15),
    ("runde02", Ending::Accepted, 19),
    ("runde03", Ending::Accepted, 22),
    ("runde04", Ending::Accepted, 20),
    ("runde05", Ending::Accepted, 17),
    ("runde06", Ending::Accepted, 41),
    ("runde07", Ending::Declined, 44),
    ("runde08", Ending::Accepted, 27),
];

/// Those of the round under way, more than there are places.
const UNDER_WAY: [(&str, i64); 16] = [
    ("runde11", 12),
    ("runde12", 13),
    ("runde13", 14),
    ("runde14", 15),
    ("runde15", 16),
    ("runde16", 17),
    ("runde17", 18),
    ("runde18", 19),
    ("runde19", 20),
    ("runde20", 21),
    ("runde21", 22),
    ("runde22", 23),
    ("runde23", 38),
    ("runde24", 40),
    ("runde25", 43),
    ("runde26", 46),
];

/// Two of the office, who see each other's steps and do the other half.
struct Office {
    clerk: Visitor,
    admin: Visitor,
    path: String,
}

/// A round that was released and answered: the public page, the decisions and the families' reasons have something to show.
pub(super) async fn past(stage: &Stage<'_>, places: &[String; 3], questions: &[Question]) -> Result<(), DemoError> {
    let mut people = People::of("vergabe-vorher");
    // What the manager offers in the stories stays out of it.
    let others = [places[1].clone()];
    let wishes = Wishes {
        decided: &places[2],
        others: &others,
    };
    let mut families = Vec::new();
    for (number, (login, ending, age)) in (0_i64..).zip(PAST) {
        stage.days_ago(86 - number, 8);
        families.push(stories::apply(stage, &mut people, login, ending, age, &wishes, questions).await?);
    }
    let mut office = plan(stage, "Vergabe zum Winter", 76, 74).await?;
    stage.days_ago(75, 9);
    stage.job("CountOfTheDay").await?;
    office.both(stage).await?;
    office.step("freeze", json!({"dry_run": true})).await?;
    stage.days_ago(74, 20);
    office.both(stage).await?;
    for person in [&office.clerk, &office.admin] {
        let seed = json!({ "seed": "4-11-19-23-38-45" });
        person.post(&format!("{}/seed", office.path), &seed).await?;
    }
    office.clerk.post(&format!("{}/runs", office.path), &json!({})).await?;
    office.release().await?;
    stage.job("SendRoundOffers").await?;
    answered(stage, &families).await?;
    stage.days_ago(62, 9);
    office.both(stage).await?;
    office.step("close", json!({})).await
}

/// The families answer; what one of them declines goes to the next.
async fn answered(stage: &Stage<'_>, families: &[Family]) -> Result<(), DemoError> {
    for (day, family) in (0_i64..).zip(families) {
        stage.days_ago(72 - day / 2, 18);
        stories::answer_if_asked(stage, family).await?;
    }
    stage.days_ago(68, 19);
    stage.job("FollowUpRounds").await
}

/// A round that is frozen and was run dry. The draw was this morning: two persons can enter it, and go on to the release.
pub(super) async fn under_way(
    stage: &Stage<'_>,
    wished: &str,
    others: &[String],
    questions: &[Question],
) -> Result<(), DemoError> {
    let mut people = People::of("vergabe-jetzt");
    let others: Vec<String> = others.iter().filter(|id| *id != wished).cloned().collect();
    let wishes = Wishes {
        decided: wished,
        others: &others,
    };
    for (number, (login, age)) in (0_i64..).zip(UNDER_WAY) {
        stage.days_ago(24 - number, 8 + number % 10);
        stories::apply(stage, &mut people, login, Ending::Waiting, age, &wishes, questions).await?;
    }
    let mut office = plan(stage, "Vergabe zum neuen Kita-Jahr", 3, 0).await?;
    stage.days_ago(1, 19);
    stage.job("CountOfTheDay").await?;
    office.both(stage).await?;
    office.step("freeze", json!({"dry_run": true})).await?;
    office.deviate().await
}

async fn plan(stage: &Stage<'_>, name: &str, key_day: u64, draw_day: u64) -> Result<Office, DemoError> {
    let day = |ago: u64| stage.today - Days::new(ago);
    stage.days_ago(i64::try_from(key_day).unwrap_or(0) + 2, 9);
    let clerk = stage.colleague("amt").await?;
    let body = json!({
        "name": name, "mode": "central", "key_date": day(key_day), "start_on": starts_on(stage.today),
        "config": {
            "age_bands": ["under3", "over3"], "offer_days": 10, "siblings": "preferred",
            "draw_source": "Lotto 6 aus 49, Zahlen aufsteigend mit Bindestrich", "draw_on": day(draw_day),
        },
    });
    let round = clerk.post("/rounds", &body).await?;
    Ok(Office {
        path: format!("/rounds/{}", text(&round, "id")?),
        admin: stage.colleague("verwaltung").await?,
        clerk,
    })
}

fn starts_on(today: NaiveDate) -> NaiveDate {
    stories::first_of(today + Months::new(3))
}

impl Office {
    /// Both come back on another day.
    async fn both(&mut self, stage: &Stage<'_>) -> Result<(), DemoError> {
        self.clerk = stage.colleague("amt").await?;
        self.admin = stage.colleague("verwaltung").await?;
        Ok(())
    }

    async fn step(&self, step: &str, body: Value) -> Result<(), DemoError> {
        self.step_of(&self.clerk, step, &body).await
    }

    async fn step_of(&self, person: &Visitor, step: &str, body: &Value) -> Result<(), DemoError> {
        let seen = version(&person.get(&self.path).await?)?;
        let path = format!("{}/{step}", self.path);
        person.edit(Method::POST, &path, seen, body).await.map(|_| ())
    }

    /// Both open the conflicts and sign.
    async fn release(&self) -> Result<(), DemoError> {
        let run = self.clerk.get(&self.path).await?["run"]["id"].clone();
        for person in [&self.clerk, &self.admin] {
            person.post(&format!("{}/conflicts", self.path), &json!({})).await?;
            self.decide(person).await?;
            self.step_of(person, "release", &json!({ "run_id": run })).await?;
        }
        Ok(())
    }

    /// A person decides about every child that waits for it.
    async fn decide(&self, person: &Visitor) -> Result<(), DemoError> {
        let waiting = person
            .get(&format!("{}/cases?undecided=true&limit=200", self.path))
            .await?;
        let ids: Vec<&Value> = waiting["items"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|case| &case["id"])
            .collect();
        if ids.is_empty() {
            return Ok(());
        }
        let body = json!({"case_ids": ids, "decided": true, "note": "Geprüft; das Amt spricht mit der Familie."});
        person
            .post(&format!("{}/case-decisions", self.path), &body)
            .await
            .map(|_| ())
    }

    /// The clerk proposes to give a place to the child with the gravest matter; the second person has not looked at it yet.
    async fn deviate(&self) -> Result<(), DemoError> {
        let cases = self
            .clerk
            .get(&format!("{}/cases?flagged=true&placed=false&limit=20", self.path))
            .await?;
        for id in cases["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|c| c["id"].as_str())
        {
            let case = self.clerk.get(&format!("{}/cases/{id}", self.path)).await?;
            let mut wishes = case["wishes"].as_array().into_iter().flatten();
            let Some(wish) = wishes.find(|wish| wish["excluded"].is_null()) else {
                continue;
            };
            let body = json!({
                "case_id": id, "kind": "place", "preference_id": wish["preference_id"], "reason": "hardship",
                "note": "Der Allgemeine Soziale Dienst bittet um diesen Platz (Beispiel).",
            });
            let path = format!("{}/deviations", self.path);
            return self.clerk.post(&path, &body).await.map(|_| ());
        }
        Ok(())
    }
}
