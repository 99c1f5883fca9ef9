//! The world of the matrix: two tenants with everything that has an id, and one client for everybody who may ask.
//!
//! It takes hundreds of requests to make, so it is made once, in a database of its own; a test gets a copy of that.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use kitaplatz::access::{Role, cookie_name};
use kitaplatz::platform::clock::Clock;
use kitaplatz::platform::ids::{FacilityId, ProviderId, random_uuid};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::office;
use super::side::{Ids, Side};
use super::table::{Who, Whose};
use crate::support::facilities::{facility, give_capacity};
use crate::support::{Client, Database, TestApp};

/// A tenant with a family and a facility here, others there, and what belongs to the tenant as a whole.
pub struct Town {
    pub app: TestApp,
    pub here: Side,
    pub there: Side,
    ids: Ids,
    pub provider: ProviderId,
    pub admin: Client,
}

/// Our town, another one, and the people who ask.
pub struct World {
    pub ours: Town,
    pub theirs: Town,
    people: BTreeMap<Who, Vec<Client>>,
    pub database: Database,
}

static MADE: OnceCell<World> = OnceCell::const_new();

impl World {
    /// A copy for one test, with a database and a server of its own.
    pub async fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let made = MADE.get_or_init(Self::make).await;
        let name = format!("world_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let database = made.database.copy(&name);
        let platform = database.platform_at(Clock::fixed(made.ours.app.platform.clock.now()));
        let app = TestApp::serve(platform, made.ours.app.tenant.clone());
        let other = TestApp::of(app.platform.clone(), made.theirs.app.tenant.clone(), app.base.clone());
        let root = app.base.clone();
        let at = |(who, clients): (&Who, &Vec<Client>)| (*who, clients.iter().map(|client| client.at(&root)).collect());
        Self {
            people: made.people.iter().map(at).collect(),
            ours: made.ours.at(app),
            theirs: made.theirs.at(other),
            database,
        }
    }

    async fn make() -> Self {
        let database = Database::new("world").await;
        let app = TestApp::on(&database).await;
        let other = TestApp::of(app.platform.clone(), app.other_tenant().await, app.base.clone());
        let (ours, theirs) = (Town::new(app).await, Town::new(other).await);
        let people = people(&ours, &theirs).await;
        super::rounds::look(&ours.ids, [&people[&Who::Clerk][0], &people[&Who::TenantAdmin][0]]).await;
        ours.app.platform.db.close().await;
        database.leave().await;
        Self {
            ours,
            theirs,
            people,
            database,
        }
    }

    /// Everybody who stands for this column; the first one goes first.
    pub fn clients(&self, who: Who) -> &[Client] {
        &self.people[&who]
    }

    pub fn client(&self, who: Who) -> &Client {
        &self.people[&who][0]
    }

    /// The id of a thing for an operation, if there is one; the things of the whole tenant are the same on both sides.
    pub fn find(&self, operation: &str, name: &str, whose: Whose) -> Option<String> {
        if name == "slug" {
            return match whose {
                Whose::Here => Some(self.ours.app.tenant.slug.clone()),
                Whose::Missing => Some(format!("n{}", &random_uuid().simple().to_string()[..12])),
                _ => None,
            };
        }
        let find = |ids: &Ids| {
            let own = ids.get(&format!("{operation}.{name}"));
            own.or_else(|| ids.get(name)).map(ToString::to_string)
        };
        match whose {
            Whose::Here => find(&self.ours.here.ids).or_else(|| find(&self.ours.ids)),
            Whose::There => find(&self.ours.there.ids).or_else(|| find(&self.ours.ids)),
            Whose::OtherTenant => find(&self.theirs.here.ids).or_else(|| find(&self.theirs.ids)),
            Whose::Missing => Some(random_uuid().to_string()),
        }
    }

    /// Names and ids of what somebody must not be shown in any answer: all that is another tenant's, and the families out of reach.
    pub fn hidden_from(&self, who: Who) -> Vec<(String, String)> {
        let towns = [&self.theirs.here.ids, &self.theirs.there.ids, &self.theirs.ids];
        let mut hidden: Vec<&Ids> = towns.to_vec();
        let (here, there) = (&self.ours.here.ids, &self.ours.there.ids);
        match who {
            _ if who.is_office() => {}
            Who::Parent | Who::Manager | Who::ProviderManager => hidden.push(there),
            Who::OtherParent | Who::OtherManager | Who::Childminder => hidden.push(here),
            _ => hidden.extend([here, there]),
        }
        let named = hidden
            .into_iter()
            .flatten()
            .map(|(name, id)| (name.clone(), id.to_string()));
        // Which facilities there are is public.
        let facility = |id: &String| {
            [&self.ours.here, &self.ours.there]
                .iter()
                .any(|s| s.facility.to_string() == *id)
        };
        named.filter(|(_, id)| !facility(id)).collect()
    }

    /// Whether a thing belongs to a family or facility, so that there is one on each side.
    pub fn is_sided(&self, operation: &str, name: &str) -> bool {
        let ids = &self.ours.there.ids;
        ids.contains_key(&format!("{operation}.{name}")) || ids.contains_key(name)
    }

    /// The id for a body or query, which must be there.
    pub fn id_of(&self, operation: &str, name: &str, whose: Whose) -> String {
        let found = self.find(operation, name, whose);
        found.unwrap_or_else(|| panic!("{operation}: no {name} in the world of the matrix (tests/api/refusal/side.rs)"))
    }
}

