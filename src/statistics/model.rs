//! What the youth-welfare statistics of the key date ask for, what of it is known, and the file that comes of it. Pure.

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::Serialize;
use utoipa::ToSchema;

use crate::facilities::FacilityKind;
use crate::platform::ids::{ChildId, FacilityId};

/// Part of the survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Teil III.1: children and staff in day-care facilities.
    Facilities,
    /// Teil III.3: publicly funded childminding.
    Childminding,
}

impl Part {
    /// Where a facility of this kind belongs.
    pub fn of(kind: Option<FacilityKind>) -> Self {
        match kind {
            Some(FacilityKind::Childminder) => Self::Childminding,
            _ => Self::Facilities,
        }
    }

    /// Its number.
    pub fn number(self) -> &'static str {
        match self {
            Self::Facilities => "III.1",
            Self::Childminding => "III.3",
        }
    }
}

/// A field of the survey and whether it is known here.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct SurveyField {
    /// Code of the field.
    pub code: &'static str,
    /// Its column in the file.
    pub column: &'static str,
    /// Whether the column can be filled; otherwise it stays empty and is to be added by hand.
    pub held: bool,
}

const fn survey(code: &'static str, column: &'static str, held: bool) -> SurveyField {
    SurveyField { code, column, held }
}

/// The columns of a file, in their order. The first tells what a row is: E the facility, P staff, K a child.
pub const COLUMNS: &[SurveyField] = &[
    survey("row_kind", "Satzart", true),
    survey("number", "Laufende Nummer", true),
    survey("facility_name", "Einrichtung", true),
    survey("provider_kind", "Art des Trägers", true),
    survey("licensed_places", "Genehmigte Plätze", true),
    survey("group_name", "Gruppe", true),
    survey("staff_hours", "Wochenstunden pädagogisches Personal", true),
    survey(
        "staff_person",
        "Person: Geschlecht, Geburtsjahr, Abschluss, Arbeitsbereich",
        false,
    ),
    survey("sex", "Geschlecht des Kindes", true),
    survey("birth_month", "Geburtsmonat", true),
    survey("birth_year", "Geburtsjahr", true),
    survey("care_since", "Betreuung seit (Monat/Jahr)", true),
    survey("hours_per_week", "Vertragliche Betreuungsstunden je Woche", true),
    survey("window_from", "Betreuung von", true),
    survey("window_to", "Betreuung bis", true),
    survey("days_per_week", "Betreuungstage je Woche", false),
    survey("meals", "Mittagsverpflegung", false),
    survey("origin", "Mindestens ein Elternteil ausländischer Herkunft", false),
    survey("language", "In der Familie vorrangig gesprochene Sprache", false),
    survey("integration_help", "Eingliederungshilfe", false),
];

/// A facility on the key date.
#[derive(Debug, Clone)]
pub struct FacilityRow {
    /// The facility.
    pub id: FacilityId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: Option<FacilityKind>,
    /// Kind of its provider.
    pub provider_kind: Option<String>,
    /// Places of the permit that holds on the day; for childminders of the licence.
    pub licensed: Option<i64>,
}

/// Hours of staff on the key date.
#[derive(Debug, Clone)]
pub struct StaffRow {
    /// Where.
    pub facility_id: FacilityId,
    /// In which group; `None`: for the whole facility.
    pub group_name: Option<String>,
    /// Minutes a week.
    pub weekly_minutes: i64,
}

/// A child with a contract on the key date.
#[derive(Debug, Clone)]
pub struct ChildRow {
    /// Where.
    pub facility_id: FacilityId,
    /// The child.
    pub child_id: ChildId,
    /// First name; stands in no file.
    pub first_name: Option<String>,
    /// Last name; stands in no file.
    pub last_name: Option<String>,
    /// Sex, if it is recorded.
    pub sex: Option<String>,
    /// Date of birth; month and year stand in the file.
    pub birth_date: Option<NaiveDate>,
    /// First day of care.
    pub care_from: NaiveDate,
    /// Hours a week.
    pub hours_per_week: i32,
    /// From this time of day.
    pub window_from: Option<NaiveTime>,
    /// Until this time of day.
    pub window_to: Option<NaiveTime>,
    /// The group on that day.
    pub group_name: Option<String>,
}

