//! The slow model: what a facility has to give, day by day. It uses the calendar and what was entered, nothing of the product.

use chrono::{Datelike, NaiveDate};

use super::keys::KEYS;
use super::{Child, Entered, Span, Town, month, next, within};

/// Places of the permit, places that can be run, children with a contract, with an offer, reserved, free or missing.
pub(super) type Row = [i32; 6];

fn days_of(first: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    first.iter_days().take_while(move |day| day.month() == first.month())
}

/// The band in which a child is counted all month: over three from the month after its third birthday, a schoolchild from the month of its
/// school entry.
fn band_of(child: &Child, first: NaiveDate) -> usize {
    // Saxony: six by 30 June goes to school in August.
    let six = (child.birth.year() + 6, child.birth.month(), child.birth.day());
    let first_class = six.0 + i32::from((six.1, six.2) > (6, 30)) + child.deferred;
    if (first.year(), first.month()) >= (first_class, 8) {
        return 2;
    }
    // Born on 29 February it is three on 1 March.
    let three = NaiveDate::from_ymd_opt(child.birth.year() + 3, child.birth.month(), child.birth.day());
    let three = three.unwrap_or_else(|| NaiveDate::from_ymd_opt(child.birth.year() + 3, 3, 1).unwrap());
    usize::from((first.year(), first.month()) > (three.year(), three.month()))
}

/// Whether a child has a place in a month: a month begun is a month taken.
fn has_place(child: &Child, first: NaiveDate) -> bool {
    let here = days_of(first).any(|day| child.from <= day && day < child.until);
    // Whoever leaves keeps the place until the month is over.
    here && child.leaves.is_none_or(|day| first < day)
}

fn hours_on(child: &Child, day: NaiveDate) -> i32 {
    if child.held {
        return child.offered;
    }
    let mut hours = child.hours;
    for change in &child.changes {
        if change.agreed && change.from <= day {
            hours = change.hours;
        }
    }
    hours
}

/// Whether a day lies in a time of closed days in a row that is longer than six weeks.
fn closed_long(closed: &[Span], day: NaiveDate) -> bool {
    let shut = |day: NaiveDate| closed.iter().any(|span| within(*span, day));
    if !shut(day) {
        return false;
    }
    let (mut length, mut before, mut after) = (1, day, day);
    while length <= 42 && shut(before.pred_opt().unwrap()) {
        before = before.pred_opt().unwrap();
        length += 1;
    }
    while length <= 42 && shut(next(after)) {
        after = next(after);
        length += 1;
    }
    length > 42
}

impl Town {
    fn figure(&self, band: usize, day: NaiveDate) -> Option<&Entered> {
        let mut known: Vec<&Entered> = self.entered.iter().filter(|e| e.band == band).collect();
        known.sort_by_key(|e| e.month);
        known.into_iter().rfind(|e| month(e.month) <= day)
    }

    fn licensed(&self, band: usize, day: NaiveDate) -> i32 {
        if self.permits.iter().all(|p| p.span.0 > day) {
            return self.figure(band, day).map_or(0, |f| f.licensed);
        }
        let mut places = 0;
        for permit in self.permits.iter().filter(|p| within(p.span, day)) {
            places += permit.places.iter().filter(|p| p.1 == band).map(|p| p.2).sum::<i32>();
        }
        places
    }

    fn open(&self, band: usize, day: NaiveDate) -> i32 {
        if closed_long(&self.closed, day) {
            return 0;
        }
        let mut open = self.licensed(band, day);
        for team in self.teams.iter().filter(|team| within(team.span, day)) {
            let both: Vec<Span> = team.closed.iter().chain(&self.closed).copied().collect();
            if closed_long(&both, day) {
                open -= team.places[band];
            }
        }
        open.max(0)
    }

