//! The promises of the mechanism, each asked of pools that stand alone, of trees, reserves and children who stay, and where possible against
//! all alternatives.

mod best;
mod changes;
mod own_seat;
mod rejected;
mod rounds;
mod whole;
