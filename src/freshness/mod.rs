//! Figures stay fresh: once a month whoever runs a facility is asked by mail whether its places are still right, one click answers.
//!
//! A figure that nobody confirmed for longer than the municipality allows is shown as stale; that rule is the search's.

pub mod http;
pub mod jobs;
mod store;

use chrono::{Months, NaiveDate};

use crate::access::TenantTx;
use crate::facilities::{self, CapacityError, PlacesNow};
use crate::notifications::{self, Message, Recipient, Token};
use crate::platform::clock::end_of_day;
use crate::platform::crypto::random_token;

/// Facilities a transaction.
const BATCH: i64 = 50;

/// The last day on which a confirmation is old enough to ask again on `today`: a month ago.
fn due(today: NaiveDate) -> NaiveDate {
    today.checked_sub_months(Months::new(1)).unwrap_or(today)
}

/// The last day of a link that is sent today: by then the next one is there.
fn link_until(today: NaiveDate) -> NaiveDate {
    today.checked_add_months(Months::new(1)).unwrap_or(today)
}

/// Name and figures of the facility of a link, confirmed where that is wanted. `None`: no link that holds, because it is old, or because
/// who got it runs the facility no longer.
async fn by_link(
    tx: &mut TenantTx,
    token: &str,
    confirm: bool,
) -> Result<Option<(String, Option<PlacesNow>)>, CapacityError> {
    let Some(link) = store::link(tx, token).await? else {
        return Ok(None);
    };
    let runs_it = store::people(tx, link.facility_id).await?;
    if !runs_it.iter().any(|person| person.id == link.account_id) {
        return Ok(None);
    }
    tx.touch(link.facility_id);
    if confirm {
        facilities::confirm_figures(tx, link.facility_id).await?;
    }
    let name = facilities::facility_name(tx, link.facility_id).await?;
    let now = facilities::places_now(tx, &[link.facility_id]).await?.pop();
    Ok(name.map(|name| (name, now)))
}

/// Asks the people of some facilities whose figures are a month old; answers of how many. Nobody is asked twice a month.
async fn remind(tx: &mut TenantTx) -> Result<usize, sqlx::Error> {
    let day = due(tx.today());
    let facilities = store::due(tx, day, BATCH).await?;
    for facility in &facilities {
        for person in store::people(tx, facility.id).await? {
            let token = random_token();
            store::add_link(tx, facility.id, person.id, &token, end_of_day(link_until(tx.today()))).await?;
            let message = Message::CapacityDue {
                facility_id: facility.id,
                facility: facility.name.clone(),
                confirmed_on: facility.confirmed_on,
                token: Token::new(token),
            };
            let recipient = Recipient::account(person.id, person.email, person.language);
            notifications::enqueue(tx, recipient, message).await?;
        }
        store::note(tx, facility.id).await?;
    }
    Ok(facilities.len())
}
