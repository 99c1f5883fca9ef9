//! The verifier: checks a result against its instance from first principles, and shares no code with the engine.
//!
//! It ranks the wishes by sorting them itself, and then reads every wish once: the time is linear but for the sorting.

mod expected;
mod families;
mod figures;
mod order;
mod places;
mod reserves;
mod seats;
mod violation;

pub use violation::Violation;

use std::collections::HashMap;

use super::file::ResultFile;
use super::instance::Instance;
use order::Order;
use places::Places;
use seats::Seats;

/// All that is wrong with a result; nothing if it is right.
pub fn verify(instance: &Instance, result: &ResultFile) -> Vec<Violation> {
    Verifier::new(instance).check(result)
}

/// An instance with its wishes in order, against which results are checked.
pub struct Verifier<'i> {
    instance: &'i Instance,
    order: Order,
    pools: HashMap<&'i str, u32>,
    sha256: String,
}

impl<'i> Verifier<'i> {
    /// Draws the lottery again and sorts the wishes.
    pub fn new(instance: &'i Instance) -> Self {
        Self {
            instance,
            order: Order::new(instance),
            pools: instance.pools.iter().map(|pool| &*pool.id).zip(0..).collect(),
            sha256: instance.sha256(),
        }
    }

    /// All that is wrong with a result.
    pub fn check(&self, result: &ResultFile) -> Vec<Violation> {
        let mut found = Vec::new();
        if result.instance_sha256 != self.sha256 {
            found.push(Violation::OtherInstance);
        }
        let places = Places::read(self.instance, &self.pools, result, &mut found);
        let Some(places) = places else { return found };
        let seats = Seats::new(self.instance, &self.order, &places, &mut found);
        if !found.is_empty() {
            // Envy among children who sit where they may not, or on seats that are not there, says nothing.
            return found;
        }
        let claims = families::claims(self.instance, &self.order, &places, &seats);
        families::check_exceptions(self.instance, &places, &claims, result, &mut found);
        expected::check(self.instance, &self.order, &places, &seats, &claims, result, &mut found);
        found
    }
}
