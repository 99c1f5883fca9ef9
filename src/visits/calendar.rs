//! An appointment as a calendar file (RFC 5545). Pure.

use chrono::{DateTime, Duration, Utc};

use super::store::VisitRow;

/// The file: one event, whose id stays the same over changes and whose sequence grows.
pub(super) fn file(visit: &VisitRow, office: &str, now: DateTime<Utc>, language: &str) -> String {
    let (summary, status) = match (visit.cancelled_at.is_some(), language) {
        (false, "en") => (format!("Visit: {}", visit.facility_name), "CONFIRMED"),
        (false, _) => (format!("Kennenlernen: {}", visit.facility_name), "CONFIRMED"),
        (true, "en") => (format!("Cancelled: {}", visit.facility_name), "CANCELLED"),
        (true, _) => (format!("Abgesagt: {}", visit.facility_name), "CANCELLED"),
    };
    let end = visit.starts_at + Duration::minutes(i64::from(visit.minutes));
    let method = if visit.cancelled_at.is_some() {
        "CANCEL"
    } else {
        "PUBLISH"
    };
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        format!("PRODID:-//Kitaplatz//{}//DE", escaped(office)),
        format!("METHOD:{method}"),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@kitaplatz.invalid", visit.id),
        format!("SEQUENCE:{}", visit.version),
        format!("DTSTAMP:{}", instant(now)),
        format!("DTSTART:{}", instant(visit.starts_at)),
        format!("DTEND:{}", instant(end)),
        format!("SUMMARY:{}", escaped(&summary)),
        format!("LOCATION:{}", escaped(&visit.place)),
        format!("STATUS:{status}"),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.iter().map(|line| folded(line)).collect()
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text value: what would end it or begin another line is written so that it does not.
fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => plain.extend(['\\', letter]),
            '\n' => plain.push_str("\\n"),
            other if other.is_control() => {}
            other => plain.push(other),
        }
    }
    plain
}

/// A line of at most 75 bytes, continued after a blank; letters stay whole.
fn folded(line: &str) -> String {
    let (mut text, mut width) = (String::with_capacity(line.len() + 4), 0);
    for letter in line.chars() {
        if width + letter.len_utf8() > 75 {
            text.push_str("\r\n ");
            width = 1;
        }
        text.push(letter);
        width += letter.len_utf8();
    }
    text.push_str("\r\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::VisitId;

    fn visit(place: &str) -> VisitRow {
        VisitRow {
            id: VisitId::new(),
            facility_name: "Kita „Löwenzahn“; Haus 2, Hof".into(),
            child_id: crate::platform::ids::ChildId::new(),
            starts_at: "2027-02-10T14:00:00Z".parse().unwrap(),
            minutes: 90,
            place: place.into(),
            version: 3,
            cancelled_at: None,
        }
    }

    fn unfolded(file: &str) -> Vec<String> {
        file.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_file_says_when_where_and_which_version() {
        let now = "2027-02-01T09:00:00Z".parse().unwrap();
        let lines = unfolded(&file(&visit("Lindenweg 4"), "Jugendamt", now, "de"));
        for line in [
            "SEQUENCE:3",
            "DTSTART:20270210T140000Z",
            "DTEND:20270210T153000Z",
            "SUMMARY:Kennenlernen: Kita „Löwenzahn“\\; Haus 2\\, Hof",
            "LOCATION:Lindenweg 4",
            "STATUS:CONFIRMED",
        ] {
            assert!(lines.contains(&line.to_owned()), "{line} in {lines:?}");
        }
    }

    #[test]
    fn a_place_cannot_add_a_line_and_long_lines_are_folded_between_letters() {
        let now = "2027-02-01T09:00:00Z".parse().unwrap();
        let place = format!("Hof\r\nATTACH:http://x\n{}", "ä".repeat(150));
        let text = file(&visit(&place), "Amt", now, "de");
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(!unfolded(&text).iter().any(|line| line.starts_with("ATTACH")), "{text}");
        assert!(text.replace("\r\n ", "").contains(&"ä".repeat(150)));
    }
}
