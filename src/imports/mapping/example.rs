//! Lists to begin with: the empty template, and one that can be tried at once with the municipality's own facilities.

use super::{FIELDS, FamilyMapping};

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let quoted = |cell: &str| {
        if cell.contains([';', '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    };
    cells.map(quoted).collect::<Vec<_>>().join(";") + "\r\n"
}

/// A list with the columns of a mapping and two made-up rows; criteria and their evidence stand behind the fields.
pub fn template(mapping: &FamilyMapping) -> String {
    let mut text = header(mapping);
    for row in 0..2 {
        let filled = |name: &str| FIELDS.iter().find(|f| f.name == name).map_or("", |f| f.examples[row]);
        text += &cells(mapping, filled, row == 0);
    }
    text
}

fn header(mapping: &FamilyMapping) -> String {
    let fields = FIELDS.iter().filter_map(|f| mapping.columns.get(f.name));
    let more = mapping.criteria.values().chain(mapping.evidence.values());
    format!("\u{feff}{}", line(fields.chain(more).map(String::as_str)))
}

fn cells<'a>(mapping: &FamilyMapping, said: impl Fn(&'static str) -> &'a str, claims: bool) -> String {
    let fields = FIELDS
        .iter()
        .filter(|f| mapping.columns.contains_key(f.name))
        .map(|f| said(f.name));
    let claimed = mapping.criteria.values().map(|_| if claims { "ja" } else { "" });
    let seen = mapping
        .evidence
        .values()
        .map(|_| if claims { "12.11.2026" } else { "" });
    line(fields.chain(claimed).chain(seen))
}

/// What the made-up rows say, one field a line: a family with two guardians, its younger child, a child with a place, and one with a fault.
const ROWS: &[&[(&str, &str)]] = &[
    &[
        ("source_id", "B-2001"),
        ("family_id", "B-F1"),
        ("guardian_first_name", "Aylin"),
        ("guardian_last_name", "Yıldız"),
        ("second_first_name", "Emre"),
        ("second_last_name", "Yıldız"),
        ("guardian_phone", "0341 555010"),
        ("street", "Ulmenweg"),
        ("house_number", "12"),
        ("child_first_name", "Defne"),
        ("child_birth_date", "03.06.2025"),
        ("care_type", "Krippe"),
        ("desired_start", "01.09.2027"),
        ("hours_per_week", "40"),
        ("legal_claim", "ja"),
        ("submitted_at", "02.11.2026 08:15"),
        ("facility_1", "1"),
        ("facility_2", "2"),
    ],
    &[
        ("source_id", "B-2002"),
        ("family_id", "B-F1"),
        ("guardian_first_name", "Aylin"),
        ("guardian_last_name", "Yıldız"),
        ("second_first_name", "Emre"),
        ("second_last_name", "Yıldız"),
        ("street", "Ulmenweg"),
        ("house_number", "12"),
        ("child_first_name", "Can"),
        ("child_birth_date", "19.02.2023"),
        ("contract_facility", "1"),
        ("contract_from", "01.08.2025"),
        ("contract_hours", "45"),
        ("contract_window_from", "07:30"),
        ("contract_window_to", "16:30"),
    ],
    &[
        ("source_id", "B-2003"),
        ("guardian_first_name", "Oleksandra"),
        ("guardian_last_name", "Kowalenko"),
        ("guardian_email", "o.kowalenko@example.org"),
        ("street", "Brückenstraße"),
        ("house_number", "3b"),
        ("child_first_name", "Daryna"),
        ("child_birth_date", "11.01.2024"),
        ("care_type", "Kindergarten"),
        ("desired_start", "01.08.2027"),
        ("hours_per_week", "35"),
        ("submitted_at", "09.11.2026"),
        ("facility_1", "2"),
        ("contract_facility", "1"),
        ("contract_from", "01.03.2026"),
        ("contract_last_day", "31.07.2027"),
        ("contract_hours", "30"),
    ],
    &[
        ("source_id", "B-2004"),
        ("guardian_first_name", "Petra"),
        ("guardian_last_name", "Sommer"),
        ("street", "Am Markt"),
        ("house_number", "1"),
        ("child_first_name", "Jonas"),
        ("child_birth_date", "31.02.2024"),
        ("care_type", "Kindergarten"),
        ("desired_start", "01.08.2027"),
        ("hours_per_week", "35"),
        ("submitted_at", "10.11.2026"),
        ("facility_1", "Kita gibt es nicht"),
    ],
];

/// A list of four families that wish for these two facilities; the last row has two faults, to be seen in the trial.
pub fn example(mapping: &FamilyMapping, facilities: [&str; 2]) -> String {
    let mut text = header(mapping);
    for row in ROWS {
        let said = |name: &'static str| {
            let own = row.iter().find(|(field, _)| *field == name).map(|(_, said)| *said);
            match (name, own.unwrap_or_default()) {
                ("facility_1" | "facility_2" | "contract_facility", "1") => facilities[0],
                ("facility_1" | "facility_2" | "contract_facility", "2") => facilities[1],
                ("postal_code", "") => "04109",
                ("city", "") => "Musterstadt",
                (_, said) => said,
            }
        };
        text += &cells(mapping, said, false);
    }
    text
}
