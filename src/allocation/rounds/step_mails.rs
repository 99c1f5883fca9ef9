//! Coordinated rounds: managers are told that a step waits for them, and once more before its deadline.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, TimeDelta};

use super::RoundError;
use super::standing::{Standing, standing};
use super::store::{self, RoundRow};
use crate::access::TenantTx;
use crate::notifications::{self, Message, Recipient, StepNews};
use crate::platform::ids::{AccountId, FacilityId};

/// Days before the deadline on which managers are reminded.
const REMIND_DAYS: u64 = 2;

/// Tells everybody who may answer the open step that it was opened.
pub(super) async fn opened(tx: &mut TenantTx, round: &RoundRow) -> Result<(), RoundError> {
    let standing = standing(tx, round).await?;
    tell(tx, round, &standing, Message::StepOpened).await
}

/// Tells those who have not answered that the deadline is near, once a step. Who heard of the step less than a day ago needs no reminder.
pub(super) async fn deadline_near(tx: &mut TenantTx, round: &RoundRow) -> Result<(), RoundError> {
    let last_day = tx.today().checked_add_days(Days::new(REMIND_DAYS));
    let opened_before = tx.now() - TimeDelta::days(1);
    let Some(last_day) = last_day else { return Ok(()) };
    if !store::claim_step_reminder(tx, round.id, last_day, opened_before).await? {
        return Ok(());
    }
    let standing = standing(tx, round).await?;
    tell(tx, round, &standing, Message::StepDeadline).await
}

/// One mail a person, however many facilities it speaks for.
async fn tell(
    tx: &mut TenantTx,
    round: &RoundRow,
    standing: &Standing,
    message: fn(StepNews) -> Message,
) -> Result<(), RoundError> {
    let Some(open) = standing.inputs.open() else {
        return Ok(());
    };
    let may = standing.inputs.may_answer(&standing.situation);
    let silent: BTreeSet<FacilityId> = may
        .into_iter()
        .filter(|facility| standing.inputs.answer(open.number, *facility).is_none())
        .collect();
    let (number, due_on) = (open.number, open.due_on);
    let silent: Vec<FacilityId> = silent.into_iter().collect();
    let mut persons: BTreeMap<AccountId, (Recipient, Vec<String>)> = BTreeMap::new();
    for row in store::managers_of(tx, &silent).await? {
        let recipient = Recipient::account(row.account_id, row.email, row.language);
        let (_, facilities) = persons.entry(row.account_id).or_insert((recipient, Vec::new()));
        facilities.push(row.facility_name);
    }
    for (recipient, facilities) in persons.into_values() {
        let news = StepNews {
            round: round.name.clone(),
            number,
            facilities,
            due_on,
        };
        notifications::enqueue(tx, recipient, message(news)).await?;
    }
    Ok(())
}
