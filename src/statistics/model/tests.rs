//! Cases of the survey.

use super::file::name;
use super::words::{CarePlace, Course, Employment, LegalForm, Position, Qualification, SchoolDegree, Sex, WorkArea};
use super::*;
use crate::platform::fields::Fields;
use crate::platform::ids::GroupId;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn surveyed(kind: FacilityKind) -> Surveyed {
    let id = FacilityId::new();
    let row = ChildRow {
        facility_id: id,
        child_id: ChildId::new(),
        first_name: Some("Mia".into()),
        last_name: Some("Braun".into()),
        sex: Some("female".into()),
        birth_date: Some(day("2024-09-14")),
        care_from: day("2026-08-01"),
        hours_per_week: 40,
        window_from: None,
        window_to: None,
        week: None,
        group_name: None,
        restricted: false,
    };
    let staff = StaffRow {
        facility_id: id,
        group_name: Some("Igel".into()),
        weekly_minutes: 2310,
    };
    Surveyed {
        facility: FacilityRow {
            id,
            name: "Kita Löwenzahn".into(),
            kind: Some(kind),
            provider_kind: None,
            provider_name: Some("Elternverein Löwenzahn e. V.".into()),
            licensed: Some(60),
            opens_at: None,
            closes_at: None,
        },
        entry: HouseEntry::default(),
        groups: vec![GroupRow {
            facility_id: id,
            id: GroupId::new(),
            name: "Igel".into(),
            under3: 10,
            over3: 0,
            school_age: 0,
        }],
        staff: vec![staff],
        children: vec![Child {
            row,
            answers: ChildAnswers::default(),
        }],
    }
}

fn at<'a>(rows: &'a [Vec<String>], row: usize, code: &str) -> &'a str {
    &rows[row][COLUMNS.iter().position(|c| c.code == code).unwrap()]
}

fn educator() -> Person {
    Person {
        sex: Some(Sex::Female),
        birth_month: Some(4),
        birth_year: Some(1988),
        qualification: Some(Qualification::Educator),
        weekly_minutes: Some(2340),
        area: Some(WorkArea::GroupLead),
        position: Some(Position::Employee),
        employment: Some(Employment::Permanent),
        since: Some(day("2019-08-15")),
        group_id: None,
        school_degree: Some(SchoolDegree::University),
        course: Some(Course::From300),
        place: Some(CarePlace::OwnHome),
    }
}

#[test]
fn a_file_has_the_facility_its_staff_and_its_children_and_no_name_of_a_child() {
    let rows = surveyed(FacilityKind::Daycare).file();
    let house = ["row_kind", "licensed_places", "provider_kind", "groups", "children"].map(|code| at(&rows, 1, code));
    assert_eq!(house, ["E", "60", "", "1", "1"]);
    let house = ["provider_name", "group_kinds"].map(|code| at(&rows, 1, code));
    assert_eq!(house, ["Elternverein Löwenzahn e. V.", "1 × unter 3 Jahren"]);
    let staff = ["row_kind", "group_name", "staff_hours"].map(|code| at(&rows, 2, code));
    assert_eq!(staff, ["P", "Igel", "38,50"]);
    let child = ["row_kind", "sex", "birth_month", "birth_year", "care_since"].map(|code| at(&rows, 3, code));
    assert_eq!(child, ["K", "weiblich", "9", "2024", "08/2026"]);
    let names = |cell: &String| cell.contains("Mia") || cell.contains("Braun");
    assert!(!rows[3].iter().any(names));
    for column in COLUMNS.iter().filter(|c| c.entered && c.code != "staff_hours") {
        let empty = (1..=3).all(|row| at(&rows, row, column.code).is_empty());
        assert!(empty, "{} is not invented", column.code);
    }
}

