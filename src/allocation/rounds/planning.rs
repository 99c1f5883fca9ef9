//! A round is planned, frozen, stopped and ended.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::compose::Changes;
use super::groups::Belongs;
use super::model::{AllocationRound, NewRound, RunKind, day_after, year_after};
use super::proposal::hex;
use super::report::LastRound;
use super::snapshot::{self, Kept, Site, Sources, Taken};
use super::solving::{Cases, Work};
use super::store::{RoundRow, Sealed};
use super::{RoundError, aside, locked, person, running, store};
use crate::access::TenantTx;
use crate::allocation::{ENGINE, commitment};
use crate::demands::{self, Entrants, KeptSeats, ScoredPreference};
use crate::facilities;
use crate::platform::clock::end_of_day;
use crate::platform::crypto::random_bytes;
use crate::platform::http::Stale;
use crate::platform::ids::{FacilityId, RoundId};
use crate::residence;
use crate::tenancy;

/// Plans a round.
pub async fn create(tx: &mut TenantTx, new: NewRound) -> Result<RoundId, RoundError> {
    let new = new.checked(tx.today())?;
    let (id, by) = (RoundId::new(), person(tx)?);
    let kita_year = kita_year(tx, new.start_on).await?;
    store::insert_round(tx, id, &new, kita_year, by).await?;
    tx.touch(id);
    Ok(id)
}

/// Changes what was planned; until the freeze only.
pub async fn change(tx: &mut TenantTx, id: RoundId, seen: i32, new: NewRound) -> Result<(), RoundError> {
    let round = locked(tx, id).await?;
    Stale::check(seen, round.version)?;
    round.machine().edit()?;
    let new = new.checked(tx.today())?;
    let kita_year = kita_year(tx, new.start_on).await?;
    Ok(store::update_round(tx, id, &new, kita_year).await?)
}

/// The first day of the Kita year in which a day lies.
async fn kita_year(tx: &mut TenantTx, day: NaiveDate) -> Result<NaiveDate, RoundError> {
    use chrono::Datelike;
    let settings = tenancy::settings(tx).await?;
    let begin = |year: i32| {
        format!("{year:04}-{}", settings.kita_year_start)
            .parse::<NaiveDate>()
            .unwrap_or(day)
    };
    let this = begin(day.year());
    Ok(if this <= day { this } else { begin(day.year() - 1) })
}

/// Takes demands and places as they are now. From here on nobody can come in between, and the commitment to the draw is public. With a dry
/// run the first proposal is made at once, of what is in memory already.
pub async fn freeze(tx: &mut TenantTx, id: RoundId, seen: i32, dry_run: bool) -> Result<(), RoundError> {
    let round = locked(tx, id).await?;
    Stale::check(seen, round.version)?;
    let frozen = round.machine().freeze()?;
    if tx.today() < day_after(round.key_date) {
        return Err(RoundError::KeyDateAhead);
    }
    // What is drawn must not be known when names and commitment are made; its hour is not known here, so its day is too late.
    if tx.today() >= round.config.draw_on {
        return Err(RoundError::DrawOver);
    }
    if store::another_under_way(tx, id).await? {
        return Err(RoundError::AnotherUnderWay);
    }
    store::take_memory(tx).await?;
    let (sources, rule_set) = sources(tx, round).await?;
    let (sources, taken) = aside(move || {
        let taken = snapshot::take(&sources, || hex(&random_bytes::<8>()));
        Ok((sources, Arc::new(taken)))
    })
    .await?;
    let first = match dry_run {
        true => Some(FirstRun::of(tx, id).await?),
        false => None,
    };
    // The database writes the cases while their instance is built and solved: neither needs anything of the other.
    let building = aside({
        let taken = Arc::clone(&taken);
        move || {
            let sealed = sealed(&sources, &taken, rule_set)?;
            let read = first.map(|first| first.work(sources, &taken, &sealed).proposed());
            Ok((sealed, read.transpose()?))
        }
    });
    let writing = async {
        store::insert_pools(tx, id, &taken.pools).await?;
        store::insert_cases(tx, id, &taken).await
    };
    let (built, written) = tokio::join!(building, writing);
    written?;
    let (sealed, read) = built?;
    store::set_frozen(tx, id, &sealed).await?;
    match read {
        Some(read) => {
            running::put(tx, id, RunKind::Dry, &frozen.propose()?, read).await?;
        }
        None => {
            store::insert_no_proposals(tx, id).await?;
            store::set_state(tx, id, &frozen).await?;
        }
    }
    Ok(())
}

