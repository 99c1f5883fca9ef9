//! What a facility's places rest on, as people enter it: permits, groups, staff, closures, reserved contingents. Pure.

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facilities::model::{AgeBand, CareType};
use crate::platform::fields::{Fields, Invalid};
use crate::platform::ids::{FacilityId, GroupId};

/// Most rows of a kind.
const MOST: usize = 200;

/// Places of a permit for a kind of care and an age band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PermitPlaces {
    /// Kind of care.
    pub care_type: CareType,
    /// Age band.
    pub age_band: AgeBand,
    /// Places.
    pub places: i32,
}

/// An operating permit (§ 45 SGB VIII).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Permit {
    /// File number.
    #[serde(default)]
    pub reference: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; `null`: without end.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// Places by kind of care and age band.
    pub places: Vec<PermitPlaces>,
}

/// Hours of qualified staff; nobody's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StaffHours)]
pub struct Staff {
    /// Minutes a week.
    pub weekly_minutes: i32,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; `null`: until further notice.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
}

/// A time in which a group or the whole facility is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CapacityClosure)]
pub struct Closure {
    /// Why.
    pub reason: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; `null`: until further notice.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CareGroup, example = json!({"id": "1c2d4a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d", "name": "Igelgruppe", "age_from_months": 36, "age_to_months": 84, "under3": 0, "over3": 18,
    "school_age": 0, "opens_at": "07:30:00", "closes_at": "16:30:00", "valid_from": "2027-08-01", "valid_to": null, "staff": [], "closures": []}))]
pub struct Group {
    /// The group; `null`: a new one.
    #[serde(default)]
    pub id: Option<GroupId>,
    /// Name.
    pub name: String,
    /// Children from this age in months.
    pub age_from_months: i32,
    /// Children below this age in months.
    pub age_to_months: i32,
    /// Places for children under three.
    pub under3: i32,
    /// Places from three to school entry.
    pub over3: i32,
    /// Places for schoolchildren.
    pub school_age: i32,
    /// Opens at.
    #[serde(default)]
    pub opens_at: Option<NaiveTime>,
    /// Closes at.
    #[serde(default)]
    pub closes_at: Option<NaiveTime>,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; `null`: until further notice.
    #[serde(default)]
    pub valid_to: Option<NaiveDate>,
    /// Staff of this group.
    #[serde(default)]
    pub staff: Vec<Staff>,
    /// When it is closed.
    #[serde(default)]
    pub closures: Vec<Closure>,
}

/// Places kept for a purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Contingent {
    /// Age band.
    pub age_band: AgeBand,
    /// Places.
    pub places: i32,
    /// For whom or what.
    pub purpose: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_to: NaiveDate,
}

/// What a facility's places rest on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CapacityBasis, example = json!({"permits": [{"reference": "47-6123", "valid_from": "2027-01-01", "valid_to": null,
    "places": [{"care_type": "kindergarten", "age_band": "over3", "places": 153}]}],
    "groups": [{"id": "1c2d4a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d", "name": "Igelgruppe", "age_from_months": 36, "age_to_months": 84, "under3": 0, "over3": 18, "school_age": 0,
    "opens_at": "07:30:00", "closes_at": "16:30:00", "valid_from": "2027-08-01", "valid_to": null, "staff": [], "closures": []}],
    "staff": [{"weekly_minutes": 24000, "valid_from": "2027-01-01", "valid_to": null}], "closures": [],
    "contingents": [{"age_band": "over3", "places": 2, "purpose": "Notplätze", "valid_from": "2027-08-01", "valid_to": "2027-12-31"}],
    "substitute_id": null}))]
pub struct Basis {
    /// Operating permits, never two on a day. Without one the licensed places are those that the figures say.
    pub permits: Vec<Permit>,
    /// Groups. One that children were placed in stays; it is ended by its last day.
    pub groups: Vec<Group>,
    /// Staff of no single group.
    pub staff: Vec<Staff>,
    /// When the whole facility is closed.
    pub closures: Vec<Closure>,
    /// Reserved contingents, several at a time.
    pub contingents: Vec<Contingent>,
    /// Who takes a childminder's children when the childminder cannot.
    #[serde(default)]
    pub substitute_id: Option<FacilityId>,
}

