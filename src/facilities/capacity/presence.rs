//! Who is at a childminder's at the same time: the law bounds children present at once (§ 43 SGB VIII), so that children who follow one
//! another in a day, or come on other days of the week, share a place. Pure.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime, Weekday};

use super::model::{Taken, months_after, months_between};
use crate::platform::week::{WeekTimes, Window};

/// Most of these who are there at the same time in a week of a month. Who has no agreed times counts all day on every day.
pub fn at_once<'t>(taken: impl IntoIterator<Item = &'t Taken>, month: NaiveDate) -> i32 {
    let there: Vec<Option<WeekTimes>> = taken
        .into_iter()
        .filter(|t| t.in_month(month))
        .map(|t| t.week)
        .collect();
    let all_day = there.iter().filter(|w| w.is_none()).count();
    let weeks: Vec<WeekTimes> = there.into_iter().flatten().collect();
    let most = by_day(&weeks).into_iter().map(|(_, windows)| {
        // A new most is reached only when somebody comes.
        let each = windows.iter().map(|(at, _)| present(&windows, *at));
        each.max().unwrap_or(0)
    });
    i32::try_from(all_day + most.max().unwrap_or(0)).unwrap_or(i32::MAX)
}

/// Most of these who are there at the same time on a day while somebody else is (`None`: all day).
pub fn at_once_during(day: &[Option<Window>], window: Option<Window>) -> i32 {
    let all_day = day.iter().filter(|w| w.is_none()).count();
    let windows: Vec<Window> = day.iter().flatten().copied().collect();
    // A new most is reached only when somebody comes.
    let comings = windows
        .iter()
        .map(|(from, _)| *from)
        .chain(window.map(|(from, _)| from));
    let within = comings.filter(|at| window.is_none_or(|(from, to)| from <= *at && *at < to));
    let most = within.map(|at| present(&windows, at)).max().unwrap_or(0);
    i32::try_from(all_day + most).unwrap_or(i32::MAX)
}

/// The weekdays on which some of these come, with the times of those who do.
fn by_day(weeks: &[WeekTimes]) -> Vec<(Weekday, Vec<Window>)> {
    let mut days: Vec<(Weekday, Vec<Window>)> = Vec::new();
    for (day, window) in weeks.iter().flat_map(WeekTimes::days) {
        let Some(window) = window else { continue };
        match days.iter_mut().find(|(of, _)| *of == day) {
            Some((_, windows)) => windows.push(window),
            None => days.push((day, vec![window])),
        }
    }
    days.sort_by_key(|(day, _)| day.num_days_from_monday());
    days
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
            week: None,
        };
        places.extend((0..at_once(taken, *from)).map(place));
    }
    places
}

/// Weekdays that are alike: from one change to the next, how many are there.
#[derive(Debug, PartialEq, Eq)]
pub struct UsualDays {
    /// They follow one another.
    pub weekdays: Vec<Weekday>,
    pub steps: Vec<(Window, i32)>,
}

/// The children of a month over a usual week. Days on which nobody has agreed times are left out.
pub fn usual_week(taken: &[Taken], month: NaiveDate) -> Vec<UsualDays> {
    let there: Vec<&Taken> = taken.iter().filter(|t| t.in_month(month)).collect();
    let all_day = there.iter().filter(|t| t.week.is_none()).count();
    let weeks: Vec<WeekTimes> = there.iter().filter_map(|t| t.week).collect();
    let mut usual: Vec<UsualDays> = Vec::new();
    for (day, windows) in by_day(&weeks) {
        let changes: BTreeSet<NaiveTime> = windows.iter().flat_map(|(from, to)| [*from, *to]).collect();
        let step = |(from, to): (&NaiveTime, &NaiveTime)| {
            let children = all_day + present(&windows, *from);
            ((*from, *to), i32::try_from(children).unwrap_or(i32::MAX))
        };
        let steps: Vec<_> = changes.iter().zip(changes.iter().skip(1)).map(step).collect();
        match usual.last_mut() {
            Some(same) if same.steps == steps && same.weekdays.last() == Some(&day.pred()) => same.weekdays.push(day),
            _ => usual.push(UsualDays {
                weekdays: vec![day],
                steps,
            }),
        }
    }
    usual
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
