//! Bodies of the own account.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::access::{Acting, Role, TenantRead};
use crate::identity::store::{self, AccountRow};
use crate::platform::clock::berlin_date;
use crate::platform::ids::{AccountId, MandateId, MembershipId, SessionId};

/// A parent who registers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "anna@example.org", "password": "vier grüne Pinguine tanzen", "language": "de"}))]
pub struct Registration {
    /// Where the link to confirm goes.
    pub email: String,
    /// At least 12 characters, hard to guess.
    pub password: String,
    /// `de` or `en`.
    #[serde(default = "german")]
    pub language: String,
}

pub(super) fn german() -> String {
    "de".into()
}

/// The secret of a link; it stands in the link's fragment, which no server sees.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "tN0c1pdzg8ZtEPQ6c3GSUkV0aL2b3Sxv0mTf2n1Qm3k"}))]
pub struct TokenBody {
    /// The link's secret.
    pub token: String,
}

/// Address and password, and a code where a second factor is set up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "anna@example.org", "password": "vier grüne Pinguine tanzen", "code": null}))]
pub struct SignIn {
    /// The account's address.
    pub email: String,
    /// Its password.
    pub password: String,
    /// Six digits, or a recovery code.
    #[serde(default)]
    pub code: Option<String>,
}

/// Whose password is to be set anew.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "anna@example.org"}))]
pub struct ResetRequest {
    /// The account's address.
    pub email: String,
}

/// A new password with the secret of the link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "tN0c1pdzg8ZtEPQ6c3GSUkV0aL2b3Sxv0mTf2n1Qm3k", "password": "vier grüne Pinguine tanzen"}))]
pub struct ResetCompletion {
    /// The link's secret.
    pub token: String,
    /// At least 12 characters, hard to guess.
    pub password: String,
}

/// Changes to the own account; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"display_name": "Anna Beispiel", "language": "en"}))]
pub struct AccountEdit {
    /// Name for colleagues; `null` removes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub display_name: Option<Option<String>>,
    /// `de` or `en`.
    #[serde(default)]
    pub language: Option<String>,
}

fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(from).map(Some)
}

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current_password": "vier grüne Pinguine tanzen", "new_password": "sieben rote Füchse schlafen"}))]
pub struct PasswordChange {
    /// The password until now.
    pub current_password: String,
    /// At least 12 characters, hard to guess.
    pub new_password: String,
}

/// A new address for the account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "anna.neu@example.org", "current_password": "vier grüne Pinguine tanzen"}))]
pub struct EmailChange {
    /// Where the link to confirm goes.
    pub email: String,
    /// The account's password.
    pub current_password: String,
}

/// Who closes the account shows the password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current_password": "vier grüne Pinguine tanzen"}))]
pub struct Closing {
    /// The account's password.
    pub current_password: String,
}

/// A code of the second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "287082"}))]
pub struct CodeBody {
    /// Six digits.
    pub code: String,
}

/// Who removes the second factor shows both factors.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current_password": "vier grüne Pinguine tanzen", "code": "287082"}))]
pub struct Disabling {
    /// The account's password.
    pub current_password: String,
    /// Six digits, or a recovery code.
    pub code: String,
}

/// A secret for an authenticator program.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorStart {
    /// To be typed (base32).
    pub secret: String,
    /// What the picture says.
    pub otpauth_url: String,
    /// The picture to scan, as SVG.
    pub qr_svg: String,
}

/// Codes for the day when the authenticator is lost; shown once, each works once.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Eight codes.
    pub recovery_codes: Vec<String>,
}

/// What an account is for.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// A parent with the own family.
    Parent,
    /// Somebody who works here.
    Staff,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountBody {
    id: AccountId,
    email: String,
    display_name: Option<String>,
    kind: AccountKind,
    language: String,
    version: i32,
}

impl AccountBody {
    /// The account as its owner sees it.
    pub fn of(row: &AccountRow) -> Self {
        Self {
            id: row.id,
            email: row.email.clone(),
            display_name: row.display_name.clone(),
            kind: if row.is_staff() {
                AccountKind::Staff
            } else {
                AccountKind::Parent
            },
            language: row.language.clone(),
            version: row.version,
        }
    }
}

/// A granted role.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleBody {
    membership_id: MembershipId,
    role: Role,
    provider_id: Option<uuid::Uuid>,
    facility_id: Option<uuid::Uuid>,
    /// Name of provider, facility or municipality.
    label: String,
}

/// Whether a second factor is set up, and whether the municipality wants one.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFactorBody {
    enabled: bool,
    /// It must be set up before anything else.
    required: bool,
    /// From this day on it is required; the days until then are there to set it up.
    required_from: Option<NaiveDate>,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionBody {
    /// `null` when nobody is.
    account: Option<AccountBody>,
    roles: Vec<RoleBody>,
    second_factor: Option<SecondFactorBody>,
    expires_at: Option<DateTime<Utc>>,
    /// In whose name this session acts, by a mandate.
    acting: Option<ActingBody>,
}

/// In whose name a session acts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActingBody {
    mandate_id: MandateId,
    /// The guardian's name.
    family_name: String,
    /// Whether more than looking is allowed.
    may_act: bool,
    /// The last day.
    valid_until: NaiveDate,
    /// Whether the mandate holds now; when not, nothing of the family is there until one stops acting.
    holds: bool,
}

impl From<&Acting> for ActingBody {
    fn from(acting: &Acting) -> Self {
        Self {
            mandate_id: acting.mandate,
            family_name: acting.family_name.clone(),
            may_act: acting.may_act,
            valid_until: acting.until,
            holds: acting.holds,
        }
    }
}

impl SessionBody {
    /// Nobody is signed in.
    pub fn nobody() -> Self {
        Self {
            account: None,
            roles: Vec::new(),
            second_factor: None,
            expires_at: None,
            acting: None,
        }
    }

    /// This account is signed in until then at the latest.
    pub async fn of(
        tx: &mut TenantRead,
        account: &AccountRow,
        expires_at: Option<DateTime<Utc>>,
    ) -> Result<Self, sqlx::Error> {
        let memberships = store::memberships(tx, &[account.id]).await?;
        let settings = crate::tenancy::settings(tx).await?;
        let wanted = account.is_staff() && settings.second_factor_required_for_staff;
        let due = account.created_at + Duration::days(settings.second_factor_grace_days.into());
        let required = wanted && due <= tx.now();
        let town = &tx.tenant().name;
        let roles = memberships.into_iter().map(|m| RoleBody {
            membership_id: m.id,
            role: m.role(),
            provider_id: m.provider_id,
            facility_id: m.facility_id,
            label: m.label.unwrap_or_else(|| town.clone()),
        });
        Ok(Self {
            account: Some(AccountBody::of(account)),
            roles: roles.collect(),
            second_factor: Some(SecondFactorBody {
                enabled: account.has_second_factor,
                required,
                required_from: wanted.then(|| berlin_date(due)),
            }),
            expires_at,
            acting: tx
                .account()
                .and_then(|account| account.acting.as_ref())
                .map(ActingBody::from),
        })
    }
}

/// A session in the list of the own sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionItem {
    /// The session.
    pub id: SessionId,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// Whether it is the one of this request.
    pub current: bool,
    /// The browser's name for itself.
    pub user_agent: String,
    /// Whether it began with a code beside the password.
    pub second_factor: bool,
}

/// The own sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionList {
    /// The latest used first.
    pub items: Vec<SessionItem>,
}
