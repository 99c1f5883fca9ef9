//! Example capacities: marked as such, so that nobody takes them for a real facility's figures.

use chrono::{Months, NaiveDate};

use super::DemoError;
use super::people::People;
use super::stage::Stage;
use crate::access::{TenantTx, as_system};
use crate::facilities::{AgeBand, NewFigure, put_figure};
use crate::platform::ids::FacilityId;

/// A facility with the age bands that it takes.
pub(super) struct Place {
    pub facility: FacilityId,
    pub bands: Vec<AgeBand>,
    /// Always with free places: families get offers there.
    pub generous: bool,
    /// Five children at most.
    pub childminder: bool,
}

/// Every fourth real facility stays without figures: unknown is a state that people meet.
const WITHOUT: usize = 4;
/// How many facilities of a town get figures; the rest stays unknown, and the demo starts quickly.
const AT_MOST: usize = 120;

/// Gives facilities figures that hold from two months ago.
pub(super) async fn give(stage: &Stage<'_>, places: &[Place]) -> Result<(), DemoError> {
    let from = stage.today - Months::new(2);
    let mut people = People::of(&stage.tenant.slug);
    as_system(stage.platform, &stage.tenant, "demo", async |tx| {
        let chosen = places
            .iter()
            .enumerate()
            .filter(|(index, place)| place.generous || index % WITHOUT != 0)
            .take(AT_MOST);
        for (_, place) in chosen {
            // Where the office gives all places in rounds, more than one family must find one.
            let more = if stage.town.central { 6 } else { 0 };
            give_one(tx, place, from, more, &mut people).await?;
        }
        Ok::<_, DemoError>(())
    })
    .await
}

async fn give_one(
    tx: &mut TenantTx,
    place: &Place,
    from: NaiveDate,
    more: i64,
    people: &mut People,
) -> Result<(), DemoError> {
    for (version, band) in (0..).zip(&place.bands) {
        let licensed = match band {
            _ if place.childminder => 5,
            AgeBand::Under3 => people.between(8, 30),
            _ => people.between(20, 90),
        };
        let free = if place.generous {
            people.between(6, 9) + more
        } else {
            [0, 0, 0, 1, 2, 4][index(people.between(0, 5))]
        };
        let figure = NewFigure {
            from_month: from,
            licensed: number(licensed),
            operable: number(licensed),
            operable_reason: None,
            operable_since: None,
            occupied_external: number(licensed - free.min(licensed)),
            is_example: true,
        };
        put_figure(tx, place.facility, *band, &figure, version)
            .await
            .map_err(|error| DemoError::Refused(format!("capacity: {error}")))?;
    }
    Ok(())
}

fn number(value: i64) -> i32 {
    i32::try_from(value).unwrap_or(0)
}

fn index(value: i64) -> usize {
    usize::try_from(value).unwrap_or(0)
}
