//! SQL of this slice.

mod children;
mod guardians;
mod invitations;

pub(super) use children::*;
pub(super) use guardians::*;
pub(super) use invitations::*;
