//! What is known of providers and facilities. Pure.

use chrono::NaiveDate;

use crate::facilities::model::{CareType, FacilityKind};
use crate::platform::ids::{FacilityId, ProviderId};

/// What letters, lists and contracts say of a facility.
#[derive(Debug, Clone, PartialEq)]
pub struct FacilityBrief {
    /// The facility.
    pub id: FacilityId,
    /// Its name.
    pub name: String,
    /// What it is, if known.
    pub kind: Option<FacilityKind>,
    /// Who runs it, if known.
    pub provider_id: Option<ProviderId>,
    /// The provider's name, if known.
    pub provider_name: Option<String>,
    /// What care it gives.
    pub care_types: Vec<CareType>,
    /// Street.
    pub street: String,
    /// House number.
    pub house_number: String,
    /// Postal code.
    pub postal_code: String,
    /// Place.
    pub city: String,
    /// Position (WGS 84), if known.
    pub latitude: Option<f64>,
    /// Position (WGS 84), if known.
    pub longitude: Option<f64>,
    /// Mail address for families, if known.
    pub contact_email: Option<String>,
    /// Telephone for families, if known.
    pub phone: Option<String>,
    /// Whether it takes new children at all.
    pub open: bool,
}

/// Places of a facility that are bookable this month, over all age bands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacesNow {
    /// The facility.
    pub facility_id: FacilityId,
    /// Bookable places; unknown when no figure holds this month.
    pub bookable: Option<i32>,
    /// The oldest date on which a figure was confirmed.
    pub confirmed_on: Option<NaiveDate>,
}