/// Something that is missing, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// No kind of facility is entered, so nobody knows which part it belongs to.
    KindMissing,
    /// The kind of the provider is missing.
    ProviderKindMissing,
    /// No permit, or licence, holds on the day.
    PermitMissing,
    /// No hours of staff are entered.
    StaffMissing,
    /// Nobody has a contract.
    NoChildren,
    /// The sex of the child is not recorded.
    SexMissing,
    /// The day of birth of the child is not recorded.
    BirthMissing,
    /// The times of care are not agreed.
    WindowMissing,
    /// The child is in no group.
    GroupMissing,
}

/// What is missing at the facility itself.
pub fn findings(facility: &FacilityRow, staff: &[StaffRow], children: &[ChildRow]) -> Vec<Finding> {
    let is_home = Part::of(facility.kind) == Part::Childminding;
    [
        (facility.kind.is_none(), Finding::KindMissing),
        (
            !is_home && facility.provider_kind.is_none(),
            Finding::ProviderKindMissing,
        ),
        (facility.licensed.is_none(), Finding::PermitMissing),
        (!is_home && staff.is_empty(), Finding::StaffMissing),
        (children.is_empty(), Finding::NoChildren),
    ]
    .into_iter()
    .filter_map(|(missing, finding)| missing.then_some(finding))
    .collect()
}

/// What is missing of a child.
pub fn child_findings(child: &ChildRow, part: Part) -> Vec<Finding> {
    [
        (child.sex.is_none(), Finding::SexMissing),
        (child.birth_date.is_none(), Finding::BirthMissing),
        (
            child.window_from.is_none() || child.window_to.is_none(),
            Finding::WindowMissing,
        ),
        (
            part == Part::Facilities && child.group_name.is_none(),
            Finding::GroupMissing,
        ),
    ]
    .into_iter()
    .filter_map(|(missing, finding)| missing.then_some(finding))
    .collect()
}

/// The key date of a year.
pub fn key_date(year: i32) -> Option<NaiveDate> {
    (2020..=2100)
        .contains(&year)
        .then(|| NaiveDate::from_ymd_opt(year, 3, 1))?
}

/// The file of a facility: a header, the facility, its staff, its children. No name of a child; what is not held stays empty.
pub fn file(facility: &FacilityRow, staff: &[StaffRow], children: &[ChildRow]) -> Vec<Vec<String>> {
    let mut rows = vec![COLUMNS.iter().map(|c| c.column.to_owned()).collect()];
    rows.push(row(&[
        ("row_kind", "E".into()),
        ("number", "1".into()),
        ("facility_name", facility.name.clone()),
        ("provider_kind", facility.provider_kind.clone().unwrap_or_default()),
        (
            "licensed_places",
            facility.licensed.map(|n| n.to_string()).unwrap_or_default(),
        ),
    ]));
    for (n, one) in (1..).zip(staff) {
        rows.push(row(&[
            ("row_kind", "P".into()),
            ("number", usize::to_string(&n)),
            ("group_name", one.group_name.clone().unwrap_or_default()),
            ("staff_hours", hours(one.weekly_minutes)),
        ]));
    }
    for (n, child) in (1..).zip(children) {
        let birth = |of: fn(&NaiveDate) -> String| child.birth_date.as_ref().map(of).unwrap_or_default();
        let time = |at: Option<NaiveTime>| at.map(|t| t.format("%H:%M").to_string()).unwrap_or_default();
        rows.push(row(&[
            ("row_kind", "K".into()),
            ("number", usize::to_string(&n)),
            ("group_name", child.group_name.clone().unwrap_or_default()),
            ("sex", child.sex.as_deref().map(sex).unwrap_or_default().to_owned()),
            ("birth_month", birth(|day| day.month().to_string())),
            ("birth_year", birth(|day| day.year().to_string())),
            ("care_since", child.care_from.format("%m/%Y").to_string()),
            ("hours_per_week", child.hours_per_week.to_string()),
            ("window_from", time(child.window_from)),
            ("window_to", time(child.window_to)),
        ]));
    }
    rows
}

