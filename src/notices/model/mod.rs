//! Notices: their states, when they count as served, until when somebody can object, and what may stand in them. Pure.

mod deadline;
mod new;
mod text;

pub use deadline::{objection_until, served_on};
pub use new::{LicenceTerms, NewNotice};
pub use text::{GAPS, NoticeText};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};

/// What a notice decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "refusal")]
pub enum NoticeKind {
    /// The asserted claim cannot be met.
    Refusal,
    /// A place is assigned.
    Assignment,
    /// A parent fee is set.
    Fee,
    /// A fee that somebody else asks for is taken over or waived (§ 90 Abs. 4 SGB VIII); of the office's own fees, their notice says so.
    Waiver,
    /// A fee is neither taken over nor waived.
    WaiverRefusal,
    /// Care is granted to an extent, at a facility that the family finds.
    Voucher,
    /// A childminder's licence is granted (§ 43 SGB VIII).
    LicenceGrant,
    /// A childminder's licence is refused.
    LicenceRefusal,
    /// A childminder's licence is ended.
    LicenceEnd,
}

impl NoticeKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Refusal,
        Self::Assignment,
        Self::Fee,
        Self::Waiver,
        Self::WaiverRefusal,
        Self::Voucher,
        Self::LicenceGrant,
        Self::LicenceRefusal,
        Self::LicenceEnd,
    ];

    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refusal => "refusal",
            Self::Assignment => "assignment",
            Self::Fee => "fee",
            Self::Waiver => "waiver",
            Self::WaiverRefusal => "waiver_refusal",
            Self::Voucher => "voucher",
            Self::LicenceGrant => "licence_grant",
            Self::LicenceRefusal => "licence_refusal",
            Self::LicenceEnd => "licence_end",
        }
    }

    /// Whether it decides on a legal claim that the family asserted.
    pub fn needs_claim(self) -> bool {
        matches!(self, Self::Refusal | Self::Assignment)
    }

    /// Whether it says what a family earns or pays.
    pub fn tells_of_money(self) -> bool {
        matches!(self, Self::Fee | Self::Waiver | Self::WaiverRefusal)
    }

    /// Whether care begins with it on a day.
    pub fn begins_care(self) -> bool {
        matches!(self, Self::Assignment | Self::Voucher)
    }

    /// Whether it is about a childminder, and about no child.
    pub fn is_licence(self) -> bool {
        matches!(self, Self::LicenceGrant | Self::LicenceRefusal | Self::LicenceEnd)
    }
}

/// Where a notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "drafted")]
pub enum NoticeState {
    /// It is written.
    Drafted,
    /// A second person approved it.
    Approved,
    /// It was posted.
    Issued,
    /// It counts as served.
    Served,
    /// The time to object is over.
    Final,
    /// Somebody objected.
    Objected,
    /// The objection was decided.
    Decided,
}

impl NoticeState {
    /// All of them in the order of the field.
    pub const ALL: [Self; 7] = [
        Self::Drafted,
        Self::Approved,
        Self::Issued,
        Self::Served,
        Self::Final,
        Self::Objected,
        Self::Decided,
    ];

    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Approved => "approved",
            Self::Issued => "issued",
            Self::Served => "served",
            Self::Final => "final",
            Self::Objected => "objected",
            Self::Decided => "decided",
        }
    }

    /// Whether the family has it.
    pub fn is_out(self) -> bool {
        !matches!(self, Self::Drafted | Self::Approved)
    }
}

/// How an objection was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "upheld")]
pub enum ObjectionOutcome {
    /// The notice stands.
    Upheld,
    /// The family was right.
    Granted,
    /// The family was right in part.
    Partly,
}

/// A step that the state of the notice does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a notice that is {} cannot be {step}", .state.as_str())]
pub struct WrongState {
    state: NoticeState,
    step: &'static str,
}

/// A notice in one of its states; every step consumes it.
#[derive(Debug, PartialEq, Eq)]
pub struct Notice(NoticeState);

impl Notice {
    /// The notice in the state that the database holds.
    pub fn in_state(state: NoticeState) -> Self {
        Self(state)
    }

    fn step(self, from: &[NoticeState], to: NoticeState, step: &'static str) -> Result<NoticeState, WrongState> {
        if from.contains(&self.0) {
            Ok(to)
        } else {
            Err(WrongState { state: self.0, step })
        }
    }

    /// Its words are changed, or it is thrown away.
    pub fn edit(self) -> Result<NoticeState, WrongState> {
        self.step(&[NoticeState::Drafted], NoticeState::Drafted, "changed")
    }

    /// A second person approves it.
    pub fn approve(self) -> Result<NoticeState, WrongState> {
        self.step(&[NoticeState::Drafted], NoticeState::Approved, "approved")
    }

    /// It goes back to who writes it.
    pub fn give_back(self) -> Result<NoticeState, WrongState> {
        self.step(&[NoticeState::Approved], NoticeState::Drafted, "given back")
    }

    /// It is posted.
    pub fn issue(self) -> Result<NoticeState, WrongState> {
        self.step(&[NoticeState::Approved], NoticeState::Issued, "posted")
    }

    /// The family proved that it came later.
    pub fn serve_later(self) -> Result<NoticeState, WrongState> {
        use NoticeState::{Final, Issued, Served};
        self.step(&[Issued, Served, Final], Issued, "served later")
    }

    /// Somebody objects; too late is decided too.
    pub fn object(self) -> Result<NoticeState, WrongState> {
        use NoticeState::{Final, Issued, Objected, Served};
        self.step(&[Issued, Served, Final], Objected, "objected to")
    }

    /// The objection is decided.
    pub fn decide(self) -> Result<NoticeState, WrongState> {
        self.step(&[NoticeState::Objected], NoticeState::Decided, "decided")
    }
}

/// Where a posted notice without objection stands on a day.
pub fn state_on(today: NaiveDate, served_on: NaiveDate, objection_until: NaiveDate) -> NoticeState {
    if today > objection_until {
        NoticeState::Final
    } else if today >= served_on {
        NoticeState::Served
    } else {
        NoticeState::Issued
    }
}

/// When it was posted: not before it was approved, and not to come.
pub fn check_posted(posted_on: NaiveDate, approved_on: NaiveDate, today: NaiveDate) -> Result<(), Invalid> {
    let mut fields = Fields::new();
    fields.check(posted_on >= approved_on, "/posted_on", "too_early");
    fields.check(posted_on <= today, "/posted_on", "in_future");
    fields.finish()
}

#[cfg(test)]
#[path = "../model_tests.rs"]
mod tests;
