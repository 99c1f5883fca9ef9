//! The audit as a chain of hashes: sealing what was committed, and looking the whole chain through.

pub(super) mod http;
mod look;
mod model;
mod store;

use chrono::Duration;
use look::{Look, Step};
pub use model::{Broken, Fault, Head};
use store::{CheckRow, Ends};

use crate::access::{TenantRead, TenantTx};

/// So many events are sealed in one transaction.
const BATCH: i32 = 2000;

/// So many pages of links or events are looked at in one transaction: some two seconds, with the database's own look when it is put down.
const PAGES_A_PIECE: usize = 5;

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
    let Some(ends) = store::ends(tx).await? else {
        return keep(tx, Verdict::of_nothing(expected)).await;
    };
    let mut look = Look::begin(tx.now(), &ends);
    let broken = loop {
        match look.step(tx, &ends).await? {
            Step::More => {}
            Step::Broken(broken) => break Some(broken),
            Step::Done => break beside(tx, &ends, expected).await?,
        }
    };
    keep(tx, look.verdict(broken)).await
}

/// Looks a piece of the chain through and notes how far it came; the verdict once it is through. For the nightly job, which has to hand a
/// long chain from turn to turn: nothing is held for longer than a piece.
pub async fn verify_piece(tx: &mut TenantTx) -> Result<Option<Verdict>, sqlx::Error> {
    if seal(tx).await? {
        return Ok(None);
    }
    let Some(ends) = store::ends(tx).await? else {
        return keep(tx, Verdict::of_nothing(None)).await.map(Some);
    };
    let mut look = match store::progress(tx).await? {
        Some(look) => look.after_deletion(&ends),
        None => Look::begin(tx.now(), &ends),
    };
    for _ in 0..PAGES_A_PIECE {
        let broken = match look.step(tx, &ends).await? {
            Step::More => continue,
            Step::Broken(broken) => Some(broken),
            Step::Done => beside(tx, &ends, None).await?,
        };
        store::drop_progress(tx).await?;
        return keep(tx, look.verdict(broken)).await.map(Some);
    }
    store::save_progress(tx, &look).await?;
    Ok(None)
}

/// Notes what came of a look.
async fn keep(tx: &mut TenantTx, verdict: Verdict) -> Result<Verdict, sqlx::Error> {
    let (at, broken) = (tx.now(), verdict.broken.as_ref());
    let row = CheckRow {
        at,
        events: verdict.events,
        head_seq: verdict.head.seq,
        head_hash: unhex(&verdict.head.hash),
        fault: broken.map(|broken| broken.fault),
        event_id: broken.and_then(|broken| broken.event),
        event_at: broken.and_then(|broken| broken.at),
    };
    store::insert_check(tx, &row).await?;
    Ok(verdict)
}

impl Verdict {
    /// Nothing was ever sealed.
    fn of_nothing(expected: Option<&Head>) -> Self {
        Self {
            events: 0,
            head: Head {
                seq: 0,
                hash: String::new(),
            },
            broken: expected.map(|_| cut()),
        }
    }
}

/// What the links and events cannot show one by one: events that wait, a beginning that was cut off too early, another chain.
async fn beside(tx: &mut TenantRead, ends: &Ends, expected: Option<&Head>) -> Result<Option<Broken>, sqlx::Error> {
    if let Some(broken) = store::broken_pending(tx).await? {
        return Ok(Some(broken));
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

/// The bytes of a head; 32 zeros where there is none.
fn unhex(text: &str) -> Vec<u8> {
    let byte = |at: usize| text.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
    (0..32).map(|n| byte(2 * n).unwrap_or_default()).collect()
}
