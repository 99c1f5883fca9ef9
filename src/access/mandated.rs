//! Which of a family's own operations a mandate opens to a counsellor.

use super::action::Action;

/// What a mandate must allow for an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mandated {
    /// Looking is enough.
    Look,
    /// Acting in the family's name.
    Act,
}

impl Action {
    /// What of a family's own operations somebody with a mandate may do. The rest stays the family's: who belongs to it and where it
    /// lives, its whole copy, its accesses and mandates, signing a contract and giving notice.
    pub fn by_mandate(self) -> Option<Mandated> {
        match self {
            Self::GetFamily
            | Self::ListDemands
            | Self::GetDemand
            | Self::GetDemandHistory
            | Self::GetReceipt
            | Self::ListVisits
            | Self::GetVisitFile
            | Self::GetExplanation
            | Self::GetExplanationLetter
            | Self::GetDemandNotices
            | Self::GetOwnNotice
            | Self::ListOffers
            | Self::GetOffer
            | Self::ListContracts
            | Self::GetContract => Some(Mandated::Look),
            Self::UpdateChild
            | Self::CreateDemand
            | Self::UpdateDemand
            | Self::PutPreferences
            | Self::PutSiblingAnswer
            | Self::SubmitDemand
            | Self::WithdrawDemand
            | Self::RenewDemand
            | Self::DiscardDemand
            | Self::ViewOffer
            | Self::AcceptOffer
            | Self::DeclineOffer => Some(Mandated::Act),
            _ => None,
        }
    }
}
