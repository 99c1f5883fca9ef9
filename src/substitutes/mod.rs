//! Substitute care: a childminder is away, and somebody with room looks after each of the children meanwhile.
//!
//! Invariants: a child is given to who has room for it on every day of the absence on which it comes, counted with all who are there and
//! with the other guests; every change is told to the family and to the substitute in the same transaction; a substitute reads of a guest
//! what the list of the day needs, and not why the childminder is away.

pub mod http;
pub mod jobs;
mod model;
mod store;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::facilities::{self, FacilityKind, NoRoom, Present};
use crate::notifications::{self, ChildInitial, Message, SubstituteNews};
use crate::platform::fields::Invalid;
use crate::platform::ids::{AbsenceId, ContractId, FacilityId};
pub use model::{AbsenceReason, NewAbsence};
use store::{AbsenceRow, CoverRow, Covers};

/// What can stand against an absence or a substitution.
#[derive(Debug, thiserror::Error)]
pub enum SubstituteError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// Only a childminder is away; a daycare centre closes.
    #[error("only a childminder's place has substitute care")]
    NotChildminder,
    /// On some of these days she is away already.
    #[error("another absence lies on these days")]
    Overlaps,
    /// Its last day has passed.
    #[error("this absence is over")]
    Over,
    /// Too many children would be there.
    #[error("there is no room on {0}")]
    Full(NaiveDate),
    /// The substitute is away, or closed.
    #[error("the substitute is not there on {0}")]
    Away(NaiveDate),
    /// The substitute never said how many places there are.
    #[error("the substitute's places are not known")]
    Unknown,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl From<NoRoom> for SubstituteError {
    fn from(why: NoRoom) -> Self {
        match why {
            NoRoom::Closed(day) => Self::Away(day),
            NoRoom::Full(day) => Self::Full(day),
            NoRoom::Unknown => Self::Unknown,
        }
    }
}

/// Notes that a childminder is away. Each child goes to the substitute whom she named, where there is room for it; of the others the
/// office reads.
pub async fn record(tx: &mut TenantTx, facility: FacilityId, new: NewAbsence) -> Result<AbsenceId, SubstituteError> {
    if !tx.scope().covers(facility) {
        return Err(SubstituteError::Missing);
    }
    let brief = facilities::facility_brief(tx, facility).await?;
    let brief = brief.ok_or(SubstituteError::Missing)?;
    if brief.kind != Some(FacilityKind::Childminder) {
        return Err(SubstituteError::NotChildminder);
    }
    let new = new.checked(tx.today())?;
    let standing = store::standing(tx, facility).await?;
    lock(tx, standing.into_iter().chain([facility])).await?;
    let others = store::absences(tx, facility, new.from_on).await?;
    if others.iter().any(|other| other.from_on <= new.to_on) {
        return Err(SubstituteError::Overlaps);
    }
    let id = AbsenceId::new();
    tx.touch(id);
    // Who would have come to her as a guest needs somebody else.
    for cover in store::covers(tx, &Covers::At(facility, new.from_on, new.to_on)).await? {
        store::drop_cover(tx, cover.absence_id, cover.contract_id).await?;
        tell_family(tx, &Told::of(&cover), Said::Missing).await?;
    }
    store::insert(tx, id, facility, &new).await?;
    for (contract, days) in days_of_children(tx, facility, new.from_on, new.to_on).await? {
        let told = Told {
            contract,
            facility: brief.name.clone(),
            substitute: None,
            from: new.from_on,
            to: new.to_on,
        };
        match standing {
            Some(substitute) if check(tx, substitute, &days).await.is_ok() => {
                store::put_cover(tx, id, contract, substitute).await?;
                let told = Told {
                    substitute: Some(substitute),
                    ..told
                };
                tell_family(tx, &told, Said::Arranged).await?;
                tell_substitute(tx, &told, Said::Arranged).await?;
            }
            _ => tell_family(tx, &told, Said::Missing).await?,
        }
    }
    Ok(id)
}

