//! For what a protected address is read. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// For what the address is needed; it stands in the audit.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AddressPurpose)]
pub(super) enum Purpose {
    /// A letter or notice is sent.
    Letter,
    /// The register of residents is asked.
    RegisterCheck,
    /// A court or another authority asks, and may.
    Authority,
    /// Somebody is in danger.
    Emergency,
}

impl Purpose {
    /// The word in API and audit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::RegisterCheck => "register_check",
            Self::Authority => "authority",
            Self::Emergency => "emergency",
        }
    }
}

/// A protected address.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProtectedAddress {
    /// Street without the house number.
    pub street: String,
    /// House number.
    pub house_number: String,
    /// Five digits.
    pub postal_code: String,
    /// Town.
    pub city: String,
}
