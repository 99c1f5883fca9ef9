//! SQL of this slice.

mod amendments;
mod drafts;
mod list;
mod present;
mod rule_change;
mod school;
mod signing;
mod steps;

pub(super) use amendments::{
    AmendmentRow, amendments, drop_open_amendment, first_terms, move_drafted_end, put_amendment, set_amendment_sent,
    set_amendment_state, set_care_until,
};
pub(super) use drafts::{insert, insert_agreed};
pub use list::ContractRow;
pub(super) use list::{ContractSort, Filter, list};
pub use present::PresentPlace;
pub(super) use present::{leave_on, lock_unsigned, present_places};
pub(super) use rule_change::{
    EndFilter, EndSort, OtherEndRow, OtherEnds, Rules, all_here, count_other_ends, other_ends,
};
pub use school::SchoolDecisionRow;
pub(super) use school::{add_school_decision, places_beyond, school_decision};
pub(super) use signing::{
    Code, SignatureRow, add_code, add_signature, codes_since, drop_codes, fitting_code, old_codes_gone, signatures,
    tries_of_code, void_codes,
};

pub(super) use steps::{
    GivenNotice, due, lock, preference_of, put_terms, set_measles_proof, set_notice, set_recalled, set_reminded,
    set_sent, set_state, unsigned,
};
