//! What is known of a message by its kind: its name, its token, whether it waits.

use chrono::Duration;

use super::{Message, Step, Token};

impl Message {
    /// The kind's name in the outbox; also the name of its template.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ConfirmAddress { .. } => "confirm_address",
            Self::AccountExists => "account_exists",
            Self::Reset { .. } => "reset",
            Self::EmailChange { .. } => "email_change",
            Self::EmailChanged => "email_changed",
            Self::RenewalDue { .. } => "renewal_due",
            Self::FollowupDue { .. } => "followup_due",
            Self::GuestAnswered { .. } => "guest_answered",
            Self::GuestConsentEnds { .. } => "guest_consent_ends",
            Self::GuestLapse(_) => "guest_lapse",
            Self::GuestLapseWork(_) => "guest_lapse_work",
            Self::GuestLapseOffice(_) => "guest_lapse_office",
            Self::MoveProofDue { .. } => "move_proof_due",
            Self::Invitation { .. } => "invitation",
            Self::GuardianInvitation { .. } => "guardian_invitation",
            Self::ProtectedAddressRead { .. } => "protected_address_read",
            Self::AuditBroken { .. } => "audit_broken",
            Self::MandateOffered { .. } => "mandate_offered",
            Self::MandateBegan { .. } => "mandate_began",
            Self::Receipt { .. } => "receipt",
            Self::DemandConfirmed { .. } => "demand_confirmed",
            Self::StartChanged { .. } => "start_changed",
            Self::DemandEnded { .. } => "demand_ended",
            Self::AnswerRecorded { .. } => "answer_recorded",
            Self::CapacityDue { .. } => "capacity_due",
            Self::VisitPlanned { .. } => "visit_planned",
            Self::VisitCancelled { .. } => "visit_cancelled",
            Self::AnswersOverdue { .. } => "answers_overdue",
            Self::NoticePosted { .. } => "notice_posted",
            Self::StateChange { .. } => "state_change",
            Self::Offer(_) => "offer",
            Self::OfferReminder(_) => "offer_reminder",
            Self::OfferExpired(_) => "offer_expired",
            Self::OfferRevoked(_) => "offer_revoked",
            Self::OfferAccepted(_) => "offer_accepted",
            Self::OfferBetter { .. } => "offer_better",
            Self::OfferBetterOver { .. } => "offer_better_over",
            Self::StepOpened(_) => "step_opened",
            Self::StepDeadline(_) => "step_deadline",
            Self::ContractReady { .. } => "contract_ready",
            Self::FeeNotice { .. } => "fee_notice",
            Self::ContractSent(_) => "contract_sent",
            Self::SwapProposed(_) => "swap_proposed",
            Self::SwapAsked(_) => "swap_asked",
            Self::SwapOff(_) => "swap_off",
            Self::Substitute(_) => "substitute",
            Self::SubstituteWork(_) => "substitute_work",
            Self::ContractReminder(_) => "contract_reminder",
            Self::ContractChangeSent(_) => "contract_change_sent",
            Self::ContractChanged(_) => "contract_changed",
            Self::ContractCode { .. } => "contract_code",
            Self::ClaimCode { .. } => "claim_code",
            Self::ContractSigned(_) => "contract_signed",
            Self::ContractEnds { .. } => "contract_ends",
        }
    }

    /// Whether its button does something for somebody without an account.
    pub(in crate::notifications) fn opens_without_account(&self) -> bool {
        matches!(self, Self::RenewalDue { token, .. } | Self::FollowupDue { token, .. } if *token != Token::default())
    }

    /// The calendar file that goes with it, for kinds that have one.
    pub(in crate::notifications) fn calendar(&self) -> Option<&str> {
        match self {
            Self::VisitPlanned { calendar, .. } | Self::VisitCancelled { calendar, .. } => calendar.as_deref(),
            _ => None,
        }
    }

    /// How long it stays in the outbox: a facility may take its answer back in the next moments, and then the family hears of neither.
    pub(in crate::notifications) fn waits(&self) -> Duration {
        match self {
            Self::StateChange { step, .. } if *step != Step::Reopened => Duration::seconds(60),
            _ => Duration::zero(),
        }
    }

    /// The token of its link, for kinds that have one.
    pub(in crate::notifications) fn token(&self) -> Option<&Token> {
        match self {
            Self::ConfirmAddress { token }
            | Self::Reset { token }
            | Self::EmailChange { token }
            | Self::Invitation { token, .. }
            | Self::GuardianInvitation { token }
            | Self::ContractCode { token, .. }
            | Self::CapacityDue { token, .. }
            | Self::FollowupDue { token, .. }
            | Self::ClaimCode { token, .. }
            | Self::RenewalDue { token, .. } => Some(token),
            _ => None,
        }
    }
}
