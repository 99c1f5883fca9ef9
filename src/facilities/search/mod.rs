//! The public search: facilities near a place with what is free for a child, on a list, a map and a page of their own.

pub(super) mod http;
mod model;
mod places;
mod store;

pub use http::FacilityDetail;
pub(super) use model::words;
pub use model::{Availability, AvailabilityState};
pub use places::{lies_elsewhere, lying_elsewhere};

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::access::TenantRead;
use crate::facilities::capacity::school_entry;
use crate::platform::ids::FacilityId;
use crate::tenancy;
use model::{Born, Pool, Wanted};
use places::{Place, PlaceKind};
use store::{Filter, Hit};

/// For whom a place is looked for.
#[derive(Debug, Clone, Copy, Default)]
struct Child {
    birth: Option<NaiveDate>,
    /// First day of school, where it was decided.
    school_entry: Option<NaiveDate>,
    start: Option<NaiveDate>,
}

/// Facilities with what is free in each.
async fn find(tx: &mut TenantRead, filter: &Filter, child: Child) -> Result<Vec<(Hit, Availability)>, sqlx::Error> {
    Ok(find_with_pools(tx, filter, child).await?.0)
}

/// Places by facility.
type Pools = HashMap<FacilityId, Vec<Pool>>;

/// The same with the places on which it rests.
async fn find_with_pools(
    tx: &mut TenantRead,
    filter: &Filter,
    child: Child,
) -> Result<(Vec<(Hit, Availability)>, Pools), sqlx::Error> {
    let (settings, today) = (tenancy::settings(tx).await?, tx.today());
    let rule = settings.school_rule(&tx.tenant().federal_state);
    let born = child.birth.map(|birth| Born {
        birth,
        entry: child.school_entry.unwrap_or_else(|| school_entry(birth, rule)),
    });
    let wanted = Wanted::of(born, child.start, today);
    let hits = store::find(tx, filter, &wanted).await?;
    let ids: Vec<FacilityId> = hits.iter().map(|h| h.id).collect();
    let mut pools = Pools::new();
    for (id, pool) in store::pools(tx, &ids).await? {
        pools.entry(id).or_default().push(pool);
    }
    let free = |hit: &Hit| {
        let of_it = pools.get(&hit.id).map_or(&[][..], Vec::as_slice);
        wanted.availability(of_it, today, settings.stale_after_days)
    };
    let found = hits
        .into_iter()
        .map(|hit| {
            let free = free(&hit);
            (hit, free)
        })
        .collect();
    Ok((found, pools))
}

/// A facility's own page; `None` when there is no such facility in the tenant.
pub(super) async fn detail(tx: &mut TenantRead, id: FacilityId) -> Result<Option<FacilityDetail>, sqlx::Error> {
    let today = tx.today();
    let Some(row) = store::detail(tx, id).await? else {
        return Ok(None);
    };
    let one = Filter {
        only: Some(id),
        limit: 1,
        ..Filter::default()
    };
    let (mut found, mut pools) = find_with_pools(tx, &one, Child::default()).await?;
    let Some((hit, free)) = found.pop() else {
        return Ok(None);
    };
    let stale_after = tenancy::settings(tx).await?.stale_after_days;
    let pools = pools.remove(&id).unwrap_or_default();
    let days = store::closing_days(tx, id, today).await?;
    let capacity = http::capacity(pools, today, stale_after);
    Ok(Some(FacilityDetail::of(hit, free, row, capacity, days)))
}

/// Where to search from. An address that nobody knows gives no origin; the search then looks for its words.
async fn origin(
    tx: &mut TenantRead,
    postal_code: Option<&str>,
    place: Option<&str>,
    street: Option<&str>,
) -> Result<Option<Place>, sqlx::Error> {
    if let Some(street) = street {
        let mut known = places::streets(tx, street, true, 20).await?;
        if let Some(code) = postal_code {
            known.retain(|p| p.postal_code.as_deref().is_none_or(|c| c == code));
        }
        if known.is_empty() {
            known = places::streets_of_facilities(tx, street, true, 5).await?;
        }
        if let Some(found) = known.into_iter().find(|p| p.latitude.is_some()) {
            return Ok(Some(found));
        }
    }
    if let Some(code) = postal_code
        && let Some(found) = places::postal_codes(tx, code, 1)
            .await?
            .into_iter()
            .find(|p| p.postal_code.as_deref() == Some(code))
    {
        return Ok(Some(found));
    }
    let Some(place) = place else { return Ok(None) };
    let mut known = places::own_places(tx, place, true, 1).await?;
    if known.is_empty() {
        known = places::places(tx, place, true, 1).await?;
    }
    Ok(known.pop())
}

/// Places that begin with what was typed, at most ten.
async fn suggest(tx: &mut TenantRead, text: &str) -> Result<Vec<Place>, sqlx::Error> {
    const MOST: usize = 10;
    let text = text.trim();
    if text.chars().count() < 2 {
        return Ok(Vec::new());
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return places::postal_codes(tx, text, 10).await;
    }
    let mut found = places::own_places(tx, text, false, 5).await?;
    let mut add = |more: Vec<Place>| {
        for place in more {
            let again = found
                .iter()
                .any(|f| f.label == place.label && f.postal_code == place.postal_code);
            if !again && found.len() < MOST {
                found.push(place);
            }
        }
        found.len()
    };
    let streets = places::streets(tx, text, false, 5).await?;
    let listed = !streets.is_empty();
    add(streets);
    if !listed {
        add(places::streets_of_facilities(tx, text, false, 5).await?);
    }
    add(places::places(tx, text, false, 10).await?);
    found.sort_by_key(|p| p.kind == PlaceKind::Street);
    Ok(found)
}
