//! What must be so in a chain of hashes, and what is wrong first. Pure; it repeats nothing of what the database computed but compares it.

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::platform::crypto::sha256;

/// Events are sealed in the order of their instants, but for clocks of several servers that differ and for transactions that ran meanwhile.
const LATE: Duration = Duration::hours(1);

/// What is wrong with the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = AuditFaultKind, example = "altered")]
pub enum Fault {
    /// The event is not what it was when it was written.
    Altered,
    /// The event is gone, and not by the deletion by period.
    Removed,
    /// The event was put in past the trigger that links it.
    Inserted,
    /// The event was put in later with an instant of the past.
    Backdated,
    /// The links themselves were changed: one is missing or does not follow from its predecessor.
    Relinked,
    /// The event does not stand in the list of a child that it names.
    Hidden,
    /// The chain does not end where its head says, or not at the head that was written down elsewhere.
    Cut,
}

impl Fault {
    /// The word in database, API and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Altered => "altered",
            Self::Removed => "removed",
            Self::Inserted => "inserted",
            Self::Backdated => "backdated",
            Self::Relinked => "relinked",
            Self::Hidden => "hidden",
            Self::Cut => "cut",
        }
    }
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// What.
    pub fault: Fault,
    /// At which event.
    pub event: Option<Uuid>,
    /// When that was written, as its link says.
    pub at: Option<DateTime<Utc>>,
}

/// A link with what the event it belongs to looks like today.
#[derive(Debug, Clone)]
pub struct Link {
    pub event: Uuid,
    pub at: DateTime<Utc>,
    pub event_hash: Vec<u8>,
    /// Place and hash, once it is sealed.
    pub sealed: Option<(i64, Vec<u8>)>,
    /// The hash of the event as it stands now; none when it is gone.
    pub hash_now: Option<Vec<u8>>,
    /// Whether a child that it names does not have it in its list.
    pub hidden: bool,
}

/// How far a chain was followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub seq: i64,
    pub hash: Vec<u8>,
    /// The latest instant so far.
    pub latest: Option<DateTime<Utc>>,
}

impl Position {
    /// Before the first link that is still there.
    pub fn new(seq: i64, hash: Vec<u8>, latest: Option<DateTime<Utc>>) -> Self {
        Self { seq, hash, latest }
    }

    /// Follows one link, or says what is wrong with it.
    pub fn follow(&mut self, link: &Link) -> Result<(), Broken> {
        let fault = |fault| Broken {
            fault,
            event: Some(link.event),
            at: Some(link.at),
        };
        let Some((seq, hash)) = &link.sealed else {
            return Err(fault(Fault::Relinked));
        };
        let expected = sha256(&[self.hash.as_slice(), &link.event_hash].concat());
        if *seq != self.seq + 1 || *hash != expected {
            return Err(fault(Fault::Relinked));
        }
        link.is_whole().map_err(fault)?;
        if self.latest.is_some_and(|latest| link.at + LATE < latest) {
            return Err(fault(Fault::Backdated));
        }
        *self = Self {
            seq: *seq,
            hash: expected,
            latest: self.latest.max(Some(link.at)),
        };
        Ok(())
    }
}

impl Link {
    /// Whether the event is there, as it was written, and where the child's list says.
    pub fn is_whole(&self) -> Result<(), Fault> {
        match &self.hash_now {
            None => Err(Fault::Removed),
            Some(now) if *now != self.event_hash => Err(Fault::Altered),
            Some(_) if self.hidden => Err(Fault::Hidden),
            Some(_) => Ok(()),
        }
    }
}

/// A head that was written down elsewhere: `1234:ab12…`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// How many events were sealed.
    pub seq: i64,
    /// The hash of the last one, in hexadecimal.
    pub hash: String,
}

impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl std::str::FromStr for Head {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (seq, hash) = text.split_once(':').ok_or("a head is NUMBER:HASH")?;
        let hash = hash.to_ascii_lowercase();
        match seq.parse() {
            Ok(seq) if hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => Ok(Self { seq, hash }),
            _ => Err("a head is NUMBER:HASH"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(n: u8) -> Vec<Link> {
        let mut hash = vec![0; 32];
        (1..=n)
            .map(|i| {
                let event_hash = sha256(&[i]);
                hash = sha256(&[hash.as_slice(), &event_hash].concat());
                Link {
                    event: Uuid::from_u128(u128::from(i)),
                    at: DateTime::UNIX_EPOCH + Duration::minutes(i64::from(i)),
                    hash_now: Some(event_hash.clone()),
                    event_hash,
                    sealed: Some((i64::from(i), hash.clone())),
                    hidden: false,
                }
            })
            .collect()
    }

    fn first_fault(links: &[Link]) -> Option<(Fault, u128)> {
        let mut position = Position::new(0, vec![0; 32], None);
        let broken = links.iter().find_map(|link| position.follow(link).err())?;
        Some((broken.fault, broken.event.unwrap().as_u128()))
    }

    #[test]
    fn a_chain_holds_until_one_link_of_it_does_not() {
        assert_eq!(first_fault(&chain(9)), None);
        let mut altered = chain(9);
        altered[3].hash_now = Some(sha256(b"other"));
        assert_eq!(first_fault(&altered), Some((Fault::Altered, 4)));
        let mut removed = chain(9);
        removed[8].hash_now = None;
        assert_eq!(first_fault(&removed), Some((Fault::Removed, 9)));
        let mut unlinked = chain(9);
        unlinked.remove(4);
        assert_eq!(first_fault(&unlinked), Some((Fault::Relinked, 6)));
        let mut hidden = chain(9);
        hidden[0].hidden = true;
        assert_eq!(first_fault(&hidden), Some((Fault::Hidden, 1)));
        // Whoever changes the event and its own hash must change every link after it.
        let mut clever = chain(9);
        clever[3].event_hash = sha256(b"other");
        clever[3].hash_now = Some(sha256(b"other"));
        assert_eq!(first_fault(&clever), Some((Fault::Relinked, 4)));
    }

    #[test]
    fn an_event_of_the_past_at_the_end_of_the_chain_is_noticed() {
        let mut links = chain(9);
        links[8].at = DateTime::UNIX_EPOCH - Duration::minutes(50);
        assert_eq!(first_fault(&links), None, "clocks and transactions differ a little");
        links[8].at = DateTime::UNIX_EPOCH - Duration::minutes(53);
        assert_eq!(first_fault(&links), Some((Fault::Backdated, 9)));
    }

    #[test]
    fn a_head_is_read_as_it_is_written() {
        let head = Head {
            seq: 12,
            hash: "ab".repeat(32),
        };
        assert_eq!(head.to_string().parse(), Ok(head));
        for wrong in [
            "",
            "12",
            "12:ab",
            "x:abababababababababababababababababababababababababababababababab",
        ] {
            assert!(wrong.parse::<Head>().is_err(), "{wrong}");
        }
    }
}
