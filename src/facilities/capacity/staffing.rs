//! Staffing keys: how many hours of qualified staff children need, as rules kept as data. Pure whole-number arithmetic.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::model::AgeBand;
use crate::platform::fields::{Fields, Invalid};

/// Keys of the federal states as they come with the product.
const SHIPPED: &str = include_str!("staffing_keys.json");

/// So many minutes of staff a week for so many children of so many minutes a week each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// Minutes of qualified staff a week.
    pub staff_minutes: i32,
    /// For so many children.
    pub children: i32,
    /// With so many minutes of care a week each.
    pub child_minutes: i32,
    /// Minutes a week that a place is planned with while no contract says otherwise.
    pub planned_minutes: i32,
}

/// Contracted minutes a week up to a limit count as so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HourClass {
    /// Up to and with so many minutes a week.
    pub up_to: i32,
    /// Count as so many.
    pub counts_as: i32,
}

/// A staffing key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffingRule {
    /// Classes of contracted time, rising; empty: every minute counts as it is. What is above the last counts as the last.
    pub hour_classes: Vec<HourClass>,
    /// U3.
    pub under3: Ratio,
    /// Ü3 until school entry.
    pub over3: Ratio,
    /// Schoolchildren.
    pub school_age: Ratio,
    /// Added for illness, holidays and training.
    pub absence_percent: i32,
    /// Added for the head of the facility.
    pub head_percent: i32,
    /// At most so many minutes a week for the head; 0: no limit.
    pub head_at_most_minutes: i32,
}

/// Children of an age band with what they are agreed to be there, as a rule counts it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Agreed {
    /// How many.
    pub children: i32,
    /// Counted minutes of care a week of all of them.
    pub minutes: i64,
}

/// A staffing key with the first day on which it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Sachsen ab 2028: 1:4,5 in der Krippe", "valid_from": "2028-08-01", "rule": {"hour_classes": [],
    "under3": {"staff_minutes": 4800, "children": 9, "child_minutes": 2700, "planned_minutes": 2700},
    "over3": {"staff_minutes": 2400, "children": 12, "child_minutes": 2700, "planned_minutes": 2700},
    "school_age": {"staff_minutes": 2160, "children": 20, "child_minutes": 1800, "planned_minutes": 1800},
    "absence_percent": 0, "head_percent": 0, "head_at_most_minutes": 0}}))]
pub struct NewStaffingKey {
    /// What it is, in a line.
    pub name: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// The rule.
    pub rule: StaffingRule,
}

/// The keys of a federal state that come with the product.
pub fn shipped(federal_state: &str) -> Vec<NewStaffingKey> {
    #[derive(Deserialize)]
    struct Line {
        federal_state: String,
        name: String,
        valid_from: NaiveDate,
        rule: StaffingRule,
    }
    let all: Vec<Line> = serde_json::from_str(SHIPPED).unwrap_or_default();
    let of_state = all.into_iter().filter(|line| line.federal_state == federal_state);
    of_state
        .map(|line| NewStaffingKey {
            name: line.name,
            valid_from: line.valid_from,
            rule: line.rule,
        })
        .collect()
}

impl NewStaffingKey {
    /// The key without needless blanks, or what is wrong with it.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let name = fields.text(&self.name, "/name", 200).to_owned();
        self.rule.check(&mut fields);
        fields.finish()?;
        Ok(Self { name, ..self })
    }
}

