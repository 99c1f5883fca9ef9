//! The state machine of a care demand: every transition consumes the demand and answers the new one, or why not.

use super::TransitionError;
use super::words::DemandState;

/// A care demand in one of its states.
#[derive(Debug, PartialEq, Eq)]
pub struct CareDemand(DemandState);

/// How the office, a rule or the parents end a demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemandEnd {
    /// The parents take it back.
    Withdrawn,
    /// It was not renewed.
    Expired,
    /// The family has no claim here.
    NotEntitled,
    /// The family left the municipality.
    MovedAway,
    /// Another demand took its place.
    Superseded,
}

impl DemandEnd {
    /// The state that it leads to.
    pub fn state(self) -> DemandState {
        match self {
            Self::Withdrawn => DemandState::Withdrawn,
            Self::Expired => DemandState::Expired,
            Self::NotEntitled => DemandState::NotEntitled,
            Self::MovedAway => DemandState::MovedAway,
            Self::Superseded => DemandState::Superseded,
        }
    }
}

impl CareDemand {
    /// The demand in the state that the database holds.
    pub fn in_state(state: DemandState) -> Self {
        Self(state)
    }

    /// Its state.
    pub fn state(&self) -> DemandState {
        self.0
    }

    /// The family sends it.
    pub fn submit(self) -> Result<Self, TransitionError> {
        self.to(DemandState::Submitted, "submit", &[DemandState::Draft])
    }

    /// A clerk or the tenant's rule confirms it.
    pub fn confirm(self) -> Result<Self, TransitionError> {
        self.to(DemandState::Confirmed, "confirm", &[DemandState::Submitted])
    }

    /// It takes part in a round of the office.
    pub fn enter_allocation(self) -> Result<Self, TransitionError> {
        self.to(DemandState::InAllocation, "enter_allocation", &[DemandState::Confirmed])
    }

    /// A facility offers a place. With parallel offers a second one finds it pending already.
    pub fn offer(self, parallel: bool) -> Result<Self, TransitionError> {
        let from: &[DemandState] = if parallel {
            &[
                DemandState::Confirmed,
                DemandState::InAllocation,
                DemandState::OfferPending,
            ]
        } else {
            &[DemandState::Confirmed, DemandState::InAllocation]
        };
        self.to(DemandState::OfferPending, "offer", from)
    }

    /// The last open offer was declined, revoked or ran out: back to where facilities (or the office) offer again.
    pub fn offer_ended(self, office_allocates: bool) -> Result<Self, TransitionError> {
        let back = if office_allocates {
            DemandState::InAllocation
        } else {
            DemandState::Confirmed
        };
        self.to(back, "offer_ended", &[DemandState::OfferPending])
    }

    /// The parents accept an offer.
    pub fn cover(self) -> Result<Self, TransitionError> {
        self.to(DemandState::Covered, "cover", &[DemandState::OfferPending])
    }

    /// The contract begins.
    pub fn close(self) -> Result<Self, TransitionError> {
        self.to(DemandState::Closed, "close", &[DemandState::Covered])
    }

    /// The child goes to another place before care has begun at the one that covered it.
    pub fn supersede(self) -> Result<Self, TransitionError> {
        self.to(DemandState::Superseded, "supersede", &[DemandState::Covered])
    }

    /// The facility let the accepted place be before care began: back to where facilities (or the office) offer again.
    pub fn reopen(self, office_allocates: bool) -> Result<Self, TransitionError> {
        let back = if office_allocates {
            DemandState::InAllocation
        } else {
            DemandState::Confirmed
        };
        self.to(back, "reopen", &[DemandState::Covered])
    }

    /// The family still needs it. Under an open offer nothing runs out, so nothing is renewed.
    pub fn renew(self) -> Result<Self, TransitionError> {
        let stays = self.0;
        let from = [
            DemandState::Submitted,
            DemandState::Confirmed,
            DemandState::InAllocation,
        ];
        self.to(stays, "renew", &from)
    }

    /// The office examines evidence for it: while a place is looked for, and until the contract begins.
    pub fn examine(self) -> Result<Self, TransitionError> {
        let stays = self.0;
        let from = [
            DemandState::Submitted,
            DemandState::Confirmed,
            DemandState::InAllocation,
            DemandState::OfferPending,
            DemandState::Covered,
        ];
        self.to(stays, "examine", &from)
    }

