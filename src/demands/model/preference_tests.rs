//! Every pair of state and transition.

use super::Listed::*;
use super::*;

type Step = (
    &'static str,
    fn(FacilityPreference) -> Result<FacilityPreference, TransitionError>,
);
type Pairs = Vec<(FacilityPreference, FacilityPreference)>;

const LISTED: [Listed; 4] = [Received, UnderReview, Invited, Waitlisted];

/// Every state there is, with every memory it can have.
fn all() -> Vec<FacilityPreference> {
    use FacilityPreference as P;
    let mut all = vec![
        P::Draft,
        P::Accepted,
        P::Contracted,
        P::Refused,
        P::Declined,
        P::Withdrawn,
        P::OfferExpired,
        P::CoveredElsewhere,
    ];
    for from in LISTED {
        all.extend([P::Listed(from), P::Paused(from), P::Offered(from)]);
    }
    all
}

fn from_open(to: fn() -> FacilityPreference) -> Pairs {
    use FacilityPreference as P;
    LISTED
        .into_iter()
        .flat_map(|l| [(P::Listed(l), to()), (P::Paused(l), to()), (P::Offered(l), to())])
        .collect()
}

/// Every transition, and from which states it leads where; all other states refuse it.
fn table() -> Vec<(Step, Pairs)> {
    use FacilityPreference as P;
    let each = |pair: fn(Listed) -> (P, P)| LISTED.map(pair).into_iter().collect::<Pairs>();
    vec![
        (
            ("receive", P::receive),
            vec![
                (P::Draft, P::Listed(Received)),
                (P::Withdrawn, P::Listed(Received)),
                (P::Declined, P::Listed(Received)),
                (P::OfferExpired, P::Listed(Received)),
            ],
        ),
        (
            ("review", P::review),
            vec![(P::Listed(Received), P::Listed(UnderReview))],
        ),
        (
            ("invite", P::invite),
            vec![
                (P::Listed(Received), P::Listed(Invited)),
                (P::Listed(UnderReview), P::Listed(Invited)),
            ],
        ),
        (
            ("waitlist", P::waitlist),
            vec![
                (P::Listed(Received), P::Listed(Waitlisted)),
                (P::Listed(UnderReview), P::Listed(Waitlisted)),
                (P::Listed(Invited), P::Listed(Waitlisted)),
            ],
        ),
        (("refuse", P::refuse), each(|l| (P::Listed(l), P::Refused))),
        (
            ("reopen, nobody knows from where", |p| p.reopen(None)),
            vec![
                (P::Listed(Invited), P::Listed(UnderReview)),
                (P::Listed(Waitlisted), P::Listed(UnderReview)),
                (P::Refused, P::Listed(UnderReview)),
            ],
        ),
        (
            ("reopen, was received", |p| p.reopen(Some(Received))),
            vec![
                (P::Listed(UnderReview), P::Listed(Received)),
                (P::Listed(Invited), P::Listed(Received)),
                (P::Listed(Waitlisted), P::Listed(Received)),
                (P::Refused, P::Listed(Received)),
            ],
        ),
        (
            ("reopen, was invited", |p| p.reopen(Some(Invited))),
            vec![
                (P::Listed(Invited), P::Listed(UnderReview)),
                (P::Listed(Waitlisted), P::Listed(Invited)),
                (P::Refused, P::Listed(Invited)),
            ],
        ),
        (
            ("reopen, was on the list", |p| p.reopen(Some(Waitlisted))),
            vec![
                (P::Listed(Invited), P::Listed(UnderReview)),
                (P::Listed(Waitlisted), P::Listed(UnderReview)),
                (P::Refused, P::Listed(Waitlisted)),
            ],
        ),
        (("offer", P::offer), each(|l| (P::Listed(l), P::Offered(l)))),
        (("improve", P::improve), {
            let mut pairs = each(|l| (P::Listed(l), P::Offered(l)));
            pairs.extend(each(|l| (P::Paused(l), P::Offered(l))));
            pairs.push((P::CoveredElsewhere, P::Offered(Received)));
            pairs
        }),
        (
            ("declined", |p| p.offer_ended(OfferEnd::Declined)),
            each(|l| (P::Offered(l), P::Declined)),
        ),
        (
            ("expired", |p| p.offer_ended(OfferEnd::Expired)),
            each(|l| (P::Offered(l), P::OfferExpired)),
        ),
        (
            ("revoked", |p| p.offer_ended(OfferEnd::Revoked)),
            each(|l| (P::Offered(l), P::Listed(l))),
        ),
        (("accept", P::accept), each(|l| (P::Offered(l), P::Accepted))),
        (("contract", P::contract), vec![(P::Accepted, P::Contracted)]),
        (("give_up", P::give_up), vec![(P::Accepted, P::CoveredElsewhere)]),
        (("pause", P::pause), each(|l| (P::Listed(l), P::Paused(l)))),
        (("resume", P::resume), each(|l| (P::Paused(l), P::Listed(l)))),
        (
            ("cover_elsewhere", P::cover_elsewhere),
            from_open(|| P::CoveredElsewhere),
        ),
        (("withdraw", P::withdraw), from_open(|| P::Withdrawn)),
        (("fall_through", P::fall_through), vec![(P::Accepted, P::Withdrawn)]),
        (
            ("wish_again", P::wish_again),
            vec![(P::CoveredElsewhere, P::Listed(Received))],
        ),
    ]
}

#[test]
fn every_pair_of_state_and_transition_does_what_the_field_says() {
    for ((name, step), allowed) in table() {
        for state in all() {
            let said = format!("{name} from {state:?}");
            let word = state.state().as_str();
            let wanted = allowed.iter().find(|(from, _)| *from == state).map(|(_, to)| to);
            match step(state) {
                Ok(got) => assert_eq!(Some(&got), wanted, "{said}"),
                Err(error) => {
                    assert_eq!(None, wanted, "{said}");
                    assert_eq!((error.subject, error.state), ("preference", word));
                }
            }
        }
    }
}

#[test]
fn what_is_read_from_the_database_is_what_was_written() {
    for state in all() {
        let read = FacilityPreference::in_state(state.state(), state.came_from());
        assert_eq!(read, Some(state));
    }
    assert_eq!(FacilityPreference::in_state(PreferenceState::Paused, None), None);
    assert_eq!(
        FacilityPreference::in_state(PreferenceState::Offered, Some(PreferenceState::Refused)),
        None
    );
}