impl StaffingRule {
    fn check(&self, fields: &mut Fields) {
        for (band, ratio) in [
            ("under3", self.under3),
            ("over3", self.over3),
            ("school_age", self.school_age),
        ] {
            for (name, value, most) in [
                ("staff_minutes", ratio.staff_minutes, 100_000),
                ("children", ratio.children, 1000),
                ("child_minutes", ratio.child_minutes, 6000),
                ("planned_minutes", ratio.planned_minutes, 6000),
            ] {
                let pointer = format!("/rule/{band}/{name}");
                fields.check((1..=most).contains(&value), &pointer, "out_of_range");
            }
        }
        let classes = &self.hour_classes;
        let rising = classes.windows(2).all(|pair| pair[0].up_to < pair[1].up_to);
        fields.check(rising && classes.len() <= 20, "/rule/hour_classes", "invalid");
        let sound = |class: &HourClass| (1..=6000).contains(&class.up_to) && (1..=6000).contains(&class.counts_as);
        fields.check(classes.iter().all(sound), "/rule/hour_classes", "out_of_range");
        for (pointer, value, most) in [
            ("/rule/absence_percent", self.absence_percent, 100),
            ("/rule/head_percent", self.head_percent, 100),
            ("/rule/head_at_most_minutes", self.head_at_most_minutes, 100_000),
        ] {
            fields.check((0..=most).contains(&value), pointer, "out_of_range");
        }
    }

    fn ratio(&self, band: AgeBand) -> Ratio {
        match band {
            AgeBand::Under3 => self.under3,
            AgeBand::Over3 => self.over3,
            AgeBand::SchoolAge => self.school_age,
        }
    }

    fn counted(&self, minutes: i32) -> i32 {
        let class = self.hour_classes.iter().find(|class| minutes <= class.up_to);
        let class = class.or(self.hour_classes.last());
        class.map_or(minutes, |class| class.counts_as)
    }

    /// What children with so many minutes of care a week each are agreed to be there: each by its own class, for a mean has none.
    pub fn agreed(&self, children: impl IntoIterator<Item = (i32, i32)>) -> Agreed {
        let add = |sum: Agreed, (minutes, count): (i32, i32)| Agreed {
            children: sum.children + count,
            minutes: sum.minutes + i64::from(count) * i64::from(self.counted(minutes)),
        };
        children.into_iter().fold(Agreed::default(), add)
    }

    /// Minutes of staff a week that so many children with so many minutes of care a week need, rounded up once at the end.
    pub fn required(&self, children: impl IntoIterator<Item = (AgeBand, i32, i32)>) -> i64 {
        // Minutes of care by band; only the sum is divided, so that nothing is lost to rounding child by child.
        let mut care = [0_i128; AgeBand::ALL.len()];
        for (band, count, minutes) in children {
            care[band as usize] += i128::from(count) * i128::from(self.counted(minutes));
        }
        self.staff_for(care)
    }

    /// Minutes of staff a week for so many counted minutes of care, in the order of the bands.
    fn staff_for(&self, care: [i128; 3]) -> i64 {
        let divisor = |band: AgeBand| {
            let ratio = self.ratio(band);
            i128::from(ratio.children) * i128::from(ratio.child_minutes)
        };
        let common: i128 = AgeBand::ALL.iter().map(|band| divisor(*band).max(1)).product();
        let base: i128 = AgeBand::ALL
            .iter()
            .map(|band| {
                care[*band as usize] * i128::from(self.ratio(*band).staff_minutes) * (common / divisor(*band).max(1))
            })
            .sum();
        let head = base * i128::from(self.head_percent);
        let head = match self.head_at_most_minutes {
            0 => head,
            most => head.min(i128::from(most) * common * 100),
        };
        let hundredfold = base * i128::from(100 + self.absence_percent) + head;
        let per = common * 100;
        i64::try_from((hundredfold + per - 1) / per).unwrap_or(i64::MAX)
    }

    /// Counted minutes of care of so many places of a band: the children who have one need what is agreed with them on average, but no
    /// less than a place is planned with; a place that nobody has is planned.
    fn care(&self, band: AgeBand, places: i32, agreed: Agreed) -> i128 {
        let planned = i128::from(self.counted(self.ratio(band).planned_minutes));
        let (places, children) = (i128::from(places), i128::from(agreed.children));
        let theirs = i128::from(agreed.minutes).max(children * planned);
        if places < children {
            return (theirs * places + children - 1) / children;
        }
        theirs + (places - children) * planned
    }

