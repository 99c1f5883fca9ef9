//! The engine: whole numbers in, whole numbers out; no clock, no chance, no order but that of the instance.

mod explain;
mod market;
mod outcome;
mod rank;
mod repair;
mod reserves;
mod seating;
mod settle;
mod singles;
mod slots;
mod standing;

pub use market::Market;
pub use outcome::{ENGINE, Outcome, Place, solve};

use repair::Settled;

impl<'i> Market<'i> {
    /// Solves the market.
    pub fn into_outcome(self) -> Outcome<'i> {
        let settled = self.settle();
        Outcome { market: self, settled }
    }

    fn settle(&self) -> Settled {
        if self.simple {
            Settled {
                held: singles::propose(self),
                joint_at: Vec::new(),
                exceptions: Vec::new(),
            }
        } else {
            repair::solve(self)
        }
    }
}
