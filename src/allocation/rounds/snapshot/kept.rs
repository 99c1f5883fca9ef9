//! Kept seats where a pool has parts: each is kept once, in the part of a child who may have it. Pure.
//!
//! A bound over the kept seats of all parts would cross their chain, and bounds that cross void every guarantee. So it is fixed at the
//! freeze in which part each lies: in those of the children with the largest claims among those for whom they are kept. If one of them
//! goes elsewhere, its seat is still there for the others whose own part lies further outside: they ask in their own part first and then,
//! with their own first day and hours, in the parts inside where a seat is kept for them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::pool_of;
use crate::allocation::{Child, Reserve, Wish};

/// The parts of a pool, the innermost first, each with its places and the seats kept in it by type.
#[derive(Debug, Clone, Default)]
pub struct KeptParts(Vec<KeptPart>);

#[derive(Debug, Clone)]
struct KeptPart {
    name: String,
    /// Type and number; what is kept in the parts inside is not counted again.
    seats: Vec<(String, u32)>,
}

impl KeptParts {
    /// So many seats of each type kept in the parts of a pool. `asking` says for a type in which parts those ask for whom it is kept, the
    /// largest claim first; places that are one list keep them whoever asks.
    pub fn new(parts: &[(Cow<'_, str>, u32)], kept: &[(String, u32)], asking: impl Fn(&str) -> Vec<usize>) -> Self {
        let mut all: Vec<KeptPart> = parts
            .iter()
            .map(|(name, _)| KeptPart {
                name: name.to_string(),
                seats: Vec::new(),
            })
            .collect();
        for (kind, seats) in kept {
            let mut of = vec![0; parts.len()];
            match parts {
                [(_, cap)] => of[0] = *cap.min(seats),
                _ => {
                    for at in asking(kind) {
                        // A place in a part is one in all around it.
                        let room = (at..parts.len()).all(|n| of[..=n].iter().sum::<u32>() < parts[n].1);
                        if room && of.iter().sum::<u32>() < *seats {
                            of[at] += 1;
                        }
                    }
                    // What nobody asks for, or finds no room further inside, is kept in the outermost part: for who comes there by a later way,
                    // and so that a report can say that it was not filled. Unfilled it is open to all.
                    let (put, last) = (of.iter().sum::<u32>(), parts.len() - 1);
                    of[last] += (*seats - put).min(parts[last].1 - put);
                }
            }
            for (part, seats) in all.iter_mut().zip(of).filter(|(_, seats)| *seats > 0) {
                part.seats.push((kind.clone(), seats));
            }
        }
        Self(all)
    }

    /// What is kept in a part.
    pub fn reserves<'a>(&self, part: &str) -> Vec<Reserve<'a>> {
        let of = self.0.iter().find(|of| of.name == part);
        let seats = of.into_iter().flat_map(|of| &of.seats);
        seats
            .map(|(kind, seats)| Reserve {
                kind: Cow::Owned(kind.clone()),
                seats: *seats,
            })
            .collect()
    }

    /// The parts inside one in which a seat is kept for a child of these types, the nearest first.
    fn inside<'s>(&'s self, part: &str, types: &'s [Cow<'_, str>]) -> impl Iterator<Item = &'s str> {
        let at = self.place(part).unwrap_or(0);
        let kept = |of: &&KeptPart| of.seats.iter().any(|(kind, _)| types.iter().any(|own| own == kind));
        let inside = self.0.iter().take(at).rev();
        inside.filter(kept).map(|of| of.name.as_str())
    }

    fn place(&self, part: &str) -> Option<usize> {
        self.0.iter().position(|of| of.name == part)
    }
}

/// Puts behind the first way that a child wishes to a pool those to the seats that are kept for it inside, in place of any that stood there.
pub fn with_kept_seats(child: &mut Child<'_>, pools: &BTreeMap<String, KeptParts>) {
    let mut seen: BTreeMap<String, Option<usize>> = BTreeMap::new();
    let mut wishes = Vec::with_capacity(child.wishes.len());
    for wish in std::mem::take(&mut child.wishes) {
        let Some(parts) = pools.get(pool_of(&wish.pool)) else {
            wishes.push(wish);
            continue;
        };
        let at = parts.place(&wish.pool);
        match seen.get(pool_of(&wish.pool)) {
            // The ways of its own lie further and further outside.
            Some(first) if at < *first => {}
            Some(_) => wishes.push(wish),
            None => {
                seen.insert(pool_of(&wish.pool).to_owned(), at);
                let inside = parts.inside(&wish.pool, &child.types).map(|part| Wish {
                    pool: Cow::Owned(part.to_owned()),
                    priority: wish.priority,
                });
                let inside: Vec<Wish<'_>> = inside.collect();
                wishes.push(wish);
                wishes.extend(inside);
            }
        }
    }
    child.wishes = wishes;
}

/// Whether a child that has these ways asks in a part for a kept seat only.
pub fn is_for_kept_seat(part: &str, ways: &BTreeSet<&str>) -> bool {
    part != pool_of(part) && !ways.contains(part)
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
