//! The list by which the children in care come over, as the program that the town had before writes it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::children::Child;
use crate::imports::FIELDS;

/// The list with the columns of the template.
pub(super) fn written(children: &[Child], place: (&str, &str), wished_from: NaiveDate, sent: NaiveDate) -> String {
    let mut text = FIELDS.iter().map(|field| field.header).collect::<Vec<_>>().join(";") + "\r\n";
    for (number, child) in children.iter().enumerate() {
        let mut said = row(child, place);
        said.insert("source_id", format!("ALT-{:04}", number + 1));
        if let Some(wish) = child.wish {
            said.insert("facility_1", wish.to_owned());
            said.insert("care_type", "Kindergarten".to_owned());
            said.insert("desired_start", day(wished_from));
            said.insert("hours_per_week", child.times.0.to_string());
            said.insert("submitted_at", day(sent));
        }
        let cells = FIELDS
            .iter()
            .map(|field| said.get(field.name).cloned().unwrap_or_default());
        text += &(cells.collect::<Vec<_>>().join(";") + "\r\n");
    }
    text
}

fn day(day: NaiveDate) -> String {
    day.format("%d.%m.%Y").to_string()
}

fn row(child: &Child, (postal_code, city): (&str, &str)) -> BTreeMap<&'static str, String> {
    let family = &child.family;
    let (hours, comes, goes) = child.times;
    let mut said = BTreeMap::from([
        ("family_id", format!("F-{:03}", family.number + 1)),
        ("guardian_first_name", family.mother.to_owned()),
        ("guardian_last_name", family.last_name.to_owned()),
        ("guardian_phone", family.home.phone.clone()),
        ("street", family.home.street.to_owned()),
        ("house_number", family.home.house_number.clone()),
        ("postal_code", postal_code.to_owned()),
        ("city", city.to_owned()),
        ("child_first_name", child.first_name.to_owned()),
        ("child_last_name", family.last_name.to_owned()),
        ("child_sex", if child.girl { "w" } else { "m" }.to_owned()),
        ("child_birth_date", day(child.born)),
        ("contract_facility", child.facility.to_owned()),
        ("contract_from", day(child.from)),
        ("contract_hours", hours.to_string()),
        ("contract_window_from", comes.to_owned()),
        ("contract_window_to", goes.to_owned()),
    ]);
    if let Some(father) = family.father {
        said.insert("second_first_name", father.to_owned());
        said.insert("second_last_name", family.last_name.to_owned());
    }
    said
}
