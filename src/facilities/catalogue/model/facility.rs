//! A facility as it is known and as it is entered, and what can be wrong with that. Pure.

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::facilities::model::{CareType, FacilityKind};
use crate::platform::fields::{Fields, Invalid, is_postal_code, normalised_email};
use crate::platform::ids::ProviderId;

/// Tells an absent field (`None`) from one that is set to null (`Some(None)`).
fn double_option<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

/// A childminder's licence (§ 43 SGB VIII).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
    /// Children present at the same time, 1 to 5.
    pub places: i32,
    /// Contracts in all, `places` to 20; left out: the licence does not bound them.
    #[serde(default)]
    pub contracts_total: Option<i32>,
}

/// What is known of a facility; what is unknown is empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    pub name: String,
    pub kind: Option<FacilityKind>,
    pub provider_id: Option<ProviderId>,
    pub care_types: Vec<CareType>,
    pub street: String,
    pub house_number: String,
    pub postal_code: String,
    pub city: String,
    pub district: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub opens_at: Option<NaiveTime>,
    pub closes_at: Option<NaiveTime>,
    pub languages: Vec<String>,
    pub concepts: Vec<String>,
    pub denomination: Option<String>,
    pub inclusive: Option<bool>,
    pub barrier_free: Option<bool>,
    pub age_from_months: Option<i32>,
    pub age_to_months: Option<i32>,
    pub description: Option<String>,
    pub website: Option<String>,
    pub contact_email: Option<String>,
    pub phone: Option<String>,
    pub licence: Option<Licence>,
}

/// A facility as it is entered. On creation `name`, `kind`, `care_types` and the address are needed; on a change what is left out
/// stays, and `null` means unknown.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Kita Regenbogen", "kind": "daycare", "provider_id": null, "care_types": ["nursery", "kindergarten"],
    "street": "Lindenweg", "house_number": "4", "postal_code": "04109", "city": "Musterstadt", "district": null, "latitude": 51.34,
    "longitude": 12.37, "opens_at": "07:00", "closes_at": "17:00", "languages": ["Deutsch"], "concepts": ["Situationsansatz"],
    "denomination": null, "inclusive": true, "barrier_free": true, "age_from_months": 12, "age_to_months": 83, "description": null,
    "website": "https://regenbogen.example", "contact_email": "kita@regenbogen.example", "phone": "0341 1234", "licence": null}))]
pub struct FacilityInput {
    name: Option<String>,
    kind: Option<FacilityKind>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<ProviderId>)]
    provider_id: Option<Option<ProviderId>>,
    care_types: Option<Vec<CareType>>,
    street: Option<String>,
    house_number: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<String>)]
    district: Option<Option<String>>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<f64>)]
    latitude: Option<Option<f64>>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<f64>)]
    longitude: Option<Option<f64>>,
    /// `HH:MM`.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<String>)]
    opens_at: Option<Option<String>>,
    /// `HH:MM`.
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<String>)]
    closes_at: Option<Option<String>>,
    languages: Option<Vec<String>>,
    concepts: Option<Vec<String>>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<String>)]
    denomination: Option<Option<String>>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<bool>)]
    inclusive: Option<Option<bool>>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<bool>)]
    barrier_free: Option<Option<bool>>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<i32>)]
    age_from_months: Option<Option<i32>>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<i32>)]
    age_to_months: Option<Option<i32>>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<String>)]
    description: Option<Option<String>>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<String>)]
    website: Option<Option<String>>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<String>)]
    contact_email: Option<Option<String>>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
    #[serde(default, deserialize_with = "double_option")]
    #[schema(value_type = Option<Licence>)]
    licence: Option<Option<Licence>>,
}

impl FacilityInput {
    /// Whether it touches what only the tenant's administrators decide: whose facility it is, what it is, the licence.
    pub fn names_office_matters(&self) -> bool {
        self.provider_id.is_some() || self.kind.is_some() || self.licence.is_some()
    }

