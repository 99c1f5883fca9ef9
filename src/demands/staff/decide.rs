//! A facility's answers to a preference: review, invite, waitlist, refuse, and taking one of them back.

use crate::access::TenantTx;
use crate::demands::DemandError;
use crate::demands::model::{DemandState, FacilityPreference, Listed, PreferenceState, RefuseReason, TransitionError};
use crate::demands::store::{self, Answer, Change, DemandRow, PreferenceRow};
use crate::notifications::{self, ChildInitial, Message, Step};
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
use crate::platform::ids::PreferenceId;
use crate::{facilities, families, tenancy};

/// A facility's answer.
#[derive(Debug)]
pub(super) enum Decision {
    Review,
    Invite { note: Option<String> },
    Waitlist { note: Option<String> },
    Refuse { reason: RefuseReason, note: Option<String> },
    Reopen,
}

impl Decision {
    fn kind(&self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Invite { .. } => "invite",
            Self::Waitlist { .. } => "waitlist",
            Self::Refuse { .. } => "refuse",
            Self::Reopen => "reopen",
        }
    }

    /// `before`: where it stood before its last answer.
    fn apply(&self, from: FacilityPreference, before: Option<Listed>) -> Result<FacilityPreference, TransitionError> {
        match self {
            Self::Review => from.review(),
            Self::Invite { .. } => from.invite(),
            Self::Waitlist { .. } => from.waitlist(),
            Self::Refuse { .. } => from.refuse(),
            Self::Reopen => from.reopen(before),
        }
    }

    /// What the parents read with it; an answer taken back leaves no words behind.
    fn answer(&self) -> Option<Answer<'_>> {
        match self {
            Self::Review => None,
            Self::Invite { note } | Self::Waitlist { note } => Some(Answer {
                refuse_reason: None,
                note: note.as_deref(),
            }),
            Self::Refuse { reason, note } => Some(Answer {
                refuse_reason: Some(*reason),
                note: note.as_deref(),
            }),
            Self::Reopen => Some(Answer::default()),
        }
    }
}

/// Answers a preference within the scope, writes the history and tells the family.
pub(super) async fn decide(
    tx: &mut TenantTx,
    id: PreferenceId,
    seen: i32,
    decision: &Decision,
) -> Result<(), DemandError> {
    let row = crate::demands::preference_for_update(tx, id).await?;
    if !tx.scope().covers(row.facility_id) || row.demand_state == DemandState::Draft {
        return Err(DemandError::Missing);
    }
    tx.touch(row.id);
    tx.touch_child(row.child_id);
    Stale::check(seen, row.version)?;
    let demand = crate::demands::demand_for_update(tx, row.demand_id).await?;
    let next = answered(tx, &row, &demand, decision).await?;
    let change = Change {
        answer: decision.answer(),
        ..Change::of(decision.kind())
    };
    store::change_preference(tx, &row, &next, change).await?;
    tell(tx, &row, decision).await
}

async fn answered(
    tx: &mut TenantTx,
    row: &PreferenceRow,
    demand: &DemandRow,
    decision: &Decision,
) -> Result<FacilityPreference, DemandError> {
    let open = [
        DemandState::Submitted,
        DemandState::Confirmed,
        DemandState::InAllocation,
        DemandState::OfferPending,
    ];
    // A refusal outlives its demand; it cannot be taken back when the family waits for nothing any more.
    if !open.contains(&demand.state) {
        return Err(DemandError::Transition(TransitionError {
            subject: "preference",
            state: row.state.as_str(),
            transition: decision.kind(),
        }));
    }
    let before = match decision {
        Decision::Reopen => store::state_before(tx, row).await?,
        _ => None,
    };
    let next = decision.apply(row.machine()?, before.and_then(Listed::of))?;
    let resting = matches!(decision, Decision::Reopen) && demand.state == DemandState::OfferPending;
    // What comes back while another offer is open rests like its neighbours.
    if resting && !tenancy::settings(tx).await?.parallel_offers {
        return Ok(next.pause()?);
    }
    Ok(next)
}

async fn tell(tx: &mut TenantTx, row: &PreferenceRow, decision: &Decision) -> Result<(), DemandError> {
    let facility = facilities::facility_name(tx, row.facility_id)
        .await?
        .unwrap_or_default();
    let first_name = families::child_facts(tx, row.child_id)
        .await?
        .and_then(|child| child.first_name);
    let child = ChildInitial::of(first_name.as_deref());
    let message = |step| Message::StateChange {
        demand_id: row.demand_id,
        facility: facility.clone(),
        step,
        child: child.clone(),
    };
    let step = match decision {
        Decision::Review => Step::UnderReview,
        Decision::Invite { .. } => Step::Invited,
        Decision::Waitlist { .. } => Step::Waitlisted,
        Decision::Refuse { .. } => Step::Refused,
        Decision::Reopen => {
            let taken_back = match row.state {
                PreferenceState::UnderReview => Step::UnderReview,
                PreferenceState::Invited => Step::Invited,
                PreferenceState::Waitlisted => Step::Waitlisted,
                _ => Step::Refused,
            };
            let (said, news) = (message(taken_back), message(Step::Reopened));
            return Ok(notifications::take_back(tx, row.child_id, row.demand_id, &said, &news).await?);
        }
    };
    notifications::tell_family(tx, row.child_id, row.demand_id, &message(step)).await?;
    Ok(())
}

/// A note to the family: at most 500 characters, no control characters but line ends; an empty one is none.
pub(in crate::demands) fn note(text: Option<String>) -> Result<Option<String>, Invalid> {
    let text = text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    if let Some(text) = &text {
        let mut fields = Fields::new();
        fields.check(text.chars().count() <= 500, "/note", "too_long");
        fields.check(!text.chars().any(|c| c.is_control() && c != '\n'), "/note", "invalid");
        fields.finish()?;
    }
    Ok(text)
}

/// A refusal for another reason says which.
pub(super) fn refusal(reason: RefuseReason, note_text: Option<String>) -> Result<Decision, Invalid> {
    let note = note(note_text)?;
    if reason == RefuseReason::Other && note.is_none() {
        return Err(Invalid::one("/note", "required", "say what the other reason is"));
    }
    Ok(Decision::Refuse { reason, note })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_reason_needs_words() {
        assert!(refusal(RefuseReason::NoPlace, None).is_ok());
        assert!(refusal(RefuseReason::Other, Some("  ".into())).is_err());
        assert!(refusal(RefuseReason::Other, Some("Umbau im Sommer".into())).is_ok());
    }

    #[test]
    fn a_note_is_short_and_plain() {
        assert_eq!(note(Some(" ".into())).unwrap(), None);
        assert!(note(Some("x".repeat(501))).is_err());
        assert!(note(Some("a\u{7}".into())).is_err());
        assert_eq!(note(Some("eine\nzwei ".into())).unwrap().as_deref(), Some("eine\nzwei"));
    }
}