impl Town {
    /// The same town at another server.
    fn at(&self, app: TestApp) -> Self {
        Self {
            here: self.here.at(&app.base),
            there: self.there.at(&app.base),
            ids: self.ids.clone(),
            provider: self.provider,
            admin: self.admin.at(&app.base),
            app,
        }
    }

    async fn new(app: TestApp) -> Self {
        let admin = app.admin().await;
        let provider = json!({"name": "Kinderland e. V.", "kind": null, "website": null});
        let provider = admin.create("/admin/providers", provider).await.ok()["id"].clone();
        let provider = ProviderId(provider.as_str().unwrap().parse().unwrap());
        let (kita, home) = (place(&app, "Kita Ahorn").await, place(&app, "Tagespflege Birke").await);
        let sql = "UPDATE facility SET provider_id = $2 WHERE tenant_id = $1 AND name = 'Kita Ahorn'";
        app.change(sql, provider.0).await;
        let sql = "UPDATE facility SET kind = 'childminder' WHERE tenant_id = $1 AND id = $2";
        app.change(sql, home.0).await;
        let mut ids = office::ids(&app, &admin, provider).await;
        let mut here = Side::new(&app, kita, "jana", ids["criterion_id"]).await;
        let mut there = Side::new(&app, home, "olga", ids["criterion_id"]).await;
        super::rounds::make(&app, &mut ids, [&mut here, &mut there]).await;
        let email = format!("ex-{}@example.org", random_uuid().simple());
        here.ex = Some(here.former_guardian(&app, &email).await);
        Self {
            app,
            here,
            there,
            ids,
            provider,
            admin,
        }
    }
}

async fn place(app: &TestApp, name: &str) -> FacilityId {
    let id = facility(app, name).await;
    for band in [
        kitaplatz::facilities::AgeBand::Under3,
        kitaplatz::facilities::AgeBand::Over3,
    ] {
        give_capacity(app, id, band, 60).await;
    }
    id
}

async fn people(ours: &Town, theirs: &Town) -> BTreeMap<Who, Vec<Client>> {
    let app = &ours.app;
    let (kita, home) = (ours.here.facility, ours.there.facility);
    let staff = async |role, provider, facility| vec![app.staff(&[(role, provider, facility)]).await];
    BTreeMap::from([
        (Who::Nobody, nobodies(ours, theirs).await),
        (Who::Parent, vec![ours.here.family.clone()]),
        (Who::ExParent, vec![ours.here.ex.clone().unwrap()]),
        (Who::OtherParent, vec![ours.there.family.clone()]),
        (Who::Manager, staff(Role::FacilityManager, None, Some(kita)).await),
        (Who::OtherManager, staff(Role::FacilityManager, None, Some(home)).await),
        (
            Who::ProviderManager,
            staff(Role::ProviderManager, Some(ours.provider), None).await,
        ),
        (Who::Childminder, staff(Role::Childminder, None, Some(home)).await),
        (Who::Clerk, staff(Role::Clerk, None, None).await),
        (Who::TenantAdmin, vec![ours.admin.clone()]),
        (Who::ReadOnly, staff(Role::ReadOnly, None, None).await),
        (Who::NoRole, vec![no_role(app).await]),
        (
            Who::Key,
            vec![key(ours, &["facilities_read", "facilities_write", "demands_read"]).await],
        ),
        (Who::BareKey, vec![key(ours, &["facilities_read"]).await]),
        (Who::Operator, vec![operator(app).await]),
    ])
}

/// All who have no session here, whatever they carry.
async fn nobodies(ours: &Town, theirs: &Town) -> Vec<Client> {
    let app = &ours.app;
    let ended = app.admin().await;
    assert_eq!(ended.delete("/session").await.status, 204);
    let suspended = app.admin().await;
    let sql = "UPDATE account SET state = 'suspended' WHERE tenant_id = $1 AND id = $2";
    app.change(sql, suspended.account_id().0).await;
    let idle = app.admin().await;
    let sql =
        "UPDATE session SET last_seen_at = last_seen_at - interval '1 day' WHERE tenant_id = $1 AND account_id = $2";
    app.change(sql, idle.account_id().0).await;
    let mut of_other_tenant = app.anonymous();
    let token = theirs
        .admin
        .cookie
        .as_deref()
        .and_then(|c| c.split_once('='))
        .unwrap()
        .1
        .to_owned();
    of_other_tenant.cookie = Some(format!("{}={token}", cookie_name(&app.tenant.slug)));
    vec![app.anonymous(), ended, suspended, idle, of_other_tenant]
}

async fn no_role(app: &TestApp) -> Client {
    let client = app.admin().await;
    let sql = "UPDATE membership SET ended_at = created_at WHERE tenant_id = $1 AND account_id = $2";
    app.change(sql, client.account_id().0).await;
    client
}

async fn key(town: &Town, scopes: &[&str]) -> Client {
    let body = json!({"name": "Fachverfahren", "scopes": scopes});
    let made: Value = town.admin.create("/admin/api-keys", body).await.ok();
    let mut client = town.app.anonymous();
    client.bearer = made["key"].as_str().map(str::to_owned);
    client
}

async fn operator(app: &TestApp) -> Client {
    const PASSWORD: &str = "vier grüne Pinguine tanzen leise";
    let email = format!("op-{}@example.org", random_uuid().simple());
    kitaplatz::operator::create_account(&app.platform, &email, &PASSWORD.into())
        .await
        .unwrap();
    let mut client = app.anonymous();
    let body = json!({"email": email, "password": PASSWORD});
    let answer = client.post("//api/v1/operator/session", body).await;
    client.keep(&answer);
    client
}
