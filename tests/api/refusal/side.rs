//! One side of a town: a facility, and a family with a thing for every operation that changes one.

use std::collections::BTreeMap;

use kitaplatz::access::as_system;
use kitaplatz::platform::ids::{AccountId, FacilityId, GuardianId, random_uuid};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::demands::complete;
use crate::support::mandates::mandate;
use crate::support::offers::new_offer;
use crate::support::waiting::{Family, Waiting, waiting};
use crate::support::{Client, TestApp, contracts, families, fees};

/// Ids by the parameter that names them; an operation that uses its thing up has its own, as `operation.parameter`.
pub type Ids = BTreeMap<String, Uuid>;

/// The street of a protected household on each side: it must stand in no answer but the family's own.
pub const SECRET_STREET: &str = "Geheimer-Pfad-7361";

/// A facility and the family that wishes it.
pub struct Side {
    pub facility: FacilityId,
    pub family: Client,
    /// A guardian whose custody of all these children ended.
    pub ex: Option<Client>,
    pub ids: Ids,
}

impl Side {
    pub async fn new(app: &TestApp, facility: FacilityId, name: &str, criterion: Uuid) -> Self {
        let email = format!("{name}@example.org");
        let mut side = Self {
            facility,
            family: app.parent(&email).await,
            ex: None,
            ids: Ids::new(),
        };
        let manager = app.manager(facility).await;
        side.demands(app, &email).await;
        side.office(app, criterion).await;
        side.preferences(app, &manager).await;
        side.offers(app, &manager).await;
        side.groups(app).await;
        side.care_sheet(app).await;
        super::notices::make(app, &mut side).await;
        super::beside::make(app, &mut side).await;
        side.children().await;
        side.known_child(app).await;
        side.account(app, &email).await;
        side.know("facility_id", facility.0);
        // The words of the audit's filter.
        side.know("actor_id", side.family.account_id().0);
        side.know("object_id", side.ids["demand_id"]);
        side
    }

    /// The same side at another server.
    pub fn at(&self, root: &str) -> Self {
        Self {
            facility: self.facility,
            family: self.family.at(root),
            ex: self.ex.as_ref().map(|ex| ex.at(root)),
            ids: self.ids.clone(),
        }
    }

    pub fn know(&mut self, name: &str, id: Uuid) {
        self.ids.insert(name.to_owned(), id);
    }

    /// One more child of the family with a demand at the facility.
    pub async fn waiting(&self, app: &TestApp, state: &'static str) -> Waiting {
        let family = Family {
            account: self.family.account,
            state,
            ..Family::default()
        };
        waiting(app, &family, &[self.facility]).await
    }

    /// The same, with the legal claim asserted.
    pub async fn claiming(&self, app: &TestApp) -> Waiting {
        let family = Family {
            account: self.family.account,
            legal_claim: true,
            ..Family::default()
        };
        waiting(app, &family, &[self.facility]).await
    }

    async fn demands(&mut self, app: &TestApp, email: &str) {
        let main = self.waiting(app, "confirmed").await;
        self.know("child_id", main.child.0);
        self.custody(app, &main, email).await;
        self.know("demand_id", main.demand.0);
        self.know("preference_id", main.preferences[0].0);
        for operation in ["update_demand", "put_preferences", "submit_demand", "discard_demand"] {
            let draft = self.waiting(app, "draft").await.demand;
            let path = format!("/demands/{draft}");
            let version = self.family.get(&path).await.ok()["version"].as_i64().unwrap();
            self.family.edit(Method::PATCH, &path, version, complete()).await.ok();
            self.know(&format!("{operation}.demand_id"), draft.0);
        }
        for operation in ["withdraw_demand", "renew_demand"] {
            let sent = self.waiting(app, "confirmed").await;
            self.know(&format!("{operation}.demand_id"), sent.demand.0);
        }
    }

