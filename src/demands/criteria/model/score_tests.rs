//! Scores by hand and by property.

use proptest::prelude::*;

use super::*;
use crate::demands::criteria::model::{CriterionUse, Evidence, Reserve, SeatsPer, Step};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn claimed() -> Fact {
    Fact {
        claimed: true,
        number: None,
        evidence: EvidenceState::Claimed,
        valid_until: None,
    }
}

fn facts(answers: &[(&str, Fact)]) -> Facts {
    Facts {
        answers: answers.iter().map(|(code, fact)| ((*code).to_owned(), *fact)).collect(),
        birth: Some(day("2026-03-14")),
        submitted_at: Some("2027-01-10T09:00:00Z".parse().unwrap()),
        moment: Moment {
            today: day("2027-02-01"),
            counts_on: day("2027-03-01"),
        },
    }
}

fn rule(code: &str, source: Source, points: i32) -> Rule {
    Rule {
        criterion: CriterionUse {
            code: code.into(),
            source,
        },
        points: Points::Flat { points },
        rank: 0,
        best_of: None,
        evidence: Evidence::AtContract,
        reserve: None,
    }
}

fn set(rules: Vec<Rule>) -> RuleSet {
    RuleSet {
        rules,
        tie_breaks: vec![TieBreak::AgeOlder, TieBreak::RegisteredEarlier, TieBreak::Lottery],
    }
}

fn outcome(rule: Rule, fact: Fact) -> (Outcome, i32) {
    let line = score(&set(vec![rule]), &facts(&[("a", fact)]), &Derived::default())
        .lines
        .remove(0);
    (line.outcome, line.points)
}

#[test]
fn evidence_decides_whether_a_claim_counts() {
    let asked = || rule("a", Source::Asked, 5);
    let with = |evidence| Rule { evidence, ..asked() };
    let seen = |until: &str| Fact {
        evidence: EvidenceState::Seen,
        valid_until: Some(day(until)),
        ..claimed()
    };
    let rejected = Fact {
        evidence: EvidenceState::Rejected,
        ..claimed()
    };
    assert_eq!(
        outcome(asked(), claimed()),
        (Outcome::Counted, 5),
        "at the contract at the latest"
    );
    assert_eq!(outcome(asked(), rejected), (Outcome::Rejected, 0));
    let late = Evidence::WithinDays { days: 21 };
    assert_eq!(
        outcome(with(late), claimed()),
        (Outcome::EvidenceMissing, 0),
        "due on 31 January"
    );
    let just = Evidence::WithinDays { days: 22 };
    assert_eq!(outcome(with(just), claimed()), (Outcome::Counted, 5), "due today");
    let by_date = Evidence::ByDate {
        date: day("2027-01-31"),
    };
    assert_eq!(outcome(with(by_date), claimed()), (Outcome::EvidenceMissing, 0));
    assert_eq!(
        outcome(with(by_date), seen("2027-03-01")),
        (Outcome::Counted, 5),
        "it holds on the day that counts"
    );
    assert_eq!(
        outcome(with(by_date), seen("2027-02-28")),
        (Outcome::EvidenceExpired, 0)
    );
    let needless = with(Evidence::None);
    assert_eq!(
        outcome(needless, seen("2027-02-28")),
        (Outcome::Counted, 5),
        "nothing needs to be shown"
    );
    let no = Fact {
        claimed: false,
        ..claimed()
    };
    assert_eq!(outcome(asked(), no), (Outcome::DoesNotHold, 0));
}

#[test]
fn the_line_says_until_when_evidence_is_due_and_that_only_while_it_is() {
    let rule = Rule {
        evidence: Evidence::WithinDays { days: 30 },
        ..rule("a", Source::Asked, 5)
    };
    let of = |fact| {
        score(&set(vec![rule.clone()]), &facts(&[("a", fact)]), &Derived::default())
            .lines
            .remove(0)
    };
    assert_eq!(of(claimed()).evidence_due, Some(day("2027-02-09")));
    let seen = of(Fact {
        evidence: EvidenceState::Seen,
        ..claimed()
    });
    assert_eq!((seen.evidence, seen.evidence_due), (Some(EvidenceState::Seen), None));
}

#[test]
fn what_the_data_tell_counts_unless_a_clerk_rejected_it() {
    let rules = set(vec![rule("sibling", Source::SiblingThere, 3)]);
    let there = Derived {
        holds: [Source::SiblingThere].into(),
        age_years: None,
    };
    assert_eq!(score(&rules, &facts(&[]), &there).points, 3);
    assert_eq!(
        score(&rules, &facts(&[("sibling", claimed())]), &Derived::default()).points,
        0,
        "a word is not enough"
    );
    let rejected = Fact {
        evidence: EvidenceState::Rejected,
        ..claimed()
    };
    assert_eq!(
        score(&rules, &facts(&[("sibling", rejected)]), &there).lines[0].outcome,
        Outcome::Rejected
    );
}

#[test]
fn numbers_count_by_unit_with_a_maximum_or_by_the_highest_threshold() {
    let of = |points: Points, n: i32| {
        let rule = Rule {
            points,
            ..rule("a", Source::AskedNumber, 0)
        };
        let fact = Fact {
            number: Some(n),
            ..claimed()
        };
        let line = score(&set(vec![rule]), &facts(&[("a", fact)]), &Derived::default())
            .lines
            .remove(0);
        (line.outcome, line.points)
    };
    let unit = || Points::PerUnit {
        points: 2,
        most: Some(5),
    };
    assert_eq!(of(unit(), 0), (Outcome::DoesNotHold, 0));
    assert_eq!(of(unit(), 2), (Outcome::Counted, 4));
    assert_eq!(of(unit(), 3), (Outcome::Counted, 5));
    let step = |at_least, points| Step { at_least, points };
    let steps = || Points::Steps {
        steps: vec![step(19, 10), step(35, 15)],
    };
    assert_eq!(of(steps(), 18), (Outcome::DoesNotHold, 0));
    assert_eq!(of(steps(), 19), (Outcome::Counted, 10));
    assert_eq!(of(steps(), 40), (Outcome::Counted, 15));
}

