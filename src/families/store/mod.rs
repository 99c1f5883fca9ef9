//! SQL of this slice.

mod children;
mod guardians;
mod invitations;
mod many;
mod paper;
mod takeover;

pub(super) use children::*;
pub(super) use guardians::*;
pub(super) use invitations::*;
pub use many::{ChildOf, HomeOf, KnownChild, KnownGuardian, Second, born_on, guardians_in, homes_of, insert_many};
pub use paper::{PaperChild, children_on_paper};
pub use takeover::WithoutAccount;
pub(super) use takeover::*;