#[test]
fn what_was_entered_stands_in_the_file_and_people_stand_in_place_of_sums() {
    let mut all = surveyed(FacilityKind::Daycare);
    let mut person = educator();
    person.group_id = Some(all.groups[0].id);
    all.entry = HouseEntry {
        legal_form: Some(LegalForm::Association),
        opens_at: Some("07:00:00".parse().unwrap()),
        closes_at: Some("16:30:00".parse().unwrap()),
        closing_days: Some(25),
        persons: vec![person],
    };
    all.children[0].answers.meals = Some(true);
    all.children[0].answers.foreign_origin = Some(false);
    let rows = all.file();
    assert_eq!(rows.len(), 4, "one person, no sum of hours beside it");
    let house = ["legal_form", "opens_at", "closes_at", "closing_days"].map(|code| at(&rows, 1, code));
    assert_eq!(house, ["eingetragener Verein", "07:00", "16:30", "25"]);
    let said = [
        "group_name",
        "staff_hours",
        "qualification",
        "area",
        "position",
        "employment",
        "birth_year",
        "person_since",
    ];
    let wanted = [
        "Igel",
        "39,00",
        "Erzieherin, Erzieher",
        "Gruppenleitung",
        "angestellt",
        "unbefristet",
        "1988",
        "08/2019",
    ];
    assert_eq!(said.map(|code| at(&rows, 2, code)), wanted);
    assert_eq!(
        ["meals", "origin", "language"].map(|code| at(&rows, 3, code)),
        ["ja", "nein", ""]
    );
}

#[test]
fn what_is_missing_is_named() {
    use Finding::*;
    let mut all = surveyed(FacilityKind::Daycare);
    let house = [
        ProviderKindMissing,
        LegalFormMissing,
        OpeningMissing,
        ClosingDaysMissing,
        PersonsMissing,
    ];
    assert_eq!(all.findings(), house);
    all.staff.clear();
    assert!(all.findings().contains(&StaffMissing));
    let mut cook = Person::default();
    (cook.area, cook.sex) = (Some(WorkArea::Housekeeping), Some(Sex::Male));
    all.entry.persons = vec![educator(), cook];
    let people = all.findings();
    assert!(!people.contains(&StaffMissing) && people.contains(&PersonHoursMissing));
    assert!(!people.contains(&QualificationMissing), "of a cook nobody asks it");

    all.children[0].row.sex = None;
    let (child, missing) = all.incomplete().next().unwrap();
    assert_eq!(child.first_name.as_deref(), Some("Mia"));
    let known = [SexMissing, WindowMissing, GroupMissing];
    let asked = [
        DaysMissing,
        MealsMissing,
        SchoolMissing,
        OriginMissing,
        LanguageMissing,
        HelpMissing,
    ];
    assert_eq!(missing, [known.as_slice(), &asked].concat());

    let home = surveyed(FacilityKind::Childminder);
    assert_eq!(home.findings(), [PersonsMissing]);
    let (_, missing) = home.incomplete().next().unwrap();
    assert!(missing.ends_with(&[RelatedMissing, OtherCareMissing]) && !missing.contains(&GroupMissing));
}

#[test]
fn a_pupil_is_in_a_grade_and_nobody_else() {
    let mut house = surveyed(FacilityKind::Daycare);
    let child = &mut house.children[0];
    for (school, asked) in [(Some(true), true), (Some(false), false), (None, false)] {
        child.answers.attends_school = school;
        let missing = child.findings(Part::Facilities).contains(&Finding::GradeMissing);
        assert_eq!(missing, asked, "{school:?}");
    }
    child.answers.attends_school = Some(true);
    assert!(!child.findings(Part::Childminding).contains(&Finding::GradeMissing));
    let kept = |school, part| {
        let answers = ChildAnswers {
            attends_school: school,
            grade: Some(2),
            ..ChildAnswers::default()
        };
        answers.checked(part, "", &mut Fields::new()).grade
    };
    assert_eq!(kept(Some(true), Part::Facilities), Some(2));
    assert_eq!(kept(Some(false), Part::Facilities), None);
    assert_eq!(kept(Some(true), Part::Childminding), None);
    let mut fields = Fields::new();
    let beyond = ChildAnswers {
        grade: Some(14),
        ..ChildAnswers::default()
    };
    beyond.checked(Part::Facilities, "/children/0", &mut fields);
    assert_eq!(fields.finish().unwrap_err().0[0].pointer, "/children/0/grade");
}

