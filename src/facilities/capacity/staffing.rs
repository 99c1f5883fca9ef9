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
#[path = "staffing_tests.rs"]
mod tests;
