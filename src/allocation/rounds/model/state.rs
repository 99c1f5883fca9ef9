//! The states of a round, and which step leads from where to where.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "planned")]
pub enum RoundState {
    /// It is announced; nothing is counted yet.
    Planned,
    /// Demands and places are frozen.
    Frozen,
    /// A verified run stands.
    Proposed,
    /// Its conflicts were opened by a person.
    InReview,
    /// Two persons released it; offers are sent, and places that come back go to the next.
    Released,
    /// Nothing happens in it any more.
    Closed,
    /// It rests, and remembers where it was.
    Paused,
    /// It was given up before the release.
    Cancelled,
}

impl RoundState {
    /// All states in their order.
    pub const ALL: [Self; 8] = [
        Self::Planned,
        Self::Frozen,
        Self::Proposed,
        Self::InReview,
        Self::Released,
        Self::Closed,
        Self::Paused,
        Self::Cancelled,
    ];

    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Frozen => "frozen",
            Self::Proposed => "proposed",
            Self::InReview => "in_review",
            Self::Released => "released",
            Self::Closed => "closed",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A step that the round's state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a round that is {} cannot {step}", state.as_str())]
pub struct WrongState {
    /// Where it stands.
    pub state: RoundState,
    /// The step.
    pub step: &'static str,
}

/// A round in one of its states. Every transition consumes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllocationRound {
    /// It goes on.
    At(RoundState),
    /// It rests, and was here before.
    Paused(RoundState),
}

impl AllocationRound {
    /// The round in the state that the database holds.
    pub fn in_state(state: RoundState, paused_from: Option<RoundState>) -> Self {
        match (state, paused_from) {
            (RoundState::Paused, Some(from)) => Self::Paused(from),
            (state, _) => Self::At(state),
        }
    }

    /// Its state.
    pub fn state(&self) -> RoundState {
        match self {
            Self::At(state) => *state,
            Self::Paused(_) => RoundState::Paused,
        }
    }

    /// Where it was before it was paused.
    pub fn paused_from(&self) -> Option<RoundState> {
        match self {
            Self::At(_) => None,
            Self::Paused(from) => Some(*from),
        }
    }

    /// Name and dates can be changed until the freeze.
    pub fn edit(self) -> Result<Self, WrongState> {
        self.to(RoundState::Planned, "be changed", &[RoundState::Planned])
    }

    /// Demands and places are taken as they are now.
    pub fn freeze(self) -> Result<Self, WrongState> {
        self.to(RoundState::Frozen, "be frozen", &[RoundState::Planned])
    }

    /// A verified run stands; one more run takes the place of the one before.
    pub fn propose(self) -> Result<Self, WrongState> {
        self.to(RoundState::Proposed, "be run", &UNDER_WAY)
    }

    /// A person decides within it: the seed is entered, a deviation is proposed, approved or withdrawn.
    pub fn decide(self) -> Result<Self, WrongState> {
        let stays = self.state();
        self.to(stays, "be decided about", &UNDER_WAY)
    }

    /// A person opens the conflicts.
    pub fn review(self) -> Result<Self, WrongState> {
        self.to(
            RoundState::InReview,
            "be reviewed",
            &[RoundState::Proposed, RoundState::InReview],
        )
    }

    /// The second person signs.
    pub fn release(self) -> Result<Self, WrongState> {
        self.to(RoundState::Released, "be released", &[RoundState::InReview])
    }

    /// It rests.
    pub fn pause(self) -> Result<Self, WrongState> {
        match self {
            Self::At(
                from @ (RoundState::Frozen | RoundState::Proposed | RoundState::InReview | RoundState::Released),
            ) => Ok(Self::Paused(from)),
            _ => Err(self.wrong("be paused")),
        }
    }

    /// It goes on where it was.
    pub fn resume(self) -> Result<Self, WrongState> {
        match self {
            Self::Paused(from) => Ok(Self::At(from)),
            Self::At(_) => Err(self.wrong("be resumed")),
        }
    }

    /// It is given up, before any family heard of it.
    pub fn cancel(self) -> Result<Self, WrongState> {
        match self {
            Self::Paused(RoundState::Released) => Err(self.wrong("be cancelled")),
            Self::Paused(_) => Ok(Self::At(RoundState::Cancelled)),
            Self::At(_) => self.to(
                RoundState::Cancelled,
                "be cancelled",
                &[
                    RoundState::Planned,
                    RoundState::Frozen,
                    RoundState::Proposed,
                    RoundState::InReview,
                ],
            ),
        }
    }

    /// Places that come back from now on are no matter of it.
    pub fn close(self) -> Result<Self, WrongState> {
        self.to(RoundState::Closed, "be closed", &[RoundState::Released])
    }

    fn to(self, to: RoundState, step: &'static str, from: &[RoundState]) -> Result<Self, WrongState> {
        match self {
            Self::At(state) if from.contains(&state) => Ok(Self::At(to)),
            _ => Err(self.wrong(step)),
        }
    }

    fn wrong(&self, step: &'static str) -> WrongState {
        WrongState {
            state: self.state(),
            step,
        }
    }
}

const UNDER_WAY: [RoundState; 3] = [RoundState::Frozen, RoundState::Proposed, RoundState::InReview];
