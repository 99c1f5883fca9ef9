//! The wishes of a case as they are stored: a breakdown that several of them share stands there once. Most criteria hold at every facility,
//! so that eight wishes seldom have more than two breakdowns.

use std::ops::Deref;
use std::sync::Arc;

use serde::de::Error as _;
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{CaseWish, Exclusion, Way};
use crate::demands::ScoreLine;
use crate::platform::ids::{FacilityId, PreferenceId};

/// Wishes of a case in the parents' order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wishes(pub Vec<CaseWish>);

impl Deref for Wishes {
    type Target = [CaseWish];

    fn deref(&self) -> &[CaseWish] {
        &self.0
    }
}

/// The wishes as a text; nothing in them can fail to become JSON.
pub(super) fn text(wishes: &[CaseWish]) -> String {
    struct All<'w>(&'w [CaseWish]);
    impl Serialize for All<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut list = serializer.serialize_seq(Some(self.0.len()))?;
            for at in 0..self.0.len() {
                list.serialize_element(&Written::of(self.0, at))?;
            }
            list.end()
        }
    }
    serde_json::to_string(&All(wishes)).unwrap_or_default()
}

#[derive(Serialize)]
struct Written<'w> {
    preference_id: PreferenceId,
    facility_id: FacilityId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pool: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    excluded: Option<Exclusion>,
    priority: &'w [i64],
    points: i32,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    lines: &'w [ScoreLine],
    /// The wish, from 0, that has the same breakdown and stands before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines_of: Option<usize>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    ways: &'w [Way],
}

impl<'w> Written<'w> {
    fn of(wishes: &'w [CaseWish], at: usize) -> Self {
        let wish = &wishes[at];
        let same = |other: &CaseWish| Arc::ptr_eq(&other.lines, &wish.lines) || other.lines == wish.lines;
        let lines_of = match wish.lines.is_empty() {
            true => None,
            false => wishes[..at].iter().position(same),
        };
        Self {
            preference_id: wish.preference_id,
            facility_id: wish.facility_id,
            pool: wish.pool.as_deref(),
            excluded: wish.excluded,
            priority: &wish.priority,
            points: wish.points,
            lines: if lines_of.is_some() { &[] } else { &wish.lines },
            lines_of,
            ways: &wish.ways,
        }
    }
}

#[derive(Deserialize)]
struct Read {
    preference_id: PreferenceId,
    facility_id: FacilityId,
    pool: Option<String>,
    excluded: Option<Exclusion>,
    priority: Vec<i64>,
    points: i32,
    lines: Option<Arc<[ScoreLine]>>,
    lines_of: Option<usize>,
    #[serde(default)]
    ways: Vec<Way>,
}

impl<'de> Deserialize<'de> for Wishes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let none: Arc<[ScoreLine]> = Arc::new([]);
        let mut wishes: Vec<CaseWish> = Vec::new();
        for read in Vec::<Read>::deserialize(deserializer)? {
            let lines = match read.lines_of {
                Some(at) => wishes.get(at).map(|wish| Arc::clone(&wish.lines)),
                None => Some(read.lines.unwrap_or_else(|| Arc::clone(&none))),
            };
            wishes.push(CaseWish {
                preference_id: read.preference_id,
                facility_id: read.facility_id,
                pool: read.pool,
                excluded: read.excluded,
                priority: read.priority,
                points: read.points,
                lines: lines.ok_or_else(|| D::Error::custom("`lines_of` names no wish before this one"))?,
                ways: read.ways,
            });
        }
        Ok(Self(wishes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(points: i32, code: &str) -> CaseWish {
        let line = ScoreLine {
            code: code.into(),
            points,
            evidence: None,
            not_counted: None,
            number: None,
        };
        CaseWish {
            preference_id: PreferenceId::new(),
            facility_id: FacilityId::new(),
            pool: (points > 0).then(|| "p1".into()),
            excluded: (points == 0).then_some(Exclusion::Age),
            priority: vec![0, points.into()],
            points,
            lines: if code.is_empty() {
                Arc::new([])
            } else {
                Arc::new([line])
            },
            ways: Vec::new(),
        }
    }

    #[test]
    fn a_breakdown_stands_once_and_comes_back_with_every_wish() {
        let wishes = vec![
            wish(5, "work"),
            wish(7, "sibling"),
            wish(0, ""),
            wish(5, "work"),
            wish(0, ""),
        ];
        let text = text(&wishes);
        assert_eq!((text.matches("work").count(), text.matches("lines_of").count()), (1, 1));
        let read: Wishes = serde_json::from_str(&text).unwrap();
        assert_eq!(read.0, wishes);
        assert!(Arc::ptr_eq(&read[0].lines, &read[3].lines));
    }

    #[test]
    fn wishes_that_were_stored_with_all_their_breakdowns_are_read() {
        let id = PreferenceId::new();
        let one = format!(
            r#"{{"preference_id":"{id}","facility_id":"{id}","priority":[0,5],"points":5,"lines":[{{"code":"work","points":5}}]}}"#
        );
        let read: Wishes = serde_json::from_str(&format!("[{one},{one}]")).unwrap();
        assert_eq!((read.len(), &*read[1].lines[0].code), (2, "work"));
        let ahead = one.replace(r#""lines":[{"code":"work","points":5}]"#, r#""lines_of":0"#);
        assert!(serde_json::from_str::<Wishes>(&format!("[{ahead}]")).is_err());
    }
}
