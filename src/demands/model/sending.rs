//! Whether a demand can be sent.

use chrono::{Days, NaiveDate};

use super::form::{StartRules, Wish, check_start};
use crate::platform::fields::{Fields, Invalid};

/// What the tenant's settings say about sending a demand.
#[derive(Debug, Clone, Copy)]
pub struct SubmitRules {
    /// Days before birth at the earliest.
    pub days_before_birth: i32,
    /// Age in months at which care can begin.
    pub start_age_months: i32,
}

/// What of the rest of the family the check needs.
#[derive(Debug, Clone, Copy)]
pub struct SubmitFacts {
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Expected date of birth.
    pub expected_birth_date: Option<NaiveDate>,
    /// Somebody with custody has an address.
    pub has_household: bool,
    /// The family must live here, and every address of those with custody is known to lie in another district.
    pub lives_elsewhere: bool,
    /// How many preferences are wished.
    pub preferences: usize,
}

/// Whether a demand can be sent on a day; every gap and fault with its place.
pub fn check_submission(wish: &Wish, facts: SubmitFacts, rules: SubmitRules, on: NaiveDate) -> Result<(), Invalid> {
    let mut fields = Fields::new();
    fields.check(facts.has_household, "/household", "required");
    fields.check(!facts.lives_elsewhere, "/household", "not_resident");
    check_birth(&mut fields, facts, rules, on);
    fields.check(wish.care_type.is_some(), "/care_type", "required");
    fields.check(wish.hours_per_week.is_some(), "/hours_per_week", "required");
    fields.check(facts.preferences > 0, "/preferences", "required");
    match wish.desired_start {
        None => {
            fields.fault("/desired_start", "required", "");
        }
        Some(start) => {
            let rules = StartRules {
                birth: facts.birth_date.or(facts.expected_birth_date),
                start_age_months: rules.start_age_months,
            };
            if let Err(Invalid(faults)) = check_start(start, rules, on) {
                for fault in faults {
                    fields.fault(&fault.pointer, &fault.code, fault.detail);
                }
            }
        }
    }
    fields.finish()
}

fn check_birth(fields: &mut Fields, facts: SubmitFacts, rules: SubmitRules, on: NaiveDate) {
    match (facts.birth_date, facts.expected_birth_date) {
        (Some(_), _) => {}
        (None, Some(expected)) => {
            let days = Days::new(u64::from(rules.days_before_birth.unsigned_abs()));
            let earliest = expected.checked_sub_days(days).unwrap_or(NaiveDate::MIN);
            if on < earliest {
                let detail = format!("not before {earliest}");
                fields.fault("/child/expected_birth_date", "too_early", detail);
            }
        }
        (None, None) => {
            fields.fault("/child/birth_date", "required", "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facilities::CareType;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn codes(result: Result<(), Invalid>) -> Vec<(String, String)> {
        let Err(Invalid(faults)) = result else { return vec![] };
        faults.into_iter().map(|f| (f.pointer, f.code)).collect()
    }

    fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
        pairs.map(|(p, c)| (p.to_owned(), c.to_owned())).to_vec()
    }

    const RULES: SubmitRules = SubmitRules {
        days_before_birth: 180,
        start_age_months: 2,
    };

    fn complete() -> (Wish, SubmitFacts) {
        let wish = Wish {
            care_type: Some(CareType::Nursery),
            desired_start: Some(day("2027-08-01")),
            hours_per_week: Some(40),
            ..Wish::default()
        };
        let facts = SubmitFacts {
            birth_date: Some(day("2026-03-14")),
            expected_birth_date: None,
            has_household: true,
            lives_elsewhere: false,
            preferences: 1,
        };
        (wish, facts)
    }

    #[test]
    fn a_family_from_elsewhere_is_told_so_at_its_household() {
        let (wish, facts) = complete();
        let facts = SubmitFacts {
            lives_elsewhere: true,
            ..facts
        };
        assert_eq!(
            codes(check_submission(&wish, facts, RULES, day("2027-02-01"))),
            pairs([("/household", "not_resident")])
        );
    }

    #[test]
    fn a_complete_demand_can_be_sent_and_every_gap_is_named() {
        let (wish, facts) = complete();
        let today = day("2027-02-01");
        assert_eq!(codes(check_submission(&wish, facts, RULES, today)), pairs([]));
        let empty = SubmitFacts {
            birth_date: None,
            expected_birth_date: None,
            has_household: false,
            lives_elsewhere: false,
            preferences: 0,
        };
        assert_eq!(
            codes(check_submission(&Wish::default(), empty, RULES, today)),
            pairs([
                ("/household", "required"),
                ("/child/birth_date", "required"),
                ("/care_type", "required"),
                ("/hours_per_week", "required"),
                ("/preferences", "required"),
                ("/desired_start", "required"),
            ])
        );
    }

    #[test]
    fn before_birth_there_is_an_earliest_day_and_care_an_earliest_age() {
        let (wish, facts) = complete();
        let unborn = SubmitFacts {
            birth_date: None,
            expected_birth_date: Some(day("2027-07-31")),
            ..facts
        };
        let late = Wish {
            desired_start: Some(day("2027-09-30")),
            ..wish.clone()
        };
        assert_eq!(
            codes(check_submission(&late, unborn, RULES, day("2027-02-01"))),
            pairs([]),
            "180 days before"
        );
        assert_eq!(
            codes(check_submission(&wish, unborn, RULES, day("2027-01-31"))),
            pairs([
                ("/child/expected_birth_date", "too_early"),
                ("/desired_start", "too_early")
            ])
        );
        let past = Wish {
            desired_start: Some(day("2027-01-31")),
            ..wish
        };
        assert_eq!(
            codes(check_submission(&past, facts, RULES, day("2027-02-01"))),
            pairs([("/desired_start", "too_early")])
        );
    }
}
