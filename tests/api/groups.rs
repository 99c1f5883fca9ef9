//! The group board: children of a day, warnings that stop nothing, and a history that stays.

use kitaplatz::facilities::AgeBand;
use kitaplatz::platform::ids::FacilityId;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::facilities::{day, facility, give_capacity};
use crate::support::offers::{act, new_offer};
use crate::support::rounds::kita;
use crate::support::waiting::{Family, waiting};
use crate::support::{Answer, Client, TestApp};

struct Setting {
    app: TestApp,
    facility: FacilityId,
    manager: Client,
    /// Small and large group.
    groups: [String; 2],
}

async fn setting() -> Setting {
    let app = TestApp::new().await;
    let facility = kita(&app, "Kita Sonne", 20).await;
    let manager = app.manager(facility).await;
    let group = |name: &str, ages: [i32; 2], under3: i32, over3: i32| {
        json!({"name": name, "age_from_months": ages[0], "age_to_months": ages[1], "under3": under3, "over3": over3, "school_age": 0,
               "opens_at": "07:30:00", "closes_at": "16:30:00", "valid_from": "2027-01-01",
               "staff": if under3 > 0 { json!([{"weekly_minutes": 480, "valid_from": "2027-01-01"}]) } else { json!([]) }})
    };
    let basis = json!({"permits": [], "groups": [group("Igel", [6, 36], 1, 0), group("Wolf", [36, 84], 0, 18)],
                       "staff": [{"weekly_minutes": 20_000, "valid_from": "2027-01-01"}], "closures": [], "contingents": []});
    let path = format!("/staff/facilities/{facility}/basis");
    let put = manager.edit(Method::PUT, &path, 0, basis).await.ok();
    let id = |n: usize| put["basis"]["groups"][n]["id"].as_str().unwrap().to_owned();
    let groups = [id(0), id(1)];
    Setting {
        app,
        facility,
        manager,
        groups,
    }
}

impl Setting {
    /// A child with a contract from August on.
    async fn child(&self, name: &str, birth: &str) -> String {
        let parent = self.app.parent(&format!("{}@example.org", name.to_lowercase())).await;
        let family = Family {
            first_name: Some(name),
            birth: day(birth),
            account: parent.account,
            ..Family::default()
        };
        let made = waiting(&self.app, &family, &[self.facility]).await;
        let offer = self
            .manager
            .create("/staff/offers", new_offer(made.preferences[0]))
            .await
            .ok();
        let path = format!("/offers/{}/accept", offer["id"].as_str().unwrap());
        act(&parent, &path, offer["version"].as_i64().unwrap(), json!({}))
            .await
            .ok();
        made.child.to_string()
    }

    async fn board(&self, on: &str) -> Value {
        let path = format!("/staff/facilities/{}/groups?on={on}", self.facility);
        self.manager.get(&path).await.ok()
    }

    async fn place(&self, who: &Client, child: &str, group: Option<&str>, from: &str) -> Answer {
        let path = format!("/staff/facilities/{}/groups/placement", self.facility);
        let body = json!({"child_id": child, "group_id": group, "valid_from": from});
        who.send(Method::PUT, &path, Some(&body), &[]).await
    }
}

