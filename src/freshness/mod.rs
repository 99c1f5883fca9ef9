//! Figures stay fresh: once a month whoever runs a facility is asked by mail whether its places are still right, one click answers.
//!
//! A figure that nobody confirmed for longer than the municipality allows is shown as stale; that rule is the search's.

pub mod jobs;
mod store;

use chrono::{Months, NaiveDate};

use crate::access::TenantTx;
use crate::notifications::{self, Message, Recipient};

/// Facilities a transaction.
const BATCH: i64 = 50;

/// The last day on which a confirmation is old enough to ask again on `today`: a month ago.
fn due(today: NaiveDate) -> NaiveDate {
    today.checked_sub_months(Months::new(1)).unwrap_or(today)
}

/// Asks the people of some facilities whose figures are a month old; answers of how many. Nobody is asked twice a month.
async fn remind(tx: &mut TenantTx) -> Result<usize, sqlx::Error> {
    let day = due(tx.today());
    let facilities = store::due(tx, day, BATCH).await?;
    for facility in &facilities {
        let message = Message::CapacityDue {
            facility_id: facility.id,
            facility: facility.name.clone(),
            confirmed_on: facility.confirmed_on,
        };
        for person in store::people(tx, facility.id).await? {
            let recipient = Recipient::account(person.id, person.email, person.language);
            notifications::enqueue(tx, recipient, message.clone()).await?;
        }
        store::note(tx, facility.id).await?;
    }
    Ok(facilities.len())
}
