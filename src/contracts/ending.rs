//! The end of a contract: notice by either side, a withdrawal before it binds, and the day on which its time is over.

use super::model::{ContractError, Ending, Notice, NoticeBy, checked_end, last_day};
use super::store::{self, ContractRow, GivenNotice};
use super::{contract, earliest_end, locked, locked_with_places};
use crate::access::TenantTx;
use crate::notifications::{self, ChildInitial, Message, Told};
use crate::platform::clock::berlin_date;
use crate::platform::http::Stale;
use crate::platform::ids::{ContractId, FacilityId};
use crate::platform::jobs::NewJob;
use crate::{facilities, families};

/// Either side gives notice: the contract ends after its period, or does not come about when it does not bind yet. The place goes back
/// in the same transaction.
pub async fn give_notice(
    tx: &mut TenantTx,
    id: ContractId,
    seen: i32,
    by: NoticeBy,
    notice: &Notice,
) -> Result<ContractRow, ContractError> {
    end_by_notice(tx, id, seen, by, notice, None).await
}

/// The facility enters the notice that a family without an account gave on paper: the family's own notice, whose period counts from the
/// day on which the paper arrived.
pub async fn record_notice(
    tx: &mut TenantTx,
    id: ContractId,
    seen: i32,
    notice: &Notice,
    told: Told,
) -> Result<ContractRow, ContractError> {
    let (row, today) = (contract(tx, id).await?, tx.today());
    Stale::check(seen, row.version)?;
    let made_on = berlin_date(row.created_at);
    // Whose care has begun was not let be before it.
    let since = if row.care_from <= today {
        made_on.max(row.care_from)
    } else {
        made_on
    };
    let told = told.in_writing()?.checked(since, today)?;
    if families::has_account(tx, row.child_id).await? {
        return Err(ContractError::HasAccount);
    }
    tx.because(told.by.as_str());
    end_by_notice(tx, id, seen, NoticeBy::Guardians, notice, Some(told)).await
}

async fn end_by_notice(
    tx: &mut TenantTx,
    id: ContractId,
    seen: i32,
    by: NoticeBy,
    notice: &Notice,
    told: Option<Told>,
) -> Result<ContractRow, ContractError> {
    let row = locked_with_places(tx, id).await?;
    Stale::check(seen, row.version)?;
    let machine = row.machine();
    if row.notice_by.is_some() && machine.clone().end(row.care_until).is_ok() {
        return Err(ContractError::NoticeGiven);
    }
    let (given_on, reason_needed) = (told.map_or(tx.today(), |told| told.on), by == NoticeBy::Facility);
    let earliest = earliest_end(tx, &row, given_on).await?;
    // What does not bind yet is let be as a whole, whatever day was named.
    let whole = Notice {
        last_day: None,
        ..notice.clone()
    };
    let (wished, rule) = match machine.may_withdraw(given_on) {
        true => (&whole, None),
        false => (notice, Some(row.notice())),
    };
    let free_from = checked_end(wished, reason_needed, given_on, earliest, row.care_until, rule.as_ref())?;
    let (ended, how) = machine.end(free_from)?;
    let reason = notice.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
    let given = GivenNotice {
        by,
        reason,
        told,
        state: ended.state(),
        until: match how {
            Ending::Withdrawn => None,
            Ending::Until(day) => Some(day),
        },
    };
    store::set_notice(tx, id, &given).await?;
    match how {
        Ending::Withdrawn => {
            facilities::release_place(tx, row.offer_id).await?;
            fell_through(tx, &row, by).await?;
        }
        Ending::Until(day) => facilities::end_place(tx, row.offer_id, day).await?,
    }
    vacated(tx, row.facility_id).await?;
    tell(tx, &row, &given, how).await?;
    contract(tx, id).await
}

async fn tell(tx: &mut TenantTx, row: &ContractRow, given: &GivenNotice<'_>, how: Ending) -> Result<(), ContractError> {
    let message = Message::ContractEnds {
        contract_id: row.id,
        facility: row.facility_name.clone(),
        child: ChildInitial::of(row.child_first_name.as_deref()),
        last_day: match how {
            Ending::Withdrawn => None,
            Ending::Until(day) => Some(last_day(day)),
        },
        by_facility: given.by == NoticeBy::Facility,
        received_on: given.told.map(|told| told.on),
    };
    Ok(notifications::tell_family(tx, row.child_id, row.demand_id, &message).await?)
}

/// Notes that a contract's first or last day has come.
pub(super) async fn tend(tx: &mut TenantTx, id: ContractId) -> Result<(), ContractError> {
    let row = locked(tx, id).await?;
    let (today, noticed) = (tx.today(), row.notice_by.is_some());
    if let Ok(over) = row.machine().run_out(today, noticed) {
        store::set_state(tx, id, over.state()).await?;
        // What both sides have not signed by then comes too late.
        store::drop_open_amendment(tx, id).await?;
    } else if let Ok(begun) = row.machine().start_care(today) {
        store::set_state(tx, id, begun.state()).await?;
    }
    Ok(())
}

/// Tells the follow-up lists, which stand below this module, that a place came back.
pub(super) async fn vacated(tx: &mut TenantTx, facility: FacilityId) -> Result<(), sqlx::Error> {
    tx.enqueue_about("OfferNext", "facility_id", facility).await
}

/// Tells the demands, which stand below this module, that nothing came of the place.
async fn fell_through(tx: &mut TenantTx, row: &ContractRow, by: NoticeBy) -> Result<(), sqlx::Error> {
    let run_at = tx.now();
    let preference = store::preference_of(tx, row.offer_id).await?;
    tx.enqueue(NewJob {
        kind: "WithoutContract",
        payload: serde_json::json!({
            "demand_id": row.demand_id, "preference_id": preference, "by_facility": by == NoticeBy::Facility,
        }),
        // Of the wish: a better place of the same demand can come to nothing, too, before this is told.
        dedup_key: Some(preference.to_string()),
        run_at,
    })
    .await
}
