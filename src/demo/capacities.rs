//! Example capacities: marked as such, so that nobody takes them for a real facility's figures.

use chrono::{Months, NaiveDate};

use super::DemoError;
use super::houses::House;
use super::people::People;
use super::stage::Stage;
use crate::access::{TenantTx, as_system};
use crate::facilities::{AgeBand, NewFigure, put_figure};
use crate::platform::ids::FacilityId;

/// A facility with the age bands that it takes.
pub(super) struct Place {
    pub facility: FacilityId,
    pub bands: Vec<AgeBand>,
    /// One of the two whose places we know.
    pub house: Option<&'static House>,
    /// Its contracts are kept here, so that none stand beside them.
    pub kept_here: bool,
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
            .filter(|(index, place)| place.kept_here || index % WITHOUT != 0)
            .take(AT_MOST);
        for (_, place) in chosen {
            give_one(tx, place, from, &mut people).await?;
        }
        Ok::<_, DemoError>(())
    })
    .await
}

async fn give_one(tx: &mut TenantTx, place: &Place, from: NaiveDate, people: &mut People) -> Result<(), DemoError> {
    for (version, band) in (0..).zip(&place.bands) {
        let drawn = match band {
            _ if place.childminder => 5,
            AgeBand::Under3 => people.between(8, 30),
            _ => people.between(20, 90),
        };
        let free = [0, 0, 0, 1, 2, 4][index(people.between(0, 5))];
        let licensed = place.house.map_or(drawn, |house| house.places(*band));
        let free = if place.kept_here { licensed } else { free };
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
