//! What is missing at a facility, of who works there, and of a child. Pure.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Child, Part, Person, Surveyed};

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
    /// The legal form of the provider was not entered.
    LegalFormMissing,
    /// When the house is open was not entered.
    OpeningMissing,
    /// The days on which the house was closed were not entered.
    ClosingDaysMissing,
    /// Nobody who works there was entered; of a childminder nothing of the person itself.
    PersonsMissing,
    /// The sex of somebody who works there.
    PersonSexMissing,
    /// Month or year of birth of somebody who works there.
    PersonBirthMissing,
    /// The qualification of somebody who works there.
    QualificationMissing,
    /// The hours of somebody who works there.
    PersonHoursMissing,
    /// What somebody mainly does there.
    AreaMissing,
    /// As what somebody works there.
    PositionMissing,
    /// How somebody is employed.
    EmploymentMissing,
    /// Since when somebody works there.
    PersonSinceMissing,
    /// The childminder's school certificate.
    SchoolDegreeMissing,
    /// The childminder's course.
    CourseMissing,
    /// Where the childminder cares for the children.
    PlaceMissing,
    /// The days of care a week.
    DaysMissing,
    /// Whether the child has lunch.
    MealsMissing,
    /// Whether the child goes to school.
    SchoolMissing,
    /// The grade of a child that goes to school.
    GradeMissing,
    /// Whether a parent comes from abroad.
    OriginMissing,
    /// Whether the family mostly speaks German.
    LanguageMissing,
    /// Whether the child gets integration assistance.
    HelpMissing,
    /// Whether the child is related to the childminder.
    RelatedMissing,
    /// Whether the child is cared for elsewhere as well.
    OtherCareMissing,
}

/// What is missing at the facility itself; each once, however many people it is missing of.
pub(super) fn of_house(surveyed: &Surveyed) -> Vec<Finding> {
    let (facility, entry) = (&surveyed.facility, &surveyed.entry);
    let is_home = surveyed.part() == Part::Childminding;
    let opening = entry.opens_at.is_none() || entry.closes_at.is_none();
    let mut all = named([
        (facility.kind.is_none(), Finding::KindMissing),
        (
            !is_home && facility.provider_kind.is_none(),
            Finding::ProviderKindMissing,
        ),
        (facility.licensed.is_none(), Finding::PermitMissing),
        // Who is entered with hours says more than the sum of them.
        (
            !is_home && surveyed.staff.is_empty() && entry.persons.is_empty(),
            Finding::StaffMissing,
        ),
        (surveyed.children.is_empty(), Finding::NoChildren),
        (!is_home && entry.legal_form.is_none(), Finding::LegalFormMissing),
        (!is_home && opening, Finding::OpeningMissing),
        (!is_home && entry.closing_days.is_none(), Finding::ClosingDaysMissing),
        (entry.persons.is_empty(), Finding::PersonsMissing),
    ]);
    for finding in entry.persons.iter().flat_map(|person| of_person(person, is_home)) {
        if !all.contains(&finding) {
            all.push(finding);
        }
    }
    all
}

fn of_person(person: &Person, is_home: bool) -> Vec<Finding> {
    let full = is_home || person.is_pedagogic_or_office();
    let birth = person.birth_month.is_none() || person.birth_year.is_none();
    let employed = !is_home && full;
    named([
        (person.sex.is_none(), Finding::PersonSexMissing),
        (full && birth, Finding::PersonBirthMissing),
        (full && person.qualification.is_none(), Finding::QualificationMissing),
        (!is_home && person.weekly_minutes.is_none(), Finding::PersonHoursMissing),
        (!is_home && person.area.is_none(), Finding::AreaMissing),
        (employed && person.position.is_none(), Finding::PositionMissing),
        (employed && person.employment.is_none(), Finding::EmploymentMissing),
        (employed && person.since.is_none(), Finding::PersonSinceMissing),
        (is_home && person.school_degree.is_none(), Finding::SchoolDegreeMissing),
        (is_home && person.course.is_none(), Finding::CourseMissing),
        (is_home && person.place.is_none(), Finding::PlaceMissing),
    ])
}

/// What is missing of a child.
pub(super) fn of_child(child: &Child, part: Part) -> Vec<Finding> {
    let Child { row, answers } = child;
    let is_home = part == Part::Childminding;
    let pupil = answers.attends_school == Some(true);
    let times = row.window_from.is_none() || row.window_to.is_none();
    named([
        (row.sex.is_none(), Finding::SexMissing),
        (row.birth_date.is_none(), Finding::BirthMissing),
        (times, Finding::WindowMissing),
        (!is_home && row.group_name.is_none(), Finding::GroupMissing),
        (child.days_per_week().is_none(), Finding::DaysMissing),
        (answers.meals.is_none(), Finding::MealsMissing),
        (answers.attends_school.is_none(), Finding::SchoolMissing),
        (!is_home && pupil && answers.grade.is_none(), Finding::GradeMissing),
        (answers.foreign_origin.is_none(), Finding::OriginMissing),
        (answers.german_at_home.is_none(), Finding::LanguageMissing),
        (answers.integration_help.is_none(), Finding::HelpMissing),
        (is_home && answers.related.is_none(), Finding::RelatedMissing),
        (is_home && answers.other_care.is_none(), Finding::OtherCareMissing),
    ])
}

fn named<const N: usize>(all: [(bool, Finding); N]) -> Vec<Finding> {
    let missing = all.into_iter().filter(|(missing, _)| *missing);
    missing.map(|(_, finding)| finding).collect()
}
