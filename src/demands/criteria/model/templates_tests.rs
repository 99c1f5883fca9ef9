//! For each template families whose points a person can add up by hand.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::*;
use crate::demands::criteria::model::{Derived, EvidenceState, Fact, Facts, Moment, ReserveType, Score, Source, score};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A family that says yes to these, these numbers to others, and of which the data tell the rest.
fn family(template_code: &str, yes: &[&str], numbers: &[(&str, i32)], data: &[Source]) -> Score {
    born("2024-05-01", template_code, yes, numbers, data)
}

fn born(birth: &str, template_code: &str, yes: &[&str], numbers: &[(&str, i32)], data: &[Source]) -> Score {
    let fact = |number| Fact {
        claimed: true,
        number,
        evidence: EvidenceState::Seen,
        valid_until: None,
    };
    let mut answers: BTreeMap<String, Fact> = BTreeMap::new();
    answers.extend(yes.iter().map(|code| ((*code).to_owned(), fact(None))));
    answers.extend(numbers.iter().map(|(code, n)| ((*code).to_owned(), fact(Some(*n)))));
    let facts = Facts {
        answers,
        birth: Some(day(birth)),
        submitted_at: Some("2027-01-10T09:00:00Z".parse().unwrap()),
        moment: Moment {
            today: day("2027-02-01"),
            counts_on: day("2027-02-01"),
        },
    };
    let derived = Derived {
        holds: data.iter().copied().collect(),
        age_years: None,
    };
    score(&template(template_code).unwrap().rule_set(), &facts, &derived)
}

fn total(score: &Score) -> (i32, i32) {
    (score.rank, score.points)
}

#[test]
fn every_template_is_a_valid_set_of_criteria_from_the_catalogue() {
    assert_eq!(TEMPLATES.len(), 6);
    for template in TEMPLATES {
        let set = template.rule_set();
        assert_eq!(
            set.rules.len(),
            template.rules.len(),
            "{}: a code is unknown",
            template.code
        );
        assert_eq!(set.check(), Ok(()), "{}", template.code);
        assert_eq!(set.tie_breaks.last(), Some(&TieBreak::Lottery));
        assert!(template.name.iter().chain(&template.note).all(|t| !t.is_empty()));
    }
}

#[test]
fn wuppertal() {
    // 5 for working alone + 3 for the sibling there.
    assert_eq!(
        total(&family(
            "wuppertal",
            &["lone_parent_working"],
            &[],
            &[Source::SiblingThere]
        )),
        (0, 8)
    );
    assert_eq!(total(&family("wuppertal", &["both_work"], &[], &[])), (0, 4));
    // Who says both counts as working alone, once.
    assert_eq!(
        total(&family("wuppertal", &["lone_parent_working", "both_work"], &[], &[])),
        (0, 5)
    );
    // School within a year goes before all points.
    let school = family("wuppertal", &[], &[], &[Source::SchoolEntrySoon]);
    assert_eq!(total(&school), (1, 0));
    assert!(school.priority() > family("wuppertal", &["lone_parent_working"], &[], &[Source::SiblingThere]).priority());
}

#[test]
fn wuppertal_breaks_ties_by_the_earlier_registration() {
    let set = template("wuppertal").unwrap().rule_set();
    let sent = |at: &str| Facts {
        answers: BTreeMap::new(),
        birth: None,
        submitted_at: Some(at.parse().unwrap()),
        moment: Moment {
            today: day("2027-02-01"),
            counts_on: day("2027-02-01"),
        },
    };
    let of = |at| score(&set, &sent(at), &Derived::default()).priority();
    assert!(of("2027-01-10T09:00:00Z") > of("2027-01-10T09:00:01Z"));
}

#[test]
fn ostfildern() {
    // 20 for working alone + 15 for 38 hours.
    let alone = family(
        "ostfildern",
        &["lone_parent", "lone_parent_working"],
        &[("working_hours", 38)],
        &[],
    );
    assert_eq!(total(&alone), (0, 35));
    // 15 for looking for work; no hours.
    assert_eq!(
        total(&family("ostfildern", &["lone_parent", "lone_parent_seeking"], &[], &[])),
        (0, 15)
    );
    assert_eq!(total(&family("ostfildern", &["lone_parent"], &[], &[])), (0, 10));
    // 10 for both working + 10 for 20 hours.
    assert_eq!(
        total(&family("ostfildern", &["both_work"], &[("working_hours", 20)], &[])),
        (0, 20)
    );
    assert_eq!(
        total(&family("ostfildern", &["both_work"], &[("working_hours", 18)], &[])),
        (0, 10)
    );
    // 100 + 100 + 50.
    let need = family(
        "ostfildern",
        &["protected_case", "parenting_help", "hardship"],
        &[],
        &[],
    );
    assert_eq!(total(&need), (0, 250));
    // 220 for the follow-up + 10 for both working.
    assert_eq!(
        total(&family("ostfildern", &["both_work"], &[], &[Source::FollowUp])),
        (0, 230)
    );
    assert_eq!(
        total(&family("ostfildern", &[], &[], &[Source::PreschoolWithoutPlace])),
        (0, 150)
    );
}

