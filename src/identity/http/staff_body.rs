//! Bodies about staff and machine clients.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::german;
use crate::access::Role;
use crate::platform::ids::{AccountId, ApiKeyId, InvitationId, MembershipId};

/// Somebody to be invited as staff.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "lea@kita-sonne.example", "role": "facility_manager", "provider_id": null,
    "facility_id": "5f0f4f56-6a3b-4b0e-8a53-0d2f1c5a9f11", "language": "de"}))]
pub struct NewInvitation {
    /// Where the invitation goes.
    pub email: String,
    /// The role that it grants; `parent` is none.
    pub role: Role,
    /// Needed for `provider_manager`.
    #[serde(default)]
    pub provider_id: Option<Uuid>,
    /// Needed for `facility_manager` and `childminder`.
    #[serde(default)]
    pub facility_id: Option<Uuid>,
    /// Language of the mail and the new account.
    #[serde(default = "german")]
    pub language: String,
}

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum InvitationState {
    /// It can be accepted.
    Open,
    /// It was accepted.
    Accepted,
    /// It is too old.
    Expired,
    /// It was taken back.
    Revoked,
}

/// An invitation.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationBody {
    /// The invitation.
    pub id: InvitationId,
    /// Where it went.
    pub email: String,
    /// The role that it grants.
    pub role: Role,
    /// Name of provider, facility or municipality.
    pub label: String,
    /// It works until then.
    pub expires_at: DateTime<Utc>,
    /// Where it stands.
    pub state: InvitationState,
}

/// Who accepts an invitation. An address that has a staff account already shows that account's password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "tN0c1pdzg8ZtEPQ6c3GSUkV0aL2b3Sxv0mTf2n1Qm3k", "display_name": "Lea Sommer",
    "password": "vier grüne Pinguine tanzen"}))]
pub struct Acceptance {
    /// The link's secret.
    pub token: String,
    /// Name for colleagues.
    pub display_name: String,
    /// A new password, or the one of the account that exists.
    pub password: String,
}

/// A role to be granted to staff.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"account_id": "2b9f7c1e-3f4b-4a9e-9b57-6d1f0b7c8a10", "role": "clerk", "provider_id": null, "facility_id": null}))]
pub struct NewMembership {
    /// The account, which must be of staff.
    pub account_id: AccountId,
    /// The role.
    pub role: Role,
    /// Needed for `provider_manager`.
    #[serde(default)]
    pub provider_id: Option<Uuid>,
    /// Needed for `facility_manager` and `childminder`.
    #[serde(default)]
    pub facility_id: Option<Uuid>,
}

/// A granted role.
#[derive(Debug, Serialize, ToSchema)]
pub struct MembershipBody {
    /// The membership.
    pub id: MembershipId,
    /// The role.
    pub role: Role,
    /// The provider, for `provider_manager`.
    pub provider_id: Option<Uuid>,
    /// The facility, for `facility_manager` and `childminder`.
    pub facility_id: Option<Uuid>,
    /// Name of provider, facility or municipality.
    pub label: String,
}

/// A member of staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffBody {
    /// The account.
    pub account_id: AccountId,
    /// Its address.
    pub email: String,
    /// Its name.
    pub display_name: Option<String>,
    /// Whether a second factor is set up.
    pub second_factor: bool,
    /// When one of its sessions was last used.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// The roles that hold now.
    pub memberships: Vec<MembershipBody>,
}

/// A machine client to be let in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Fachverfahren", "scopes": ["facilities_read", "demands_read"]}))]
pub struct NewApiKey {
    /// What it is for.
    pub name: String,
    /// `facilities_read`, `facilities_write`, `demands_read`.
    pub scopes: Vec<String>,
}

/// Whether a key still works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ApiKeyState {
    /// It does.
    Active,
    /// It has ended by itself.
    Expired,
    /// It was revoked.
    Revoked,
}

/// A machine client's key, without its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiKeyBody {
    /// The key.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// How the key begins, to recognise it.
    pub prefix: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether it still works.
    pub state: ApiKeyState,
}

/// A new key with its secret, which is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewApiKeyBody {
    /// The key.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// How the key begins.
    pub prefix: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The secret; `null` in a repeated answer to the same `Idempotency-Key`, because it is stored nowhere.
    pub key: Option<String>,
}