impl Group {
    /// Places for an age band.
    pub fn places(&self, band: AgeBand) -> i32 {
        match band {
            AgeBand::Under3 => self.under3,
            AgeBand::Over3 => self.over3,
            AgeBand::SchoolAge => self.school_age,
        }
    }
}

/// Whether a day lies in a validity whose last day may be open.
pub fn holds(from: NaiveDate, to: Option<NaiveDate>, day: NaiveDate) -> bool {
    from <= day && to.is_none_or(|to| day <= to)
}

fn in_years(day: NaiveDate) -> bool {
    (2000..=2200).contains(&day.year())
}

fn validity(fields: &mut Fields, at: &str, from: NaiveDate, to: Option<NaiveDate>) {
    fields.check(in_years(from), &format!("{at}/valid_from"), "out_of_range");
    let pointer = format!("{at}/valid_to");
    fields.check(to.is_none_or(in_years), &pointer, "out_of_range");
    fields.check(to.is_none_or(|to| to >= from), &pointer, "before_start");
}

fn check_staff(fields: &mut Fields, at: &str, staff: &[Staff]) {
    fields.check(staff.len() <= MOST, at, "too_many");
    for (n, one) in staff.iter().enumerate() {
        let at = format!("{at}/{n}");
        let minutes = (1..=1_000_000).contains(&one.weekly_minutes);
        fields.check(minutes, &format!("{at}/weekly_minutes"), "out_of_range");
        validity(fields, &at, one.valid_from, one.valid_to);
    }
}

fn check_closures(fields: &mut Fields, at: &str, closures: &mut [Closure]) {
    fields.check(closures.len() <= MOST, at, "too_many");
    for (n, one) in closures.iter_mut().enumerate() {
        let at = format!("{at}/{n}");
        one.reason = fields.text(&one.reason, &format!("{at}/reason"), 200).to_owned();
        validity(fields, &at, one.valid_from, one.valid_to);
    }
}

impl Basis {
    /// Whether anybody's hours were entered.
    pub fn has_staff(&self) -> bool {
        !self.staff.is_empty() || self.groups.iter().any(|g| !g.staff.is_empty())
    }

