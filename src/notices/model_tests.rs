//! Days of service and objection, the states, and gaps in a text.

use chrono::Datelike;

use super::*;
use crate::platform::ids::{DemandId, FacilityId};
use crate::tenancy::easter;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn until(served: &str, months: u32, closed: &[&str]) -> NaiveDate {
    objection_until(day(served), months, &closed.iter().map(|d| day(d)).collect())
}

#[test]
fn the_fourth_day_after_posting_counts_also_on_a_sunday() {
    assert_eq!(served_on(day("2027-02-01")), day("2027-02-05"));
    // Posted on a Wednesday: the fourth day is a Sunday, and that is the day.
    assert_eq!(served_on(day("2027-02-03")), day("2027-02-07"));
    assert_eq!(served_on(day("2028-02-26")), day("2028-03-01"), "over a leap day");
    assert_eq!(served_on(day("2026-12-30")), day("2027-01-03"), "over the year's end");
}

#[test]
fn a_month_ends_on_the_same_number_or_the_last_day() {
    assert_eq!(until("2027-02-05", 1, &[]), day("2027-03-05"));
    assert_eq!(until("2027-03-31", 1, &[]), day("2027-04-30"));
    // The last of February 2027 is a Sunday.
    assert_eq!(until("2027-01-31", 1, &[]), day("2027-03-01"));
    assert_eq!(until("2027-02-05", 12, &[]), day("2028-02-07"), "the 5th is a Saturday");
}

#[test]
fn the_last_day_to_object_is_no_weekend_and_no_closing_day() {
    assert_eq!(until("2027-02-06", 1, &[]), day("2027-03-08"), "Saturday to Monday");
    assert_eq!(until("2027-02-07", 1, &[]), day("2027-03-08"), "Sunday to Monday");
    assert_eq!(
        until("2027-02-05", 1, &["2027-03-05"]),
        day("2027-03-08"),
        "Friday closed"
    );
    // Good Friday and Easter Monday 2027.
    let easter = ["2027-03-26", "2027-03-29"];
    assert_eq!(until("2027-02-26", 1, &easter), day("2027-03-30"));
    assert_eq!(
        until("2027-02-25", 1, &easter),
        day("2027-03-25"),
        "what is closed after it does not matter"
    );
}

#[test]
fn the_last_day_to_object_is_no_holiday_whether_or_not_somebody_entered_it() {
    for (served, last) in [
        ("2026-12-01", "2027-01-04"),
        ("2027-02-26", "2027-03-30"),
        ("2027-04-01", "2027-05-03"),
        ("2027-04-06", "2027-05-07"),
        ("2027-04-17", "2027-05-18"),
        ("2028-09-03", "2028-10-04"),
        ("2027-11-25", "2027-12-27"),
        ("2028-11-25", "2028-12-27"),
    ] {
        assert_eq!(until(served, 1, &[]), day(last), "served on {served}");
    }
}

#[test]
fn easter_is_when_the_church_has_it() {
    for sunday in [
        "2024-03-31",
        "2025-04-20",
        "2026-04-05",
        "2027-03-28",
        "2028-04-16",
        "2038-04-25",
        "2285-03-22",
    ] {
        let sunday = day(sunday);
        assert_eq!(easter(sunday.year()), Some(sunday));
    }
}

#[test]
fn a_posted_notice_is_served_and_then_final_by_the_calendar() {
    let on = |today| state_on(day(today), day("2027-02-05"), day("2027-03-05"));
    assert_eq!(on("2027-02-04"), NoticeState::Issued);
    assert_eq!(on("2027-02-05"), NoticeState::Served);
    assert_eq!(on("2027-03-05"), NoticeState::Served, "the last day counts whole");
    assert_eq!(on("2027-03-06"), NoticeState::Final);
}

#[test]
fn each_step_has_its_states() {
    use NoticeState as S;
    type Step = fn(Notice) -> Result<NoticeState, WrongState>;
    let steps: [(Step, &[S], S); 7] = [
        (Notice::edit, &[S::Drafted], S::Drafted),
        (Notice::approve, &[S::Drafted], S::Approved),
        (Notice::give_back, &[S::Approved], S::Drafted),
        (Notice::issue, &[S::Approved], S::Issued),
        (Notice::serve_later, &[S::Issued, S::Served, S::Final], S::Issued),
        (Notice::object, &[S::Issued, S::Served, S::Final], S::Objected),
        (Notice::decide, &[S::Objected], S::Decided),
    ];
    for (number, (step, from, to)) in steps.into_iter().enumerate() {
        for state in S::ALL {
            let answer = step(Notice::in_state(state)).ok();
            assert_eq!(
                answer,
                from.contains(&state).then_some(to),
                "step {number} from {state:?}"
            );
        }
    }
}

fn words(reasons: &str) -> NoticeText {
    NoticeText {
        title: "Bescheid".into(),
        decision: "Der Antrag vom {asserted_on} wird abgelehnt.".into(),
        reasons: reasons.into(),
        remedy: "Widerspruch bei {office}.".into(),
        objection_months: 1,
    }
}

#[test]
fn a_template_names_only_what_is_known() {
    assert!(words("Für {child} …").check_gaps().is_ok());
    let faults = words("Für {kind} und {child}").check_gaps().unwrap_err().0;
    assert_eq!((faults.len(), faults[0].pointer.as_str()), (1, "/reasons"));
    assert!(words("eine { Klammer allein").check_gaps().is_ok());
}

#[test]
fn gaps_are_filled_once_and_what_a_family_wrote_is_not_one() {
    let filled = words("{child} {due_on}").filled(|name| match name {
        "child" => Some("{office} Braun".into()),
        "due_on" => None,
        other => Some(other.to_uppercase()),
    });
    assert_eq!(filled.reasons, "{office} Braun [due_on]");
    assert_eq!(filled.decision, "Der Antrag vom ASSERTED_ON wird abgelehnt.");
    let open = filled.check_complete().unwrap_err().0;
    assert_eq!((open.len(), open[0].code.as_str()), (1, "open_gap"));
}

#[test]
fn an_assignment_names_place_and_day_and_a_refusal_neither() {
    let new = |kind, facility, from: Option<&str>| NewNotice {
        demand_id: Some(DemandId::new()),
        kind,
        file_number: None,
        facility_id: facility,
        care_from: from.map(day),
        licence_from: None,
        licence_until: None,
        licence_places: None,
        licence_total: None,
    };
    let check = |new: NewNotice| new.check(day("2027-02-01")).map_err(|e| e.0.len());
    let place = Some(FacilityId::new());
    assert_eq!(check(new(NoticeKind::Refusal, None, None)), Ok(()));
    assert_eq!(check(new(NoticeKind::Refusal, place, Some("2027-08-01"))), Err(2));
    assert_eq!(check(new(NoticeKind::Assignment, place, Some("2027-08-01"))), Ok(()));
    assert_eq!(check(new(NoticeKind::Assignment, None, None)), Err(2));
    assert_eq!(check(new(NoticeKind::Assignment, place, Some("2027-01-31"))), Err(1));
}

#[test]
fn what_is_posted_was_approved_and_is_no_wish() {
    let check = |posted| check_posted(day(posted), day("2027-02-02"), day("2027-02-03")).is_ok();
    assert!(check("2027-02-02") && check("2027-02-03"));
    assert!(!check("2027-02-01") && !check("2027-02-04"));
}
