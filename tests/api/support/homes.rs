//! Families with an account whose child waits, and what they do with an offer.

use kitaplatz::platform::ids::FacilityId;
use serde_json::{Value, json};

use super::offers::act;
use super::waiting::{Family, Waiting, waiting};
use super::{Client, TestApp};

/// A family with an account.
pub struct Home {
    pub parent: Client,
    pub made: Waiting,
}

/// A family with an account in this name, whose child Mia waits at these facilities.
pub async fn home(app: &TestApp, name: &str, points: i32, facilities: &[FacilityId]) -> Home {
    home_of(app, name, "Mia", points, facilities).await
}

/// A family whose child has the name of the account.
pub async fn named_home(app: &TestApp, name: &str, points: i32, facilities: &[FacilityId]) -> Home {
    home_of(app, &name.to_lowercase(), name, points, facilities).await
}

async fn home_of(app: &TestApp, account: &str, child: &str, points: i32, facilities: &[FacilityId]) -> Home {
    let parent = app.parent(&format!("{account}@example.org")).await;
    let family = Family {
        first_name: Some(child),
        points,
        account: parent.account,
        ..Family::default()
    };
    let made = waiting(app, &family, facilities).await;
    Home { parent, made }
}

impl Home {
    pub async fn offer(&self) -> Value {
        self.parent.get("/offers").await.ok()["items"][0].clone()
    }

    pub async fn answer(&self, action: &str, body: Value) -> Value {
        let offer = self.offer().await;
        let path = format!("/offers/{}/{action}", offer["id"].as_str().unwrap());
        act(&self.parent, &path, offer["version"].as_i64().unwrap(), body)
            .await
            .ok()
    }

    pub async fn accept(&self) {
        assert_eq!(self.answer("accept", json!({})).await["state"], "accepted");
    }

    pub async fn explanation(&self) -> Value {
        self.parent
            .get(&format!("/demands/{}/explanation", self.made.demand))
            .await
            .ok()
    }
}