    /// The same without needless blanks, or what is wrong with it.
    pub fn checked(mut self) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        self.check_permits(&mut fields);
        self.check_groups(&mut fields);
        check_staff(&mut fields, "/staff", &self.staff);
        check_closures(&mut fields, "/closures", &mut self.closures);
        self.check_contingents(&mut fields);
        fields.finish()?;
        Ok(self)
    }

    fn check_permits(&mut self, fields: &mut Fields) {
        fields.check(self.permits.len() <= MOST, "/permits", "too_many");
        for n in 0..self.permits.len() {
            let at = format!("/permits/{n}");
            let overlaps = self.permits[..n].iter().any(|other| {
                let (one, from) = (&self.permits[n], other.valid_from);
                holds(from, other.valid_to, one.valid_from) || holds(one.valid_from, one.valid_to, from)
            });
            fields.check(!overlaps, &format!("{at}/valid_from"), "overlaps");
            let permit = &mut self.permits[n];
            validity(fields, &at, permit.valid_from, permit.valid_to);
            permit.reference = permit
                .reference
                .take()
                .map(|r| r.trim().to_owned())
                .filter(|r| !r.is_empty());
            let short = permit.reference.as_ref().is_none_or(|r| r.chars().count() <= 100);
            fields.check(short, &format!("{at}/reference"), "too_long");
            fields.check(!permit.places.is_empty(), &format!("{at}/places"), "required");
            for (k, line) in permit.places.iter().enumerate() {
                let at = format!("{at}/places/{k}");
                fields.check(
                    (0..=2000).contains(&line.places),
                    &format!("{at}/places"),
                    "out_of_range",
                );
                let key = |l: &PermitPlaces| (l.care_type, l.age_band);
                let again = permit.places[..k].iter().any(|other| key(other) == key(line));
                fields.check(!again, &format!("{at}/age_band"), "duplicate");
            }
        }
    }

    fn check_groups(&mut self, fields: &mut Fields) {
        fields.check(self.groups.len() <= MOST, "/groups", "too_many");
        for n in 0..self.groups.len() {
            let at = format!("/groups/{n}");
            let id = self.groups[n].id;
            let again = id.is_some() && self.groups[..n].iter().any(|other| other.id == id);
            fields.check(!again, &format!("{at}/id"), "duplicate");
            let group = &mut self.groups[n];
            group.name = fields.text(&group.name, &format!("{at}/name"), 100).to_owned();
            for (name, value, most) in [
                ("age_from_months", group.age_from_months, 240),
                ("age_to_months", group.age_to_months, 240),
                ("under3", group.under3, 500),
                ("over3", group.over3, 500),
                ("school_age", group.school_age, 500),
            ] {
                fields.check((0..=most).contains(&value), &format!("{at}/{name}"), "out_of_range");
            }
            let ages = group.age_to_months > group.age_from_months;
            fields.check(ages, &format!("{at}/age_to_months"), "before_start");
            let hours = group.opens_at.zip(group.closes_at);
            fields.check(
                hours.is_none_or(|(from, to)| to > from),
                &format!("{at}/closes_at"),
                "before_start",
            );
            validity(fields, &at, group.valid_from, group.valid_to);
            check_staff(fields, &format!("{at}/staff"), &group.staff);
            check_closures(fields, &format!("{at}/closures"), &mut group.closures);
        }
    }

    fn check_contingents(&mut self, fields: &mut Fields) {
        fields.check(self.contingents.len() <= MOST, "/contingents", "too_many");
        for (n, one) in self.contingents.iter_mut().enumerate() {
            let at = format!("/contingents/{n}");
            fields.check(
                (1..=2000).contains(&one.places),
                &format!("{at}/places"),
                "out_of_range",
            );
            one.purpose = fields.text(&one.purpose, &format!("{at}/purpose"), 500).to_owned();
            validity(fields, &at, one.valid_from, Some(one.valid_to));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn permit(from: &str, to: Option<&str>) -> Permit {
        Permit {
            reference: None,
            valid_from: day(from),
            valid_to: to.map(day),
            places: vec![PermitPlaces {
                care_type: CareType::Kindergarten,
                age_band: AgeBand::Over3,
                places: 10,
            }],
        }
    }

    fn faults(basis: Basis) -> Vec<(String, String)> {
        let faults = basis.checked().unwrap_err().0;
        faults.into_iter().map(|f| (f.pointer, f.code)).collect()
    }

    #[test]
    fn two_permits_never_hold_on_one_day() {
        let basis = |second| Basis {
            permits: vec![permit("2027-01-01", Some("2027-07-31")), permit(second, None)],
            ..Basis::default()
        };
        basis("2027-08-01").checked().unwrap();
        let wrong = faults(basis("2027-07-31"));
        assert_eq!(wrong, [("/permits/1/valid_from".to_owned(), "overlaps".to_owned())]);
        let around = faults(basis("2026-01-01"));
        assert_eq!(around[0].1, "overlaps");
    }

    #[test]
    fn a_contingent_names_its_purpose_and_ends_after_it_begins() {
        let basis = Basis {
            contingents: vec![Contingent {
                age_band: AgeBand::Over3,
                places: 0,
                purpose: " ".into(),
                valid_from: day("2027-08-01"),
                valid_to: day("2027-07-31"),
            }],
            ..Basis::default()
        };
        let codes: Vec<_> = faults(basis).into_iter().map(|f| f.1).collect();
        assert_eq!(codes, ["out_of_range", "required", "before_start"]);
    }
}
