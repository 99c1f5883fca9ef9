//! Staffing keys as the slow model counts them.

use chrono::NaiveDate;

/// A staffing key.
pub(super) struct Key {
    pub(super) from: NaiveDate,
    /// Minutes of care up to a limit, and as how many they count.
    pub(super) classes: &'static [(i32, i32)],
    /// Minutes of staff for so many children of so many minutes, and the minutes that a place is planned with.
    pub(super) bands: [(i128, i128, i128, i32); 3],
    absence: i128,
    head: i128,
    head_most: i128,
}

/// Saxony's key, and one of the municipality's own from September 2027 on.
pub(super) const KEYS: [Key; 2] = [
    Key {
        from: NaiveDate::from_ymd_opt(2000, 1, 1).unwrap(),
        classes: &[],
        bands: [(2400, 5, 2700, 2700), (2400, 12, 2700, 2700), (2160, 20, 1800, 1800)],
        absence: 0,
        head: 0,
        head_most: 0,
    },
    Key {
        from: NaiveDate::from_ymd_opt(2027, 9, 13).unwrap(),
        classes: &[(1500, 1350), (2100, 1800), (2699, 2550), (6000, 3000)],
        bands: [(20, 1, 100, 2550), (7, 1, 100, 2550), (6, 1, 100, 1350)],
        absence: 22,
        head: 20,
        head_most: 700,
    },
];

impl Key {
    pub(super) fn counts(&self, minutes: i32) -> i128 {
        let mut counts = self.classes.last().map_or(minutes, |last| last.1);
        for (up_to, counted) in self.classes.iter().rev() {
            if minutes <= *up_to {
                counts = *counted;
            }
        }
        i128::from(counts)
    }

    /// Whether so many minutes of staff are enough for these minutes of care.
    pub(super) fn enough(&self, care: [i128; 3], staff: i128) -> bool {
        // A common denominator for all three.
        let below: i128 = self
            .bands
            .iter()
            .map(|(_, children, minutes, _)| children * minutes)
            .product();
        let mut need = 0;
        for (care, (staff, children, minutes, _)) in care.iter().zip(self.bands) {
            need += care * staff * below / (children * minutes);
        }
        // In hundredths.
        let mut head = need * self.head;
        if self.head_most > 0 {
            head = head.min(self.head_most * below * 100);
        }
        need * 100 + need * self.absence + head <= staff * below * 100
    }
}
