//! The engine: whole numbers in, whole numbers out; no clock, no chance, no order but that of the instance.

mod choice;
mod coordination;
mod decline;
mod draws;
mod explain;
mod first_preference;
mod market;
mod outcome;
mod rank;
mod repair;
mod reserves;
mod rounds;
mod seating;
mod settle;
mod singles;
mod slots;
mod standing;

pub use coordination::{Coordination, Stands};
pub use decline::{Move, Rolling};
pub use draws::Chances;
pub use first_preference::FirstPreferenceFirst;
pub use market::Market;
pub use outcome::{ENGINE, Outcome, Place, solve};

pub use repair::Settled;

impl<'i> Market<'i> {
    /// Solves the market.
    pub fn into_outcome(self) -> Outcome<'i> {
        let settled = self.settle();
        Outcome { market: self, settled }
    }

    /// Solves the market, and leaves what follows from that for later.
    pub fn solve(&self) -> Settled {
        self.settle()
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
