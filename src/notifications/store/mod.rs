//! SQL of this slice.

mod office;
mod outbox;

pub(super) use office::{
    LetterRow, MessageSort, OfficeFilter, OfficeRow, count_waiting, has_dead_letter, letter, office_list, set_printed,
};
pub(super) use outbox::{
    Outcome, administrators, dead_for_update, drop_lost, drop_unprinted, drop_unsent, guardians_of, insert, people_of,
    purge, queue_again, queued_mail, set_bounced, settle,
};
