//! Who acts, with which role, on which facilities.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::ids::{AccountId, ApiKeyId, ChildId, FacilityId, GuardianId, MandateId, SessionId};

/// A role of the field; granted to staff on a scope, held by every parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "facility_manager")]
pub enum Role {
    /// A guardian with an account; reaches own family only.
    Parent,
    /// Oversees the municipality's tenant.
    TenantAdmin,
    /// Youth-office clerk.
    Clerk,
    /// Manages all facilities of one provider.
    ProviderManager,
    /// Manages one facility.
    FacilityManager,
    /// Manages the own places as a childminder.
    Childminder,
    /// Sees the office's views, changes nothing.
    ReadOnly,
    /// Helps families; reaches what a family's mandate opens, and nothing without one.
    Counsellor,
}

impl Role {
    /// All roles, in the order of the matrix.
    pub const ALL: [Role; 8] = [
        Self::Parent,
        Self::TenantAdmin,
        Self::Clerk,
        Self::ProviderManager,
        Self::FacilityManager,
        Self::Childminder,
        Self::ReadOnly,
        Self::Counsellor,
    ];

    /// The role's name in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Parent => "parent",
            Self::TenantAdmin => "tenant_admin",
            Self::Clerk => "clerk",
            Self::ProviderManager => "provider_manager",
            Self::FacilityManager => "facility_manager",
            Self::Childminder => "childminder",
            Self::ReadOnly => "read_only",
            Self::Counsellor => "counsellor",
        }
    }

    /// The role of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == name)
    }
}

/// Who acts in a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody signed in.
    Anonymous,
    /// A person with an account.
    Account(AccountActor),
    /// A machine client.
    ApiKey(ApiKeyId),
    /// A job or a command of the operator; the text names it.
    System(&'static str),
}

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountActor {
    /// The account.
    pub id: AccountId,
    /// The session.
    pub session: SessionId,
    /// Whether a parent or staff.
    pub is_staff: bool,
    /// Preferred language.
    pub language: String,
    /// What was granted, with the facilities that each grant reaches now.
    pub grants: Vec<Grant>,
    /// A second factor is required of this person and not set up.
    pub must_set_up_second_factor: bool,
    /// The mandate by which the session acts in a family's name.
    pub acting: Option<Acting>,
}

/// A mandate by which a session acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// The mandate.
    pub mandate: MandateId,
    /// In whose name.
    pub guardian: GuardianId,
    /// That guardian's first and last name.
    pub family_name: String,
    /// What is the family's own for queries: the guardian's account, or the guardian, where the family has none.
    pub family: AccountId,
    /// The children that it names.
    pub children: Vec<ChildId>,
    /// Whether more than looking is allowed.
    pub may_act: bool,
    /// The last day.
    pub until: NaiveDate,
    /// Whether it holds now; a session may outlive its mandate.
    pub holds: bool,
}

/// A role on a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Facilities that it reaches; empty for roles of the whole tenant and for parents.
    pub facilities: Vec<FacilityId>,
}

impl Actor {
    /// The account that acts, if a person does.
    pub fn account(&self) -> Option<&AccountActor> {
        match self {
            Self::Account(account) => Some(account),
            _ => None,
        }
    }

    /// The word for the audit: `anonymous`, `parent`, `staff`, `api_key` or `system`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Account(a) if a.is_staff => "staff",
            Self::Account(_) => "parent",
            Self::ApiKey(_) => "api_key",
            Self::System(_) => "system",
        }
    }
}

/// Which rows an action may touch; commands and queries filter by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// What everybody may see.
    Public,
    /// Only what belongs to this account; or, acting with the mandate of a family without one, to the guardian of this id.
    Own(AccountId),
    /// Only these facilities.
    Facilities(Vec<FacilityId>),
    /// The whole tenant.
    Tenant,
}

impl Scope {
    /// The facilities as a filter for SQL: `None` means all of the tenant. A scope without facilities reaches none.
    pub fn facilities(&self) -> Option<&[FacilityId]> {
        match self {
            Self::Tenant => None,
            Self::Facilities(list) => Some(list),
            Self::Public | Self::Own(_) => Some(&[]),
        }
    }

    /// What is read by families and staff alike, as a filter for SQL: the account whose own things are shown, or else the facilities whose
    /// are; `None` of both is all of the tenant.
    pub fn as_filter(&self) -> (Option<Uuid>, Option<Vec<Uuid>>) {
        match self.own() {
            Some(account) => (Some(account.0), None),
            None => (None, self.facilities().map(|all| all.iter().map(|f| f.0).collect())),
        }
    }

    /// The facilities narrowed to the one that is asked for, if one is.
    pub fn narrowed_to(&self, asked: Option<FacilityId>) -> Option<Vec<FacilityId>> {
        match (self.facilities(), asked) {
            (None, one) => one.map(|one| vec![one]),
            (Some(own), None) => Some(own.to_vec()),
            (Some(own), Some(one)) => Some(own.iter().copied().filter(|f| *f == one).collect()),
        }
    }

    /// Whether a facility is within.
    pub fn covers(&self, facility: FacilityId) -> bool {
        self.facilities().is_none_or(|list| list.contains(&facility))
    }

    /// The account, when only own things may be touched.
    pub fn own(&self) -> Option<AccountId> {
        match self {
            Self::Own(account) => Some(*account),
            _ => None,
        }
    }
}
