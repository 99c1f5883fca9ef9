//! Reserved seats of one pool: the best children whom a matching can seat there, found child by child.

/// A matching of children to reserved seats, and how good one must be to come in.
pub(super) struct Matching<'t> {
    types: &'t [(u32, u32)],
    /// Children with a reserved seat: place in the order, type of the seat (an index), types they could use.
    seated: Vec<(u32, usize, Vec<usize>)>,
}

/// How a child with one of the pool's types would fare.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Way {
    /// Nobody would make room for it.
    Shut,
    /// It would push out the child at this place of the order, if that is later than its own.
    Before(u32),
    /// There is a seat for it.
    Open,
}

impl<'t> Matching<'t> {
    pub(super) fn new(types: &'t [(u32, u32)]) -> Self {
        Self {
            types,
            seated: Vec::new(),
        }
    }

    /// The pool's types among those of a child.
    pub(super) fn usable(&self, own: &[u32]) -> Vec<usize> {
        (0..self.types.len())
            .filter(|&at| own.contains(&self.types[at].0))
            .collect()
    }

    /// Seats a child if that unseats nobody; children must come best first.
    pub(super) fn seat(&mut self, place: u32, own: &[u32]) -> bool {
        let usable = self.usable(own);
        let mut found: Vec<Option<usize>> = vec![None; self.types.len()];
        let mut fringe: Vec<usize> = usable.clone();
        let mut known: Vec<bool> = (0..self.types.len()).map(|at| usable.contains(&at)).collect();
        while let Some(at) = fringe.pop() {
            let taken = self.seated.iter().filter(|seat| seat.1 == at).count();
            if taken < self.types[at].1 as usize {
                self.follow(&found, at, (place, at, usable));
                return true;
            }
            for (who, (_, seat, others)) in self.seated.iter().enumerate() {
                for &other in others.iter().filter(|_| *seat == at) {
                    if !known[other] {
                        known[other] = true;
                        found[other] = Some(who);
                        fringe.push(other);
                    }
                }
            }
        }
        false
    }

    /// Each child that was found on the way moves on to the type to which it led; the new one takes what is left.
    fn follow(&mut self, found: &[Option<usize>], end: usize, mut new: (u32, usize, Vec<usize>)) {
        let mut at = end;
        while let Some(who) = found[at] {
            std::mem::swap(&mut self.seated[who].1, &mut at);
        }
        new.1 = at;
        self.seated.push(new);
    }

    /// For each of the pool's types how a child that has only this one would fare.
    pub(super) fn ways(&self) -> Vec<Way> {
        let mut ways: Vec<Way> = (0..self.types.len())
            .map(|at| {
                let there = self.seated.iter().filter(|seat| seat.1 == at);
                let taken = there.clone().count();
                if taken < self.types[at].1 as usize {
                    Way::Open
                } else {
                    there.map(|seat| Way::Before(seat.0)).max().unwrap_or(Way::Shut)
                }
            })
            .collect();
        // A child on one type that could use another hands on what is possible there.
        loop {
            let before = ways.clone();
            for (_, at, others) in &self.seated {
                ways[*at] = others.iter().map(|&other| ways[other]).fold(ways[*at], Way::max);
            }
            if before == ways {
                return ways;
            }
        }
    }
}
