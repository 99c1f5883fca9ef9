//! The file of a facility or childminder: a header, the facility, who works there, the children. No name of a child or person. Pure.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::Serialize;
use utoipa::ToSchema;

use super::words::Sex;
use super::{Child, GroupRow, Part, Person, Surveyed};
use crate::platform::ids::FacilityId;

/// A field of the survey and where it comes from.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct SurveyField {
    /// Code of the field.
    pub code: &'static str,
    /// Its column in the file.
    pub column: &'static str,
    /// Whether it is entered for the key date; otherwise it is known from contracts, permits and groups.
    pub entered: bool,
}

const fn survey(code: &'static str, column: &'static str, entered: bool) -> SurveyField {
    SurveyField { code, column, entered }
}

/// The columns of a file, in their order. The first tells what a row is: E the facility, P staff, K a child.
pub const COLUMNS: &[SurveyField] = &[
    survey("row_kind", "Satzart", false),
    survey("number", "Laufende Nummer", false),
    survey("facility_name", "Einrichtung", false),
    survey("provider_name", "Name des Trägers", false),
    survey("provider_kind", "Art des Trägers", false),
    survey("legal_form", "Rechtsform des Trägers", true),
    survey("licensed_places", "Genehmigte Plätze", false),
    survey("groups", "Zahl der Gruppen", false),
    survey("group_kinds", "Art der Gruppen", false),
    survey("children", "Zahl der Kinder insgesamt", false),
    survey("opens_at", "Öffnet um", true),
    survey("closes_at", "Schließt um", true),
    survey(
        "closing_days",
        "Schließtage an regulären Öffnungstagen im Jahr davor",
        true,
    ),
    survey("group_name", "Gruppe", false),
    survey("staff_hours", "Wochenstunden der Person oder der Gruppe", true),
    survey("qualification", "Höchster Berufsabschluss", true),
    survey("area", "Arbeitsbereich", true),
    survey("position", "Stellung im Beruf", true),
    survey("employment", "Art der Beschäftigung", true),
    survey("person_since", "Tätig hier seit (Monat/Jahr)", true),
    survey("school_degree", "Höchster allgemeinbildender Schulabschluss", true),
    survey("course", "Kurs für Kindertagespflege", true),
    survey("place", "Ort der Betreuung", true),
    survey("sex", "Geschlecht", false),
    survey("birth_month", "Geburtsmonat", false),
    survey("birth_year", "Geburtsjahr", false),
    survey("care_since", "Betreuung seit (Monat/Jahr)", false),
    survey("hours_per_week", "Vertragliche Betreuungsstunden je Woche", false),
    survey("window_from", "Betreuung von", false),
    survey("window_to", "Betreuung bis", false),
    survey("days_per_week", "Betreuungstage je Woche", true),
    survey("meals", "Mittagsverpflegung", true),
    survey("school", "Besucht eine Schule", true),
    survey("grade", "Klassenstufe", true),
    survey("origin", "Mindestens ein Elternteil ausländischer Herkunft", true),
    survey("language", "In der Familie wird vorrangig Deutsch gesprochen", true),
    survey("integration_help", "Eingliederungshilfe", true),
    survey("related", "Mit der Tagespflegeperson verwandt", true),
    survey("other_care", "Weitere Betreuung", true),
];

/// All rows; what is not known stays empty.
pub(super) fn rows(surveyed: &Surveyed) -> Vec<Vec<String>> {
    let mut rows = vec![COLUMNS.iter().map(|c| c.column.to_owned()).collect()];
    rows.push(house(surveyed));
    if surveyed.entry.persons.is_empty() {
        for (n, one) in (1..).zip(&surveyed.staff) {
            rows.push(row(&[
                ("row_kind", "P".into()),
                ("number", usize::to_string(&n)),
                ("group_name", said(one.group_name.as_ref())),
                ("staff_hours", hours(one.weekly_minutes)),
            ]));
        }
    }
    for (n, one) in (1..).zip(&surveyed.entry.persons) {
        rows.push(person(n, one, surveyed));
    }
    for (n, one) in (1..).zip(&surveyed.children) {
        rows.push(child(n, one));
    }
    rows
}

fn house(
    Surveyed {
        facility,
        entry,
        groups,
        children,
        ..
    }: &Surveyed,
) -> Vec<String> {
    row(&[
        ("row_kind", "E".into()),
        ("number", "1".into()),
        ("facility_name", facility.name.clone()),
        ("provider_name", said(facility.provider_name.as_ref())),
        ("provider_kind", said(facility.provider_kind.as_ref())),
        ("legal_form", said(entry.legal_form.map(|form| form.german()))),
        ("licensed_places", said(facility.licensed)),
        ("groups", groups.len().to_string()),
        ("group_kinds", group_kinds(groups)),
        ("children", children.len().to_string()),
        ("opens_at", time(entry.opens_at)),
        ("closes_at", time(entry.closes_at)),
        ("closing_days", said(entry.closing_days)),
    ])
}