    /// A second guardian in a protected household, whose custody the office changes.
    async fn custody(&mut self, app: &TestApp, main: &Waiting, email: &str) {
        let second = Family {
            address_protected: true,
            street: SECRET_STREET,
            ..Family::default()
        };
        let home = waiting(app, &second, &[self.facility]).await;
        self.know("household_id", home.household.0);
        self.know("guardian_id", home.guardian.0);
        // What the family gave, and what was given to it by another one.
        for operation in ["withdraw", "end"] {
            let id = mandate(app, main.guardian, main.child, "ay@beratung.example", None).await;
            self.know(&format!("{operation}_mandate.mandate_id"), id.0);
        }
        self.know("record_mandate.guardian_id", main.guardian.0);
        self.know("record_paper_signature.guardian_id", main.guardian.0);
        let me = self.family.account_id();
        for (operation, taken) in [
            ("accept_mandate", None),
            ("give_back_mandate", Some(me)),
            ("act_for_family", Some(me)),
        ] {
            let id = mandate(app, home.guardian, home.child, email, taken).await;
            self.know(&format!("{operation}.mandate_id"), id.0);
        }
        let clerk = app.clerk().await;
        let body = json!({"first_name": "Kai", "last_name": "Sommer", "language": "de", "valid_from": "2027-02-01", "reason": "second_parent"});
        let path = format!("/office/children/{}/custody", main.child);
        let custody = clerk.create(&path, body).await.ok();
        self.know("custody_id", of(&custody));
        // Without an account: the office hands the copy over.
        let guardian = custody["guardian_id"].as_str().unwrap().parse().unwrap();
        self.know("copy_for_guardian.guardian_id", guardian);
    }

    /// What the office confirms, ends, and examines.
    async fn office(&mut self, app: &TestApp, criterion: Uuid) {
        for (operation, state) in [("confirm", "submitted"), ("close", "confirmed")] {
            let sent = self.waiting(app, state).await.demand;
            self.know(&format!("{operation}_demand.demand_id"), sent.0);
        }
        // Of a family that has no account and says on paper what is to be otherwise.
        let on_paper = waiting(app, &Family::default(), &[self.facility]).await.demand;
        self.know("record_demand_change.demand_id", on_paper.0);
        let claimed = self.waiting(app, "confirmed").await.demand;
        let path = format!("/demands/{claimed}");
        let version = self.family.get(&path).await.ok()["version"].as_i64().unwrap();
        let facts = json!({"facts": [{"criterion_id": criterion, "claimed": true}]});
        self.family.edit(Method::PATCH, &path, version, facts).await.ok();
        self.know("record_evidence.demand_id", claimed.0);
    }

    async fn preferences(&mut self, app: &TestApp, manager: &Client) {
        for operation in ["review", "invite", "waitlist", "refuse", "reopen"] {
            let id = self.waiting(app, "confirmed").await.preferences[0];
            self.know(&format!("{operation}_preference.preference_id"), id.0);
            if operation == "reopen" {
                let path = format!("/staff/preferences/{id}");
                let version = manager.get(&path).await.ok()["version"].as_i64().unwrap();
                let body = json!({"reason": "no_place", "note": null});
                manager
                    .edit(Method::POST, &format!("{path}/refuse"), version, body)
                    .await
                    .ok();
            }
        }
        for operation in ["put_visit", "cancel_visit", "remove_preference_note"] {
            let id = self.waiting(app, "confirmed").await.preferences[0];
            self.know(&format!("{operation}.preference_id"), id.0);
            let path = format!("/staff/preferences/{id}");
            let body = json!({"starts_at": "2027-02-10T14:00:00Z", "minutes": 60, "place": "Hof"});
            manager.edit(Method::PUT, &format!("{path}/visit"), 0, body).await.ok();
            let body = json!({"words": "Ruft zurück."});
            manager.create(&format!("{path}/notes"), body).await.ok();
            // A note that is removed comes again with the id of its preference.
            let sql = "UPDATE preference_note SET id = preference_id WHERE tenant_id = $1 AND preference_id = $2";
            app.change(sql, id.0).await;
            self.know("preference_note_id", id.0);
        }
        let visits = self.family.get("/visits").await.ok();
        self.know("visit_id", of(&visits["items"][0]));
        let id = self.waiting(app, "confirmed").await.preferences[0];
        self.know("send_offer.preference_id", id.0);
        let id = self.waiting(app, "confirmed").await.preferences[0];
        self.know("offer_next.preference_id", id.0);
    }

