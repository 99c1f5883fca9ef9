//! The states of a contract and who moves it on. Pure.

use chrono::{Days, NaiveDate};

use super::ContractState;
use crate::tenancy::NoticeRule;

/// Months of notice where no template says otherwise.
pub const USUAL_NOTICE_MONTHS: i32 = 3;

/// A step that the state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a contract that is {} does not allow: {step}", .state.as_str())]
pub struct TransitionError {
    /// Where it stands.
    pub state: ContractState,
    /// What was tried.
    pub step: &'static str,
}

/// How a contract ends when notice is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Care never begins; the whole place is free.
    Withdrawn,
    /// Care goes on until the day before this one.
    Until(NaiveDate),
}

/// A contract in one of its states, with its days. Every step consumes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CareContract {
    state: ContractState,
    care_from: NaiveDate,
    /// First day on which the place is free again.
    care_until: NaiveDate,
}

impl CareContract {
    /// The contract as the database holds it.
    pub fn in_state(state: ContractState, care_from: NaiveDate, care_until: NaiveDate) -> Self {
        Self {
            state,
            care_from,
            care_until,
        }
    }

    /// Its state.
    pub fn state(&self) -> ContractState {
        self.state
    }

    /// The facility changes a draft.
    pub fn edit(self) -> Result<Self, TransitionError> {
        self.to(ContractState::Drafted, "edit", &[ContractState::Drafted])
    }

    /// The facility sends it to the guardians.
    pub fn send(self) -> Result<Self, TransitionError> {
        self.to(ContractState::Sent, "send", &[ContractState::Drafted])
    }

    /// The facility takes it back to change it, while nobody has signed.
    pub fn recall(self, signatures: usize) -> Result<Self, TransitionError> {
        let from: &[ContractState] = if signatures == 0 { &[ContractState::Sent] } else { &[] };
        self.to(ContractState::Drafted, "recall", from)
    }

    /// A guardian signs; with the last one that is missing it is signed by the guardians.
    pub fn sign(self, missing_after: usize) -> Result<Self, TransitionError> {
        let to = if missing_after == 0 {
            ContractState::SignedByGuardians
        } else {
            ContractState::Sent
        };
        self.to(to, "sign", &[ContractState::Sent])
    }

    /// The provider signs; care that has its day begins with it.
    pub fn countersign(self, today: NaiveDate) -> Result<Self, TransitionError> {
        let to = if self.care_from <= today {
            ContractState::Active
        } else {
            ContractState::SignedByProvider
        };
        self.to(to, "countersign", &[ContractState::SignedByGuardians])
    }

    /// Its first day has come.
    pub fn start_care(self, today: NaiveDate) -> Result<Self, TransitionError> {
        let due = self.care_from <= today && today < self.care_until;
        let from: &[ContractState] = if due { &[ContractState::SignedByProvider] } else { &[] };
        self.to(ContractState::Active, "start_care", from)
    }

    /// Its last day is over: ended when its time had come, terminated when somebody had given notice.
    pub fn run_out(self, today: NaiveDate, noticed: bool) -> Result<Self, TransitionError> {
        let to = if noticed {
            ContractState::Terminated
        } else {
            ContractState::Ended
        };
        let from: &[ContractState] = if self.care_until <= today { LIVING } else { &[] };
        self.to(to, "run_out", from)
    }

    /// Whether it does not bind yet, so that either side can let it be without notice.
    pub fn may_withdraw(&self, today: NaiveDate) -> bool {
        let unsigned = matches!(
            self.state,
            ContractState::Drafted | ContractState::Sent | ContractState::SignedByGuardians
        );
        unsigned && today < self.care_from
    }

    /// The first day on which the place can be free when notice is given today.
    pub fn earliest_end(&self, today: NaiveDate, notice: &NoticeRule, year_begins: (u32, u32)) -> NaiveDate {
        if self.may_withdraw(today) {
            return self.care_from;
        }
        notice.earliest_end(today, year_begins, self.care_until)
    }

    /// Notice is given: `free_from` is the first day without care. One that binds ends in its state when that day comes.
    pub fn end(self, free_from: NaiveDate) -> Result<(Self, Ending), TransitionError> {
        let from = self.care_from;
        if free_from <= from {
            let withdrawn = self.to(ContractState::Terminated, "terminate", LIVING)?;
            return Ok((withdrawn, Ending::Withdrawn));
        }
        let state = self.state;
        let mut ending = self.to(state, "terminate", LIVING)?;
        ending.care_until = free_from;
        Ok((ending, Ending::Until(free_from)))
    }

    fn to(mut self, to: ContractState, step: &'static str, from: &[ContractState]) -> Result<Self, TransitionError> {
        if !from.contains(&self.state) {
            return Err(TransitionError {
                state: self.state,
                step,
            });
        }
        self.state = to;
        Ok(self)
    }
}

