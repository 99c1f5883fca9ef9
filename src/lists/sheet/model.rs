//! What stands in a care sheet. Pure.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};

/// Something the child must not eat or touch, and what to do when it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Allergy {
    /// What it is, at most 120 characters.
    #[schema(max_length = 120)]
    pub substance: String,
    /// What to do, at most 300 characters; may be empty.
    #[schema(max_length = 300)]
    pub measures: String,
}

/// Somebody besides the guardians who may pick the child up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PickupPerson {
    /// First and last name, at most 120 characters.
    #[schema(max_length = 120)]
    pub name: String,
    /// Who it is to the child, at most 60 characters; may be empty.
    #[schema(max_length = 60)]
    pub relation: String,
    /// Telephone number, at most 40 characters; may be empty.
    #[schema(max_length = 40)]
    pub phone: String,
    /// The last day; `null`: until the family takes it back.
    pub until: Option<NaiveDate>,
}

/// The entries of a sheet, as they are sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CareSheetEntries)]
pub struct Entries {
    /// At most 20.
    #[schema(max_items = 20)]
    pub(super) allergies: Vec<Allergy>,
    /// At most 12.
    #[schema(max_items = 12)]
    pub(super) pickups: Vec<PickupPerson>,
}

impl Entries {
    /// Each allergy with what to do.
    pub(in crate::lists) fn allergies(&self) -> impl Iterator<Item = (&str, &str)> {
        self.allergies
            .iter()
            .map(|a| (a.substance.as_str(), a.measures.as_str()))
    }

    /// Name, relation and telephone of everybody who may pick the child up on a day.
    pub(in crate::lists) fn pickups(&self, on: NaiveDate) -> impl Iterator<Item = [&str; 3]> {
        let still = self
            .pickups
            .iter()
            .filter(move |p| p.until.is_none_or(|last| on <= last));
        still.map(|p| [p.name.as_str(), p.relation.as_str(), p.phone.as_str()])
    }
}

/// A care sheet as it should be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"entries": {"allergies": [{"substance": "Erdnüsse", "measures": "Notfallset im Gruppenraum"}],
    "pickups": [{"name": "Erika Braun", "relation": "Großmutter", "phone": "0341 654321", "until": null}]}, "health_consent": true}))]
pub(super) struct NewCareSheet {
    /// What stands in it.
    pub entries: Entries,
    /// The family agrees that the facility keeps the allergies (Art. 9(2)(a) GDPR); needed where there are any.
    pub health_consent: bool,
}

impl NewCareSheet {
    /// The same with blanks trimmed, or all that is wrong.
    pub(super) fn checked(self, today: NaiveDate) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let Entries { allergies, pickups } = self.entries;
        fields.check(allergies.len() <= 20, "/entries/allergies", "too_many");
        fields.check(pickups.len() <= 12, "/entries/pickups", "too_many");
        fields.check(allergies.is_empty() || self.health_consent, "/health_consent", "needed");
        let allergies: Vec<Allergy> = (0..)
            .zip(allergies)
            .map(|(n, entry)| {
                let at = |field: &str| format!("/entries/allergies/{n}/{field}");
                Allergy {
                    substance: line(&mut fields, &entry.substance, &at("substance"), 120, true),
                    measures: line(&mut fields, &entry.measures, &at("measures"), 300, false),
                }
            })
            .collect();
        let pickups: Vec<PickupPerson> = (0..)
            .zip(pickups)
            .map(|(n, entry)| {
                let at = |field: &str| format!("/entries/pickups/{n}/{field}");
                fields.check(entry.until.is_none_or(|last| last >= today), &at("until"), "in_past");
                PickupPerson {
                    name: line(&mut fields, &entry.name, &at("name"), 120, true),
                    relation: line(&mut fields, &entry.relation, &at("relation"), 60, false),
                    phone: line(&mut fields, &entry.phone, &at("phone"), 40, false),
                    until: entry.until,
                }
            })
            .collect();
        fields.finish()?;
        // Without an allergy nothing of health is kept, so there is nothing to agree to.
        let health_consent = self.health_consent && !allergies.is_empty();
        Ok(Self {
            entries: Entries { allergies, pickups },
            health_consent,
        })
    }
}

/// A line of text without blanks around it.
fn line(fields: &mut Fields, value: &str, pointer: &str, max: usize, needed: bool) -> String {
    fields.check(!value.chars().any(char::is_control), pointer, "invalid");
    if !needed && value.trim().is_empty() {
        return String::new();
    }
    fields.text(value, pointer, max).to_owned()
}

/// A care sheet.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CareSheet {
    /// First name and initial of the child; `erwartetes Kind` before birth.
    pub child_label: String,
    /// What stands in it.
    pub entries: Entries,
    /// Since when the family agrees that health data are kept; `null` where there are none.
    pub health_consent_at: Option<DateTime<Utc>>,
    /// Whether there is a contract; without one nothing can be written.
    pub writable: bool,
    /// 0: nobody wrote any.
    pub version: i32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(substance: &str, consent: bool, until: Option<&str>) -> NewCareSheet {
        let allergy = Allergy {
            substance: substance.into(),
            measures: " Notfallset ".into(),
        };
        let person = PickupPerson {
            name: " Erika Braun".into(),
            relation: String::new(),
            phone: "0341 654321".into(),
            until: until.map(|day| day.parse().unwrap()),
        };
        NewCareSheet {
            entries: Entries {
                allergies: if substance.is_empty() { vec![] } else { vec![allergy] },
                pickups: vec![person],
            },
            health_consent: consent,
        }
    }

    fn checked(new: NewCareSheet) -> Result<NewCareSheet, Vec<String>> {
        let today = "2027-02-01".parse().unwrap();
        new.checked(today)
            .map_err(|Invalid(faults)| faults.into_iter().map(|fault| fault.pointer).collect())
    }

    #[test]
    fn allergies_need_consent_and_consent_needs_allergies() {
        assert_eq!(checked(sheet("Nüsse", false, None)).unwrap_err(), ["/health_consent"]);
        assert!(!checked(sheet("", true, None)).unwrap().health_consent);
        let new = checked(sheet(" Nüsse", true, None)).unwrap();
        assert_eq!(new.entries.allergies().collect::<Vec<_>>(), [("Nüsse", "Notfallset")]);
    }

    #[test]
    fn somebody_picks_up_until_the_last_day() {
        let faults = checked(sheet("", false, Some("2027-01-31"))).unwrap_err();
        assert_eq!(faults, ["/entries/pickups/0/until"]);
        let entries = checked(sheet("", false, Some("2027-03-01"))).unwrap().entries;
        let names = |day: &str| {
            entries
                .pickups(day.parse().unwrap())
                .map(|p| p[0].to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(names("2027-03-01"), ["Erika Braun"]);
        assert!(names("2027-03-02").is_empty());
    }

    #[test]
    fn each_fault_names_its_entry() {
        let faults = checked(sheet("a\nb", true, None)).unwrap_err();
        assert_eq!(faults, ["/entries/allergies/0/substance"]);
    }
}