/// A row with these cells, the others empty.
fn row(cells: &[(&str, String)]) -> Vec<String> {
    let cell = |code: &str| cells.iter().find(|(of, _)| *of == code).map(|(_, text)| text.clone());
    COLUMNS
        .iter()
        .map(|column| cell(column.code).unwrap_or_default())
        .collect()
}

/// Minutes as hours with a decimal comma.
fn hours(minutes: i64) -> String {
    let hundredths = minutes * 100 / 60;
    format!("{},{:02}", hundredths / 100, hundredths % 100)
}

fn sex(word: &str) -> &'static str {
    match word {
        "female" => "weiblich",
        "male" => "männlich",
        _ => "divers",
    }
}

/// A name for the file: letters, digits and hyphens only.
pub fn file_name(part: Part, name: &str, id: FacilityId) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn facility() -> FacilityRow {
        FacilityRow {
            id: FacilityId::new(),
            name: "Kita Löwenzahn".into(),
            kind: Some(FacilityKind::Daycare),
            provider_kind: None,
            licensed: Some(60),
        }
    }

    fn child(facility: FacilityId) -> ChildRow {
        ChildRow {
            facility_id: facility,
            child_id: ChildId::new(),
            first_name: Some("Mia".into()),
            last_name: Some("Braun".into()),
            sex: Some("female".into()),
            birth_date: Some(day("2024-09-14")),
            care_from: day("2026-08-01"),
            hours_per_week: 40,
            window_from: None,
            window_to: None,
            group_name: None,
        }
    }

    #[test]
    fn a_file_has_the_facility_its_staff_and_its_children_and_no_name_of_a_child() {
        let facility = facility();
        let staff = [StaffRow {
            facility_id: facility.id,
            group_name: Some("Igel".into()),
            weekly_minutes: 2310,
        }];
        let rows = file(&facility, &staff, &[child(facility.id)]);
        let at = |row: usize, code: &str| rows[row][COLUMNS.iter().position(|c| c.code == code).unwrap()].as_str();
        assert_eq!(
            (at(1, "row_kind"), at(1, "licensed_places"), at(1, "provider_kind")),
            ("E", "60", "")
        );
        assert_eq!(
            (at(2, "row_kind"), at(2, "group_name"), at(2, "staff_hours")),
            ("P", "Igel", "38,50")
        );
        assert_eq!(
            (
                at(3, "row_kind"),
                at(3, "sex"),
                at(3, "birth_month"),
                at(3, "birth_year"),
                at(3, "care_since")
            ),
            ("K", "weiblich", "9", "2024", "08/2026")
        );
        assert!(
            rows[3]
                .iter()
                .all(|cell| !cell.contains("Mia") && !cell.contains("Braun"))
        );
        for column in COLUMNS.iter().filter(|c| !c.held) {
            assert_eq!(at(3, column.code), "", "{} is not invented", column.code);
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let facility = facility();
        assert_eq!(
            findings(&facility, &[], &[]),
            [Finding::ProviderKindMissing, Finding::StaffMissing, Finding::NoChildren]
        );
        let mut missing = child(facility.id);
        missing.sex = None;
        let all = [Finding::SexMissing, Finding::WindowMissing, Finding::GroupMissing];
        assert_eq!(child_findings(&missing, Part::Facilities), all);
        assert_eq!(child_findings(&missing, Part::Childminding), all[..2]);
        assert_eq!(key_date(2027), Some(day("2027-03-01")));
        assert_eq!(key_date(1800), None);
        assert!(
            file_name(Part::Facilities, "Kita „Löwenzahn“ / 2", facility.id).starts_with("III-1-kita-lowenzahn-2-")
        );
    }
}
