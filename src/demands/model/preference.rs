//! The state machine of a facility preference: every transition consumes it and answers the new one, or why not.

use super::TransitionError;
use super::words::PreferenceState;

/// The states in which a preference waits for its facility's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Listed {
    /// The facility has it.
    Received,
    /// The facility looks at it.
    UnderReview,
    /// The family is invited to come and see.
    Invited,
    /// It waits for a place.
    Waitlisted,
}

/// A facility preference in one of its states; what rests or is offered remembers where it came from.
#[derive(Debug, PartialEq, Eq)]
pub enum FacilityPreference {
    /// The demand itself is a draft.
    Draft,
    /// It waits for the facility's answer.
    Listed(Listed),
    /// It rests while another offer to the child is open.
    Paused(Listed),
    /// An offer of this facility is open.
    Offered(Listed),
    /// The offer was accepted.
    Accepted,
    /// The contract has begun.
    Contracted,
    /// The facility refused.
    Refused,
    /// The parents declined the offer.
    Declined,
    /// The parents took it back.
    Withdrawn,
    /// The offer's deadline passed.
    OfferExpired,
    /// The child got a place elsewhere.
    CoveredElsewhere,
}

/// How an open offer ends without a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferEnd {
    /// The parents declined.
    Declined,
    /// The deadline passed.
    Expired,
    /// The facility took it back; the preference returns to where it stood.
    Revoked,
}

impl Listed {
    /// The same as a state.
    pub fn state(self) -> PreferenceState {
        match self {
            Self::Received => PreferenceState::Received,
            Self::UnderReview => PreferenceState::UnderReview,
            Self::Invited => PreferenceState::Invited,
            Self::Waitlisted => PreferenceState::Waitlisted,
        }
    }

    /// The waiting state that this state is.
    pub fn of(state: PreferenceState) -> Option<Self> {
        match state {
            PreferenceState::Received => Some(Self::Received),
            PreferenceState::UnderReview => Some(Self::UnderReview),
            PreferenceState::Invited => Some(Self::Invited),
            PreferenceState::Waitlisted => Some(Self::Waitlisted),
            _ => None,
        }
    }
}

impl FacilityPreference {
    /// The preference as the database holds it; `None` where a resting or offered one forgot where it came from.
    pub fn in_state(state: PreferenceState, came_from: Option<PreferenceState>) -> Option<Self> {
        let came_from = came_from.and_then(Listed::of);
        Some(match state {
            PreferenceState::Draft => Self::Draft,
            PreferenceState::Received => Self::Listed(Listed::Received),
            PreferenceState::UnderReview => Self::Listed(Listed::UnderReview),
            PreferenceState::Invited => Self::Listed(Listed::Invited),
            PreferenceState::Waitlisted => Self::Listed(Listed::Waitlisted),
            PreferenceState::Paused => Self::Paused(came_from?),
            PreferenceState::Offered => Self::Offered(came_from?),
            PreferenceState::Accepted => Self::Accepted,
            PreferenceState::Contracted => Self::Contracted,
            PreferenceState::Refused => Self::Refused,
            PreferenceState::Declined => Self::Declined,
            PreferenceState::Withdrawn => Self::Withdrawn,
            PreferenceState::OfferExpired => Self::OfferExpired,
            PreferenceState::CoveredElsewhere => Self::CoveredElsewhere,
        })
    }

    /// Its state.
    pub fn state(&self) -> PreferenceState {
        match self {
            Self::Draft => PreferenceState::Draft,
            Self::Listed(listed) => listed.state(),
            Self::Paused(_) => PreferenceState::Paused,
            Self::Offered(_) => PreferenceState::Offered,
            Self::Accepted => PreferenceState::Accepted,
            Self::Contracted => PreferenceState::Contracted,
            Self::Refused => PreferenceState::Refused,
            Self::Declined => PreferenceState::Declined,
            Self::Withdrawn => PreferenceState::Withdrawn,
            Self::OfferExpired => PreferenceState::OfferExpired,
            Self::CoveredElsewhere => PreferenceState::CoveredElsewhere,
        }
    }

    /// Where a resting or offered one came from.
    pub fn came_from(&self) -> Option<PreferenceState> {
        match self {
            Self::Paused(from) | Self::Offered(from) => Some(from.state()),
            _ => None,
        }
    }

    /// The demand is sent, and the facility gets it. Taken back earlier, or lost with an offer, it can be wished again.
    pub fn receive(self) -> Result<Self, TransitionError> {
        match self {
            Self::Draft | Self::Withdrawn | Self::Declined | Self::OfferExpired => Ok(Self::Listed(Listed::Received)),
            other => Err(other.refuses("receive")),
        }
    }

    /// The facility begins to look at it.
    pub fn review(self) -> Result<Self, TransitionError> {
        self.listed("review", &[Listed::Received], Listed::UnderReview)
    }

    /// The facility invites the family.
    pub fn invite(self) -> Result<Self, TransitionError> {
        let from = [Listed::Received, Listed::UnderReview];
        self.listed("invite", &from, Listed::Invited)
    }

