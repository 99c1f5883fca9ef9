//! The words of a contract: headings, paragraphs and lists with placeholders from a closed list. Pure.
//!
//! A text is told apart into blocks before a value is put in, so that no name can become a heading. The typesetter gets the blocks as
//! values.

use std::collections::BTreeSet;

use crate::documents::{ContractDraft, TextBlock};
use crate::platform::dates;
use crate::platform::fields::{Fields, Invalid};
use crate::tenancy::NoticeTo;

/// The usual words, where neither provider nor municipality has its own.
pub const USUAL: &str = include_str!("texts/usual.de.md");

/// What may stand between `{{` and `}}`.
pub const PLACEHOLDERS: &[&str] = &[
    "child",
    "birth_date",
    "guardians",
    "facility",
    "facility_address",
    "provider",
    "municipality",
    "care_from",
    "care_to",
    "hours_per_week",
    "window",
    "settling_in_weeks",
    "notice_months",
    "notice",
];

/// A text and its faults: every unknown placeholder, every brace that is never closed, and a length nobody reads.
pub fn check(fields: &mut Fields, body: &str, pointer: &str) {
    fields.text(body, pointer, 20_000);
    let mut seen = BTreeSet::new();
    for part in body.split("{{").skip(1) {
        match part.split_once("}}") {
            None => {
                fields.fault(pointer, "placeholder_open", "`{{` without `}}`");
            }
            Some((name, _)) => {
                let name = name.trim();
                if !PLACEHOLDERS.contains(&name) && seen.insert(name.to_owned()) {
                    fields.fault(
                        pointer,
                        "placeholder_unknown",
                        name.chars().take(60).collect::<String>(),
                    );
                }
            }
        }
    }
}

/// The same as a result, for a text alone.
pub fn checked(body: &str, pointer: &str) -> Result<(), Invalid> {
    let mut fields = Fields::new();
    check(&mut fields, body, pointer);
    fields.finish()
}

/// The blocks of a text with the values of a contract in it.
pub fn blocks(body: &str, draft: &ContractDraft, municipality: &str) -> Vec<TextBlock> {
    let fill = |text: &str| filled(text, draft, municipality);
    let mut blocks = Vec::new();
    for piece in pieces(body) {
        blocks.push(match piece {
            Piece::Heading(text) => TextBlock::Heading { text: fill(&text) },
            Piece::Subheading(text) => TextBlock::Subheading { text: fill(&text) },
            Piece::Paragraph(text) => TextBlock::Paragraph { text: fill(&text) },
            Piece::List(items) => TextBlock::List {
                items: items.iter().map(|item| fill(item)).collect(),
            },
        });
    }
    blocks
}

enum Piece {
    Heading(String),
    Subheading(String),
    Paragraph(String),
    List(Vec<String>),
}

fn pieces(body: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    // Whether the last line belongs to the same paragraph or list as the next one.
    let mut joined = false;
    for line in body.lines().map(str::trim) {
        let (piece, joins) = match line {
            "" => {
                joined = false;
                continue;
            }
            _ => told_apart(line),
        };
        match (pieces.last_mut(), piece) {
            (Some(Piece::Paragraph(text)), Piece::Paragraph(more)) if joined => {
                text.push(' ');
                text.push_str(&more);
            }
            (Some(Piece::List(items)), Piece::List(more)) => items.extend(more),
            (_, piece) => pieces.push(piece),
        }
        joined = joins;
    }
    pieces
}

fn told_apart(line: &str) -> (Piece, bool) {
    if let Some(text) = line.strip_prefix("## ") {
        (Piece::Subheading(text.trim().to_owned()), false)
    } else if let Some(text) = line.strip_prefix("# ") {
        (Piece::Heading(text.trim().to_owned()), false)
    } else if let Some(text) = line.strip_prefix("- ") {
        (Piece::List(vec![text.trim().to_owned()]), false)
    } else {
        (Piece::Paragraph(line.to_owned()), true)
    }
}

/// Every placeholder in one pass: a value that looks like a placeholder stays as it is.
fn filled(text: &str, draft: &ContractDraft, municipality: &str) -> String {
    let mut parts = text.split("{{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("}}") {
            Some((name, rest)) => {
                out.push_str(&value(name.trim(), draft, municipality));
                out.push_str(rest);
            }
            None => {
                out.push_str("{{");
                out.push_str(part);
            }
        }
    }
    out
}

