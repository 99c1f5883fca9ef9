//! Who goes first, and who is passed over.

use super::*;
use crate::demands::ScoredPreference;
use crate::platform::ids::ChildId;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn wish(points: i64, submitted: &str) -> WaitingWish {
    WaitingWish {
        wish: ScoredPreference {
            id: PreferenceId::new(),
            demand_id: DemandId::new(),
            facility_id: FacilityId::new(),
            state: PreferenceState::Received,
            priority: vec![0, points],
            points: i32::try_from(points).unwrap(),
            lines: std::sync::Arc::new([]),
            reserves: Vec::new(),
            set_id: None,
        },
        child_id: ChildId::new(),
        first_name: None,
        last_name: None,
        birth: day("2026-03-14"),
        reference_code: None,
        demand_state: DemandState::Confirmed,
        desired_start: day("2027-08-01"),
        latest_start: Some(day("2027-10-01")),
        hours_per_week: Some(40),
        window_from: "07:30".parse::<NaiveTime>().ok(),
        window_to: "16:00".parse::<NaiveTime>().ok(),
        legal_claim: false,
        submitted_at: submitted.parse().unwrap(),
    }
}

fn row(points: i64, submitted: &str, lottery: Option<&str>, skip: Option<Skip>) -> FollowupRow {
    FollowupRow {
        waiting: wish(points, submitted),
        lottery: lottery.map(str::to_owned),
        care_from: day("2027-08-01"),
        skip,
        position: None,
        siblings: None,
        with: Vec::new(),
    }
}

#[test]
fn points_go_before_the_draw_and_the_draw_before_who_came_first() {
    let early = "2027-01-01T08:00:00Z";
    let late = "2027-01-02T08:00:00Z";
    let mut rows = [
        row(3, late, None, None),
        row(9, early, None, Some(Skip::Paused)),
        row(3, early, None, None),
        row(3, late, Some("0b"), None),
        row(3, early, Some("a1"), None),
        row(5, late, None, None),
    ];
    let ids: Vec<_> = rows.iter().map(|r| r.waiting.wish.id).collect();
    put_in_order(&mut rows);
    let order: Vec<_> = rows
        .iter()
        .map(|r| ids.iter().position(|id| *id == r.waiting.wish.id).unwrap())
        .collect();
    assert_eq!(order, [5, 3, 4, 2, 0, 1]);
    let positions: Vec<_> = rows.iter().map(|r| r.position).collect();
    assert_eq!(positions, [Some(1), Some(2), Some(3), Some(4), Some(5), None]);
}

#[test]
fn a_start_fits_from_three_months_before_until_the_latest_day() {
    let family = wish(1, "2027-01-01T08:00:00Z");
    for (free_from, from, fits) in [
        ("2027-04-30", "2027-08-01", false),
        ("2027-05-01", "2027-08-01", true),
        // Closed until then.
        ("2027-05-01", "2027-10-02", false),
        ("2027-10-01", "2027-10-01", true),
        ("2027-10-02", "2027-10-02", false),
    ] {
        assert_eq!(
            start_fits(&family, day(free_from), day(from)),
            fits,
            "{free_from} {from}"
        );
    }
}

#[test]
fn the_family_needs_hours_within_those_of_the_facility() {
    let family = wish(1, "2027-01-01T08:00:00Z");
    let hours = |from: &str, to: &str| Some((from.parse().unwrap(), to.parse().unwrap()));
    assert!(hours_fit(&family, hours("07:30", "16:00")));
    assert!(!hours_fit(&family, hours("08:00", "17:00")));
    assert!(!hours_fit(&family, hours("07:00", "15:30")));
    assert!(hours_fit(&family, None), "who says nothing is not passed over");
}

#[test]
fn an_offer_somewhere_lets_the_wish_rest_and_only_confirmed_demands_count() {
    use DemandState as D;
    use PreferenceState as P;
    assert_eq!(skip_by_state(P::Waitlisted, D::Confirmed), None);
    assert_eq!(skip_by_state(P::Received, D::InAllocation), None);
    assert_eq!(skip_by_state(P::Offered, D::OfferPending), Some(Skip::OpenOffer));
    assert_eq!(skip_by_state(P::Paused, D::OfferPending), Some(Skip::Paused));
    assert_eq!(skip_by_state(P::Refused, D::Confirmed), Some(Skip::Refused));
    assert_eq!(skip_by_state(P::Received, D::Submitted), Some(Skip::NotConfirmed));
}

#[test]
fn whoever_leaves_the_order_says_why() {
    let new = |reason, note: Option<&str>| NewFollowup {
        preference_id: PreferenceId::new(),
        age_band: AgeBand::Under3,
        reason,
        note: note.map(str::to_owned),
    };
    assert_eq!(new(None, None).deviation(1).unwrap(), None);
    let missing = new(None, Some(" ")).deviation(2).unwrap_err().0;
    let missing: Vec<_> = missing.iter().map(|f| (f.pointer.as_str(), f.code.as_str())).collect();
    assert_eq!(missing, [("/reason", "required"), ("/note", "required")]);
    let hardship = new(Some(DeviationReason::Hardship), Some("Beschluss"));
    assert_eq!(
        hardship.deviation(2).unwrap(),
        Some(Deviation {
            reason: DeviationReason::Hardship,
            note: "Beschluss"
        })
    );
}