/// Gives a child to a substitute for what is left of an absence, or takes that back. The substitute can take it back too.
pub async fn arrange(
    tx: &mut TenantTx,
    id: AbsenceId,
    contract: ContractId,
    substitute: Option<FacilityId>,
) -> Result<(), SubstituteError> {
    let row = store::absence_for_update(tx, id).await?;
    let row = row.ok_or(SubstituteError::Missing)?;
    let covers = store::covers(tx, &Covers::Of(id)).await?;
    let was = covers.into_iter().find(|cover| cover.contract_id == contract);
    let gives_back = substitute.is_none() && was.as_ref().is_some_and(|w| tx.scope().covers(w.substitute_id));
    if !gives_back && !tx.scope().covers(row.facility_id) {
        return Err(SubstituteError::Missing);
    }
    tx.touch(id);
    let today = tx.today();
    if row.to_on < today {
        return Err(SubstituteError::Over);
    }
    let facility = facilities::facility_name(tx, row.facility_id)
        .await?
        .unwrap_or_default();
    let told = Told {
        contract,
        facility,
        substitute,
        from: row.from_on.max(today),
        to: row.to_on,
    };
    let same = was.as_ref().map(|w| w.substitute_id) == substitute;
    match substitute {
        _ if same => return Ok(()),
        Some(at) => {
            let brief = facilities::facility_brief(tx, at).await?;
            brief
                .filter(|brief| brief.open && at != row.facility_id)
                .ok_or_else(|| Invalid::one("/substitute_id", "unknown", "there is no such other open facility"))?;
            lock(tx, [at]).await?;
            let mut days = days_of_children(tx, row.facility_id, told.from, told.to).await?;
            let days = days.remove(&contract).ok_or(SubstituteError::Missing)?;
            check(tx, at, &days).await?;
            store::put_cover(tx, id, contract, at).await?;
            tell_family(tx, &told, Said::Arranged).await?;
            tell_substitute(tx, &told, Said::Arranged).await?;
        }
        None => {
            store::drop_cover(tx, id, contract).await?;
            tell_family(tx, &told, Said::Missing).await?;
        }
    }
    if let Some(was) = was {
        let mut no_more = Told::of(&was);
        no_more.from = no_more.from.max(today);
        tell_substitute(tx, &no_more, Said::Over).await?;
    }
    Ok(())
}

/// The childminder is not away, or comes back earlier: from today on the children come to her again.
pub async fn cancel(tx: &mut TenantTx, id: AbsenceId) -> Result<(), SubstituteError> {
    let row = store::absence_for_update(tx, id).await?;
    let row = row.filter(|row| tx.scope().covers(row.facility_id));
    let row = row.ok_or(SubstituteError::Missing)?;
    tx.touch(id);
    let today = tx.today();
    if row.to_on < today {
        return Err(SubstituteError::Over);
    }
    let from = row.from_on.max(today);
    let facility = facilities::facility_name(tx, row.facility_id)
        .await?
        .unwrap_or_default();
    let covers = store::covers(tx, &Covers::Of(id)).await?;
    for contract in days_of_children(tx, row.facility_id, from, row.to_on)
        .await?
        .into_keys()
    {
        let cover = covers.iter().find(|cover| cover.contract_id == contract);
        let told = Told {
            contract,
            facility: facility.clone(),
            substitute: cover.map(|cover| cover.substitute_id),
            from,
            to: row.to_on,
        };
        tell_family(tx, &told, Said::Over).await?;
        tell_substitute(tx, &told, Said::Over).await?;
    }
    Ok(store::end(tx, id).await?)
}

/// Locks places in the order in which everybody locks them.
async fn lock(tx: &mut TenantTx, facilities: impl IntoIterator<Item = FacilityId>) -> Result<(), sqlx::Error> {
    let sorted: BTreeSet<FacilityId> = facilities.into_iter().collect();
    for facility in sorted {
        facilities::lock_places(tx, facility).await?;
    }
    Ok(())
}

/// The days on which the children with a contract come.
async fn days_of_children(
    tx: &mut TenantRead,
    facility: FacilityId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<BTreeMap<ContractId, Vec<Present>>, sqlx::Error> {
    let mut days: BTreeMap<ContractId, Vec<Present>> = BTreeMap::new();
    for day in facilities::present(tx, facility, from, to).await? {
        if let Some(contract) = day.contract.filter(|_| !day.guest) {
            tx.touch_child(day.child);
            days.entry(contract).or_default().push(day);
        }
    }
    Ok(days)
}

/// Refuses who is away herself, is closed or has no room on one of the days.
async fn check(tx: &mut TenantRead, substitute: FacilityId, days: &[Present]) -> Result<(), SubstituteError> {
    let Some(first) = days.iter().map(|day| day.on).min() else {
        return Ok(());
    };
    let away = store::absences(tx, substitute, first).await?;
    let is_away = |on: NaiveDate| away.iter().any(|a| a.from_on <= on && on <= a.to_on);
    if let Some(day) = days.iter().find(|day| is_away(day.on)) {
        return Err(SubstituteError::Away(day.on));
    }
    match facilities::room_for(tx, substitute, days).await? {
        Some(why) => Err(why.into()),
        None => Ok(()),
    }
}

/// What there is to tell about a child.
struct Told {
    contract: ContractId,
    /// The childminder's place.
    facility: String,
    substitute: Option<FacilityId>,
    from: NaiveDate,
    to: NaiveDate,
}

impl Told {
    fn of(cover: &CoverRow) -> Self {
        Self {
            contract: cover.contract_id,
            facility: cover.facility_name.clone(),
            substitute: Some(cover.substitute_id),
            from: cover.from_on,
            to: cover.to_on,
        }
    }
}

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// Somebody looks after the child.
    Arranged,
    /// Nobody does yet.
    Missing,
    /// Nobody has to any more.
    Over,
}