#[test]
fn of_each_part_its_own_is_asked_of_a_person() {
    let mut home = surveyed(FacilityKind::Childminder);
    home.entry.persons = vec![Person::default()];
    let missing = home.findings();
    assert!(missing.contains(&Finding::SchoolDegreeMissing) && !missing.contains(&Finding::PositionMissing));
    let mut house = surveyed(FacilityKind::Daycare);
    house.entry.persons = vec![Person::default()];
    let missing = house.findings();
    assert!(missing.contains(&Finding::PositionMissing) && !missing.contains(&Finding::SchoolDegreeMissing));
    // What was entered before positions were asked is read on.
    let old: Person = serde_json::from_value(serde_json::json!({"employment": "voluntary"})).unwrap();
    assert_eq!((old.employment, old.position), (Some(Employment::Other), None));
}

#[test]
fn what_a_part_does_not_ask_for_is_not_kept() {
    let key_date = key_date(2027).unwrap();
    let mut cook = educator();
    cook.area = Some(WorkArea::Housekeeping);
    let entry = HouseEntry {
        legal_form: Some(LegalForm::Company),
        closing_days: Some(20),
        persons: vec![educator(), cook],
        ..HouseEntry::default()
    };
    let kept = entry.clone().checked(Part::Facilities, key_date).unwrap();
    assert_eq!(
        (kept.persons[0].course, kept.persons[0].since),
        (None, Some(day("2019-08-01")))
    );
    let cook = &kept.persons[1];
    assert_eq!(
        (cook.birth_year, cook.qualification, cook.weekly_minutes),
        (None, None, Some(2340))
    );
    let home = entry.clone().checked(Part::Childminding, key_date).unwrap();
    assert_eq!((home.legal_form, home.closing_days), (None, None));
    let person = &home.persons[0];
    assert_eq!(
        (person.place, person.weekly_minutes, person.since),
        (Some(CarePlace::OwnHome), None, None)
    );

    let mut fields = Fields::new();
    let answers = ChildAnswers {
        related: Some(true),
        days_per_week: Some(8),
        ..ChildAnswers::default()
    };
    assert_eq!(
        answers.checked(Part::Facilities, "/children/0", &mut fields).related,
        None
    );
    let wrong = fields.finish().unwrap_err();
    assert_eq!(wrong.0[0].pointer, "/children/0/days_per_week");
}

#[test]
fn what_cannot_be_is_refused() {
    let mut person = educator();
    (person.birth_month, person.birth_year, person.weekly_minutes) = (Some(13), Some(2027), Some(0));
    person.since = Some(day("2027-03-02"));
    let entry = HouseEntry {
        opens_at: Some("16:00:00".parse().unwrap()),
        closes_at: Some("07:00:00".parse().unwrap()),
        closing_days: Some(400),
        persons: vec![person],
        ..HouseEntry::default()
    };
    let wrong = entry.checked(Part::Facilities, key_date(2027).unwrap()).unwrap_err();
    let at: Vec<&str> = wrong.0.iter().map(|fault| fault.pointer.as_str()).collect();
    let person = ["birth_month", "birth_year", "weekly_minutes", "since"].map(|of| format!("/persons/0/{of}"));
    let house = ["/closing_days", "/closes_at"].map(str::to_owned);
    assert_eq!(at, [house.as_slice(), &person].concat());
}

#[test]
fn key_dates_and_names_of_files() {
    assert_eq!(key_date(2027), Some(day("2027-03-01")));
    assert_eq!(key_date(1800), None);
    let file = name(Part::Facilities, "Kita „Löwenzahn“ / 2", FacilityId::new());
    assert!(file.starts_with("III-1-kita-lowenzahn-2-"));
}

#[test]
fn the_days_of_a_week_are_known_where_the_contract_names_them() {
    let days = serde_json::json!([{"weekday": 1, "from": "08:00", "to": "12:00"}, {"weekday": 3, "from": "08:00", "to": "12:00"}]);
    let mut house = surveyed(FacilityKind::Daycare);
    let child = &mut house.children[0];
    assert_eq!(child.days_per_week(), None);
    child.row.week = serde_json::from_value(days).unwrap();
    assert_eq!(child.days_per_week(), Some(2));
    assert!(!child.findings(Part::Facilities).contains(&Finding::DaysMissing));
    child.answers.days_per_week = Some(3);
    assert_eq!(child.days_per_week(), Some(3), "what was entered counts");
}