    /// What is known after this input, or what is wrong with it.
    pub fn applied_to(self, before: &Facts) -> Result<Facts, Invalid> {
        let (mut fields, mut facts) = (Fields::new(), before.clone());
        let new = before.name.is_empty();
        set(&mut facts.name, self.name);
        set(&mut facts.kind, self.kind.map(Some));
        set(&mut facts.provider_id, self.provider_id);
        set(&mut facts.care_types, self.care_types);
        set(&mut facts.street, self.street);
        set(&mut facts.house_number, self.house_number);
        set(&mut facts.postal_code, self.postal_code);
        set(&mut facts.city, self.city);
        set(&mut facts.district, self.district);
        set(&mut facts.latitude, self.latitude);
        set(&mut facts.longitude, self.longitude);
        set(&mut facts.opens_at, time(&mut fields, "/opens_at", self.opens_at));
        set(&mut facts.closes_at, time(&mut fields, "/closes_at", self.closes_at));
        set(&mut facts.languages, self.languages);
        set(&mut facts.concepts, self.concepts);
        set(&mut facts.denomination, self.denomination);
        set(&mut facts.inclusive, self.inclusive);
        set(&mut facts.barrier_free, self.barrier_free);
        set(&mut facts.age_from_months, self.age_from_months);
        set(&mut facts.age_to_months, self.age_to_months);
        set(&mut facts.description, self.description);
        set(&mut facts.website, self.website);
        set(&mut facts.contact_email, self.contact_email);
        set(&mut facts.phone, self.phone);
        set(&mut facts.licence, self.licence);
        let facts = facts.checked(&mut fields, if new { None } else { Some(before) });
        fields.finish()?;
        Ok(facts)
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn time(fields: &mut Fields, pointer: &str, text: Option<Option<String>>) -> Option<Option<NaiveTime>> {
    match text? {
        None => Some(None),
        Some(text) => {
            let time = hour_minute(&text);
            fields.check(time.is_some(), pointer, "invalid");
            Some(time)
        }
    }
}

/// The time of `HH:MM`.
pub fn hour_minute(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M").ok()
}

pub(super) fn website(fields: &mut Fields, text: Option<&str>) -> Option<String> {
    let text = text.map(str::trim).filter(|t| !t.is_empty())?;
    // A link on a public page: nothing but the web, so that no script hides in it.
    let web = text.starts_with("https://") || text.starts_with("http://");
    fields.check(web && !text.contains(char::is_whitespace), "/website", "invalid");
    fields.check(text.chars().count() <= 500, "/website", "too_long");
    Some(text.to_owned())
}

impl Facts {
    /// The facts without needless blanks; faults are collected. What an imported facility lacked `before` is not asked for when
    /// somebody changes something else: a manager could not save a telephone number else.
    fn checked(mut self, fields: &mut Fields, before: Option<&Self>) -> Self {
        fields.text(&self.name, "/name", 200);
        self.name = self.name.trim().to_owned();
        let (kind, postal_code) = (self.kind, self.postal_code.clone());
        let same = |same: fn(&Self, &Self) -> bool| before.is_some_and(|b| same(b, &self));
        fields.check(kind.is_some() || same(|b, n| b.kind == n.kind), "/kind", "required");
        let types = !self.care_types.is_empty() || same(|b, n| b.care_types == n.care_types);
        fields.check(types, "/care_types", "required");
        let code = is_postal_code(postal_code.trim()) || same(|b, n| b.postal_code == n.postal_code);
        fields.check(code, "/postal_code", "invalid");
        for (value, pointer, same) in [
            (&self.street, "/street", same(|b, n| b.street == n.street)),
            (
                &self.house_number,
                "/house_number",
                same(|b, n| b.house_number == n.house_number),
            ),
            (&self.city, "/city", same(|b, n| b.city == n.city)),
        ] {
            if !same {
                fields.text(value, pointer, 200);
            }
        }
        for value in [
            &mut self.street,
            &mut self.house_number,
            &mut self.city,
            &mut self.postal_code,
        ] {
            *value = value.trim().to_owned();
        }
        self.care_types.sort_unstable();
        self.care_types.dedup();
        self.check_position(fields);
        for (value, pointer, max) in [
            (&mut self.district, "/district", 200),
            (&mut self.denomination, "/denomination", 200),
            (&mut self.description, "/description", 5000),
            (&mut self.phone, "/phone", 50),
        ] {
            *value = value
                .as_deref()
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .map(str::to_owned);
            let length = value.as_deref().map_or(0, |t| t.chars().count());
            fields.check(length <= max, pointer, "too_long");
        }
        self.website = website(fields, self.website.as_deref());
        if let Some(raw) = self.contact_email.take() {
            self.contact_email = normalised_email(&raw);
            fields.check(self.contact_email.is_some(), "/contact_email", "invalid");
        }
        list(fields, "/languages", &mut self.languages);
        list(fields, "/concepts", &mut self.concepts);
        self.check_licence(fields);
        self
    }

    fn check_position(&self, fields: &mut Fields) {
        let both = self.latitude.is_some() == self.longitude.is_some();
        fields.check(both, "/longitude", "half_a_position");
        let within = |v: Option<f64>, most: f64| v.is_none_or(|v| v.abs() <= most);
        fields.check(within(self.latitude, 90.0), "/latitude", "out_of_range");
        fields.check(within(self.longitude, 180.0), "/longitude", "out_of_range");
        let ages = [
            (self.age_from_months, "/age_from_months"),
            (self.age_to_months, "/age_to_months"),
        ];
        for (age, pointer) in ages {
            fields.check(age.is_none_or(|a| (0..=240).contains(&a)), pointer, "out_of_range");
        }
        let ordered = |a: Option<i32>, b: Option<i32>| a.zip(b).is_none_or(|(a, b)| a <= b);
        fields.check(
            ordered(self.age_from_months, self.age_to_months),
            "/age_to_months",
            "before_start",
        );
        let hours = self.opens_at.zip(self.closes_at).is_none_or(|(a, b)| a < b);
        fields.check(hours, "/closes_at", "before_start");
    }

    fn check_licence(&self, fields: &mut Fields) {
        let Some(licence) = self.licence else { return };
        let childminder = self.kind == Some(FacilityKind::Childminder);
        fields.check(childminder, "/licence", "childminders_only");
        fields.check((1..=5).contains(&licence.places), "/licence/places", "out_of_range");
        fields.check(
            licence
                .contracts_total
                .is_none_or(|n| (licence.places..=20).contains(&n)),
            "/licence/contracts_total",
            "out_of_range",
        );
        fields.check(
            licence.valid_to > licence.valid_from,
            "/licence/valid_to",
            "before_start",
        );
        let years = |d: NaiveDate| (1990..=2200).contains(&d.year());
        fields.check(years(licence.valid_from), "/licence/valid_from", "out_of_range");
        fields.check(years(licence.valid_to), "/licence/valid_to", "out_of_range");
    }
}

fn list(fields: &mut Fields, pointer: &str, values: &mut Vec<String>) {
    let mut kept: Vec<String> = Vec::new();
    for value in values.iter().map(|v| v.trim()).filter(|v| !v.is_empty()) {
        fields.check(value.chars().count() <= 100, pointer, "too_long");
        if !kept.iter().any(|k| k == value) {
            kept.push(value.to_owned());
        }
    }
    fields.check(kept.len() <= 100, pointer, "too_many");
    *values = kept;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(json: serde_json::Value) -> FacilityInput {
        serde_json::from_value(json).unwrap()
    }

    fn full() -> serde_json::Value {
        serde_json::json!({"name": " Kita ", "kind": "daycare", "care_types": ["kindergarten", "nursery", "nursery"], "street": "Weg",
            "house_number": "1", "postal_code": "04109", "city": "Stadt", "opens_at": "07:00"})
    }

    #[test]
    fn what_is_left_out_stays_and_null_means_unknown() {
        let facts = input(full()).applied_to(&Facts::default()).unwrap();
        assert_eq!(facts.care_types, [CareType::Nursery, CareType::Kindergarten]);
        let changed = input(serde_json::json!({"opens_at": null})).applied_to(&facts).unwrap();
        assert_eq!((changed.opens_at, changed.name.as_str()), (None, "Kita"));
    }

    #[test]
    fn a_link_is_of_the_web_and_half_a_position_is_none() {
        let wrong = serde_json::json!({"website": "javascript:alert(1)", "latitude": 51.0, "opens_at": "25:00", "age_from_months": 400,
            "licence": {"valid_from": "2027-01-01", "valid_to": "2026-01-01", "places": 6, "contracts_total": 5}});
        let facts = input(full()).applied_to(&Facts::default()).unwrap();
        let Err(Invalid(faults)) = input(wrong).applied_to(&facts) else {
            panic!("must be refused")
        };
        let pointers: Vec<_> = faults.iter().map(|f| f.pointer.as_str()).collect();
        for pointer in [
            "/website",
            "/longitude",
            "/opens_at",
            "/age_from_months",
            "/licence",
            "/licence/places",
            "/licence/contracts_total",
            "/licence/valid_to",
        ] {
            assert!(pointers.contains(&pointer), "{pointer}");
        }
    }
}