    /// How many of the open places, in the order of the bands, so many minutes of staff can run with what is agreed with the children there:
    /// all, or the same share of each band.
    pub fn runnable(&self, open: [i32; 3], agreed: [Agreed; 3], staff_minutes: i64) -> [i32; 3] {
        let total: i64 = open.iter().map(|n| i64::from(*n)).sum();
        let share = |of: i64| open.map(|n| i32::try_from(i64::from(n) * of / total.max(1)).unwrap_or(n));
        let need = |places: [i32; 3]| {
            let mut care = [0; AgeBand::ALL.len()];
            for band in AgeBand::ALL {
                let at = *band as usize;
                care[at] = self.care(*band, places[at], agreed[at]);
            }
            self.staff_for(care)
        };
        // The largest share that the staff covers; the need rises with the share.
        let (mut fits, mut too_many) = (0, total + 1);
        while too_many - fits > 1 {
            let middle = i64::midpoint(fits, too_many);
            if need(share(middle)) <= staff_minutes {
                fits = middle;
            } else {
                too_many = middle;
            }
        }
        share(fits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i32 = 60;

    fn rule(state: &str) -> StaffingRule {
        shipped(state).pop().unwrap().rule
    }

    fn hours(minutes: i64) -> (i64, i64) {
        (minutes / 60, minutes % 60)
    }

    #[test]
    fn the_shipped_keys_are_sound() {
        for state in ["SN", "HE", "BY"] {
            let keys = shipped(state);
            assert_eq!(keys.len(), 1, "{state}");
            keys[0].clone().checked().unwrap();
        }
        assert_eq!(shipped("NW"), []);
    }

    #[test]
    fn saxony_one_full_post_for_5_nursery_or_12_kindergarten_children_at_9_hours() {
        let saxony = rule("SN");
        assert_eq!(hours(saxony.required([(AgeBand::Under3, 5, 45 * HOUR)])), (40, 0));
        assert_eq!(hours(saxony.required([(AgeBand::Over3, 12, 45 * HOUR)])), (40, 0));
        // 0.9 of a post for 20 schoolchildren at six hours.
        assert_eq!(hours(saxony.required([(AgeBand::SchoolAge, 20, 30 * HOUR)])), (36, 0));
        // Six hours a day are two thirds of nine: 40 × 2/3 = 26 h 40 min.
        assert_eq!(hours(saxony.required([(AgeBand::Over3, 12, 30 * HOUR)])), (26, 40));
        // A facility: 10 nursery children are two posts, 36 of kindergarten age three: 200 hours.
        let all = [(AgeBand::Under3, 10, 45 * HOUR), (AgeBand::Over3, 36, 45 * HOUR)];
        assert_eq!(hours(saxony.required(all)), (200, 0));
    }

    #[test]
    fn hesse_factor_times_mean_hours_and_22_percent_absence_and_20_percent_head() {
        let hesse = rule("HE");
        // 25 × 0.07 × 42.5 = 74.375 h; + 22 % = 16.3625 h; + 20 % = 14.875 h; together 105.6125 h = 105 h 36.75 min.
        assert_eq!(hours(hesse.required([(AgeBand::Over3, 25, 40 * HOUR)])), (105, 37));
        // 10 × 0.2 × 30 = 60 h; + 13.2 h + 12 h = 85.2 h.
        assert_eq!(hours(hesse.required([(AgeBand::Under3, 10, 35 * HOUR)])), (85, 12));
        // Classes: 25 h count as 22.5, 25 h and a minute as 30; 45 h as 50.
        let need = |minutes| hours(hesse.required([(AgeBand::Under3, 10, minutes)]));
        assert_eq!(need(25 * HOUR), (63, 54));
        assert_eq!(need(25 * HOUR + 1), (85, 12));
        assert_eq!(need(45 * HOUR), (142, 0));
        // Head at most 1.5 posts = 58.5 h: 100 × 0.07 × 50 = 350 h; + 77 h + 58.5 h.
        assert_eq!(hours(hesse.required([(AgeBand::Over3, 100, 50 * HOUR)])), (485, 30));
    }

    #[test]
    fn bavaria_an_hour_of_staff_for_11_booked_hours_with_small_children_counted_twice() {
        let bavaria = rule("BY");
        // Factor 2.00 is up to eight hours: 11 × 8 × 5 = 440 booked hours, so 40 of staff.
        assert_eq!(hours(bavaria.required([(AgeBand::Over3, 11, 40 * HOUR)])), (40, 0));
        // More than seven hours a day is booked as eight; more than nine as ten (2.50).
        assert_eq!(hours(bavaria.required([(AgeBand::Over3, 11, 36 * HOUR)])), (40, 0));
        assert_eq!(hours(bavaria.required([(AgeBand::Over3, 11, 46 * HOUR)])), (50, 0));
        assert_eq!(hours(bavaria.required([(AgeBand::Under3, 11, 40 * HOUR)])), (80, 0));
        // Three to four hours: factor 1.00.
        assert_eq!(hours(bavaria.required([(AgeBand::Over3, 11, 18 * HOUR)])), (20, 0));
    }

    #[test]
    fn ten_posts_run_120_of_153_permitted_places_in_saxony() {
        let saxony = rule("SN");
        let runnable = |open, minutes| saxony.runnable(open, [Agreed::default(); 3], minutes);
        assert_eq!(runnable([0, 153, 0], 24_000), [0, 120, 0]);
        assert_eq!(runnable([0, 153, 0], 23_999), [0, 119, 0]);
        assert_eq!(runnable([0, 153, 0], 100_000), [0, 153, 0]);
        assert_eq!(runnable([10, 36, 0], 12_000), [10, 36, 0]);
        // Half of the staff runs half of the places of each band.
        assert_eq!(runnable([10, 36, 0], 6_000), [5, 18, 0]);
        assert_eq!(runnable([10, 36, 0], 0), [0, 0, 0]);
    }

    /// Ten posts, 153 permitted places, kindergarten.
    fn kindergarten(state: &str, children: i32, hours: i32, staff: i64) -> i32 {
        let rule = rule(state);
        let mut agreed = [Agreed::default(); 3];
        agreed[AgeBand::Over3 as usize] = rule.agreed([(hours * HOUR, children)]);
        rule.runnable([0, 153, 0], agreed, staff)[AgeBand::Over3 as usize]
    }

    #[test]
    fn longer_hours_than_planned_leave_fewer_places_and_shorter_ones_not_more() {
        // Planned with 45 h: 120. All of 120 children with 50 h need 11 % more: 108 can be run.
        assert_eq!(kindergarten("SN", 120, 50, 24_000), 108);
        // A hundred of them take 5000 of 5400 hours of care, and eight planned places the rest.
        assert_eq!(kindergarten("SN", 100, 50, 24_000), 108);
        // Ten of them take 500 hours: 108.9 planned places of 45 h beside them.
        assert_eq!(kindergarten("SN", 10, 50, 24_000), 118);
        for hours in [45, 30, 25] {
            assert_eq!(kindergarten("SN", 120, hours, 24_000), 120, "{hours}");
        }
    }

    #[test]
    fn each_child_counts_by_its_own_class_of_hours() {
        for (state, planned, longer) in [("HE", 40, 50), ("BY", 40, 46)] {
            let need = rule(state).required([(AgeBand::Over3, 100, planned * HOUR)]);
            assert_eq!(kindergarten(state, 100, planned, need), 100, "{state}");
            assert!(kindergarten(state, 100, longer, need) < 90, "{state}");
        }
        // Hesse counts 45 h as 50 and 25 h as 22.5: together 72.5, while their mean of 35 h would count 30 twice.
        let hesse = rule("HE");
        let both = hesse.agreed([(45 * HOUR, 1), (25 * HOUR, 1)]);
        assert_eq!((both.children, both.minutes), (2, 4350));
    }
}