/// All states in which a contract has not ended.
const LIVING: &[ContractState] = &[
    ContractState::Drafted,
    ContractState::Sent,
    ContractState::SignedByGuardians,
    ContractState::SignedByProvider,
    ContractState::Active,
];

/// The last day of care, which people read; we keep the first day without it.
pub fn last_day(free_from: NaiveDate) -> NaiveDate {
    free_from.checked_sub_days(Days::new(1)).unwrap_or(free_from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenancy::NoticeTo;
    use ContractState as S;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn contract(state: S) -> CareContract {
        CareContract::in_state(state, day("2027-08-01"), day("2033-08-01"))
    }

    #[test]
    fn it_goes_from_the_draft_to_both_signatures_and_into_care() {
        let sent = contract(S::Drafted).send().unwrap();
        let half = sent.sign(1).unwrap();
        assert_eq!(half.state(), S::Sent, "the other guardian is missing");
        let signed = half.sign(0).unwrap();
        assert_eq!(signed.state(), S::SignedByGuardians);
        let both = signed.countersign(day("2027-03-01")).unwrap();
        assert_eq!(both.state(), S::SignedByProvider);
        assert!(both.clone().start_care(day("2027-07-31")).is_err());
        let active = both.start_care(day("2027-08-01")).unwrap();
        assert_eq!(active.state(), S::Active);
        assert!(active.clone().run_out(day("2033-07-31"), false).is_err());
        assert_eq!(
            active.clone().run_out(day("2033-08-01"), false).unwrap().state(),
            S::Ended
        );
        assert_eq!(active.run_out(day("2033-08-01"), true).unwrap().state(), S::Terminated);
    }

    #[test]
    fn every_other_order_is_refused() {
        let all = [
            S::Drafted,
            S::Sent,
            S::SignedByGuardians,
            S::SignedByProvider,
            S::Active,
            S::Terminated,
            S::Ended,
        ];
        let today = day("2027-03-01");
        for state in all {
            assert_eq!(contract(state).edit().is_ok(), state == S::Drafted, "{state:?}");
            assert_eq!(contract(state).send().is_ok(), state == S::Drafted, "{state:?}");
            assert_eq!(contract(state).recall(0).is_ok(), state == S::Sent, "{state:?}");
            assert!(contract(state).recall(1).is_err(), "{state:?}");
            assert_eq!(contract(state).sign(0).is_ok(), state == S::Sent, "{state:?}");
            let countersigned = contract(state).countersign(today);
            assert_eq!(countersigned.is_ok(), state == S::SignedByGuardians, "{state:?}");
            let over = matches!(state, S::Terminated | S::Ended);
            assert_eq!(contract(state).end(day("2028-01-01")).is_err(), over, "{state:?}");
            assert_eq!(
                contract(state).run_out(day("2033-08-01"), false).is_err(),
                over,
                "{state:?}"
            );
        }
    }

    /// When a contract ends on which notice is given, three months to the end of a month.
    fn earliest(of: &CareContract, today: &str) -> NaiveDate {
        let rule = NoticeRule {
            months: 3,
            to: NoticeTo::Month,
            not_last_months: 0,
        };
        of.earliest_end(day(today), &rule, (8, 1))
    }

    #[test]
    fn notice_holds_to_the_end_of_a_month() {
        let active = contract(S::Active);
        assert_eq!(earliest(&active, "2028-01-31"), day("2028-05-01"));
        let (ending, how) = active.end(day("2028-05-01")).unwrap();
        assert_eq!((ending.state(), how), (S::Active, Ending::Until(day("2028-05-01"))));
    }

    #[test]
    fn what_does_not_bind_yet_is_let_be_and_what_binds_needs_notice() {
        let today = day("2027-07-01");
        for (state, free) in [
            (S::Drafted, true),
            (S::Sent, true),
            (S::SignedByGuardians, true),
            (S::SignedByProvider, false),
        ] {
            assert_eq!(contract(state).may_withdraw(today), free, "{state:?}");
        }
        assert!(
            !contract(S::Sent).may_withdraw(day("2027-08-01")),
            "care has begun without a signature"
        );
        let early = contract(S::SignedByProvider);
        let free_from = earliest(&early, "2027-03-15");
        let (gone, how) = early.end(free_from).unwrap();
        assert_eq!(
            (gone.state(), how),
            (S::Terminated, Ending::Withdrawn),
            "the notice is over before care begins"
        );
        let late = contract(S::SignedByProvider);
        let free_from = earliest(&late, "2027-07-01");
        assert_eq!(late.end(free_from).unwrap().1, Ending::Until(day("2027-11-01")));
    }

    #[test]
    fn care_that_has_its_day_begins_with_the_last_signature() {
        let signed = contract(S::SignedByGuardians).countersign(day("2027-08-10")).unwrap();
        assert_eq!(signed.state(), S::Active);
    }
}
