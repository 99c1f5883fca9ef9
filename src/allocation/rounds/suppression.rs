//! What may be said without telling of a single child: figures of fewer than five children are not. Pure.

use serde::Serialize;
use utoipa::ToSchema;

/// Fewer children than this could be known one by one.
pub const FEWEST: u64 = 5;

/// A count that is safe to publish, or nothing. Zero says nothing of anybody.
pub fn published(count: u64) -> Option<u64> {
    (count == 0 || count >= FEWEST).then_some(count)
}

/// The parts of a whole that are safe to publish beside it: where one is hidden, so many others are that no small one follows from the
/// rest.
pub fn published_parts(parts: &[u64]) -> Vec<Option<u64>> {
    let mut shown: Vec<Option<u64>> = parts.iter().map(|n| published(*n)).collect();
    loop {
        let hidden = || parts.iter().zip(&shown).filter(|(_, s)| s.is_none()).map(|(n, _)| *n);
        let (count, sum) = (hidden().count(), hidden().sum::<u64>());
        if count == 0 || (count > 1 && sum >= FEWEST) {
            return shown;
        }
        let smallest = (0..parts.len())
            .filter(|at| shown[*at].is_some_and(|n| n > 0))
            .min_by_key(|at| parts[*at]);
        match smallest {
            Some(at) => shown[at] = None,
            None => return shown,
        }
    }
}

/// Where a child stands among all who wish the same, in steps of five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Corridor {
    /// At best.
    pub from: u64,
    /// At worst.
    pub to: u64,
    /// How many wish the same.
    pub of: u64,
}

/// The corridor of a child before whom so many stand, or nothing when too few wish the same.
pub fn corridor(ahead: u64, of: u64) -> Option<Corridor> {
    if of < FEWEST {
        return None;
    }
    // Who stands in the last, shorter step is told the last full one: a step of one would name a child.
    let step = (ahead / FEWEST).min(of / FEWEST - 1);
    let last = step == of / FEWEST - 1;
    Some(Corridor {
        from: step * FEWEST + 1,
        to: if last { of } else { (step + 1) * FEWEST },
        of,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts_of_a_few_are_not_published() {
        let said: Vec<_> = [0, 1, 4, 5, 90].map(published).into_iter().collect();
        assert_eq!(said, [Some(0), None, None, Some(5), Some(90)]);
    }

    #[test]
    fn no_small_part_follows_from_the_others() {
        assert_eq!(published_parts(&[20, 7, 0]), [Some(20), Some(7), Some(0)]);
        assert_eq!(
            published_parts(&[20, 7, 3]),
            [Some(20), None, None],
            "30 less 27 would tell of three"
        );
        assert_eq!(
            published_parts(&[20, 2, 2, 9]),
            [Some(20), None, None, None],
            "two and two are four"
        );
        assert_eq!(published_parts(&[3]), [None]);
    }

    proptest! {
        #[test]
        fn what_is_hidden_is_never_one_part_alone(parts in proptest::collection::vec(0u64..30, 1..8)) {
            let shown = published_parts(&parts);
            let hidden: Vec<u64> = parts.iter().zip(&shown).filter(|(_, s)| s.is_none()).map(|(n, _)| *n).collect();
            let others = parts.iter().filter(|n| **n > 0).count() - hidden.len();
            prop_assert!(hidden.is_empty() || others == 0 || (hidden.len() > 1 && hidden.iter().sum::<u64>() >= FEWEST));
            prop_assert!(parts.iter().zip(&shown).all(|(n, s)| s.is_none_or(|s| s == *n && (s == 0 || s >= FEWEST))));
        }

        #[test]
        fn a_corridor_holds_the_place_and_never_fewer_than_five(of in 0u64..200, at in 0u64..200) {
            let ahead = if of == 0 { 0 } else { at % of };
            match corridor(ahead, of) {
                None => prop_assert!(of < FEWEST),
                Some(c) => {
                    prop_assert!(c.from <= ahead + 1 && ahead < c.to && c.to <= of);
                    prop_assert!(c.to - c.from + 1 >= FEWEST);
                }
            }
        }
    }
}