impl Said {
    fn as_str(self) -> &'static str {
        match self {
            Self::Arranged => "arranged",
            Self::Missing => "missing",
            Self::Over => "over",
        }
    }
}

async fn news(tx: &mut TenantRead, told: &Told, said: Said) -> Result<Option<SubstituteNews>, sqlx::Error> {
    let Some(of) = store::of_contract(tx, told.contract).await? else {
        return Ok(None);
    };
    let at = match told.substitute {
        Some(at) => facilities::facility_brief(tx, at).await?,
        None => None,
    };
    let at = at.filter(|_| said != Said::Missing);
    let address = at.as_ref().map(|at| {
        let street = format!("{} {}", at.street, at.house_number);
        let city = format!("{} {}", at.postal_code, at.city);
        let parts = [street, city].map(|part| part.trim().to_owned());
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    });
    Ok(Some(SubstituteNews {
        contract_id: told.contract,
        substitute_id: at.as_ref().map(|at| at.id),
        child: ChildInitial::of(of.first_name.as_deref()),
        facility: told.facility.clone(),
        substitute: at.map(|at| at.name),
        address: address.filter(|address| !address.is_empty()),
        from_on: told.from,
        to_on: told.to,
        what: said.as_str().to_owned(),
    }))
}

/// Tells the family where the child goes, and when.
async fn tell_family(tx: &mut TenantTx, told: &Told, said: Said) -> Result<(), sqlx::Error> {
    let of = store::of_contract(tx, told.contract).await?;
    let news = news(tx, told, said).await?;
    match of.zip(news) {
        Some((of, news)) => notifications::tell_family(tx, of.child_id, of.demand_id, &Message::Substitute(news)).await,
        None => Ok(()),
    }
}

/// Tells those who run the substitute's place that a child comes, or does not.
async fn tell_substitute(tx: &mut TenantTx, told: &Told, said: Said) -> Result<(), sqlx::Error> {
    let Some(at) = told.substitute else {
        return Ok(());
    };
    let Some(news) = news(tx, told, said).await? else {
        return Ok(());
    };
    notifications::tell_facility(tx, at, &Message::SubstituteWork(news)).await
}

/// What a facility has to do with substitute care from today on.
pub(crate) struct Overview {
    childminder: bool,
    absences: Vec<(AbsenceRow, Vec<ChildOfAbsence>)>,
    guests: Vec<CoverRow>,
}

/// A child who needs somebody on these days.
pub(crate) struct ChildOfAbsence {
    contract: ContractId,
    first_name: Option<String>,
    last_name: Option<String>,
    substitute: Option<(FacilityId, String)>,
}

/// The absences of a facility with their children, and the guests who come to it.
pub(crate) async fn overview(tx: &mut TenantRead, facility: FacilityId) -> Result<Overview, SubstituteError> {
    let brief = facilities::facility_brief(tx, facility).await?;
    let brief = brief.filter(|_| tx.scope().covers(facility));
    let brief = brief.ok_or(SubstituteError::Missing)?;
    tx.touch(facility);
    let today = tx.today();
    let mut absences = Vec::new();
    for absence in store::absences(tx, facility, today).await? {
        let covers = store::covers(tx, &Covers::Of(absence.id)).await?;
        let mut children = Vec::new();
        for contract in days_of_children(tx, facility, absence.from_on, absence.to_on)
            .await?
            .into_keys()
        {
            let cover = covers.iter().find(|cover| cover.contract_id == contract);
            let of = store::of_contract(tx, contract)
                .await?
                .ok_or(SubstituteError::Missing)?;
            children.push(ChildOfAbsence {
                contract,
                first_name: of.first_name,
                last_name: of.last_name,
                substitute: cover.map(|cover| (cover.substitute_id, cover.substitute_name.clone())),
            });
        }
        absences.push((absence, children));
    }
    let guests = store::covers(tx, &Covers::At(facility, today, NaiveDate::MAX)).await?;
    guests.iter().for_each(|guest| tx.touch_child(guest.child_id));
    Ok(Overview {
        childminder: brief.kind == Some(FacilityKind::Childminder),
        absences,
        guests,
    })
}