    /// What the staff of a day can run of the open places; `None` as long as nobody's hours were entered.
    fn staffed(&self, band: usize, day: NaiveDate) -> Option<i32> {
        let all: Vec<&(Span, i32)> = self
            .staff
            .iter()
            .chain(self.teams.iter().flat_map(|t| &t.staff))
            .collect();
        if all.iter().all(|(span, _)| span.0 > day) {
            return None;
        }
        let minutes: i128 = all
            .iter()
            .filter(|(span, _)| within(*span, day))
            .map(|(_, m)| i128::from(*m))
            .sum();
        let key = KEYS.iter().rfind(|key| key.from <= day)?;
        let open = [0, 1, 2].map(|band| self.open(band, day));
        let first = day.with_day(1).unwrap();
        let total: i32 = open.iter().sum();
        let there = [0, 1, 2].map(|band| {
            let of_band = self
                .children
                .iter()
                .filter(|c| has_place(c, first) && band_of(c, first) == band);
            of_band
                .map(|c| key.counts(hours_on(c, day) * 60))
                .collect::<Vec<i128>>()
        });
        // Child after child would be fairer to small bands; the product keeps the shares of the open places, and so does this.
        for share in (1..=total).rev() {
            let places = open.map(|places| places * share / total);
            let mut care = [0; 3];
            for band in 0..3 {
                let planned = key.counts(key.bands[band].3);
                let (children, run) = (i128::try_from(there[band].len()).unwrap(), i128::from(places[band]));
                // Children need what is agreed, together no less than planned; with fewer places than children their mean counts.
                let theirs = there[band].iter().sum::<i128>().max(children * planned);
                care[band] = match run < children {
                    true => (theirs * run + children - 1) / children,
                    false => theirs + (run - children) * planned,
                };
            }
            if key.enough(care, minutes) {
                return Some(places[band]);
            }
        }
        Some(0)
    }

    fn operable(&self, band: usize, day: NaiveDate) -> i32 {
        let by_hand = self.figure(band, day).and_then(|f| f.by_hand);
        let own = by_hand.or_else(|| self.staffed(band, day));
        let own = own.unwrap_or(i32::MAX).min(self.open(band, day));
        own.min(self.permitted(band, day))
    }

    /// Children of a band in a month, and those of whom only the number is known.
    fn there(&self, band: usize, first: NaiveDate) -> i32 {
        let kept = self
            .children
            .iter()
            .filter(|c| has_place(c, first) && band_of(c, first) == band);
        i32::try_from(kept.count()).unwrap() + self.figure(band, first).map_or(0, |f| f.external)
    }

    /// What a childminder's licence of a day leaves a band beside the children of the others, who all come all day on every day.
    fn permitted(&self, band: usize, day: NaiveDate) -> i32 {
        let Some(licences) = &self.licences else {
            return i32::MAX;
        };
        let of_day = licences.iter().find(|l| l.span.0 <= day && day <= l.span.1);
        let most = match of_day {
            Some(licence) => licence.contracts.unwrap_or(licence.places).min(licence.places),
            None if licences.is_empty() => 5,
            None => 0,
        };
        let first = day.with_day(1).unwrap();
        let others: i32 = (0..3)
            .filter(|other| *other != band)
            .map(|other| self.there(other, first))
            .sum();
        (most - others).max(0)
    }

    /// A month by its worst day, figure by figure; `None` while nobody said anything about the band.
    pub(super) fn row(&self, band: usize, first: NaiveDate) -> Option<Row> {
        let figure = self.figure(band, first)?;
        let licensed = days_of(first).map(|day| self.licensed(band, day)).min()?;
        let operable = days_of(first).map(|day| self.operable(band, day)).min()?;
        let kept = |day: NaiveDate| {
            let of_day = self
                .kept
                .iter()
                .filter(|k| k.band == band && k.span.0 <= day && day <= k.span.1);
            of_day.map(|k| k.places).sum::<i32>()
        };
        let reserved = days_of(first).map(kept).max()?;
        let count = |held| {
            let there = self
                .children
                .iter()
                .filter(|c| c.held == held && has_place(c, first) && band_of(c, first) == band);
            i32::try_from(there.count()).unwrap()
        };
        let occupied = figure.external + count(false);
        let held = count(true);
        Some([
            licensed,
            operable,
            occupied,
            held,
            reserved,
            operable - occupied - held - reserved,
        ])
    }
}