    /// The facility puts it on its waiting list.
    pub fn waitlist(self) -> Result<Self, TransitionError> {
        let from = [Listed::Received, Listed::UnderReview, Listed::Invited];
        self.listed("waitlist", &from, Listed::Waitlisted)
    }

    /// The facility refuses.
    pub fn refuse(self) -> Result<Self, TransitionError> {
        match self {
            Self::Listed(_) => Ok(Self::Refused),
            other => Err(other.refuses("refuse")),
        }
    }

    /// The facility takes its last answer back: it stands where it stood before. Where nobody knows that, the facility looks at it.
    pub fn reopen(self, before: Option<Listed>) -> Result<Self, TransitionError> {
        let at_most = match &self {
            Self::Listed(Listed::UnderReview) if before != Some(Listed::Received) => return Err(self.refuses("reopen")),
            Self::Listed(answer @ (Listed::UnderReview | Listed::Invited | Listed::Waitlisted)) => Some(*answer),
            Self::Refused => None,
            _ => return Err(self.refuses("reopen")),
        };
        let before = before.filter(|before| at_most.is_none_or(|answer| *before < answer));
        Ok(Self::Listed(before.unwrap_or(Listed::UnderReview)))
    }

    /// The facility offers a place.
    pub fn offer(self) -> Result<Self, TransitionError> {
        match self {
            Self::Listed(from) => Ok(Self::Offered(from)),
            other => Err(other.refuses("offer")),
        }
    }

    /// A place here is offered to a child that has another one, or an open offer of another, which the family likes less.
    pub fn improve(self) -> Result<Self, TransitionError> {
        match self {
            Self::Listed(from) | Self::Paused(from) => Ok(Self::Offered(from)),
            Self::CoveredElsewhere => Ok(Self::Offered(Listed::Received)),
            other => Err(other.refuses("improve")),
        }
    }

    /// Its offer ended without a place.
    pub fn offer_ended(self, end: OfferEnd) -> Result<Self, TransitionError> {
        match (self, end) {
            (Self::Offered(_), OfferEnd::Declined) => Ok(Self::Declined),
            (Self::Offered(_), OfferEnd::Expired) => Ok(Self::OfferExpired),
            (Self::Offered(from), OfferEnd::Revoked) => Ok(Self::Listed(from)),
            (other, _) => Err(other.refuses("offer_ended")),
        }
    }

    /// The parents accept its offer.
    pub fn accept(self) -> Result<Self, TransitionError> {
        match self {
            Self::Offered(_) => Ok(Self::Accepted),
            other => Err(other.refuses("accept")),
        }
    }

    /// The contract begins.
    pub fn contract(self) -> Result<Self, TransitionError> {
        match self {
            Self::Accepted => Ok(Self::Contracted),
            other => Err(other.refuses("contract")),
        }
    }

    /// The child goes to another place before care has begun here.
    pub fn give_up(self) -> Result<Self, TransitionError> {
        match self {
            Self::Accepted => Ok(Self::CoveredElsewhere),
            other => Err(other.refuses("give_up")),
        }
    }

    /// Another facility offers the child a place: it rests.
    pub fn pause(self) -> Result<Self, TransitionError> {
        match self {
            Self::Listed(from) => Ok(Self::Paused(from)),
            other => Err(other.refuses("pause")),
        }
    }

    /// The other offer ended without a place: it goes on where it was.
    pub fn resume(self) -> Result<Self, TransitionError> {
        match self {
            Self::Paused(from) => Ok(Self::Listed(from)),
            other => Err(other.refuses("resume")),
        }
    }

    /// The child has a place elsewhere.
    pub fn cover_elsewhere(self) -> Result<Self, TransitionError> {
        match self {
            Self::Listed(_) | Self::Paused(_) | Self::Offered(_) => Ok(Self::CoveredElsewhere),
            other => Err(other.refuses("cover_elsewhere")),
        }
    }

    /// The parents take it back, or the demand ends. After acceptance only the contract can be ended; in a draft it is simply removed.
    pub fn withdraw(self) -> Result<Self, TransitionError> {
        match self {
            Self::Listed(_) | Self::Paused(_) | Self::Offered(_) => Ok(Self::Withdrawn),
            other => Err(other.refuses("withdraw")),
        }
    }

    /// Nothing came of an accepted place before care began.
    pub fn fall_through(self) -> Result<Self, TransitionError> {
        match self {
            Self::Accepted => Ok(Self::Withdrawn),
            other => Err(other.refuses("fall_through")),
        }
    }

    /// The place that ended it did not come about: the facility has it again.
    pub fn wish_again(self) -> Result<Self, TransitionError> {
        match self {
            Self::CoveredElsewhere => Ok(Self::Listed(Listed::Received)),
            other => Err(other.refuses("wish_again")),
        }
    }

    fn listed(self, transition: &'static str, from: &[Listed], to: Listed) -> Result<Self, TransitionError> {
        match self {
            Self::Listed(now) if from.contains(&now) => Ok(Self::Listed(to)),
            other => Err(other.refuses(transition)),
        }
    }

    fn refuses(&self, transition: &'static str) -> TransitionError {
        TransitionError {
            subject: "preference",
            state: self.state().as_str(),
            transition,
        }
    }
}

#[cfg(test)]
#[path = "preference_tests.rs"]
mod tests;
