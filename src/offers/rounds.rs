//! Offers of a released allocation round: every waiting case gets its offer once, and places that come back go on to the next.

use std::collections::HashSet;
use std::sync::Arc;

use super::{NewOffer, OfferError, improving};
use crate::access::{TenantTx, as_system, tenant_of_job};
use crate::allocation::rounds::turns::{self, Turn};
use crate::allocation::rounds::{self, Decided, ProposedPlace, RoundError};
use crate::demands::DemandError;
use crate::platform::Platform;
use crate::platform::db::TenantRef;
use crate::platform::ids::RoundId;
use crate::platform::jobs::{Job, JobError, Stint};

/// How many are looked up at once.
const BATCH: i64 = 100;

/// Why a turn was not dealt with.
#[derive(Debug, thiserror::Error)]
enum TurnError {
    #[error(transparent)]
    Offer(#[from] OfferError),
    #[error(transparent)]
    Round(#[from] RoundError),
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl TurnError {
    fn database(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Offer(error) => error.database(),
            Self::Round(error) => error.database(),
            Self::Db(error) => Some(error),
        }
    }
}

/// The offers of one tenant's released rounds, in one run of a job.
struct Sending<'a> {
    platform: &'a Platform,
    tenant: &'a Arc<TenantRef>,
    stint: Stint<'a>,
}

/// Deals with what waits in all released rounds, each in a transaction of its own: a crash anywhere leaves cases that are done and cases that
/// wait, and nothing in between.
pub(super) async fn send_waiting(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let mut sending = Sending {
        platform: &platform,
        tenant: &tenant,
        stint: Stint::begin(&job, "SendRoundOffers"),
    };
    for round in sending.released().await? {
        sending.send_all(round).await?;
    }
    sending.stint.end()
}

/// Tries once more what was set aside, sends what waits, and gives places that came back to the next until nobody waits for any of them.
pub(super) async fn follow_up(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    let mut sending = Sending {
        platform: &platform,
        tenant: &tenant,
        stint: Stint::begin(&job, "FollowUpRounds"),
    };
    sending.withdraw_signed().await?;
    for round in sending.released().await? {
        sending.try_again(round).await?;
        sending.send_all(round).await?;
        let next = as_system(&platform, &tenant, "follow_up_round", async |tx| {
            rounds::follow_up(tx, round).await
        });
        let found = sending.stint.note(round, next.await, RoundError::database);
        if found.is_some_and(|found| found > 0) {
            sending.send_all(round).await?;
        }
    }
    sending.stint.end()
}

impl Sending<'_> {
    async fn released(&self) -> Result<Vec<RoundId>, JobError> {
        let all = as_system(self.platform, self.tenant, "list_released_rounds", async |tx| {
            rounds::released_rounds(tx).await
        });
        all.await.map_err(|e| failed(&e))
    }

    /// Sends what waits in a round, as far as the time of one run goes.
    async fn send_all(&mut self, round: RoundId) -> Result<(), JobError> {
        // What failed and still waits is not tried a second time in this run.
        let mut tried = HashSet::new();
        while !self.stint.is_over() {
            let waiting = as_system(self.platform, self.tenant, "list_waiting_cases", async |tx| {
                turns::waiting(tx, round, BATCH).await
            });
            let mut waiting = waiting.await.map_err(|e| failed(&e))?;
            waiting.retain(|turn| tried.insert(*turn));
            if waiting.is_empty() {
                break;
            }
            for turn in waiting {
                let sent = self.send_one(round, turn).await;
                let lasts = Stint::lasts(&sent, TurnError::database);
                self.stint.note(turn, sent, TurnError::database);
                if lasts {
                    let put = as_system(self.platform, self.tenant, "note_round_offer_not_sent", async |tx| {
                        turns::put_aside(tx, round, turn).await
                    });
                    self.stint.note(turn, put.await, RoundError::database);
                }
            }
        }
        Ok(())
    }

    /// Tries once more what was set aside in a round: what stood against it may have been mended.
    async fn try_again(&mut self, round: RoundId) -> Result<(), JobError> {
        let aside = as_system(self.platform, self.tenant, "list_waiting_cases", async |tx| {
            turns::set_aside(tx, round).await
        });
        for turn in aside.await.map_err(|e| failed(&e))? {
            if self.stint.is_over() {
                break;
            }
            let sent = self.send_one(round, turn).await;
            self.stint.note(turn, sent, TurnError::database);
        }
        Ok(())
    }

    /// Sends the offer of a turn, or notes why it never can be.
    async fn send_one(&self, round: RoundId, turn: Turn) -> Result<(), TurnError> {
        let sent = as_system(self.platform, self.tenant, "send_round_offer", async |tx| {
            send(tx, round, turn).await
        });
        let reason = match sent.await {
            Err(TurnError::Offer(refused)) => lasting(&refused).ok_or(refused)?,
            other => return other,
        };
        as_system(self.platform, self.tenant, "note_round_offer_not_sent", async |tx| {
            Ok(turns::not_sent(tx, round, turn, reason).await?)
        })
        .await
    }

    /// Takes offers of better places back whose child signed for the place that it has.
    async fn withdraw_signed(&mut self) -> Result<(), JobError> {
        let mut after = None;
        while !self.stint.is_over() {
            let signed = as_system(self.platform, self.tenant, "list_waiting_cases", async |tx| {
                rounds::signed_meanwhile(tx, after, BATCH).await
            });
            let signed: Vec<_> = signed.await?;
            after = signed.last().copied();
            if after.is_none() {
                break;
            }
            for id in signed {
                let done = as_system(self.platform, self.tenant, "withdraw_round_offer", async |tx| {
                    improving::withdraw_signed(tx, id).await
                });
                self.stint.note(id, done.await, OfferError::database);
            }
        }
        Ok(())
    }
}

/// Takes a turn and sends its offer, all in the caller's transaction. Doing it again changes nothing.
async fn send(tx: &mut TenantTx, round: RoundId, turn: Turn) -> Result<(), TurnError> {
    let Decided::Place(place) = turns::take(tx, round, turn).await? else {
        return Ok(());
    };
    let offer = match turn {
        Turn::Case(_) => super::send(tx, &new_offer(&place)).await?,
        Turn::Better(..) => improving::send(tx, &new_offer(&place)).await?,
    };
    turns::offered(tx, turn, offer.id).await?;
    if let Turn::Better(..) = turn {
        improving::announce(tx, &offer).await?;
    }
    Ok(())
}

fn new_offer(place: &ProposedPlace) -> NewOffer {
    let (window_from, window_to) = place.window.unzip();
    NewOffer {
        preference_id: place.preference_id,
        care_from: place.care_from,
        care_until: None,
        hours_per_week: Some(place.hours_per_week),
        window_from,
        window_to,
        week: None,
        deadline_days: place.offer_days,
    }
}

/// Why an offer cannot be sent now or later, as a stable code; `None` for what another attempt may mend.
fn lasting(error: &OfferError) -> Option<&'static str> {
    match error {
        OfferError::NoPlace | OfferError::ContractsFull => Some("no_place"),
        OfferError::CapacityUnknown => Some("capacity_unknown"),
        OfferError::ChildHasOpenOffer => Some("child_has_open_offer"),
        OfferError::FacilityClosed => Some("facility_closed"),
        OfferError::Invalid(_) => Some("invalid"),
        OfferError::Demand(DemandError::Transition(_)) => Some("wish_ended"),
        OfferError::Missing => Some("missing"),
        _ => None,
    }
}

fn failed(error: &dyn std::fmt::Display) -> JobError {
    JobError::Retry(error.to_string())
}
