//! The audit as a chain of hashes: sealing what was committed, and looking the whole chain through.

pub(super) mod http;
mod model;
mod store;

use chrono::Duration;
use model::Position;
pub use model::{Broken, Fault, Head};
use store::{CheckRow, Ends};

use crate::access::{TenantRead, TenantTx};

/// So many events are sealed in one transaction.
const BATCH: i32 = 2000;

/// What the database's own door to deletion by period keeps at least.
const SHORTEST_PERIOD: Duration = Duration::days(365);

/// What came of looking a tenant's chain through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Events that were looked at.
    pub events: i64,
    /// Where the chain ends: to be written down elsewhere.
    pub head: Head,
    /// What is wrong first; none when all is well.
    pub broken: Option<Broken>,
}

/// Seals a batch of committed events; answers whether there may be more.
pub(super) async fn seal(tx: &mut TenantTx) -> Result<bool, sqlx::Error> {
    Ok(store::seal(tx, BATCH).await? >= i64::from(BATCH))
}

/// Seals what is committed and looks the whole chain through; what came of it is kept. `expected` is a head that somebody wrote down
/// earlier and elsewhere: the chain must still pass through it.
pub async fn verify(tx: &mut TenantTx, expected: Option<&Head>) -> Result<Verdict, sqlx::Error> {
    while seal(tx).await? {}
    let verdict = look_through(tx, expected).await?;
    let (at, broken) = (tx.now(), verdict.broken.as_ref());
    let row = CheckRow {
        at,
        events: verdict.events,
        head_seq: verdict.head.seq,
        head_hash: store::ends(tx)
            .await?
            .map_or_else(|| vec![0; 32], |ends| ends.sealed_hash),
        fault: broken.map(|broken| broken.fault),
        event_id: broken.and_then(|broken| broken.event),
        event_at: broken.and_then(|broken| broken.at),
    };
    store::insert_check(tx, &row).await?;
    Ok(verdict)
}

async fn look_through(tx: &mut TenantRead, expected: Option<&Head>) -> Result<Verdict, sqlx::Error> {
    let Some(ends) = store::ends(tx).await? else {
        // Nothing was ever sealed.
        let head = Head {
            seq: 0,
            hash: String::new(),
        };
        return Ok(Verdict {
            events: 0,
            broken: expected.map(|_| cut()),
            head,
        });
    };
    let (events, broken) = match follow(tx, &ends).await? {
        (events, None) => (events, beside(tx, &ends, expected).await?),
        broken => broken,
    };
    let head = Head {
        seq: ends.sealed_seq,
        hash: hex(&ends.sealed_hash),
    };
    Ok(Verdict { events, head, broken })
}

/// Follows the sealed links from the first that is still there to the head.
async fn follow(tx: &mut TenantRead, ends: &Ends) -> Result<(i64, Option<Broken>), sqlx::Error> {
    let mut position = Position::new(ends.forgotten_seq, ends.forgotten_hash.clone(), ends.forgotten_until);
    let mut events = 0;
    loop {
        let links = store::sealed(tx, position.seq, ends.sealed_seq).await?;
        if links.is_empty() {
            break;
        }
        for link in &links {
            events += 1;
            if let Err(broken) = position.follow(link) {
                return Ok((events, Some(broken)));
            }
        }
    }
    let is_whole = position.seq == ends.sealed_seq && position.hash == ends.sealed_hash;
    Ok((events, (!is_whole).then(cut)))
}

/// What the sealed links cannot show: events that wait, events without a link, a beginning that was cut off too early, another chain.
async fn beside(tx: &mut TenantRead, ends: &Ends, expected: Option<&Head>) -> Result<Option<Broken>, sqlx::Error> {
    if let Some(broken) = store::broken_pending(tx).await? {
        return Ok(Some(broken));
    }
    let mut after = None;
    loop {
        let events = store::events(tx, after).await?;
        let Some(last) = events.last() else { break };
        after = Some((last.at, last.id));
        if let Some(event) = events.into_iter().find(|event| event.unlinked) {
            return Ok(Some(Broken {
                fault: Fault::Inserted,
                event: Some(event.id),
                at: Some(event.at),
            }));
        }
    }
    let newest = store::newest(tx).await?;
    if let (Some(until), Some(newest)) = (ends.forgotten_until, newest)
        && until + SHORTEST_PERIOD > newest + Duration::days(1)
    {
        return Ok(Some(cut()));
    }
    let Some(expected) = expected else { return Ok(None) };
    // What was deleted by period cannot be compared any more, but for the place where it stopped.
    let there = match expected.seq {
        seq if seq < ends.forgotten_seq => return Ok(None),
        seq if seq == ends.forgotten_seq => Some(ends.forgotten_hash.clone()),
        seq => store::hash_at(tx, seq).await?,
    };
    Ok((there.map(|hash| hex(&hash)) != Some(expected.hash.clone())).then(cut))
}

fn cut() -> Broken {
    Broken {
        fault: Fault::Cut,
        event: None,
        at: None,
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
