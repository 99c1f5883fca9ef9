//! For whom an action is.

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
