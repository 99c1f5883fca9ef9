//! Who is at a childminder's at the same time: the law bounds children present at once (§ 43 SGB VIII), so that children who follow one
//! another in a day share a place. Pure.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};

use super::model::{Taken, months_after, months_between};

/// Times of a day, half open.
pub type Window = (NaiveTime, NaiveTime);

/// Most of these who are there at the same time in a month. Who has no agreed times counts all day.
pub fn at_once<'t>(taken: impl IntoIterator<Item = &'t Taken>, month: NaiveDate) -> i32 {
    let there: Vec<Option<Window>> = taken
        .into_iter()
        .filter(|t| t.in_month(month))
        .map(|t| t.window)
        .collect();
    let all_day = there.iter().filter(|w| w.is_none()).count();
    let windows: Vec<Window> = there.into_iter().flatten().collect();
    // A new most is reached only when somebody comes.
    let most = windows.iter().map(|(at, _)| present(&windows, *at)).max();
    i32::try_from(all_day + most.unwrap_or(0)).unwrap_or(i32::MAX)
}

fn present(windows: &[Window], at: NaiveTime) -> usize {
    windows.iter().filter(|(from, to)| *from <= at && at < *to).count()
}

/// The places that these take: month by month as many as are there at the same time, the contracts first.
pub fn places(taken: &[Taken]) -> Vec<Taken> {
    let changes: BTreeSet<NaiveDate> = taken.iter().flat_map(|t| [t.from_month, t.until_month]).collect();
    let mut places = Vec::new();
    for (from, until) in changes.iter().zip(changes.iter().skip(1)) {
        let contracts = at_once(taken.iter().filter(|t| !t.held), *from);
        let place = |n| Taken {
            held: n >= contracts,
            from_month: *from,
            until_month: *until,
            window: None,
        };
        places.extend((0..at_once(taken, *from)).map(place));
    }
    places
}

/// The children of a month over a usual day: from one change to the next, how many are there. Empty where nobody has agreed times.
pub fn day(taken: &[Taken], month: NaiveDate) -> Vec<(Window, i32)> {
    let there: Vec<&Taken> = taken.iter().filter(|t| t.in_month(month)).collect();
    let all_day = there.iter().filter(|t| t.window.is_none()).count();
    let windows: Vec<Window> = there.iter().filter_map(|t| t.window).collect();
    let changes: BTreeSet<NaiveTime> = windows.iter().flat_map(|(from, to)| [*from, *to]).collect();
    let steps = changes.iter().zip(changes.iter().skip(1));
    let step = |(from, to): (&NaiveTime, &NaiveTime)| {
        let children = all_day + present(&windows, *from);
        ((*from, *to), i32::try_from(children).unwrap_or(i32::MAX))
    };
    steps.map(step).collect()
}

/// The first month with too many children and more of them than before. Both are bookable places month by month from their first one;
/// the earlier list may begin earlier, as it does in the first hours of a month, and its last entry holds for what lies behind it.
pub fn first_worse(was: (NaiveDate, &[Option<i32>]), is: (NaiveDate, &[Option<i32>])) -> Option<NaiveDate> {
    let skipped = usize::try_from(months_between(was.0, is.0)).unwrap_or(0);
    let before = |at: usize| was.1.get(skipped + at).or(was.1.last()).copied().flatten();
    let worse =
        |(at, is): (usize, &Option<i32>)| is.is_some_and(|is| is < 0 && before(at).is_none_or(|before| is < before));
    let at = is.1.iter().enumerate().position(worse)?;
    Some(months_after(is.0, u32::try_from(at).ok()?))
}

#[cfg(test)]
#[path = "presence_tests.rs"]
mod tests;