    /// It ends without a place. A draft is discarded instead; after acceptance only the contract can be ended.
    pub fn end(self, end: DemandEnd) -> Result<Self, TransitionError> {
        let from = [
            DemandState::Submitted,
            DemandState::Confirmed,
            DemandState::InAllocation,
            DemandState::OfferPending,
        ];
        // An open offer is answered first: no rule lets a demand run out under it.
        let from = if end == DemandEnd::Expired {
            &from[..3]
        } else {
            &from[..]
        };
        self.to(end.state(), end.state().as_str(), from)
    }

    fn to(self, to: DemandState, transition: &'static str, from: &[DemandState]) -> Result<Self, TransitionError> {
        if from.contains(&self.0) {
            Ok(Self(to))
        } else {
            Err(TransitionError {
                subject: "demand",
                state: self.0.as_str(),
                transition,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DemandState::*;
    use super::*;

    type Step = (&'static str, fn(CareDemand) -> Result<CareDemand, TransitionError>);

    /// Every transition, and from which states it leads where; all other states refuse it.
    fn table() -> Vec<(Step, Vec<(DemandState, DemandState)>)> {
        let ends = |to: DemandState| {
            [Submitted, Confirmed, InAllocation, OfferPending]
                .map(|from| (from, to))
                .to_vec()
        };
        vec![
            (("submit", CareDemand::submit), vec![(Draft, Submitted)]),
            (("confirm", CareDemand::confirm), vec![(Submitted, Confirmed)]),
            (
                ("enter_allocation", CareDemand::enter_allocation),
                vec![(Confirmed, InAllocation)],
            ),
            (
                ("offer, one at a time", |d| d.offer(false)),
                vec![(Confirmed, OfferPending), (InAllocation, OfferPending)],
            ),
            (
                ("offer, parallel", |d| d.offer(true)),
                vec![
                    (Confirmed, OfferPending),
                    (InAllocation, OfferPending),
                    (OfferPending, OfferPending),
                ],
            ),
            (
                ("offer_ended, decentral", |d| d.offer_ended(false)),
                vec![(OfferPending, Confirmed)],
            ),
            (
                ("offer_ended, central", |d| d.offer_ended(true)),
                vec![(OfferPending, InAllocation)],
            ),
            (("cover", CareDemand::cover), vec![(OfferPending, Covered)]),
            (("close", CareDemand::close), vec![(Covered, Closed)]),
            (("supersede", CareDemand::supersede), vec![(Covered, Superseded)]),
            (("reopen, decentral", |d| d.reopen(false)), vec![(Covered, Confirmed)]),
            (("reopen, central", |d| d.reopen(true)), vec![(Covered, InAllocation)]),
            (
                ("renew", CareDemand::renew),
                [Submitted, Confirmed, InAllocation]
                    .map(|state| (state, state))
                    .to_vec(),
            ),
            (
                ("examine", CareDemand::examine),
                [Submitted, Confirmed, InAllocation, OfferPending, Covered]
                    .map(|state| (state, state))
                    .to_vec(),
            ),
            (("withdraw", |d| d.end(DemandEnd::Withdrawn)), ends(Withdrawn)),
            (("expire", |d| d.end(DemandEnd::Expired)), {
                let mut pairs = ends(Expired);
                pairs.pop();
                pairs
            }),
            (("not entitled", |d| d.end(DemandEnd::NotEntitled)), ends(NotEntitled)),
            (("moved away", |d| d.end(DemandEnd::MovedAway)), ends(MovedAway)),
            (("superseded", |d| d.end(DemandEnd::Superseded)), ends(Superseded)),
        ]
    }

    #[test]
    fn every_pair_of_state_and_transition_does_what_the_field_says() {
        for ((name, step), allowed) in table() {
            for state in DemandState::ALL {
                let wanted = allowed.iter().find(|(from, _)| from == state).map(|(_, to)| *to);
                let got = step(CareDemand::in_state(*state));
                assert_eq!(
                    got.as_ref().ok().map(CareDemand::state),
                    wanted,
                    "{name} from {}",
                    state.as_str()
                );
                if let Err(error) = got {
                    assert_eq!((error.subject, error.state), ("demand", state.as_str()));
                }
            }
        }
    }

    #[test]
    fn an_ended_demand_stays_ended() {
        for ((name, step), _) in table() {
            for state in DemandState::ALL.iter().filter(|s| !s.is_open()) {
                assert!(
                    step(CareDemand::in_state(*state)).is_err(),
                    "{name} from {}",
                    state.as_str()
                );
            }
        }
    }
}
