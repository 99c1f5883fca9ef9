//! How the children of a family are placed in a round, and what followed for them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::TenantRead;
use crate::allocation::rounds::model::{Outcome, SiblingRule};
use crate::allocation::rounds::store::{self, CaseRow, FamilyCase};
use crate::allocation::rounds::why::share_a_facility;
use crate::families;
use crate::platform::http::ApiError;
use crate::platform::ids::{AccountId, ChildId, RoundId};

/// What came of it for all children of a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "together")]
pub(super) enum SiblingResult {
    /// All have a place, at one facility.
    Together,
    /// All have a place, not all at one facility.
    Apart,
    /// Some have a place and some have none.
    Some,
    /// None of them has a place.
    None,
}

impl SiblingResult {
    fn of(family: &[FamilyCase]) -> Option<Self> {
        let decided = |case: &FamilyCase| !matches!(case.outcome, Outcome::None | Outcome::Waiting | Outcome::Left);
        if !family.iter().all(decided) {
            return None;
        }
        let places: Vec<_> = family.iter().filter_map(FamilyCase::facility).collect();
        Some(match places.split_first() {
            None => Self::None,
            Some(_) if places.len() < family.len() => Self::Some,
            Some((first, others)) if others.iter().all(|place| place == first) => Self::Together,
            Some(_) => Self::Apart,
        })
    }
}

/// How the children of one family are placed in a round.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SiblingPlacing)]
pub(super) struct SiblingPlacingBody {
    pub(super) rule: SiblingRule,
    /// When the parents said so; `null`: they did not, and what the round sets for all counts.
    pub(super) said_at: Option<DateTime<Utc>>,
    /// Whether there is a facility that all of them wish and that can take them; without one each is placed by its own wishes.
    pub(super) joint: bool,
    /// What came of it; `null` before the release, and for a parent who does not have custody of all of them.
    pub(super) result: Option<SiblingResult>,
    #[serde(skip)]
    children: Vec<ChildId>,
}

impl SiblingPlacingBody {
    /// Of a case that is not the only one of its family, as the office sees it.
    pub(super) async fn of(tx: &mut TenantRead, round: RoundId, row: &CaseRow) -> Result<Option<Self>, ApiError> {
        let all = store::family(tx, round, &row.family).await?;
        let result = SiblingResult::of(&all);
        let children = all.iter().map(|case| case.child_id).collect();
        let wishes: Vec<_> = all.into_iter().map(|case| case.wishes.0).collect();
        Ok((wishes.len() > 1).then(|| Self {
            rule: row.siblings,
            said_at: row.siblings_said_at,
            joint: share_a_facility(&wishes),
            result,
            children,
        }))
    }

    /// As a parent sees it: of a half-sibling in the custody of others it does not tell whether that has a place.
    pub(super) async fn for_parent(mut self, tx: &mut TenantRead, reader: Option<AccountId>) -> Result<Self, ApiError> {
        for child in &self.children {
            let own = match reader {
                Some(reader) => families::has_custody(tx, reader, *child).await?,
                None => false,
            };
            self.result = self.result.filter(|_| own);
        }
        Ok(self)
    }

    /// The sentences that say what followed, by name.
    pub(super) fn follows(&self) -> Vec<&'static str> {
        let no_joint = (!self.joint && self.rule != SiblingRule::Independent).then_some("no_joint");
        let result = self.result.map(|result| match result {
            SiblingResult::Together => "together",
            SiblingResult::Apart => "apart",
            SiblingResult::Some => "some",
            SiblingResult::None if self.joint && self.rule == SiblingRule::Required => "none_required",
            SiblingResult::None => "none",
        });
        no_joint.into_iter().chain(result).collect()
    }
}
