//! The rules of rounds, step by step.

use chrono::NaiveDate;

use super::RoundState::*;
use super::*;
use crate::platform::fields::Invalid;
use crate::platform::ids::AccountId;

type Step = (&'static str, fn(AllocationRound) -> Result<AllocationRound, WrongState>);

/// Every step, and from which states it leads where; all other states refuse it.
fn table() -> Vec<(Step, Vec<(RoundState, RoundState)>)> {
    let each = |to: RoundState| [Frozen, Proposed, InReview].map(|from| (from, to)).to_vec();
    vec![
        (("edit", AllocationRound::edit), vec![(Planned, Planned)]),
        (("freeze", AllocationRound::freeze), vec![(Planned, Frozen)]),
        (("propose", AllocationRound::propose), each(Proposed)),
        (
            ("decide", AllocationRound::decide),
            [Frozen, Proposed, InReview].map(|s| (s, s)).to_vec(),
        ),
        (
            ("review", AllocationRound::review),
            vec![(Proposed, InReview), (InReview, InReview)],
        ),
        (("release", AllocationRound::release), vec![(InReview, Released)]),
        (("pause", AllocationRound::pause), {
            let mut all = each(Paused);
            all.push((Released, Paused));
            all
        }),
        (("cancel", AllocationRound::cancel), {
            let mut all = each(Cancelled);
            all.push((Planned, Cancelled));
            all
        }),
        (("close", AllocationRound::close), vec![(Released, Closed)]),
    ]
}

#[test]
fn every_pair_of_state_and_step_does_what_the_field_says() {
    for ((name, step), allowed) in table() {
        for state in RoundState::ALL.into_iter().filter(|s| *s != Paused) {
            let wanted = allowed.iter().find(|(from, _)| *from == state).map(|(_, to)| *to);
            let got = step(AllocationRound::At(state)).ok().map(|r| r.state());
            assert_eq!(got, wanted, "{name} from {}", state.as_str());
        }
    }
}

#[test]
fn a_paused_round_goes_on_where_it_was_and_does_nothing_else() {
    for from in [Frozen, Proposed, InReview, Released] {
        let paused = AllocationRound::At(from).pause().unwrap();
        assert_eq!((paused.state(), paused.paused_from()), (Paused, Some(from)));
        assert_eq!(paused.resume(), Ok(AllocationRound::At(from)));
        for ((name, step), _) in table().into_iter().filter(|((name, _), _)| *name != "cancel") {
            assert!(step(paused).is_err(), "{name} of a round paused from {}", from.as_str());
        }
        assert_eq!(paused.cancel().is_ok(), from != Released, "from {}", from.as_str());
    }
    assert!(AllocationRound::At(Frozen).resume().is_err());
}

#[test]
fn a_seed_needs_two_persons_who_entered_the_same() {
    let (a, b, c) = (AccountId::new(), AccountId::new(), AccountId::new());
    let entries =
        |all: &[(AccountId, &str)]| -> Vec<_> { all.iter().map(|(who, s)| (*who, (*s).to_owned())).collect() };
    assert_eq!(agreed_seed(&entries(&[(a, "7")])), None);
    assert_eq!(agreed_seed(&entries(&[(a, "7"), (b, "8")])), None);
    assert_eq!(agreed_seed(&entries(&[(a, "7"), (b, "8"), (c, "8")])), Some("8"));
    assert_eq!(four_eyes(a, a), Err(SamePerson));
    assert!(four_eyes(a, b).is_ok());
}

#[test]
fn a_plan_that_nobody_can_keep_is_refused_field_by_field() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let new = NewRound {
        name: " Runde ".into(),
        mode: RoundMode::Central,
        key_date: day("2027-02-15"),
        start_on: day("2027-08-01"),
        config: RoundConfig {
            age_bands: vec![crate::facilities::AgeBand::Over3, crate::facilities::AgeBand::Over3],
            offer_days: None,
            siblings: SiblingRule::Preferred,
            after_release: AfterRelease::default(),
            draw_source: "Lotto".into(),
            draw_on: day("2027-03-06"),
        },
    };
    let good = new.clone().checked(day("2027-02-01")).unwrap();
    assert_eq!((good.name.as_str(), good.config.age_bands.len()), ("Runde", 1));
    let bad = NewRound {
        name: String::new(),
        mode: RoundMode::Coordinated,
        start_on: day("2027-02-10"),
        config: RoundConfig {
            age_bands: vec![],
            offer_days: Some(0),
            draw_on: day("2027-02-11"),
            ..new.config.clone()
        },
        ..new
    };
    let Invalid(faults) = bad.checked(day("2027-02-11")).unwrap_err();
    let found: Vec<_> = faults.iter().map(|f| f.pointer.as_str()).collect();
    assert_eq!(
        found,
        [
            "/name",
            "/config/age_bands",
            "/config/offer_days",
            "/start_on",
            "/start_on",
            "/config/draw_on",
            "/config/draw_on",
            "/config/draw_on"
        ]
    );
}
