//! Coordinated mode: facilities propose in rounds, some by a manager's hand and some automatically.
//!
//! The model: in each round every tree that is decided by hand looks once at who holds nothing better, and makes its
//! offers; families keep their best offer. Automatic trees answer at once, as often as it takes, before the round ends. A round more is
//! counted as long as the part of the places that differ from the end is above a tolerance, which is how the published simulation
//! of the process counts.

use std::collections::BTreeSet;

use super::super::instance::NONE;
use super::choice::Offers;
use super::market::Market;
use super::settle::Applicants;

impl Market<'_> {
    /// The facility-proposing outcome: for each child the pool that it gets if every facility follows the points. Families with
    /// joint wishes take part child by child, with the children's own wishes.
    pub fn facility_proposing(&self) -> Vec<Option<u32>> {
        let applicants = Applicants::new(self);
        let mut offers = Offers::new(self);
        let trees = (0..applicants.trees()).collect();
        answer(&mut offers, &applicants, trees, |_| true);
        let pool = |&held: &u32| (held != NONE).then(|| self.pool(held));
        offers.held.iter().map(pool).collect()
    }

    /// How many rounds the coordinated mode takes if `by_hand` tells the pools that are decided by hand, until at most `tolerance`
    /// of a thousand places are not final.
    pub fn coordinated_rounds(&self, by_hand: impl Fn(u32) -> bool, tolerance: u64) -> u32 {
        self.rounds(by_hand, tolerance, false)
    }

    /// The same in the order of our own steps: whoever goes by points has proposed before the first manager looks.
    pub fn coordinated_steps(&self, by_hand: impl Fn(u32) -> bool, tolerance: u64) -> u32 {
        self.rounds(by_hand, tolerance, true)
    }

    fn rounds(&self, by_hand: impl Fn(u32) -> bool, tolerance: u64, automatic_first: bool) -> u32 {
        let applicants = Applicants::new(self);
        let mut manual = vec![false; applicants.trees() as usize];
        for (pool, &tree) in (0..).zip(&self.tree_of) {
            manual[tree as usize] |= by_hand(pool);
        }
        let mut last = Offers::new(self);
        answer(&mut last, &applicants, (0..applicants.trees()).collect(), |_| true);
        let places = last.held.iter().filter(|&&held| held != NONE).count() as u64;

        let mut offers = Offers::new(self);
        let mut busy: BTreeSet<u32> = (0..applicants.trees()).collect();
        if automatic_first {
            busy = answer(&mut offers, &applicants, busy, |tree| !manual[tree as usize]);
        }
        let mut rounds = 0;
        loop {
            rounds += 1;
            // All managers look before anybody answers.
            let hands: Vec<u32> = busy.iter().copied().filter(|&tree| manual[tree as usize]).collect();
            let made: Vec<(u32, u32)> = hands
                .iter()
                .flat_map(|&tree| offers.pending(applicants.of(tree)))
                .collect();
            let mut next: BTreeSet<u32> = busy.into_iter().filter(|&tree| !manual[tree as usize]).collect();
            for (child, entry) in made {
                next.extend(
                    offers
                        .offer(child, entry)
                        .map(|down| self.tree_of[self.pool(down) as usize]),
                );
            }
            busy = answer(&mut offers, &applicants, next, |tree| !manual[tree as usize]);
            let differ = offers
                .held
                .iter()
                .zip(&last.held)
                .filter(|(now, end)| now != end && **end != NONE)
                .count() as u64;
            if differ * 1000 <= places * tolerance || busy.is_empty() {
                return rounds;
            }
        }
    }
}

/// Lets trees that may act make offers until nobody turns one of theirs down; returns the others that have something to offer.
pub(super) fn answer(
    offers: &mut Offers<'_>,
    applicants: &Applicants,
    mut busy: BTreeSet<u32>,
    acts: impl Fn(u32) -> bool,
) -> BTreeSet<u32> {
    let mut waiting = BTreeSet::new();
    while let Some(tree) = busy.pop_first() {
        if !acts(tree) {
            waiting.insert(tree);
            continue;
        }
        for (child, entry) in offers.pending(applicants.of(tree)) {
            busy.extend(offers.offer(child, entry).map(|down| offers.tree(down)));
        }
    }
    waiting
}
