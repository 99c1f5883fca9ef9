//! The verifier complains of an allocation just where the definition does.

use kitaplatz::allocation::{ResultFile, Verifier, Violation, solve};
use proptest::prelude::*;

use crate::brute::Books;
use crate::towns::{Stay, Town, config, town};

/// The right result with other places under their right numbers.
fn with(town: &Town, right: &ResultFile, ranks: &[usize]) -> ResultFile {
    let mut result = right.clone();
    for ((child, row), &rank) in result.assignments.iter_mut().enumerate().zip(ranks) {
        if let Stay::Fixed(_) = town.children[child].stay {
            continue;
        }
        let place = town.asks(child).get(rank).map(|&(pool, _)| format!("p{pool:02}"));
        row.pool = place.as_deref().map(Into::into);
        row.wish = place.map(|_| rank as u32 + 1);
    }
    result
}

/// Complaints of the places themselves, whatever their explanations and figures say.
fn of_places(violations: &[Violation]) -> usize {
    let beside =
        |violation: &&Violation| !matches!(violation, Violation::Explanation { .. } | Violation::Metric { .. });
    violations.iter().filter(beside).count()
}

/// Every allocation there is, as ranks.
fn all(books: &Books) -> Vec<Vec<usize>> {
    books.lists.iter().fold(vec![vec![]], |all, list| {
        let longer = |ranks: Vec<usize>| (0..=list.len()).map(move |rank| [&ranks[..], &[rank]].concat());
        all.into_iter().flat_map(longer).collect()
    })
}

proptest! {
    #![proptest_config(config(300))]

    /// Of all that the children could be given: more in a pool or node than it has seats, justified envy, a wanted seat that is empty, an
    /// incumbent who lost its place. Another stable allocation than the best is told by its explanations.
    #[test]
    fn every_allocation_but_the_stable_ones_and_every_result_but_one(town in town(5, 3)) {
        let instance = town.instance();
        let right = solve(&instance).file();
        let verifier = Verifier::new(&instance);
        let (books, best) = (Books::of(&town), town.solved());
        for ranks in all(&books) {
            let wrong = with(&town, &right, &ranks);
            let found = verifier.check(&verifier.read(&wrong));
            let stable = books.left(&ranks).iter().all(|&left| left >= 0) && books.complaint(&ranks).is_none();
            prop_assert_eq!(of_places(&found) == 0, stable, "{:?}: {:?}", ranks, found);
            prop_assert_eq!(found.is_empty(), ranks == best, "{:?}", ranks);
        }
    }

    /// In a larger town: two who changed places, and one more in a pool.
    #[test]
    fn a_swapped_pair_and_an_overfull_pool(town in town(9, 4), pair in any::<[prop::sample::Index; 2]>(), rank in 0..5_usize) {
        let instance = town.instance();
        let right = solve(&instance).file();
        let verifier = Verifier::new(&instance);
        let (books, best) = (Books::of(&town), town.solved());
        let [one, two] = pair.map(|at| at.index(town.children.len()));
        let rank_of = |child: usize, pool: Option<usize>| {
            let asks = town.asks(child);
            pool.map_or(Some(asks.len()), |pool| asks.iter().position(|&(own, _)| own == pool))
        };
        let pool = |child: usize| town.asks(child).get(best[child]).map(|&(pool, _)| pool);
        let mut wrong = vec![best.clone(), best.clone()];
        wrong[0][one] = rank.min(town.asks(one).len());
        if let (Some(first), Some(second)) = (rank_of(one, pool(two)), rank_of(two, pool(one))) {
            (wrong[1][one], wrong[1][two]) = (first, second);
        }
        for ranks in wrong {
            let found = verifier.check(&verifier.read(&with(&town, &right, &ranks)));
            let stable = books.left(&ranks).iter().all(|&left| left >= 0) && books.complaint(&ranks).is_none();
            prop_assert_eq!(of_places(&found) == 0, stable, "{:?}: {:?}", ranks, found);
            prop_assert_eq!(found.is_empty(), ranks == best, "{:?}", ranks);
        }
    }
}
