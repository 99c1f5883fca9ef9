//! What a family can fill in, until when it may change it, and when its claim is due.

use super::*;

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

#[test]
fn the_legal_claim_is_due_after_notice_but_not_before_the_wished_start() {
    let due = |start| crate::residence::legal_due_on(day("2027-02-01"), day(start), 6);
    assert_eq!(due("2027-03-01"), day("2027-08-01"));
    assert_eq!(due("2027-09-01"), day("2027-09-01"));
    assert_eq!(
        crate::residence::legal_due_on(day("2027-08-31"), day("2027-09-01"), 6),
        day("2028-02-29")
    );
}

#[test]
fn an_earlier_start_begins_the_notice_anew_and_a_later_one_is_waited_for() {
    // Heard of on 1 February, six months of notice.
    let due = |due, was, start| due_after_move(day(due), day(was), day(start), day("2027-08-01"));
    assert_eq!(due("2027-09-01", "2027-09-01", "2027-10-01"), day("2027-10-01"));
    assert_eq!(due("2027-09-01", "2027-09-01", "2027-08-15"), day("2027-08-15"));
    assert_eq!(due("2027-09-01", "2027-09-01", "2027-04-01"), day("2027-08-01"));
    assert_eq!(
        due("2027-07-01", "2027-06-01", "2027-04-01"),
        day("2027-07-01"),
        "owed already"
    );
    assert_eq!(
        due("2027-07-01", "2027-03-01", "2027-04-01"),
        day("2027-07-01"),
        "by its first notice"
    );
}

#[test]
fn a_demand_can_be_changed_until_the_key_date() {
    let (key, today) = (Some(day("2027-02-01")), day("2027-02-01"));
    for state in DemandState::ALL {
        let wanted = matches!(
            state,
            DemandState::Draft | DemandState::Submitted | DemandState::Confirmed
        );
        assert_eq!(is_editable(*state, None, today), wanted);
        assert_eq!(is_editable(*state, key, today), wanted, "on the day itself");
        assert_eq!(
            is_editable(*state, key, day("2027-02-02")),
            *state == DemandState::Draft
        );
    }
}

#[test]
fn a_reference_code_has_no_letter_that_is_taken_for_another() {
    let code = reference_code(&[0, 255, 1, 2, 3, 250, 4, 5, 6, 7]).unwrap();
    assert_eq!(code, "CDFG-HJKM");
    assert_eq!(reference_code(&[255; 32]), None);
    for ambiguous in b"0O1IL5S2Z8B" {
        assert!(!ALPHABET.contains(ambiguous));
    }
}

#[test]
fn impossible_wishes_are_refused_and_gaps_are_not() {
    let today = day("2027-02-01");
    let change = |json: &str| {
        let change: DemandChange = serde_json::from_str(json).unwrap();
        codes(Wish::default().changed(&change, today).map(|_| ()))
    };
    assert_eq!(change("{}"), pairs([]));
    assert_eq!(
        change(r#"{"latest_start": "2027-03-01", "window_from": "07:30"}"#),
        pairs([])
    );
    assert_eq!(
        change(
            r#"{"desired_start": "2027-03-01", "latest_start": "2027-02-01", "hours_per_week": 0, "window_from": "16:00", "window_to": "07:30"}"#
        ),
        pairs([
            ("/latest_start", "too_early"),
            ("/hours_per_week", "out_of_range"),
            ("/window_to", "too_early")
        ])
    );
    assert_eq!(
        change(r#"{"desired_start": "+99999-01-01"}"#),
        pairs([("/desired_start", "too_late")])
    );
    assert_eq!(
        change(r#"{"desired_start": "0001-01-01"}"#),
        pairs([("/desired_start", "too_early")])
    );
    for wrong in ["7:30", "24:00", "07:30:00", "", "07:3x"] {
        let json = format!(r#"{{"window_from": "{wrong}"}}"#);
        assert!(serde_json::from_str::<DemandChange>(&json).is_err(), "{wrong}");
    }
}
