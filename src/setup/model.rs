//! The steps of setting a municipality up, and when each is done. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A step, in the order in which one goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SetupStep, example = "legal")]
pub(super) enum Step {
    /// The office's name, address, telephone and mail.
    Contact,
    /// Imprint, privacy, accessibility in the municipality's own words.
    Legal,
    /// Notice periods, mode of allocation, deadlines.
    Settings,
    /// Closing days with the public holidays of the state.
    ClosingDays,
    /// Providers and facilities, entered or imported.
    Facilities,
    /// A published set of criteria.
    Criteria,
    /// The words of contracts.
    Templates,
    /// The words of notices: the municipality's own, or those that come with the software.
    Notices,
    /// Two people of the office and somebody of a facility.
    People,
    /// For how long what is kept.
    Retention,
}

/// A step whose defaults can be taken over as they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SetupConfirmable, example = "retention")]
pub(super) enum Confirmable {
    /// The settings.
    Settings,
    /// The words of notices.
    Notices,
    /// The periods of deletion.
    Retention,
}

impl Confirmable {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Notices => "notices",
            Self::Retention => "retention",
        }
    }
}

/// What is there.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub contact: bool,
    pub legal_written: i64,
    pub settings_saved: bool,
    pub settings_confirmed: bool,
    pub notices_confirmed: bool,
    pub retention_confirmed: bool,
    pub providers: i64,
    pub facilities: i64,
    pub without_capacity: i64,
    pub criteria_published: bool,
    pub contract_published: bool,
    pub notice_kinds: i64,
    pub office_people: i64,
    pub facility_people: i64,
}

/// What is there, with what is worked out.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub found: Found,
    pub retention_changed: bool,
    pub missing_holidays: usize,
}

/// Something that a step still lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SetupLack)]
pub(super) struct Lack {
    /// What: the pages have the words for it.
    #[schema(example = "holidays")]
    pub what: &'static str,
    /// How many, where that says something.
    pub count: Option<i64>,
}

/// A step as it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SetupStepState)]
pub(super) struct StepState {
    pub step: Step,
    pub done: bool,
    /// What is missing; of a step that is done, what is worth doing all the same.
    pub lacks: Vec<Lack>,
}

/// Imprint, privacy and accessibility.
const LEGAL_PAGES: i64 = 3;

/// Refusal and assignment.
const NOTICE_KINDS: i64 = 9;

/// Whoever approves a notice or releases a round is another person than whoever made it.
const OFFICE_PEOPLE: i64 = 2;

impl Step {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Contact,
        Self::Legal,
        Self::Settings,
        Self::ClosingDays,
        Self::Facilities,
        Self::Criteria,
        Self::Templates,
        Self::Notices,
        Self::People,
        Self::Retention,
    ];

    /// How the step stands with what is there.
    pub fn state(self, facts: &Facts) -> StepState {
        let found = &facts.found;
        let (mut lacks, mut hints) = (Vec::new(), Vec::new());
        let mut need = |holds: bool, what, count: Option<i64>| {
            if !holds {
                lacks.push(Lack { what, count });
            }
        };
        match self {
            Self::Contact => need(found.contact, "contact", None),
            Self::Legal => need(
                found.legal_written >= LEGAL_PAGES,
                "legal",
                Some(LEGAL_PAGES - found.legal_written),
            ),
            Self::Settings => need(found.settings_saved || found.settings_confirmed, "settings", None),
            Self::ClosingDays => {
                let missing = i64::try_from(facts.missing_holidays).unwrap_or(i64::MAX);
                need(missing == 0, "holidays", Some(missing));
            }
            Self::Facilities => {
                need(found.providers > 0, "providers", None);
                need(found.facilities > 0, "facilities", None);
                if found.without_capacity > 0 {
                    hints.push(Lack {
                        what: "capacity",
                        count: Some(found.without_capacity),
                    });
                }
            }
            Self::Criteria => need(found.criteria_published, "criteria", None),
            Self::Templates => need(found.contract_published, "contract", None),
            // Words come with the software, but somebody must have said that they are right here.
            Self::Notices => need(
                found.notices_confirmed || found.notice_kinds >= NOTICE_KINDS,
                "notices",
                Some(NOTICE_KINDS - found.notice_kinds),
            ),
            Self::People => {
                need(
                    found.office_people >= OFFICE_PEOPLE,
                    "office",
                    Some(OFFICE_PEOPLE - found.office_people),
                );
                need(found.facility_people > 0, "managers", None);
            }
            Self::Retention => need(facts.retention_changed || found.retention_confirmed, "retention", None),
        }
        let done = lacks.is_empty();
        lacks.append(&mut hints);
        StepState {
            step: self,
            done,
            lacks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_municipality_lacks_every_step_and_a_full_one_none() {
        let nothing = Facts {
            missing_holidays: 11,
            ..Facts::default()
        };
        assert!(Step::ALL.iter().all(|step| !step.state(&nothing).done));
        let all = Facts {
            found: Found {
                contact: true,
                legal_written: 3,
                settings_saved: true,
                settings_confirmed: false,
                notices_confirmed: false,
                retention_confirmed: true,
                providers: 1,
                facilities: 4,
                without_capacity: 2,
                criteria_published: true,
                contract_published: true,
                notice_kinds: NOTICE_KINDS,
                office_people: 2,
                facility_people: 1,
            },
            ..Facts::default()
        };
        assert!(Step::ALL.iter().all(|step| step.state(&all).done));
        assert_eq!(NOTICE_KINDS, crate::notices::NoticeKind::ALL.len() as i64);
        // All kinds of notices but one in own words leave that one to be looked at; taking the defaults over is enough.
        let mut half = all.clone();
        half.found.notice_kinds = NOTICE_KINDS - 1;
        let state = Step::Notices.state(&half);
        assert_eq!((state.done, state.lacks[0].count), (false, Some(1)));
        half.found.notices_confirmed = true;
        assert!(Step::Notices.state(&half).done);
        // What is worth doing does not keep the step open.
        let state = Step::Facilities.state(&all);
        assert_eq!(
            state.lacks,
            [Lack {
                what: "capacity",
                count: Some(2)
            }]
        );
    }
}
