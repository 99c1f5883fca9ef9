//! The stage of one town: its clock, and sessions of those who act on it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::DemoError;
use super::accounts::{self, Grant};
use super::towns::Town;
use super::visitor::Visitor;
use crate::access::Role;
use crate::app;
use crate::platform::Platform;
use crate::platform::clock::{berlin_date, start_of_day};
use crate::platform::db::TenantRef;
use crate::platform::ids::{AccountId, FacilityId};

/// One town while its demo data are made; its clock is moved by hand.
pub(super) struct Stage<'a> {
    pub platform: &'a Platform,
    pub town: &'a Town,
    pub tenant: Arc<TenantRef>,
    pub today: NaiveDate,
    http: &'a reqwest::Client,
    base: &'a str,
    hash: &'a str,
    /// Logins of the staff that came so far.
    staff: RefCell<BTreeMap<String, AccountId>>,
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        platform: &'a Platform,
        town: &'a Town,
        tenant: Arc<TenantRef>,
        now: DateTime<Utc>,
        way: (&'a reqwest::Client, &'a str),
        hash: &'a str,
    ) -> Self {
        let (http, base) = way;
        Self {
            platform,
            town,
            tenant,
            today: berlin_date(now),
            http,
            base,
            hash,
            staff: RefCell::default(),
        }
    }

    /// Moves the clock to an hour of a day in the past.
    pub(super) fn days_ago(&self, days: i64, hour: i64) {
        self.platform
            .clock
            .set(start_of_day(self.today) - Duration::days(days) + Duration::hours(hour));
    }

    /// Makes a member of staff and signs her in.
    pub(super) async fn staff(&self, login: &str, name: &str, grant: &Grant) -> Result<Visitor, DemoError> {
        let email = self.town.address(login);
        let account = accounts::make(self.platform, &self.tenant, self.hash, &email, Some(name), grant).await?;
        self.staff.borrow_mut().insert(login.to_owned(), account);
        self.visit(account, true).await
    }

    /// A member of the staff with a fresh session: a working day has passed.
    pub(super) async fn colleague(&self, login: &str) -> Result<Visitor, DemoError> {
        let account = self.staff.borrow().get(login).copied();
        let account = account.ok_or_else(|| DemoError::Refused(format!("there is no {login} yet")))?;
        self.visit(account, true).await
    }

    /// Has a job of this town done now.
    pub(super) async fn job(&self, kind: &'static str) -> Result<(), DemoError> {
        let done = app::jobs().run_now(self.platform, self.tenant.id, kind).await;
        done.map_err(|error| DemoError::Refused(format!("{kind}: {error}")))
    }

    /// Makes a parent and signs her in.
    pub(super) async fn parent(&self, login: &str) -> Result<(AccountId, Visitor), DemoError> {
        let email = self.town.address(login);
        let account = accounts::make(self.platform, &self.tenant, self.hash, &email, None, &Grant::Parent).await?;
        Ok((account, self.visit(account, false).await?))
    }

    /// A parent who comes back.
    pub(super) async fn again(&self, account: AccountId, _login: &str) -> Result<Visitor, DemoError> {
        self.visit(account, false).await
    }

    async fn visit(&self, account: AccountId, is_staff: bool) -> Result<Visitor, DemoError> {
        let cookie = accounts::sign_in(self.platform, &self.tenant, account, is_staff).await?;
        Ok(Visitor::new(self.http, self.base, &self.tenant.slug, cookie))
    }

    /// The login of a manager on one facility.
    pub(super) fn facility(role: Role, id: &str) -> Result<Grant, DemoError> {
        let id = id
            .parse::<uuid::Uuid>()
            .map_err(|_| DemoError::Refused(format!("{id} is no id")))?;
        Ok(Grant::Facility(role, FacilityId(id)))
    }
}
