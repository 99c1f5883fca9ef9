//! How likely each wish is to be met when only the draw is left open. Pure.

use serde::Serialize;
use utoipa::ToSchema;

use super::proposal::{Case, WishCode};
use super::snapshot::pool_of;
use super::suppression::FEWEST;
use crate::allocation::{Chances, Instance};

/// So many other draws tell the chances of a run, but where many families wish together: their draws are settled by a repair that takes
/// some 20 µs a family, and a thousand of them would hold a core for half a minute.
const DRAWS: u32 = 1000;
/// Draws of one joint family each that the job takes upon itself.
const JOINT_DRAWS: u32 = 400_000;
/// Fewer draws would tell too little.
const FEWEST_DRAWS: u32 = 200;

/// How many draws tell the chances of a run.
pub fn draws_for(joint_families: usize) -> u32 {
    let families = u32::try_from(joint_families).unwrap_or(u32::MAX).max(1);
    (JOINT_DRAWS / families).clamp(FEWEST_DRAWS, DRAWS)
}

/// Draws of one child each that somebody who looks on waits for: some three seconds.
const WAITED_DRAWS: usize = 40_000_000;

/// How many draws tell the chances of several orders side by side: as many as those of a run, but for a large town, where somebody waits for
/// all of them at once.
pub fn draws_for_several(orders: usize, children: usize, joint_families: usize) -> u32 {
    let waited = WAITED_DRAWS / (orders.max(1) * children.max(1));
    let waited = u32::try_from(waited).unwrap_or(u32::MAX).max(FEWEST_DRAWS);
    draws_for(joint_families.saturating_mul(orders)).min(waited)
}

/// How likely the wishes of one rank are to be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct WishChance {
    /// The rank, from 1.
    pub wish: usize,
    /// Children with a wish of this rank that counts.
    pub children: u64,
    /// Of a thousand such wishes so many are met.
    pub met_per_mille: u64,
}

/// How likely the first, the second and every further wish is to be met, over all children who have one that counts.
pub fn by_wish(cases: &[Case], instance: &Instance, chances: &Chances) -> Vec<WishChance> {
    let mut sums: Vec<(u64, u64)> = Vec::new();
    for met in cases.iter().filter_map(|case| of_case(case, instance, chances)) {
        sums.resize(sums.len().max(met.len()), (0, 0));
        for (sum, met) in sums.iter_mut().zip(met) {
            sum.0 += u64::from(met.is_some());
            sum.1 += u64::from(met.unwrap_or(0));
        }
    }
    let chance = |(wish, (children, met)): (usize, (u64, u64))| WishChance {
        wish,
        children,
        met_per_mille: met * 1000 / (children * u64::from(chances.draws)).max(1),
    };
    (1..).zip(sums).map(chance).collect()
}

/// Whose place hangs on the draw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RoundChances)]
pub struct ChanceFigures {
    /// How many other draws were tried.
    pub draws: u32,
    /// Children with a place in every one of them.
    pub always: u64,
    /// Children with a place in some.
    pub sometimes: u64,
    /// Children with a place in none.
    pub never: u64,
}

/// A chance in so few words that it tells of nobody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CoarseChance, example = "likely")]
pub enum Coarse {
    /// In at least three of four draws.
    Likely,
    /// In between.
    Open,
    /// In fewer than one of four draws.
    Unlikely,
}

/// Counts the children of a market by their chances.
pub fn figures_of(instance: &Instance, chances: &Chances) -> ChanceFigures {
    let mut figures = ChanceFigures {
        draws: chances.draws,
        ..ChanceFigures::default()
    };
    for child in (0..).take(instance.children()) {
        let met: u32 = chances.of(child).iter().sum();
        let counter = match met {
            _ if instance.fixed_pool(child).is_some() => &mut figures.always,
            0 => &mut figures.never,
            met if met == chances.draws => &mut figures.always,
            _ => &mut figures.sometimes,
        };
        *counter += 1;
    }
    figures
}

/// In how many of the draws each wish of a case was met, in the order of its wishes; `None` for a wish that does not count, and for a case
/// that takes no part. A place that a person decided is met in all.
pub fn of_case(case: &Case, instance: &Instance, chances: &Chances) -> Option<Vec<Option<u32>>> {
    let child = instance.child(&case.child)?;
    let pools: Vec<&str> = instance.wished_pools(child).map(pool_of).collect();
    let fixed = instance.fixed_pool(child).map(pool_of);
    let met = |pool: &str| {
        if fixed == Some(pool) {
            return Some(chances.draws);
        }
        // One draw meets at most one of the ways to a wish.
        let ways = pools
            .iter()
            .zip(chances.of(child))
            .filter(|(wished, _)| **wished == pool);
        ways.map(|(_, met)| *met).reduce(|a, b| a + b)
    };
    Some(case.wishes.iter().map(|wish| met(wish.pool.as_deref()?)).collect())
}

/// The chance of any place at all, or nothing where fewer than five wish the same.
pub fn coarse(draws: i32, met: &[Option<i32>], codes: &[WishCode]) -> Option<Coarse> {
    let counts = |(_, met): &(&WishCode, &Option<i32>)| met.is_some();
    let mut counting = codes.iter().zip(met).filter(counts).map(|(code, _)| code).peekable();
    counting.peek()?;
    if counting.any(|code| code.of.is_none_or(|of| u64::from(of) < FEWEST)) {
        return None;
    }
    let met: i32 = met.iter().flatten().sum();
    Some(match () {
        () if met.saturating_mul(4) >= draws.saturating_mul(3) => Coarse::Likely,
        () if met.saturating_mul(4) >= draws => Coarse::Open,
        () => Coarse::Unlikely,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocation::rounds::proposal::Reason;

    fn code(of: u32) -> WishCode {
        WishCode {
            code: Reason::Full,
            cutoff: None,
            ahead: None,
            lottery: false,
            reason: None,
            decided: None,
            position: Some(1),
            of: Some(of),
        }
    }

    #[test]
    fn many_families_who_wish_together_have_fewer_draws() {
        let draws = [0, 1, 400, 401, 1000, 5000, usize::MAX].map(draws_for);
        assert_eq!(draws, [1000, 1000, 1000, 997, 400, 200, 200]);
    }

    #[test]
    fn orders_side_by_side_have_as_many_draws_as_a_run_unless_the_town_is_large() {
        assert_eq!(draws_for_several(5, 3000, 0), 1000);
        assert_eq!(draws_for_several(5, 20_000, 0), 400);
        assert_eq!(draws_for_several(5, 20_000, 1000), 200);
    }

    #[test]
    fn a_chance_is_told_in_three_words_and_only_among_five() {
        let chance =
            |met: &[Option<i32>], of: &[u32]| coarse(1000, met, &of.iter().map(|n| code(*n)).collect::<Vec<_>>());
        assert_eq!(chance(&[Some(500), Some(250)], &[9, 5]), Some(Coarse::Likely));
        assert_eq!(
            chance(&[Some(500), None], &[9, 1]),
            Some(Coarse::Open),
            "what does not count hides nothing"
        );
        assert_eq!(chance(&[Some(249)], &[5]), Some(Coarse::Unlikely));
        assert_eq!(chance(&[Some(249)], &[4]), None);
        assert_eq!(chance(&[None], &[9]), None);
    }
}