fn person(n: usize, person: &Person, of: &Surveyed) -> Vec<String> {
    let group = |id| of.groups.iter().find(|group| group.id == id);
    row(&[
        ("row_kind", "P".into()),
        ("number", n.to_string()),
        (
            "group_name",
            said(person.group_id.and_then(group).map(|group| &group.name)),
        ),
        (
            "staff_hours",
            person.weekly_minutes.map(|m| hours(m.into())).unwrap_or_default(),
        ),
        ("qualification", said(person.qualification.map(|one| one.german()))),
        ("area", said(person.area.map(|one| one.german()))),
        ("position", said(person.position.map(|one| one.german()))),
        ("employment", said(person.employment.map(|one| one.german()))),
        ("person_since", said(person.since.map(month))),
        ("school_degree", said(person.school_degree.map(|one| one.german()))),
        ("course", said(person.course.map(|one| one.german()))),
        ("place", said(person.place.map(|one| one.german()))),
        ("sex", said(person.sex.map(|one| one.german()))),
        ("birth_month", said(person.birth_month)),
        ("birth_year", said(person.birth_year)),
    ])
}

fn child(n: usize, one: &Child) -> Vec<String> {
    let Child { row: child, answers } = one;
    let yes = |answer: Option<bool>| said(answer.map(|yes| if yes { "ja" } else { "nein" }));
    row(&[
        ("row_kind", "K".into()),
        ("number", n.to_string()),
        ("group_name", said(child.group_name.as_ref())),
        ("sex", said(child.sex.as_deref().map(sex))),
        ("birth_month", said(child.birth_date.map(|day| day.month()))),
        ("birth_year", said(child.birth_date.map(|day| day.year()))),
        ("care_since", month(child.care_from)),
        ("hours_per_week", child.hours_per_week.to_string()),
        ("window_from", time(child.window_from)),
        ("window_to", time(child.window_to)),
        ("days_per_week", said(one.days_per_week())),
        ("meals", yes(answers.meals)),
        ("school", yes(answers.attends_school)),
        ("grade", said(answers.grade)),
        ("origin", yes(answers.foreign_origin)),
        ("language", yes(answers.german_at_home)),
        ("integration_help", yes(answers.integration_help)),
        ("related", yes(answers.related)),
        ("other_care", yes(answers.other_care)),
    ])
}

/// How many groups there are of each kind: for children of one age band, or of several.
fn group_kinds(groups: &[GroupRow]) -> String {
    let kind = |group: &GroupRow| match (group.under3 > 0, group.over3 > 0, group.school_age > 0) {
        (true, false, false) => "unter 3 Jahren",
        (false, true, false) => "ab 3 Jahren bis zur Schule",
        (false, false, true) => "Schulkinder",
        _ => "altersgemischt",
    };
    let mut kinds = BTreeMap::new();
    for group in groups {
        *kinds.entry(kind(group)).or_insert(0) += 1;
    }
    let all: Vec<String> = kinds.into_iter().map(|(kind, n)| format!("{n} × {kind}")).collect();
    all.join(", ")
}

/// A row with these cells, the others empty.
fn row(cells: &[(&str, String)]) -> Vec<String> {
    let cell = |code: &str| cells.iter().find(|(of, _)| *of == code).map(|(_, text)| text.clone());
    let all = COLUMNS.iter().map(|column| cell(column.code).unwrap_or_default());
    all.collect()
}

fn said(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn time(at: Option<NaiveTime>) -> String {
    said(at.map(|at| at.format("%H:%M")))
}

fn month(day: NaiveDate) -> String {
    day.format("%m/%Y").to_string()
}

/// Minutes as hours with a decimal comma.
fn hours(minutes: i64) -> String {
    let hundredths = minutes * 100 / 60;
    format!("{},{:02}", hundredths / 100, hundredths % 100)
}

fn sex(word: &str) -> &'static str {
    match word {
        "female" => Sex::Female.german(),
        "male" => Sex::Male.german(),
        _ => Sex::Diverse.german(),
    }
}

/// A name for the file: letters, digits and hyphens only.
pub(super) fn name(part: Part, name: &str, id: FacilityId) -> String {
    let plain: String = name
        .chars()
        .map(|letter| match letter {
            'ä' | 'Ä' => 'a',
            'ö' | 'Ö' => 'o',
            'ü' | 'Ü' => 'u',
            other if other.is_ascii_alphanumeric() => other.to_ascii_lowercase(),
            _ => '-',
        })
        .collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let short = id.to_string().chars().take(8).collect::<String>();
    format!("{}-{}-{short}.csv", part.number().replace('.', "-"), words.join("-"))
}
