//! Kept seats that somebody holds already: a run over the rest must not keep them once more. Pure.

use std::borrow::Cow;

use crate::allocation::Reserve;

/// Leaves the kept seats that none of those with a fixed place in the pool holds, in all of its parts. Each of them can hold one of a type of
/// its own, and as many hold one as can. Answers the type of the seat that each of them holds.
pub(super) fn leave_unheld(parts: Vec<&mut [Reserve<'_>]>, holders: &[&[Cow<'_, str>]]) -> Vec<Option<String>> {
    let mut reserves: Vec<&mut Reserve<'_>> = parts.into_iter().flatten().collect();
    let mut held = vec![Vec::new(); reserves.len()];
    for holder in 0..holders.len() {
        take_seat(&reserves, holders, &mut held, &mut vec![false; reserves.len()], holder);
    }
    let mut kinds = vec![None; holders.len()];
    for (reserve, held) in reserves.iter_mut().zip(held) {
        held.iter()
            .for_each(|holder| kinds[*holder] = Some(reserve.kind.to_string()));
        reserve.seats = reserve
            .seats
            .saturating_sub(u32::try_from(held.len()).unwrap_or(u32::MAX));
    }
    kinds
}

/// Gives a holder a seat, if need be by moving others to seats of another type of theirs.
fn take_seat(
    reserves: &[&mut Reserve<'_>],
    holders: &[&[Cow<'_, str>]],
    held: &mut [Vec<usize>],
    seen: &mut [bool],
    holder: usize,
) -> bool {
    for at in 0..reserves.len() {
        if seen[at] || !holders[holder].contains(&reserves[at].kind) {
            continue;
        }
        seen[at] = true;
        if held[at].len() < usize::try_from(reserves[at].seats).unwrap_or(usize::MAX) {
            held[at].push(holder);
            return true;
        }
        for n in 0..held[at].len() {
            let other = held[at][n];
            if take_seat(reserves, holders, held, seen, other) {
                held[at][n] = holder;
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_two_types_leaves_the_seat_that_another_one_needs() {
        let left = |seats: [u32; 3], holders: &[&[&'static str]]| {
            let mut reserves: Vec<Reserve<'_>> = ["a", "b", "c"]
                .into_iter()
                .zip(seats)
                .map(|(kind, seats)| Reserve {
                    kind: Cow::Borrowed(kind),
                    seats,
                })
                .collect();
            let types: Vec<Vec<Cow<'_, str>>> = holders
                .iter()
                .map(|own| own.iter().map(|kind| Cow::Borrowed(*kind)).collect())
                .collect();
            let types: Vec<&[Cow<'_, str>]> = types.iter().map(Vec::as_slice).collect();
            let (one, other) = reserves.split_at_mut(1);
            leave_unheld(vec![one, other], &types);
            reserves.iter().map(|of| of.seats).collect::<Vec<_>>()
        };
        assert_eq!(left([1, 1, 1], &[&["a", "b"], &["b", "c"], &["a", "b"]]), [0, 0, 0]);
        assert_eq!(left([2, 1, 0], &[&["a"], &["c"], &["d"]]), [1, 1, 0]);
        assert_eq!(left([1, 0, 0], &[&["a"], &["a"]]), [0, 0, 0]);
    }
}