fn value(name: &str, draft: &ContractDraft, municipality: &str) -> String {
    let german = |day| dates::date(day, "de");
    match name {
        "child" => draft.child.clone().unwrap_or_else(|| "das erwartete Kind".into()),
        "birth_date" => draft
            .birth_date
            .or(draft.expected_birth_date)
            .map(german)
            .unwrap_or_default(),
        "guardians" => draft.guardians.join(" und "),
        "facility" => draft.facility.clone(),
        "facility_address" => draft.facility_address.clone(),
        "provider" => draft
            .provider
            .clone()
            .unwrap_or_else(|| "der Träger der Einrichtung".into()),
        "municipality" => municipality.to_owned(),
        "care_from" => german(draft.care_from),
        "care_to" => german(super::model::last_day(draft.care_until)),
        "hours_per_week" => draft.hours_per_week.to_string(),
        "window" => match (&draft.week, draft.window) {
            (Some(week), _) => week.says("de"),
            (None, Some((from, to))) => dates::window(from, to, "de"),
            (None, None) => "nach Absprache".into(),
        },
        "settling_in_weeks" => draft.settling_in_weeks.to_string(),
        "notice_months" => draft.notice_months.to_string(),
        "notice" => draft.notice().says(true),
        _ => String::new(),
    }
}

/// A made-up contract for a preview.
pub fn example() -> ContractDraft {
    let day = |y, m, d| chrono::NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default();
    let time = |h| chrono::NaiveTime::from_hms_opt(h, 0, 0).unwrap_or_default();
    ContractDraft {
        accepted_on: day(2027, 2, 10),
        child: Some("Lina Beispiel".into()),
        birth_date: Some(day(2026, 3, 14)),
        expected_birth_date: None,
        guardians: vec!["Jana Beispiel".into(), "Kim Beispiel".into()],
        facility: "Kita Beispiel".into(),
        facility_address: "Lindenweg 4a, 12345 Musterstadt".into(),
        provider: Some("Beispiel-Träger e. V.".into()),
        care_from: day(2027, 8, 1),
        care_until: day(2032, 8, 1),
        hours_per_week: 40,
        window: Some((time(8), time(16))),
        week: None,
        settling_in_weeks: 4,
        note: None,
        notice_months: super::model::USUAL_NOTICE_MONTHS,
        notice_to: NoticeTo::Month,
        notice_not_last_months: 0,
        version: None,
        text: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_words_are_in_order_and_leave_no_placeholder() {
        checked(USUAL, "/body").unwrap();
        let blocks = blocks(USUAL, &example(), "Stadt Musterstadt");
        let all = serde_json::to_string(&blocks).unwrap();
        assert!(
            !all.contains("{{") && all.contains("Lina Beispiel") && all.contains("31. Juli 2032"),
            "{all}"
        );
        assert!(
            blocks
                .iter()
                .any(|b| matches!(b, TextBlock::List { items } if items.len() > 1))
        );
    }

    #[test]
    fn every_placeholder_has_a_value() {
        for name in PLACEHOLDERS {
            assert!(!value(name, &example(), "Stadt Musterstadt").is_empty(), "{name}");
        }
    }

    #[test]
    fn unknown_placeholders_are_named_each_once() {
        let found = checked("Für {{child}} und {{kind}}, {{ kind }} mit {{offen", "/body")
            .unwrap_err()
            .0;
        let found: Vec<_> = found.iter().map(|f| (f.code.as_str(), f.detail.as_str())).collect();
        assert_eq!(
            found,
            [
                ("placeholder_unknown", "kind"),
                ("placeholder_open", "`{{` without `}}`")
            ]
        );
        assert_eq!(checked(" ", "/body").unwrap_err().0[0].code, "required");
    }

    #[test]
    fn a_value_is_neither_a_heading_nor_a_placeholder() {
        let draft = ContractDraft {
            child: Some("# {{provider}}\n\n- x".into()),
            ..example()
        };
        let blocks = blocks("Das Kind\n{{child}}\n\n- eins\n- zwei {{facility}}\n# Ende", &draft, "");
        assert_eq!(
            blocks,
            [
                TextBlock::Paragraph {
                    text: "Das Kind # {{provider}}\n\n- x".into()
                },
                TextBlock::List {
                    items: vec!["eins".into(), "zwei Kita Beispiel".into()]
                },
                TextBlock::Heading { text: "Ende".into() },
            ]
        );
    }
}
