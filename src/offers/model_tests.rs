//! The rules of offers, one by one.

use proptest::prelude::*;

use super::*;
use crate::platform::clock::end_of_day;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const STATES: [OfferState; 7] = [
    OfferState::Drafted,
    OfferState::Sent,
    OfferState::Viewed,
    OfferState::Accepted,
    OfferState::Declined,
    OfferState::Expired,
    OfferState::Revoked,
];

#[test]
fn only_the_transitions_of_the_field_exist() {
    let end: DateTime<Utc> = "2027-02-15T23:00:00Z".parse().unwrap();
    let (before, after) = (end - chrono::Duration::microseconds(1), end);
    for state in STATES {
        let at = || PlaceOffer::in_state(state, end);
        assert_eq!(at().send().is_ok(), state == OfferState::Drafted, "send {state:?}");
        for (name, outcome) in [
            ("view", at().view(before)),
            ("accept", at().accept(before)),
            ("decline", at().decline(before)),
            ("revoke", at().revoke()),
            ("expire", at().expire(after)),
        ] {
            assert_eq!(outcome.is_ok(), state.is_open(), "{name} {state:?}");
        }
        assert!(at().accept(after).is_err() && at().decline(after).is_err() && at().view(after).is_err());
        assert!(at().expire(before).is_err(), "expire in time {state:?}");
    }
    assert_eq!(PlaceOffer::draft(end).send().unwrap().state(), OfferState::Sent);
}

#[test]
fn the_last_microsecond_counts_and_the_next_does_not() {
    let last = day("2027-03-26");
    let offer = || PlaceOffer::in_state(OfferState::Viewed, end_of_day(last));
    let end = end_of_day(last);
    assert!(offer().accept(end - chrono::Duration::microseconds(1)).is_ok());
    assert_eq!(offer().accept(end), Err(TransitionError::Expired(end)));
}

#[test]
fn closing_days_do_not_count_and_no_deadline_falls_on_a_weekend() {
    let none = BTreeSet::new();
    assert_eq!(deadline(day("2027-02-01"), 10, &none), day("2027-02-11"));
    assert_eq!(
        deadline(day("2027-02-01"), 5, &none),
        day("2027-02-08"),
        "a Saturday moves to Monday"
    );
    let easter: BTreeSet<_> = ["2027-03-26", "2027-03-29"].map(day).into();
    // Friday the 26th and Monday the 29th are closed: of Thu 25, Sat 27, Sun 28, Tue 30 the third is Sunday.
    assert_eq!(deadline(day("2027-03-24"), 3, &easter), day("2027-03-30"));
}

fn measure<'a>(settings: &'a Settings, kind: FacilityKind, care_types: &'a [CareType]) -> Measure<'a> {
    Measure {
        today: day("2027-02-01"),
        settings,
        birth: day("2026-05-04"),
        school_entry: day("2032-08-01"),
        kind: Some(kind),
        care_types,
    }
}

fn new(from: &str) -> NewOffer {
    NewOffer {
        preference_id: PreferenceId::new(),
        care_from: day(from),
        care_until: None,
        hours_per_week: Some(40),
        window_from: None,
        window_to: None,
        week: None,
        deadline_days: None,
    }
}

#[test]
fn a_stay_ends_at_school_entry_or_with_the_nursery() {
    let settings = Settings::for_state("SN", "de");
    let both = [CareType::Nursery, CareType::Kindergarten];
    let daycare = measure(&settings, FacilityKind::Daycare, &both);
    assert_eq!(new("2027-08-01").checked(&daycare).unwrap().0, day("2032-08-01"));
    let nursery = measure(&settings, FacilityKind::Nursery, &both[..1]);
    assert_eq!(new("2027-08-01").checked(&nursery).unwrap().0, day("2029-05-04"));
}

#[test]
fn an_offer_of_single_days_has_their_hours_and_says_nothing_else() {
    let settings = Settings::for_state("SN", "de");
    let childminder = measure(&settings, FacilityKind::Childminder, &[CareType::Nursery]);
    let of = |weekday: u32, from: &str, to: &str| DayTimes {
        weekday,
        from: from.parse().ok(),
        to: to.parse().ok(),
    };
    let offer = |hours_per_week: Option<i32>, days: &[DayTimes]| {
        let offer = NewOffer {
            hours_per_week,
            week: Some(days.to_vec()),
            ..new("2027-08-01")
        };
        offer.checked(&childminder).map(|(_, times)| times)
    };
    let friday = [of(5, "08:00:00", "12:30:00")];
    let times = offer(None, &friday).unwrap();
    assert_eq!(times.hours_per_week, 5, "the begun hour counts");
    assert_eq!(times.window_from.zip(times.window_to), friday[0].from.zip(friday[0].to));
    assert_eq!(times.week.map(|week| week.count()), Some(1));
    let codes = |days: &[DayTimes], hours| {
        let faults = offer(hours, days).unwrap_err().0;
        faults
            .into_iter()
            .map(|f| format!("{} {}", f.pointer, f.code))
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(&[], None), ["/week required"], "at least one day");
    assert_eq!(codes(&friday, Some(40)), ["/hours_per_week not_of_week"]);
    assert_eq!(
        codes(&[of(5, "12:00:00", "08:00:00")], None),
        ["/week/0/to before_start"]
    );
}

#[test]
fn what_nobody_can_offer_is_refused_field_by_field() {
    let settings = Settings::for_state("SN", "de");
    let both = [CareType::Nursery, CareType::Kindergarten];
    let daycare = measure(&settings, FacilityKind::Daycare, &both);
    let codes = |offer: NewOffer| {
        let faults = offer.checked(&daycare).unwrap_err().0;
        faults
            .into_iter()
            .map(|f| format!("{} {}", f.pointer, f.code))
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(new("2027-01-31")), ["/care_from too_early"]);
    assert_eq!(codes(new("2028-02-02")), ["/care_from too_late"]);
    let until = NewOffer {
        care_until: Some(day("2027-08-01")),
        hours_per_week: Some(0),
        window_to: Some("16:00:00".parse().unwrap()),
        deadline_days: Some(91),
        ..new("2027-08-01")
    };
    assert_eq!(
        codes(until),
        [
            "/care_until before_start",
            "/hours_per_week out_of_range",
            "/window_from required",
            "/deadline_days out_of_range"
        ]
    );
}

proptest! {
    #[test]
    fn a_deadline_leaves_at_least_the_days_promised(start in 0u64..3000, days in 1i32..90, closed in proptest::collection::btree_set(0u64..200, 0..40)) {
        let today = day("2026-01-01") + Days::new(start);
        let closed: BTreeSet<_> = closed.into_iter().map(|n| today + Days::new(n)).collect();
        let last = deadline(today, days, &closed);
        let open = (1..=(last - today).num_days()).filter(|n| !closed.contains(&(today + Days::new(n.unsigned_abs())))).count();
        prop_assert!(open >= usize::try_from(days).unwrap());
        prop_assert!(!closed.contains(&last) && !matches!(last.weekday(), Weekday::Sat | Weekday::Sun));
    }
}
