//! Demands that come from another system, many at once: as if each had been sent there and then, but nobody is told anew.

use chrono::{DateTime, NaiveDate, Utc};

use super::DemandError;
use super::model::{DemandChange, SubmitFacts, SubmitRules, Wish, check_submission, reference_code};
use super::store::{self, AskedCode};
use crate::access::{TenantRead, TenantTx};
use crate::facilities::CareType;
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

/// How far a demand was in the other system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The family waits for a place.
    Open,
    /// The family waits for a place, and the child has another one.
    Transfer,
    /// The child has the place, and care begins later.
    Covered,
    /// The child has the place, and care has begun.
    Closed,
}

impl Standing {
    /// The states of the demand and of its wishes.
    pub(super) fn states(self, settings: &Settings) -> (&'static str, &'static str) {
        match self {
            Self::Open | Self::Transfer if settings.confirm_automatically => ("confirmed", "received"),
            Self::Open | Self::Transfer => ("submitted", "received"),
            Self::Covered => ("covered", "accepted"),
            Self::Closed => ("closed", "contracted"),
        }
    }
}

/// A criterion that a family claims.
#[derive(Debug, Clone, Copy)]
pub struct ClaimedFact {
    /// The criterion.
    pub criterion: CriterionId,
    /// The number, where one is asked.
    pub number: Option<i32>,
    /// When the evidence was seen.
    pub seen_on: Option<NaiveDate>,
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
    /// Criteria that the family claims.
    pub facts: Vec<ClaimedFact>,
    /// How far it was.
    pub standing: Standing,
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

/// The wish that led to a place which the child has already; the rules of sending hold no more.
pub fn placed(care_type: CareType, from: NaiveDate, hours_per_week: i32) -> Complete {
    Complete {
        wish: Wish {
            care_type: Some(care_type),
            desired_start: Some(from),
            hours_per_week: Some(hours_per_week),
            ..Wish::default()
        },
        legal_due_on: None,
    }
}

/// Writes demands with their wishes. The answer clock of the facilities begins today: they see them today for the first time.
pub async fn take_over(tx: &mut TenantTx, all: &[TakenOver], settings: &Settings) -> Result<(), DemandError> {
    let codes = free_codes(tx, all.len()).await?;
    let states: Vec<_> = all.iter().map(|demand| demand.standing.states(settings)).collect();
    store::insert_taken_over(tx, all, &codes, &states).await?;
    let answer_due_on = store::days_after(tx.today(), settings.answer_clock_days);
    store::insert_wishes(tx, all, &states, answer_due_on).await?;
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
