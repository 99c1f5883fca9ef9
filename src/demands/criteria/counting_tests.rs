//! What the data tell of a child, and which set holds.

use super::*;
use crate::demands::criteria::model::TieBreak;
use crate::platform::ids::CriteriaSetId;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn known(birth: &str, start: &str, places: Vec<PlaceInput>) -> Known {
    Known {
        demand: DemandInput {
            id: DemandId::new(),
            child_id: ChildId::new(),
            desired_start: Some(day(start)),
            submitted_at: None,
            birth: Some(day(birth)),
            lives_here: true,
        },
        answers: vec![],
        places,
        moment: Moment {
            today: day("2027-02-01"),
            counts_on: day("2027-02-01"),
        },
    }
}

fn place(own: bool, facility_id: FacilityId, from: &str, until: &str) -> PlaceInput {
    PlaceInput {
        demand_id: DemandId::new(),
        own,
        facility_id,
        care_from: day(from),
        care_until: day(until),
        ended: false,
    }
}

fn holds(known: &Known, facility: FacilityId, source: Source) -> bool {
    known
        .derived(facility, &SchoolEntries::default())
        .holds
        .contains(&source)
}

#[test]
fn a_sibling_counts_there_while_it_stays_beyond_the_start_and_as_an_earlier_one_after() {
    let (here, elsewhere) = (FacilityId::new(), FacilityId::new());
    let stays = known(
        "2026-03-14",
        "2027-08-01",
        vec![place(false, here, "2025-08-01", "2027-08-02")],
    );
    assert!(holds(&stays, here, Source::SiblingThere) && !holds(&stays, here, Source::SiblingEarlier));
    assert!(!holds(&stays, elsewhere, Source::SiblingThere));
    let leaves = known(
        "2026-03-14",
        "2027-08-01",
        vec![place(false, here, "2025-08-01", "2027-08-01")],
    );
    assert!(!holds(&leaves, here, Source::SiblingThere) && holds(&leaves, here, Source::SiblingEarlier));
    let mut ended = known(
        "2026-03-14",
        "2027-08-01",
        vec![place(false, here, "2025-08-01", "2029-08-01")],
    );
    ended.places[0].ended = true;
    assert!(!holds(&ended, here, Source::SiblingThere) && holds(&ended, here, Source::SiblingEarlier));
}

#[test]
fn the_own_place_makes_a_return_a_follow_up_and_no_child_without_a_place() {
    let here = FacilityId::new();
    // Three in March 2027, in the nursery since 2025, kindergarten wished for August.
    let nursery = known(
        "2024-03-14",
        "2027-08-01",
        vec![place(true, here, "2025-08-01", "2027-08-01")],
    );
    for source in [Source::WasHere, Source::FollowUp, Source::Age3Or4] {
        assert!(holds(&nursery, here, source), "{source:?}");
    }
    assert!(!holds(&nursery, here, Source::NoPlaceYet));
    assert!(!holds(&nursery, FacilityId::new(), Source::WasHere));
    let none = known("2024-03-14", "2027-08-01", vec![]);
    assert!(holds(&none, here, Source::NoPlaceYet) && !holds(&none, here, Source::FollowUp));
}

#[test]
fn school_is_near_in_the_last_year_before_it() {
    let here = FacilityId::new();
    // Six by 30 June 2028: school begins on 1 August 2028.
    let last_year = known("2022-05-01", "2027-08-01", vec![]);
    let wanted = [
        Source::SchoolEntrySoon,
        Source::PreschoolWithoutPlace,
        Source::Age5OrOlder,
    ];
    for source in wanted {
        assert!(holds(&last_year, here, source), "{source:?}");
    }
    assert!(!holds(
        &known("2022-05-01", "2027-07-31", vec![]),
        here,
        Source::SchoolEntrySoon
    ));
    assert!(
        !holds(
            &known("2022-05-01", "2028-08-01", vec![]),
            here,
            Source::SchoolEntrySoon
        ),
        "it is at school"
    );
}

#[test]
fn the_providers_set_goes_before_the_municipalitys_from_its_day_on() {
    let provider = ProviderId::new();
    let set = |provider_id, number, from: &str, state| {
        let row = SetRow {
            id: CriteriaSetId::new(),
            provider_id,
            provider_name: None,
            number,
            name: "Kriterien".into(),
            state,
            valid_from: Some(day(from)),
            tie_breaks: vec![TieBreak::Lottery],
            template: None,
            acknowledged: sqlx::types::Json(vec![]),
            published_at: None,
            version: 1,
        };
        let rules = RuleSet {
            rules: vec![],
            tie_breaks: vec![TieBreak::Lottery],
        };
        (row, rules)
    };
    let sets = [
        set(None, 1, "2027-01-01", SetState::Published),
        set(None, 2, "2027-03-01", SetState::Published),
        set(None, 3, "2027-01-15", SetState::Withdrawn),
        set(Some(provider), 1, "2027-02-01", SetState::Published),
    ];
    let number = |owner, on| in_force(&sets, owner, day(on)).map(|(set, _)| (set.provider_id, set.number));
    assert_eq!(number(None, "2026-12-31"), None);
    assert_eq!(number(None, "2027-02-28"), Some((None, 1)));
    assert_eq!(number(None, "2027-03-01"), Some((None, 2)));
    assert_eq!(
        number(Some(provider), "2027-01-31"),
        Some((None, 1)),
        "not yet the provider's"
    );
    assert_eq!(number(Some(provider), "2027-03-01"), Some((Some(provider), 1)));
    assert_eq!(
        number(Some(ProviderId::new()), "2027-03-01"),
        Some((None, 2)),
        "another provider has none"
    );
}

#[test]
fn a_key_date_ahead_is_the_day_that_counts() {
    let mut settings = Settings::for_state("SN", "de");
    let sent = |at: &str| DemandInput {
        submitted_at: Some(at.parse().unwrap()),
        ..known("2026-03-14", "2027-08-01", vec![]).demand
    };
    let (today, of) = (day("2027-01-20"), |s: &Settings, at: &str| {
        moment(&sent(at), s, day("2027-01-20")).counts_on
    });
    assert_eq!(of(&settings, "2027-01-10T09:00:00Z"), today, "no key date");
    settings.key_date = Some("02-01".into());
    assert_eq!(of(&settings, "2027-01-10T09:00:00Z"), day("2027-02-01"));
    assert_eq!(of(&settings, "2025-06-10T09:00:00Z"), today, "its key date has passed");
}