#[test]
fn empfingen() {
    // 30 residence + 2 × 10 working + 8 sibling.
    let two = family(
        "empfingen",
        &[],
        &[("working_parents", 2)],
        &[Source::MainResidence, Source::SiblingThere],
    );
    assert_eq!(total(&two), (0, 58));
    // 30 + 15 lone + 5 looking for work.
    let alone = family(
        "empfingen",
        &["lone_parent"],
        &[("seeking_parents", 1)],
        &[Source::MainResidence],
    );
    assert_eq!(total(&alone), (0, 50));
    // 10 working + 10 studying, from elsewhere.
    let mixed = family(
        "empfingen",
        &[],
        &[("working_parents", 1), ("studying_parents", 1)],
        &[],
    );
    assert_eq!(total(&mixed), (0, 20));
    // Nobody has more than two parents.
    assert_eq!(
        total(&family("empfingen", &[], &[("working_parents", 7)], &[])),
        (0, 20)
    );
}

#[test]
fn konstanz_under_three() {
    // 5 both working + 2 children.
    assert_eq!(
        total(&family("konstanz_u3", &["both_work"], &[("children_under_13", 2)], &[])),
        (0, 7)
    );
    // 7 alone and working + 1 child.
    assert_eq!(
        total(&family(
            "konstanz_u3",
            &["lone_parent_working"],
            &[("children_under_13", 1)],
            &[]
        )),
        (0, 8)
    );
    // One of two: 0 + 3 children.
    assert_eq!(
        total(&family(
            "konstanz_u3",
            &["one_of_two_works"],
            &[("children_under_13", 3)],
            &[]
        )),
        (0, 3)
    );
}

#[test]
fn munich() {
    let back = family("muenchen", &[], &[], &[Source::WasHere]);
    let five = family("muenchen", &["lone_parent_working"], &[], &[Source::Age5OrOlder]);
    let three = family("muenchen", &["both_work"], &[], &[Source::Age3Or4]);
    let three_urgent = family("muenchen", &["lone_parent_working"], &[], &[Source::Age3Or4]);
    let two = family("muenchen", &["lone_parent_working"], &[], &[]);
    assert_eq!(
        [&back, &five, &three, &three_urgent, &two].map(total),
        [(3, 0), (2, 3), (1, 2), (1, 3), (0, 3)]
    );
    let order = [&back, &five, &three_urgent, &three, &two].map(Score::priority);
    assert!(order.windows(2).all(|pair| pair[0] > pair[1]), "{order:?}");
    // A child that returns and is five is in the highest of its ranks.
    assert_eq!(
        total(&family("muenchen", &[], &[], &[Source::WasHere, Source::Age5OrOlder])),
        (3, 0)
    );
    let need = family("muenchen", &["hardship"], &[], &[]);
    assert_eq!((total(&need), need.reserves), ((0, 0), vec![ReserveType::Hardship]));
}

#[test]
fn kitamatch_pilot() {
    // 10 + 10 for the work of both + 10 for the sibling there.
    let both = ["first_guardian_works", "second_guardian_works"];
    assert_eq!(
        total(&family("kitamatch", &both, &[], &[Source::SiblingThere])),
        (0, 30)
    );
    assert_eq!(total(&family("kitamatch", &[], &[], &[Source::SiblingEarlier])), (0, 5));
    // Two siblings, one there now and one earlier: 10, not 15.
    assert_eq!(
        total(&family(
            "kitamatch",
            &[],
            &[],
            &[Source::SiblingEarlier, Source::SiblingThere]
        )),
        (0, 10)
    );
    // 10 lone + 10 work + 15 inclusion + 15 special situation.
    let need = ["lone_parent", "first_guardian_works", "inclusion", "hardship"];
    assert_eq!(total(&family("kitamatch", &need, &[], &[])), (0, 50));
    let (older, younger) = (
        born("2024-05-01", "kitamatch", &[], &[], &[]),
        born("2024-05-02", "kitamatch", &[], &[], &[]),
    );
    assert!(older.priority() > younger.priority());
}