#[test]
fn of_alternatives_only_the_best_counts() {
    let alternative = |code: &str, points| Rule {
        best_of: Some("work".into()),
        ..rule(code, Source::Asked, points)
    };
    let rules = set(vec![
        alternative("a", 5),
        alternative("b", 20),
        rule("c", Source::Asked, 1),
    ]);
    let score = score(
        &rules,
        &facts(&[("a", claimed()), ("b", claimed()), ("c", claimed())]),
        &Derived::default(),
    );
    let outcomes: Vec<_> = score.lines.iter().map(|l| l.outcome).collect();
    assert_eq!(score.points, 21);
    assert_eq!(
        outcomes,
        [Outcome::BetterAlternative, Outcome::Counted, Outcome::Counted]
    );
}

#[test]
fn rank_goes_before_points_and_ties_follow() {
    let rules = set(vec![
        Rule {
            rank: 1,
            reserve: Some(Reserve {
                kind: ReserveType::Hardship,
                seats: 1,
                per: SeatsPer::Group,
            }),
            ..rule("first", Source::Asked, 0)
        },
        rule("much", Source::Asked, 100),
    ]);
    let first = score(&rules, &facts(&[("first", claimed())]), &Derived::default());
    let much = score(&rules, &facts(&[("much", claimed())]), &Derived::default());
    assert!(first.priority() > much.priority());
    assert_eq!(first.reserves, [ReserveType::Hardship]);
    assert_eq!(much.reserves, []);
    let mut older = facts(&[("much", claimed())]);
    older.birth = Some(day("2026-03-13"));
    older.submitted_at = Some("2027-01-20T09:00:00Z".parse().unwrap());
    let older = score(&rules, &older, &Derived::default());
    assert!(
        older.priority() > much.priority(),
        "a day older decides before the earlier registration"
    );
    assert_eq!(
        older.priority().len(),
        4,
        "rank, points, age, registration; the lottery is the engine's"
    );
}

/// Rules that anybody could write, over eight criteria.
fn any_rules() -> impl Strategy<Value = Vec<Rule>> {
    let one = (0_i32..100, 0_i32..3, proptest::option::of(0_u8..2), any::<bool>());
    proptest::collection::vec(one, 1..8).prop_map(|rules| {
        rules
            .into_iter()
            .enumerate()
            .map(|(n, (points, rank, group, due))| Rule {
                rank,
                best_of: group.map(|g| format!("group {g}")),
                evidence: if due {
                    Evidence::WithinDays { days: 5 }
                } else {
                    Evidence::AtContract
                },
                ..rule(&format!("c{n}"), Source::Asked, points)
            })
            .collect()
    })
}

fn any_answers() -> impl Strategy<Value = Vec<(bool, u8)>> {
    proptest::collection::vec((any::<bool>(), 0_u8..3), 8)
}

fn answered(answers: &[(bool, u8)]) -> Facts {
    let mut all = facts(&[]);
    for (n, (claimed_, evidence)) in answers.iter().enumerate() {
        let evidence = [EvidenceState::Claimed, EvidenceState::Seen, EvidenceState::Rejected][usize::from(*evidence)];
        let fact = Fact {
            claimed: *claimed_,
            evidence,
            ..claimed()
        };
        all.answers.insert(format!("c{n}"), fact);
    }
    all
}

proptest! {
    #[test]
    fn one_more_claim_never_lowers(rules in any_rules(), answers in any_answers(), more in 0_usize..8) {
        let set = set(rules);
        let before = score(&set, &answered(&answers), &Derived::default());
        let mut with = answers.clone();
        with[more].0 = true;
        let after = score(&set, &answered(&with), &Derived::default());
        prop_assert!(after.priority() >= before.priority());
    }

    #[test]
    fn rejected_evidence_never_counts(rules in any_rules(), answers in any_answers()) {
        let set = set(rules);
        let all = answered(&answers);
        for line in score(&set, &all, &Derived::default()).lines {
            let rejected = all.answers[&line.code].evidence == EvidenceState::Rejected;
            prop_assert!(!rejected || (line.outcome != Outcome::Counted && line.points == 0 && line.rank == 0));
        }
    }

    #[test]
    fn the_order_of_rules_changes_nothing(rules in any_rules(), answers in any_answers(), turn in 0_usize..8) {
        let all = answered(&answers);
        let straight = score(&set(rules.clone()), &all, &Derived::default());
        let mut turned = rules;
        let by = turn % turned.len();
        turned.rotate_left(by);
        turned.reverse();
        let other = score(&set(turned), &all, &Derived::default());
        prop_assert_eq!(straight.priority(), other.priority());
        let sorted = |mut lines: Vec<Line>| { lines.sort_by(|a, b| a.code.cmp(&b.code)); lines };
        prop_assert_eq!(sorted(straight.lines), sorted(other.lines));
    }

    #[test]
    fn points_and_rank_are_those_of_the_lines(rules in any_rules(), answers in any_answers()) {
        let score = score(&set(rules), &answered(&answers), &Derived::default());
        prop_assert_eq!(score.points, score.lines.iter().map(|l| l.points).sum::<i32>());
        prop_assert_eq!(score.rank, score.lines.iter().map(|l| l.rank).max().unwrap_or(0));
    }
}
