//! What is known of providers and facilities, and what can be wrong with what people enter. Pure.

mod facility;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use facility::website;
pub use facility::{FacilityInput, Facts, Licence, hour_minute};

use crate::facilities::model::{CareType, FacilityKind, ProviderKind};
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
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
    /// Some figure was made up for a demonstration, so that nobody confirmed it.
    pub is_example: bool,
}

/// What can be wrong with what is entered about providers, facilities and closing days.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// There is no such provider, facility or day.
    #[error("missing")]
    Missing,
    /// Another provider of the tenant has this name.
    #[error("another provider has this name")]
    NameTaken,
    /// This day is closed already.
    #[error("this day is closed already")]
    DayTaken,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// A provider as it is entered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Kinderland e. V.", "kind": "parents_initiative", "website": "https://kinderland.example"}))]
pub struct ProviderInput {
    /// Name, once in a municipality.
    pub name: String,
    /// What kind of body it is; `null` when unknown.
    #[serde(default)]
    pub kind: Option<ProviderKind>,
    /// Address of its pages.
    #[serde(default)]
    pub website: Option<String>,
}

impl ProviderInput {
    /// The provider without needless blanks, or what is wrong with it.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let name = fields.text(&self.name, "/name", 200).to_owned();
        let website = website(&mut fields, self.website.as_deref());
        fields.finish()?;
        Ok(Self { name, website, ..self })
    }
}

/// A day on which the tenant, or one facility, is closed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"day": "2027-05-07", "note": "Brückentag", "facility_id": null}))]
pub struct NewClosingDay {
    /// The day.
    pub day: NaiveDate,
    /// Why; shown to families.
    #[serde(default)]
    pub note: String,
    /// The facility; `null` means all.
    #[serde(default)]
    pub facility_id: Option<FacilityId>,
}

impl NewClosingDay {
    /// The day without needless blanks, or what is wrong with it.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let note = self.note.trim().to_owned();
        fields.check(note.chars().count() <= 200, "/note", "too_long");
        fields.check((2000..=2200).contains(&self.day.year()), "/day", "out_of_range");
        fields.finish()?;
        Ok(Self { note, ..self })
    }
}

/// A text as it is put into the search: words for street are written out, because people write them in three ways.
pub fn search_words(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| {
            let lower = word.to_lowercase();
            match lower.strip_suffix("str.").or_else(|| lower.strip_suffix("str")) {
                Some(stem) => format!("{stem}straße"),
                None => lower,
            }
        })
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_is_written_out() {
        assert_eq!(search_words("Müllerstr. 5"), "müllerstraße 5");
        assert_eq!(search_words("Lange Str"), "lange straße");
    }
}
