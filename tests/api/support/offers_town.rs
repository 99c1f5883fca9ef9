//! The small town in which offers are sent: two facilities, their managers, one family.

use kitaplatz::facilities::AgeBand;
use kitaplatz::platform::ids::FacilityId;
use serde_json::Value;

use super::facilities::{facility_with_capacity, give_capacity};
use super::families::Family;
use super::offers::{Wishes, new_offer};
use super::{Client, TestApp};

/// A facility with places for a child born in March 2026 from 2027 to school entry.
pub async fn kita(app: &TestApp, places: i32) -> FacilityId {
    let id = facility_with_capacity(app, AgeBand::Under3, places).await;
    give_capacity(app, id, AgeBand::Over3, places).await;
    id
}

/// Two facilities with a place each, their managers, and a family that wishes both.
pub struct Town {
    pub first: FacilityId,
    pub second: FacilityId,
    pub manager: Client,
    pub other_manager: Client,
    pub family: Family,
    pub wishes: Wishes,
}

/// Makes a [`Town`].
pub async fn town(app: &TestApp) -> Town {
    let (first, second) = (kita(app, 1).await, kita(app, 1).await);
    let family = app.family("jana@example.org").await;
    let wishes = app.wishes(family.child, &[first, second]).await;
    Town {
        manager: app.manager(first).await,
        other_manager: app.manager(second).await,
        first,
        second,
        family,
        wishes,
    }
}

/// Offers the place of the first wish.
pub async fn send(town: &Town) -> Value {
    let answer = town
        .manager
        .create("/staff/offers", new_offer(town.wishes.preferences[0]))
        .await;
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.bytes));
    answer.ok()
}

/// The path of an action on an offer.
pub fn path(offer: &Value, action: &str) -> String {
    format!("/offers/{}{action}", offer["id"].as_str().unwrap())
}