/// All that a freeze is made of, and the sets of criteria in words.
async fn sources(tx: &mut TenantTx, round: RoundRow) -> Result<(Sources, String), RoundError> {
    let which = Entrants {
        sent_before: end_of_day(round.key_date),
        from: round.start_on,
        until: year_after(round.start_on),
    };
    let entrants = demands::entrants(tx, &which).await?;
    let wishes = demands::scored_preferences(tx, &which).await?;
    let wishes = demands::by_sets_of(tx, wishes.ok_or(RoundError::PointsBeingCounted)?, round.key_date).await?;
    let no_residence = residence::refused(tx).await?;
    let siblings = store::siblings(tx).await?;
    let mut sites = store::sites(tx, round.start_on).await?;
    let rule_set = keep_seats(tx, &wishes, &mut sites).await?;
    let sources = Sources {
        entries: facilities::school_entries_on(tx, round.start_on).await?,
        round: NewRound {
            name: round.name,
            mode: round.mode,
            key_date: round.key_date,
            start_on: round.start_on,
            config: round.config.0,
        },
        entrants,
        wishes,
        no_residence,
        siblings,
        sites,
    };
    Ok((sources, rule_set))
}

/// What the first run reads beside what is frozen: nobody can have decided anything yet.
struct FirstRun {
    belongs: HashMap<FacilityId, Belongs>,
    last_round: Option<LastRound>,
}

impl FirstRun {
    async fn of(tx: &mut TenantTx, id: RoundId) -> Result<Self, RoundError> {
        Ok(Self {
            belongs: store::belongs(tx).await?,
            last_round: running::last_round(tx, id).await?,
        })
    }

    fn work(self, sources: Sources, taken: &Taken, sealed: &Sealed) -> Work {
        Work {
            snapshot: sealed.frozen.snapshot.clone(),
            cases: Cases::Fresh(Arc::clone(&taken.cases)),
            changes: Changes::default(),
            ended: HashSet::new(),
            before: None,
            held: None,
            pools: taken.pools.clone(),
            belongs: self.belongs,
            sites: sources.sites,
            entries: sources.entries,
            last_round: self.last_round,
        }
    }
}

/// The instance of a freeze with the commitment to its draw.
fn sealed(sources: &Sources, taken: &Taken, rule_set: String) -> Result<Sealed, RoundError> {
    let frozen = snapshot::canonical(sources, taken).map_err(|fault| RoundError::Broken(fault.to_string()))?;
    let mut families: Vec<&str> = taken.cases.iter().map(|c| c.family.as_str()).collect();
    families.sort_unstable();
    families.dedup();
    Ok(Sealed {
        commitment: commitment(families, &rule_set, ENGINE),
        frozen,
        rule_set,
    })
}

/// Gives every facility the seats that the set in force there keeps, and answers the sets in words.
async fn keep_seats(
    tx: &mut TenantTx,
    wishes: &[ScoredPreference],
    sites: &mut BTreeMap<FacilityId, Site>,
) -> Result<String, RoundError> {
    let kept = demands::kept_seats(tx).await?;
    let mut sets = BTreeSet::new();
    for wish in wishes {
        let Some(set) = wish.set_id else { continue };
        sets.insert(set);
        if let Some(site) = sites.get_mut(&wish.facility_id).filter(|s| s.reserves.is_empty()) {
            let own = kept.iter().filter(|k| k.set_id == set);
            site.reserves = own.map(kept_by).collect();
        }
    }
    let sets: Vec<_> = sets.into_iter().collect();
    Ok(demands::set_names(tx, &sets).await?.join("; "))
}

pub(super) fn kept_by(seats: &KeptSeats) -> Kept {
    Kept {
        kind: seats.kind.clone(),
        seats: seats.seats,
        per_group: seats.per_group,
    }
}

/// Lets a round rest: no run, no decision, no offer.
pub async fn pause(tx: &mut TenantTx, id: RoundId, seen: i32) -> Result<(), RoundError> {
    step(tx, id, seen, AllocationRound::pause).await
}

/// Lets it go on where it was.
pub async fn resume(tx: &mut TenantTx, id: RoundId, seen: i32) -> Result<(), RoundError> {
    step(tx, id, seen, AllocationRound::resume).await?;
    // What waited meanwhile is taken up at once.
    super::carrying_out::go_on(tx).await
}

/// Gives a round up. No family ever heard of it, so nothing of theirs changes.
pub async fn cancel(tx: &mut TenantTx, id: RoundId, seen: i32) -> Result<(), RoundError> {
    step(tx, id, seen, AllocationRound::cancel).await
}

/// Ends a released round: places that come back from now on are no matter of it.
pub async fn close(tx: &mut TenantTx, id: RoundId, seen: i32) -> Result<(), RoundError> {
    step(tx, id, seen, AllocationRound::close).await?;
    if store::is_somebody_waiting(tx, id).await? {
        return Err(RoundError::StillSending);
    }
    Ok(())
}

async fn step(
    tx: &mut TenantTx,
    id: RoundId,
    seen: i32,
    transition: fn(AllocationRound) -> Result<AllocationRound, super::WrongState>,
) -> Result<(), RoundError> {
    let round = locked(tx, id).await?;
    Stale::check(seen, round.version)?;
    let to = transition(round.machine())?;
    Ok(store::set_state(tx, id, &to).await?)
}
