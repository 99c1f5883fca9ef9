//! Demands that come from another system, many at once: as if each had been sent there and then, but nobody is told anew.

use chrono::{DateTime, NaiveDate, Utc};

use super::DemandError;
use super::model::{DemandChange, SubmitFacts, SubmitRules, Wish, check_submission, reference_code};
use super::store::{self, AskedCode};
use crate::access::{TenantRead, TenantTx};
use crate::families::NewChild;
use crate::platform::crypto::random_bytes;
use crate::platform::fields::Invalid;
use crate::platform::ids::{ChildId, CriterionId, DemandId, FacilityId};
use crate::residence;
use crate::tenancy::Settings;

/// What is wished, with nothing missing.
#[derive(Debug, Clone)]
pub struct Complete {
    pub(super) wish: Wish,
    pub(super) legal_due_on: Option<NaiveDate>,
}

/// A demand as the other system had it.
#[derive(Debug, Clone)]
pub struct TakenOver {
    /// Its id here.
    pub id: DemandId,
    /// Whose it is.
    pub child: ChildId,
    /// When it was sent there: all that counts by time counts from then.
    pub submitted_at: DateTime<Utc>,
    /// What is wished.
    pub complete: Complete,
    /// The wished facilities, the dearest first.
    pub facilities: Vec<FacilityId>,
    /// Criteria that the family claims, with their number where one is asked.
    pub facts: Vec<(CriterionId, Option<i32>)>,
}

/// The criteria that a family is asked for today, by their code.
pub async fn asked_codes(tx: &mut TenantRead) -> Result<Vec<AskedCode>, sqlx::Error> {
    store::asked_codes(tx).await
}

/// Checks a demand by the rules under which a family sends one, as of the day on which it was sent.
pub fn complete(
    change: &DemandChange,
    child: &NewChild,
    preferences: usize,
    settings: &Settings,
    sent_on: NaiveDate,
    today: NaiveDate,
) -> Result<Complete, Invalid> {
    let wish = Wish::default().changed(change, today)?;
    let facts = SubmitFacts {
        birth_date: child.birth_date,
        expected_birth_date: child.expected_birth_date,
        has_household: true,
        // Where the family lived then is not known; the office sees the address.
        lives_elsewhere: false,
        preferences,
    };
    let rules = SubmitRules {
        days_before_birth: settings.earliest_application_days_before_birth,
        start_age_months: settings.earliest_start_age_months,
    };
    check_submission(&wish, facts, rules, sent_on)?;
    let due = |start| residence::legal_due_on(sent_on, start, settings.notice_period_months);
    Ok(Complete {
        legal_due_on: wish.desired_start.filter(|_| wish.legal_claim).map(due),
        wish,
    })
}

/// Writes demands with their wishes. The answer clock of the facilities begins today: they see them today for the first time.
pub async fn take_over(tx: &mut TenantTx, all: &[TakenOver], settings: &Settings) -> Result<(), DemandError> {
    let codes = free_codes(tx, all.len()).await?;
    let state = if settings.confirm_automatically {
        "confirmed"
    } else {
        "submitted"
    };
    store::insert_taken_over(tx, all, &codes, state).await?;
    store::insert_wishes(tx, all, store::days_after(tx.today(), settings.answer_clock_days)).await?;
    Ok(store::insert_claims(tx, all).await?)
}

/// Has all open demands counted that were not counted yet.
pub async fn count_all_later(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    super::criteria::jobs::count_rest_later(tx).await
}

/// As many reference codes that no demand has.
async fn free_codes(tx: &mut TenantTx, many: usize) -> Result<Vec<String>, DemandError> {
    let mut codes = std::collections::BTreeSet::new();
    for _ in 0..10 {
        while codes.len() < many {
            codes.extend(reference_code(&random_bytes::<24>()));
        }
        let list: Vec<String> = codes.iter().cloned().collect();
        let taken = store::codes_taken(tx, &list).await?;
        if taken.is_empty() {
            return Ok(list);
        }
        codes.retain(|code| !taken.contains(code));
    }
    Err(DemandError::Db(sqlx::Error::Protocol(
        "no free reference codes found".into(),
    )))
}