fn labels(children: &Value) -> Vec<&str> {
    children
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["label"].as_str().unwrap())
        .collect()
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn children_of_the_day_stand_without_a_group_until_somebody_puts_them_into_one() {
    let at = setting().await;
    let mia = at.child("Mia", "2026-03-14").await;
    assert_eq!(
        labels(&at.board("2027-07-31").await["without_group"]),
        Vec::<&str>::new(),
        "nobody is here yet"
    );
    let board = at.board("2027-08-01").await;
    assert_eq!(labels(&board["without_group"]), ["Mia B."]);
    assert_eq!(board["may_move"], true);
    let after = at
        .place(&at.manager, &mia, Some(&at.groups[0]), "2027-08-01")
        .await
        .ok();
    let igel = &after["groups"][0];
    assert_eq!(
        (labels(&igel["children"]), &igel["under3"], &igel["opens_at"]),
        (vec!["Mia B."], &json!(1), &json!("07:30"))
    );
    // One child of 40 hours: 40 × 40/9/5/5 h = 7 h 7 min of staff; the group has eight.
    assert_eq!(
        (&igel["required_minutes"], &igel["staff_minutes"], &igel["warnings"]),
        (&json!(427), &json!(480), &json!([]))
    );
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn warnings_tell_of_too_many_wrong_ages_and_too_little_staff_and_stop_nothing() {
    let at = setting().await;
    for (name, birth) in [("Mia", "2026-03-14"), ("Ben", "2026-05-01")] {
        let child = at.child(name, birth).await;
        at.place(&at.manager, &child, Some(&at.groups[0]), "2027-08-01")
            .await
            .ok();
    }
    let board = at.board("2027-08-01").await;
    assert_eq!(board["groups"][0]["warnings"], json!(["too_many", "staffing"]));
    let old = at.child("Ole", "2023-06-01").await;
    let after = at
        .place(&at.manager, &old, Some(&at.groups[0]), "2027-08-01")
        .await
        .ok();
    assert_eq!(
        after["groups"][0]["warnings"],
        json!(["too_many", "age_range", "staffing"])
    );
    let outside: Vec<_> = after["groups"][0]["children"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["outside_age_range"].clone())
        .collect();
    assert_eq!(outside, [false, false, true]);
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn a_move_ends_what_was_and_keeps_it_on_record() {
    let at = setting().await;
    let mia = at.child("Mia", "2026-03-14").await;
    at.place(&at.manager, &mia, Some(&at.groups[0]), "2027-08-01")
        .await
        .ok();
    at.place(&at.manager, &mia, Some(&at.groups[1]), "2028-02-01")
        .await
        .ok();
    let groups = async |on: &str| {
        let board = at.board(on).await;
        let each = |n: usize| board["groups"][n]["children"].as_array().unwrap().len();
        (each(0), each(1), board["without_group"].as_array().unwrap().len())
    };
    assert_eq!(groups("2028-01-31").await, (1, 0, 0));
    assert_eq!(groups("2028-02-01").await, (0, 1, 0));
    at.place(&at.manager, &mia, None, "2028-03-01").await.ok();
    assert_eq!(groups("2028-02-29").await, (0, 1, 0));
    assert_eq!(groups("2028-03-01").await, (0, 0, 1));
    // From a day on means: until told otherwise, whatever was planned after it.
    at.place(&at.manager, &mia, Some(&at.groups[0]), "2027-10-01")
        .await
        .ok();
    assert_eq!(groups("2028-03-01").await, (1, 0, 0));
    // A group that children were in is ended, not removed.
    let path = format!("/staff/facilities/{}/basis", at.facility);
    let none = json!({"permits": [], "groups": [], "staff": [], "closures": [], "contingents": []});
    let refused = at.manager.edit(Method::PUT, &path, 1, none).await;
    assert_eq!(refused.refused(409), "capacity.group_in_use");
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn only_who_runs_the_facility_moves_its_own_children_into_its_own_groups() {
    let at = setting().await;
    let mia = at.child("Mia", "2026-03-14").await;
    let clerk = at.app.clerk().await;
    assert_eq!(
        at.place(&clerk, &mia, None, "2027-08-01").await.refused(403),
        "access.denied"
    );
    let other = facility(&at.app, "Kita Mond").await;
    give_capacity(&at.app, other, AgeBand::Over3, 5).await;
    let stranger = at.app.manager(other).await;
    assert_eq!(
        at.place(&stranger, &mia, None, "2027-08-01").await.refused(404),
        "not_found"
    );
    // A child without a contract here, and a group of another facility, are as missing ones.
    let unknown = waiting(&at.app, &Family::default(), &[at.facility])
        .await
        .child
        .to_string();
    assert_eq!(
        at.place(&at.manager, &unknown, Some(&at.groups[0]), "2027-08-01")
            .await
            .refused(404),
        "not_found"
    );
    let path = format!("/staff/facilities/{other}/basis");
    let group = json!([{"name": "Fremd", "age_from_months": 0, "age_to_months": 84, "under3": 1, "over3": 0, "school_age": 0, "valid_from": "2027-01-01"}]);
    let basis = json!({"permits": [], "groups": group, "staff": [], "closures": [], "contingents": []});
    let put = stranger.edit(Method::PUT, &path, 0, basis).await.ok();
    let foreign = put["basis"]["groups"][0]["id"].as_str().unwrap();
    assert_eq!(
        at.place(&at.manager, &mia, Some(foreign), "2027-08-01")
            .await
            .refused(404),
        "not_found"
    );
}
