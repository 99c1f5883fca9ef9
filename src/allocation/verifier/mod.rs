//! The verifier: checks a result against its instance from first principles, and shares no code with the engine.
//!
//! It ranks the wishes by sorting them itself, reads the names of a result once, and then goes over every wish once, comparing whole
//! numbers: the time is linear but for the sorting.

mod expected;
mod families;
mod figures;
mod order;
mod places;
mod refusal;
mod reserves;
mod seats;
mod stated;
mod violation;
mod waiting;

pub use stated::Stated;
pub use violation::Violation;

use super::file::ResultFile;
use super::instance::{Instance, NONE, Siblings};
use order::Order;
use places::{By, Places};
use seats::Seats;

/// All that is wrong with a result; nothing if it is right.
pub fn verify(instance: &Instance, result: &ResultFile) -> Vec<Violation> {
    let verifier = Verifier::new(instance);
    verifier.check(&verifier.read(result))
}

/// An instance with its wishes in order, against which results are checked.
pub struct Verifier<'i> {
    instance: &'i Instance,
    order: Order,
    /// Families with joint wishes, or who take one or nothing.
    joint: Vec<u32>,
    sha256: String,
}

impl<'i> Verifier<'i> {
    /// Draws the lottery again and sorts the wishes.
    pub fn new(instance: &'i Instance) -> Self {
        let joint = (0..).zip(&instance.families).filter(|(_, family)| {
            let has_wishes = family.joint.0 < family.joint.1;
            has_wishes || family.siblings == Siblings::Required
        });
        Self {
            instance,
            order: Order::new(instance),
            joint: joint.map(|(family, _)| family).collect(),
            sha256: instance.sha256(),
        }
    }

    /// Finds the children and pools that a result names.
    pub fn read<'r>(&self, result: &'r ResultFile) -> Stated<'r> {
        Stated::read(self.instance, result)
    }

    /// All that is wrong with a result that was [read](Self::read) by this verifier.
    pub fn check(&self, stated: &Stated<'_>) -> Vec<Violation> {
        let mut found = Vec::new();
        if stated.file.instance_sha256 != self.sha256 {
            found.push(Violation::OtherInstance);
        }
        let places = Places::read(self.instance, &self.order, &self.joint, stated, &mut found);
        let Some(places) = places else { return found };
        let seats = Seats::new(self.instance, &self.order, &places, &mut found);
        if !found.is_empty() {
            // Envy among children who sit where they may not, or on seats that are not there, says nothing.
            return found;
        }
        let claims = families::claims(self, &places, &seats);
        families::check_exceptions(self, &places, &claims, stated.file, &mut found);
        let view = View {
            instance: self.instance,
            order: &self.order,
            joint: &self.joint,
            places: &places,
            seats: &seats,
            claims: &claims,
        };
        let envied = expected::check(&view, stated, &mut found);
        view.check_metrics(envied, &stated.file.metrics, &mut found);
        found
    }
}

/// An instance with what a result says about it.
struct View<'s> {
    instance: &'s Instance,
    order: &'s Order,
    /// Families with joint wishes, or who take one or nothing.
    joint: &'s [u32],
    places: &'s Places,
    seats: &'s Seats,
    /// For each family the joint wish, from 0, that it may claim.
    claims: &'s [Option<u32>],
}

impl View<'_> {
    /// Whether the explanations of a child are those of its own wishes.
    fn is_own(&self, child: u32) -> bool {
        self.order.plain[child as usize]
            || self.is_fixed(child)
            || self.is_by_own(self.instance.children[child as usize].family)
    }

    fn is_fixed(&self, child: u32) -> bool {
        self.instance.children[child as usize].fixed != NONE
    }

    /// Whether the children of a family are judged by their own wishes.
    fn is_by_own(&self, family: u32) -> bool {
        self.places.by[family as usize] == By::Own
            && self.instance.families[family as usize].siblings != Siblings::Required
    }

    /// Whether a child is judged by its own wishes.
    fn is_single(&self, child: u32) -> bool {
        self.order.plain[child as usize]
            || !self.is_fixed(child) && self.is_by_own(self.instance.children[child as usize].family)
    }
}
