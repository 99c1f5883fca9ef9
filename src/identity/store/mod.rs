//! SQL of accounts, their roles, sessions and one-time links.

mod accounts;
mod links;
mod memberships;
mod second_factor;
mod sessions;

pub(super) use accounts::{
    AccountRow, account, account_by_email, close_account, has_open_matters, has_people, insert_account,
    is_address_taken, set_email, set_password, update_account,
};
pub(super) use links::{LinkRow, find_link, insert_link, revoke_links_of, revoke_links_to, use_link};
pub(super) use memberships::{MembershipRow, memberships};
pub(super) use second_factor::{
    begin_second_factor, disable_second_factor, enable_second_factor, use_recovery_code, use_step,
};
pub(super) use sessions::{end_session, end_sessions, session_end, sessions};