    async fn offers(&mut self, app: &TestApp, manager: &Client) {
        for name in [
            "offer_id",
            "accept_offer.offer_id",
            "decline_offer.offer_id",
            "revoke_offer.offer_id",
        ] {
            let offer = self.offer(app, manager).await;
            self.know(name, of(&offer));
        }
        let contract = self.contract(app, manager).await;
        self.know("contract_id", contract);
        self.fees(app, contract).await;
        let ends = self.bare_contract(app).await;
        app.change(FOLLOWUP, ends).await;
        self.know("followup_demand_id", ends);
        self.swaps(app).await;
        for (operation, steps) in [
            ("put_contract_terms", ""),
            ("note_measles_proof", ""),
            ("send_contract", ""),
            ("terminate_contract", ""),
            ("record_contract_notice", ""),
            ("give_notice", ""),
            ("recall_contract", "send"),
            ("request_contract_code", "send"),
            ("sign_contract", "send"),
            ("record_paper_signature", "send"),
            ("countersign_contract", "send paper-signature"),
            ("put_amendment", "send paper-signature countersign"),
            ("withdraw_amendment", "send paper-signature countersign amendment"),
            ("get_amendment", "send paper-signature countersign amendment send"),
        ] {
            let contract = self.contract_after(app, manager, steps).await;
            self.know(&format!("{operation}.contract_id"), contract);
        }
    }

    /// A part of a swap to look at, and one for each answer.
    async fn swaps(&mut self, app: &TestApp) {
        for name in [
            "swap_part_id",
            "answer_facility_swap.swap_part_id",
            "answer_my_swap.swap_part_id",
        ] {
            let contract = self.bare_contract(app).await;
            app.change(contracts::SWAP, contract).await;
            let part = "SELECT id::text FROM place_swap_part WHERE tenant_id = $1 AND contract_id = $2";
            let part = app.value(part, contract).await.unwrap();
            self.know(name, part.parse().unwrap());
        }
    }

    async fn contract(&self, app: &TestApp, manager: &Client) -> Uuid {
        let offer = self.offer(app, manager).await;
        let path = format!("/offers/{}/accept", of(&offer));
        let version = offer["version"].as_i64().unwrap();
        let accepted = self.family.edit(Method::POST, &path, version, json!({})).await.ok();
        accepted["contract_id"].as_str().unwrap().parse().unwrap()
    }

    /// A contract that takes no place: a childminder has five only.
    pub async fn bare_contract(&self, app: &TestApp) -> Uuid {
        let made = self.waiting(app, "covered").await;
        contracts::bare(app, self.facility, &made).await
    }

    /// A notice of fees, one that is approved and waits to be posted, and a draft to drop.
    async fn fees(&mut self, app: &TestApp, contract: Uuid) {
        let (admin, second) = (app.admin().await, app.clerk().await);
        let fee = fees::assessed(&admin, contract).await;
        self.know("fee_id", of(&fees::issue([&admin, &second], &fee).await.ok()));
        for operation in ["issue", "discard"] {
            let contract = self.bare_contract(app).await;
            let fee = fees::assessed(&admin, contract).await;
            if operation == "issue" {
                fees::approved([&admin, &second], &fee).await;
            }
            self.know(&format!("{operation}_fee.fee_id"), of(&fee));
        }
        let contract = self.bare_contract(app).await;
        let relief = json!({"contract_id": contract, "reason": "statute", "percent": 50, "from_month": "2027-10-01",
                            "until_month": "2028-03-01"});
        self.know(
            "fee_relief_id",
            of(&admin.create("/office/fee-reliefs", relief).await.ok()),
        );
    }

    /// A child that somebody cares for, so that it can have a care sheet.
    async fn care_sheet(&mut self, app: &TestApp) {
        let contract = self.bare_contract(app).await;
        let sql = "SELECT child_id::text FROM care_contract WHERE tenant_id = $1 AND id = $2";
        let child = app.value(sql, contract).await.unwrap().parse().unwrap();
        for operation in [
            "get_care_sheet",
            "put_care_sheet",
            "get_child_care_sheet",
            "put_child_care_sheet",
            "update_survey_children",
        ] {
            self.know(&format!("{operation}.child_id"), child);
        }
    }

    /// A group, and the child with a contract that can be put into it.
    async fn groups(&mut self, app: &TestApp) {
        let path = format!("/staff/facilities/{}/basis", self.facility);
        let group = json!({"name": "Igel", "age_from_months": 6, "age_to_months": 84, "under3": 10, "over3": 0, "school_age": 0,
            "valid_from": "2027-01-01"});
        let body = json!({"permits": [], "groups": [group], "staff": [], "closures": [], "contingents": []});
        let put = app.admin().await.edit(Method::PUT, &path, 0, body).await.ok();
        let id = put["basis"]["groups"][0]["id"].as_str().unwrap().parse().unwrap();
        self.know("group_id", id);
        self.know("put_capacity_basis.id", id);
        // The child of the accepted offer.
        let sql = "SELECT child_id::text FROM care_contract WHERE tenant_id = $1 AND id = $2";
        let child = app.value(sql, self.ids["contract_id"]).await.unwrap();
        self.know("place_in_group.child_id", child.parse().unwrap());
    }

