//! How likely each wish is to be met, over many draws of the lottery.

use super::super::instance::NONE;
use super::super::lottery::Lottery;
use super::market::Market;

/// In how many of the draws each wish was met.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Chances {
    /// How many draws there were.
    pub draws: u32,
    /// Where the wishes of each child begin in `met`; one more at the end.
    starts: Vec<u32>,
    met: Vec<u32>,
}

impl Chances {
    /// For each wish of a child in how many draws it was met; an incumbent that did not list its place has one more for that.
    pub fn of(&self, child: u32) -> &[u32] {
        &self.met[self.starts[child as usize] as usize..self.starts[child as usize + 1] as usize]
    }
}

impl Market<'_> {
    /// Solves the market with this many other draws, on all cores but one: that one is for those who wait for an answer meanwhile.
    ///
    /// The order of the families in draw `n` is a shuffle that follows from the seed and `n` alone, so that the result does not
    /// depend on the number of cores.
    pub fn chances(&self, draws: u32) -> Chances {
        let threads = std::thread::available_parallelism()
            .map_or(1, |cores| cores.get().saturating_sub(1).max(1))
            .min(draws.max(1) as usize);
        let counts = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|first| scope.spawn(move || self.count((first as u32..draws).step_by(threads))))
                .collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect::<Vec<_>>()
        });
        let mut met = vec![0; self.entries.len()];
        for count in counts {
            met.iter_mut().zip(count).for_each(|(sum, count)| *sum += count);
        }
        let starts = self
            .lists
            .iter()
            .map(|list| list.from)
            .chain([self.entries.len() as u32])
            .collect();
        Chances { draws, starts, met }
    }

    fn count(&self, draws: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut market = self.clone();
        let mut families: Vec<u32> = (0..self.instance.families.len() as u32).collect();
        let lottery = Lottery::new(&self.instance.seed);
        let mut met = vec![0; self.entries.len()];
        for draw in draws {
            let number = lottery.number(&format!("draw {draw}"));
            let seed = number.first_chunk().map_or(0, |head| u64::from_be_bytes(*head));
            families.sort_unstable();
            shuffle(&mut families, seed);
            market.draw(&families);
            for held in market.settle().held.into_iter().filter(|&held| held != NONE) {
                met[held as usize] += 1;
            }
        }
        met
    }
}

/// Fisher and Yates' shuffle with the numbers of SplitMix64.
fn shuffle(families: &mut [u32], mut state: u64) {
    for at in (1..families.len()).rev() {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        // The upper half of the product is a number below the bound, without a division.
        let other = (u128::from(bits) * (at as u128 + 1)) >> 64;
        families.swap(at, other as usize);
    }
}
