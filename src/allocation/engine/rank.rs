//! Ranking: priorities become small numbers that keep their order within a tree.

use super::super::instance::{Instance, Priority};

/// Bits that a class may have: keys need one to set reserved seats apart, and class 0 is the incumbents'.
const BITS: u32 = 30;

/// For each wish its class within the tree: smaller for larger priorities, equal for equal ones, and at least 1.
///
/// Where the numbers of a tree span few values, as points do, they are packed side by side into the class without sorting.
pub(super) fn classes(instance: &Instance, tree_of: &[u32]) -> Vec<u32> {
    let spans = spans(instance, tree_of);
    let packings: Vec<Option<Packing>> = spans.iter().map(Span::packing).collect();
    let mut classes = vec![0; instance.wish_pool.len()];
    let mut unpacked = Vec::new();
    for (wish, class) in classes.iter_mut().enumerate() {
        let tree = tree_of[instance.wish_pool[wish] as usize];
        match &packings[tree as usize] {
            Some(packing) => *class = 1 + packing.class(instance.priority(wish)),
            None => unpacked.push((tree, wish)),
        }
    }
    sort_classes(instance, unpacked, &mut classes);
    classes
}

/// Smallest and largest value of each number in a tree.
#[derive(Clone)]
struct Span {
    len: usize,
    least: [i64; Priority::LONGEST],
    most: [i64; Priority::LONGEST],
}

fn spans(instance: &Instance, tree_of: &[u32]) -> Vec<Span> {
    let trees = tree_of.iter().map(|&tree| tree as usize + 1).max().unwrap_or(0);
    let empty = Span {
        len: 0,
        least: [i64::MAX; 8],
        most: [i64::MIN; 8],
    };
    let mut spans = vec![empty; trees];
    for (wish, &pool) in instance.wish_pool.iter().enumerate() {
        let span = &mut spans[tree_of[pool as usize] as usize];
        let numbers = instance.priority(wish);
        span.len = numbers.len();
        for (at, &number) in numbers.iter().enumerate() {
            span.least[at] = span.least[at].min(number);
            span.most[at] = span.most[at].max(number);
        }
    }
    spans
}

/// How the numbers of a priority stand side by side: the largest value, and the bits for the way down from it.
struct Packing {
    len: usize,
    most: [i64; Priority::LONGEST],
    bits: [u32; Priority::LONGEST],
}

impl Span {
    fn packing(&self) -> Option<Packing> {
        let mut bits = [0; Priority::LONGEST];
        for (at, bits) in bits.iter_mut().enumerate().take(self.len) {
            *bits = u64::BITS - self.most[at].abs_diff(self.least[at]).leading_zeros();
        }
        let fits = bits.iter().sum::<u32>() <= BITS;
        fits.then_some(Packing {
            len: self.len,
            most: self.most,
            bits,
        })
    }
}

impl Packing {
    fn class(&self, numbers: &[i64]) -> u32 {
        let down = |class: u32, at: usize| class << self.bits[at] | self.most[at].abs_diff(numbers[at]) as u32;
        (0..self.len).fold(0, down)
    }
}

fn sort_classes(instance: &Instance, mut wishes: Vec<(u32, usize)>, classes: &mut [u32]) {
    wishes.sort_unstable_by(|&(tree, wish), &(other_tree, other)| {
        let by_priority = || instance.priority(other).cmp(instance.priority(wish));
        tree.cmp(&other_tree).then_with(by_priority)
    });
    let mut class = 0;
    let mut before: Option<(u32, usize)> = None;
    for (tree, wish) in wishes {
        class = match before {
            Some((same, other)) if same == tree => {
                class + u32::from(instance.priority(other) != instance.priority(wish))
            }
            _ => 1,
        };
        before = Some((tree, wish));
        classes[wish] = class;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_keeps_the_order() {
        let span = Span {
            len: 2,
            least: [-3; 8],
            most: [4; 8],
        };
        let packing = span.packing().unwrap();
        assert!(packing.class(&[4, -3]) < packing.class(&[3, 4]));
        assert!(packing.class(&[-3, 4]) < packing.class(&[-3, 3]));
    }

    #[test]
    fn numbers_that_span_too_much_are_not_packed() {
        let span = Span {
            len: 1,
            least: [i64::MIN; 8],
            most: [i64::MAX; 8],
        };
        assert!(span.packing().is_none());
    }
}
