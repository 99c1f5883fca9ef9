//! Reserved seats of one pool: the best children who can be matched to them, each to a seat of a type that it has.

/// Who holds the reserved seats of a pool. The holders are the best basis of the matchings of children to seats (a transversal
/// matroid), so a child stays a holder unless better ones need its seat.
#[derive(Clone, Debug)]
pub(super) struct Reserves {
    /// Types and seats, sorted by type.
    kinds: Vec<(u32, u32)>,
    /// For each type the holders: key, and the child's types among `kinds`.
    holders: Vec<Vec<Holder>>,
}

#[derive(Clone, Debug)]
struct Holder {
    key: u64,
    kinds: Vec<u32>,
}

/// How a child would come to a reserved seat.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Entry {
    /// Not at all.
    No,
    /// A seat is free or can be made free by others changing seats.
    Joins,
    /// It takes the place of the holder with this key.
    Replaces(u64),
}

/// How a search went from type to type: from which type, and who of it would change its seat.
struct Search {
    from: Vec<Option<(usize, usize)>>,
    reached: Vec<usize>,
    free: Option<usize>,
}

impl Reserves {
    pub(super) fn new(kinds: &[(u32, u32)]) -> Self {
        Self {
            kinds: kinds.to_vec(),
            holders: vec![Vec::new(); kinds.len()],
        }
    }

    /// Types of the pool that a child with these types has.
    fn own_kinds(&self, types: &[u32]) -> Vec<u32> {
        let own = (0..)
            .zip(&self.kinds)
            .filter(|(_, (kind, _))| types.binary_search(kind).is_ok());
        own.map(|(at, _)| at).collect()
    }

    /// What would happen if a child with these types applied.
    pub(super) fn would(&self, key: u64, types: &[u32]) -> Entry {
        let kinds = self.own_kinds(types);
        let search = self.search(&kinds);
        match search.free {
            Some(_) => Entry::Joins,
            None => match self.worst(&search) {
                Some((_, _, worst)) if key < worst => Entry::Replaces(worst),
                _ => Entry::No,
            },
        }
    }

    /// Lets a child with these types apply.
    pub(super) fn apply(&mut self, key: u64, types: &[u32]) -> Entry {
        let kinds = self.own_kinds(types);
        let search = self.search(&kinds);
        if let Some(free) = search.free {
            let last = self.pass_on(&search, free, Holder { key, kinds });
            self.holders[free].push(last);
            return Entry::Joins;
        }
        match self.worst(&search) {
            Some((kind, at, worst)) if key < worst => {
                let last = self.pass_on(&search, kind, Holder { key, kinds });
                self.holders[kind][at] = last;
                Entry::Replaces(worst)
            }
            _ => Entry::No,
        }
    }

    /// Takes a child out, and tells whether it held a reserved seat.
    pub(super) fn leave(&mut self, key: u64) -> bool {
        for holders in &mut self.holders {
            if let Some(at) = holders.iter().position(|holder| holder.key == key) {
                holders.remove(at);
                return true;
            }
        }
        false
    }

    /// Goes through the types whose seats could be passed on to a child that has `kinds`.
    fn search(&self, kinds: &[u32]) -> Search {
        let mut seen = vec![false; self.kinds.len()];
        let mut search = Search {
            from: vec![None; self.kinds.len()],
            reached: Vec::new(),
            free: None,
        };
        for &kind in kinds {
            seen[kind as usize] = true;
            search.reached.push(kind as usize);
        }
        let mut next = 0;
        while next < search.reached.len() {
            let kind = search.reached[next];
            next += 1;
            if self.holders[kind].len() < self.kinds[kind].1 as usize {
                search.free = Some(kind);
                return search;
            }
            for (at, holder) in self.holders[kind].iter().enumerate() {
                for &other in &holder.kinds {
                    if !std::mem::replace(&mut seen[other as usize], true) {
                        search.from[other as usize] = Some((kind, at));
                        search.reached.push(other as usize);
                    }
                }
            }
        }
        search
    }

    /// The worst holder whom the search reached: type, place and key.
    fn worst(&self, search: &Search) -> Option<(usize, usize, u64)> {
        let reached = search.reached.iter();
        let holders = reached.flat_map(|&kind| {
            self.holders[kind]
                .iter()
                .enumerate()
                .map(move |(at, holder)| (kind, at, holder.key))
        });
        holders.max_by_key(|&(_, _, key)| key)
    }

    /// Gives the new child the seat of the first on the way to the type `to`, that one the seat of the next, and so on; returns
    /// whoever is left over for a seat of `to`.
    fn pass_on(&mut self, search: &Search, to: usize, new: Holder) -> Holder {
        let way = std::iter::successors(search.from[to], |&(kind, _)| search.from[kind]);
        let mut way: Vec<(usize, usize)> = way.collect();
        way.reverse();
        let seats = way.into_iter();
        seats.fold(new, |holder, (kind, at)| {
            std::mem::replace(&mut self.holders[kind][at], holder)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_child_of_two_types_makes_room_for_one_of_a_single_type() {
        let mut reserves = Reserves::new(&[(0, 1), (1, 1)]);
        assert_eq!(reserves.apply(5, &[0, 1]), Entry::Joins);
        assert_eq!(reserves.apply(7, &[0]), Entry::Joins);
        assert_eq!(reserves.would(9, &[0, 1]), Entry::No);
        assert_eq!(reserves.apply(6, &[1]), Entry::Replaces(7));
        assert!(reserves.leave(5) && !reserves.leave(7));
    }
}
