//! What the API says about a family.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::TenantRead;
use crate::families::model::Sex;
use crate::families::store;
use crate::platform::http::ApiError;
use crate::platform::ids::{AccountId, ChildId, DemandId, GuardianId, HouseholdId, InvitationId};

/// A guardian.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GuardianBody {
    pub id: GuardianId,
    first_name: String,
    last_name: String,
    phone: Option<String>,
    pub version: i32,
}

/// A household.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HouseholdBody {
    pub id: HouseholdId,
    street: String,
    house_number: String,
    postal_code: String,
    city: String,
    /// The address is shown to nobody but the office.
    address_protected: bool,
    pub version: i32,
}

/// Since when and until when the own custody holds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CustodyBody {
    valid_from: NaiveDate,
    /// First day on which it no longer holds.
    valid_to: Option<NaiveDate>,
}

/// A child.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChildBody {
    pub id: ChildId,
    first_name: Option<String>,
    last_name: Option<String>,
    sex: Option<Sex>,
    birth_date: Option<NaiveDate>,
    expected_birth_date: Option<NaiveDate>,
    /// The first day of school, where it was decided otherwise than by the key day.
    school_entry_on: Option<NaiveDate>,
    pub version: i32,
    custody: CustodyBody,
    /// The child's demand that has not ended, if there is one; the one that looks for a place before one that is covered.
    demand_id: Option<DemandId>,
    /// The place that the child has, or will have.
    place: Option<PlaceBody>,
    /// Whether the family can wish another place than that.
    may_transfer: bool,
}

/// A place that a child has by contract.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChildPlace)]
pub(super) struct PlaceBody {
    facility_name: String,
    care_from: NaiveDate,
    /// First day on which the place is free again.
    care_until: NaiveDate,
}

/// Another guardian of own children.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OtherGuardianBody {
    id: GuardianId,
    first_name: String,
    last_name: String,
    /// Own children of whom this guardian has custody too.
    child_ids: Vec<ChildId>,
}

/// An open invitation of the other guardian.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct GuardianInvitationBody {
    id: InvitationId,
    email: String,
    expires_at: DateTime<Utc>,
}

/// The own family.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FamilyBody {
    guardian: Option<GuardianBody>,
    household: Option<HouseholdBody>,
    children: Vec<ChildBody>,
    other_guardians: Vec<OtherGuardianBody>,
    invitations: Vec<GuardianInvitationBody>,
}

/// Whom to invite, for which children.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "kai.braun@example.org", "child_ids": ["6f2f3c1e-0b1a-4d0e-9a58-3d0c8f6f3b11"]}))]
pub(super) struct NewGuardianInvitation {
    pub email: String,
    /// Custody of these children is given.
    pub child_ids: Vec<ChildId>,
}

/// The token of the link in the mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "q2Zs5m0cR1yVb0b3b1m9yqg3m0h1mJ3oZ5o0X1m2n3c"}))]
pub(super) struct AcceptGuardianInvitation {
    pub token: String,
}

pub(super) async fn family(tx: &mut TenantRead, account: AccountId) -> Result<FamilyBody, ApiError> {
    let (mut guardian_body, mut household_body, mut others) = (None, None, Vec::new());
    // Somebody with a mandate learns of the children that it names, not where the family lives and who else belongs to it.
    let is_own = tx.acting().is_none();
    if let Some(row) = store::guardian_of(tx, account).await? {
        if is_own {
            others = store::other_guardians(tx, row.id).await?;
        }
        if let Some(id) = row.household_id.filter(|_| is_own) {
            household_body = store::household(tx, id).await?.map(HouseholdBody::from);
        }
        guardian_body = Some(row.into());
    }
    let children = store::children_of(tx, account, None).await?;
    for child in &children {
        tx.touch_child(child.id);
    }
    let other = |o: store::OtherGuardianRow| OtherGuardianBody {
        id: o.id,
        first_name: o.first_name,
        last_name: o.last_name,
        child_ids: o.child_ids,
    };
    Ok(FamilyBody {
        guardian: guardian_body,
        household: household_body,
        children: children.into_iter().map(ChildBody::from).collect(),
        other_guardians: others.into_iter().map(other).collect(),
        invitations: if is_own {
            invitations(tx, account).await?
        } else {
            Vec::new()
        },
    })
}

pub(super) async fn guardian(tx: &mut TenantRead, account: AccountId) -> Result<GuardianBody, ApiError> {
    let row = store::guardian_of(tx, account).await?;
    row.map(GuardianBody::from).ok_or_else(ApiError::not_found)
}

pub(super) async fn household(tx: &mut TenantRead, account: AccountId) -> Result<HouseholdBody, ApiError> {
    let row = match store::guardian_of(tx, account).await?.and_then(|g| g.household_id) {
        Some(id) => store::household(tx, id).await?,
        None => None,
    };
    row.map(HouseholdBody::from).ok_or_else(ApiError::not_found)
}

pub(super) async fn child(tx: &mut TenantRead, account: AccountId, id: ChildId) -> Result<ChildBody, ApiError> {
    let mut rows = store::children_of(tx, account, Some(id)).await?;
    rows.pop().map(ChildBody::from).ok_or_else(ApiError::not_found)
}

pub(super) async fn invitation(
    tx: &mut TenantRead,
    account: AccountId,
    id: InvitationId,
) -> Result<GuardianInvitationBody, ApiError> {
    let all = invitations(tx, account).await?;
    all.into_iter().find(|i| i.id == id).ok_or_else(ApiError::not_found)
}

async fn invitations(tx: &mut TenantRead, account: AccountId) -> Result<Vec<GuardianInvitationBody>, ApiError> {
    let rows = store::open_invitations(tx, account).await?;
    let body = |i: store::InvitationRow| GuardianInvitationBody {
        id: i.id,
        email: i.email,
        expires_at: i.expires_at,
    };
    Ok(rows.into_iter().map(body).collect())
}

impl From<store::GuardianRow> for GuardianBody {
    fn from(row: store::GuardianRow) -> Self {
        Self {
            id: row.id,
            first_name: row.first_name,
            last_name: row.last_name,
            phone: row.phone,
            version: row.version,
        }
    }
}

impl From<store::HouseholdRow> for HouseholdBody {
    fn from(row: store::HouseholdRow) -> Self {
        Self {
            id: row.id,
            street: row.street,
            house_number: row.house_number,
            postal_code: row.postal_code,
            city: row.city,
            address_protected: row.address_protected,
            version: row.version,
        }
    }
}

impl From<store::ChildRow> for ChildBody {
    fn from(row: store::ChildRow) -> Self {
        let days = row.place_from.zip(row.place_until);
        let place = row
            .place_facility
            .zip(days)
            .map(|(facility_name, (care_from, care_until))| PlaceBody {
                facility_name,
                care_from,
                care_until,
            });
        Self {
            may_transfer: place.is_some() && (row.demand_id.is_none() || row.covered),
            place,
            id: row.id,
            first_name: row.first_name,
            last_name: row.last_name,
            sex: row.sex,
            birth_date: row.birth_date,
            expected_birth_date: row.expected_birth_date,
            school_entry_on: row.school_entry_on,
            version: row.version,
            custody: CustodyBody {
                valid_from: row.valid_from,
                valid_to: row.valid_to,
            },
            demand_id: row.demand_id,
        }
    }
}