    /// A contract after steps of the facility.
    async fn contract_after(&self, app: &TestApp, manager: &Client, steps: &str) -> Uuid {
        let id = self.bare_contract(app).await;
        for step in steps.split_whitespace() {
            let version = manager.get(&format!("/contracts/{id}")).await.ok()["version"]
                .as_i64()
                .unwrap();
            let (method, body) = match step {
                "paper-signature" => (Method::POST, json!({"signed_on": "2027-02-01"})),
                "amendment" => (Method::PUT, json!({"valid_from": "2028-03-01", "hours_per_week": 25})),
                _ => (Method::POST, json!({})),
            };
            manager
                .edit(method, &format!("/staff/contracts/{id}/{step}"), version, body)
                .await
                .ok();
        }
        id
    }

    async fn offer(&self, app: &TestApp, manager: &Client) -> Value {
        let wish = self.waiting(app, "confirmed").await.preferences[0];
        manager.create("/staff/offers", new_offer(wish)).await.ok()
    }

    /// Children of whom no demand was made.
    async fn children(&mut self) {
        for operation in ["remove_child", "update_child", "create_demand", "invite_guardian"] {
            let body = json!({"first_name": "Mia", "last_name": "Braun", "sex": "female", "birth_date": "2026-03-14"});
            let child = families::child(&self.family, body).await;
            self.know(&format!("{operation}.child_id"), child.0);
        }
    }

    /// A child without an account that the office knows by an earlier demand.
    async fn known_child(&mut self, app: &TestApp) {
        let earlier = Family {
            state: "withdrawn",
            ..Family::default()
        };
        let known = waiting(app, &earlier, &[self.facility]).await;
        self.know("intake_demand.child_id", known.child.0);
        // The form's guardian has the same name.
        self.know("intake_demand.sibling_of", known.child.0);
    }

    /// A second session, and an invitation of the other guardian.
    async fn account(&mut self, app: &TestApp, email: &str) {
        let second = app.parent(email).await;
        let sessions = second.get("/account/sessions").await.ok();
        let current = sessions["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|s| s["current"] == true);
        self.know("session_id", of(current.unwrap()));
        let body =
            json!({"email": format!("{}@example.org", random_uuid().simple()), "child_ids": [self.ids["child_id"]]});
        let invitation = self.family.create("/family/guardian-invitations", body).await.ok();
        self.know("revoke_guardian_invitation.invitation_id", of(&invitation));
    }

    /// A guardian of all these children whose custody ended today.
    pub async fn former_guardian(&self, app: &TestApp, email: &str) -> Client {
        let client = app.parent(email).await;
        let (account, family): (AccountId, AccountId) = (client.account_id(), self.family.account_id());
        as_system(&app.platform, &app.tenant, "test_ex", async |tx| {
            let (tenant, today, guardian) = (tx.tenant_id().0, tx.today(), GuardianId::new());
            sqlx::query(
                "INSERT INTO guardian (tenant_id, id, account_id, first_name, last_name) VALUES ($1, $2, $3, 'Kai', 'Braun')",
            )
            .bind(tenant)
            .bind(guardian.0)
            .bind(account.0)
            .execute(tx.conn())
            .await?;
            sqlx::query(
                "INSERT INTO custody (tenant_id, id, child_id, guardian_id, valid_from, valid_to)
                 SELECT c.tenant_id, gen_random_uuid(), c.child_id, $2, $4::date - 400, $4
                   FROM custody c JOIN guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
                  WHERE c.tenant_id = $1 AND g.account_id = $3",
            )
            .bind(tenant)
            .bind(guardian.0)
            .bind(family.0)
            .bind(today)
            .execute(tx.conn())
            .await
            .map(|_| ())
        })
        .await
        .unwrap();
        client
    }
}

/// The id of what an answer shows.
pub fn of(body: &Value) -> Uuid {
    body["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

/// Follow-up care is proposed for a contract, and has its id.
const FOLLOWUP: &str = "
    INSERT INTO followup_demand (tenant_id, id, child_id, contract_id, care_type, needed_from, facility_ids, state, created_at)
    SELECT tenant_id, id, child_id, id, 'after_school', care_until, '{}', 'proposed', '2027-02-01T08:00:00Z'
      FROM care_contract
     WHERE tenant_id = $1 AND id = $2";
