//! For whom an action is, and which of a family's own operations a mandate opens to a counsellor.

use super::action::Action;

/// For whom an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, signed in or not.
    Public,
    /// Everybody signed in, on the own account.
    SignedIn,
    /// Parents, on their own family.
    Parents,
    /// Those who run facilities, on theirs; the office on all; read-only included. Parents are not.
    FacilityStaffRead,
    /// Those who run facilities decide on theirs. The office does not decide for them.
    FacilityStaffDecide,
    /// Those who run facilities on theirs, and the tenant's administrator on all.
    FacilityStaffWrite,
    /// Those who run facilities on theirs, clerks and administrators on all.
    FacilityStaffAndOffice,
    /// Parents on their own, facility staff on theirs, the office on all.
    ParentsAndStaff,
    /// Clerks, administrators and read-only, on the whole tenant.
    OfficeRead,
    /// Clerks and administrators, on the whole tenant.
    OfficeWrite,
    /// The tenant's administrators on all, the managers of a provider on what is the provider's.
    ProvidersWrite,
    /// The tenant's administrators.
    Admins,
}

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
