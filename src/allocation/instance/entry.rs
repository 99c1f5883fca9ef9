//! What a municipality writes down: nodes, pools, families, children and wishes, as in the file.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The largest capacity there is, 2³¹−1.
pub const LARGEST_CAP: u32 = i32::MAX as u32;

/// One bound of the capacity tree: all pools below it share `cap` seats.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node<'a> {
    /// Unique among nodes.
    #[serde(borrow)]
    #[schemars(length(min = 1))]
    pub id: Cow<'a, str>,
    /// The node above; none for a root.
    #[serde(default)]
    pub parent: Option<Cow<'a, str>>,
    /// Seats of everything below.
    #[schemars(range(max = LARGEST_CAP))]
    pub cap: u32,
}

/// What a wish names: one kind of contract with its own seats.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pool<'a> {
    /// Unique among pools.
    #[serde(borrow)]
    #[schemars(length(min = 1))]
    pub id: Cow<'a, str>,
    /// The lowest node that bounds this pool; none if it stands alone.
    #[serde(default)]
    pub node: Option<Cow<'a, str>>,
    /// Seats.
    #[schemars(range(max = LARGEST_CAP))]
    pub cap: u32,
    /// Seats that go first to children of a type.
    #[serde(default, deserialize_with = "null_is_empty")]
    #[schemars(with = "Option<Vec<Reserve<'a>>>")]
    pub reserves: Vec<Reserve<'a>>,
}

/// Seats of a pool that go first to children of one type; unused ones are open to all.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reserve<'a> {
    /// The type, such as `hardship`.
    #[serde(borrow, rename = "type")]
    #[schemars(length(min = 1))]
    pub kind: Cow<'a, str>,
    /// How many seats.
    #[schemars(range(max = LARGEST_CAP))]
    pub seats: u32,
}

/// How the children of a family are placed together.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, JsonSchema, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Siblings {
    /// Each child by its own wishes.
    #[default]
    Independent,
    /// By a joint wish, or else each child by its own wishes.
    Preferred,
    /// By a joint wish or not at all.
    Required,
}

/// Children who share one lottery number.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Family<'a> {
    /// Unique among families; the message of the lottery number.
    #[serde(borrow)]
    #[schemars(length(min = 1))]
    pub id: Cow<'a, str>,
    /// How the children are placed together.
    #[serde(default, deserialize_with = "null_is_independent")]
    #[schemars(with = "Option<Siblings>")]
    pub siblings: Siblings,
    /// The children; their order names the columns of `joint_wishes`.
    pub children: Vec<Child<'a>>,
    /// Ranked; each wish has one pool or null for each child.
    #[serde(default, deserialize_with = "null_is_empty")]
    #[schemars(with = "Option<Vec<Vec<Option<String>>>>")]
    pub joint_wishes: Vec<Vec<Option<Cow<'a, str>>>>,
}

/// One child with its wishes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Child<'a> {
    /// Unique among all children.
    #[serde(borrow)]
    #[schemars(length(min = 1))]
    pub id: Cow<'a, str>,
    /// Types that open reserved seats.
    #[serde(default, deserialize_with = "null_is_empty")]
    #[schemars(with = "Option<Vec<String>>")]
    pub types: Vec<Cow<'a, str>>,
    /// Ranked, best first; with joint wishes also the table of priorities.
    pub wishes: Vec<Wish<'a>>,
    /// The pool where the child has a place now, which nobody takes from it.
    #[serde(default)]
    pub incumbent: Option<Cow<'a, str>>,
    /// The pool where the child stays whatever happens.
    #[serde(default)]
    pub fixed: Option<Cow<'a, str>>,
}

/// A pool that a child would take, and the child's priority there.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish<'a> {
    /// Id of the pool.
    #[serde(borrow)]
    pub pool: Cow<'a, str>,
    /// Compared from left to right, larger wins.
    #[schemars(with = "Vec<i64>", length(min = 1, max = 8))]
    pub priority: Priority,
}

/// One to eight numbers, compared from left to right; the larger one goes first.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Priority {
    len: u8,
    values: [i64; Self::LONGEST],
}

impl Priority {
    /// The most numbers that a priority has.
    pub const LONGEST: usize = 8;

    /// A priority of these numbers; none unless there are one to eight.
    pub fn new(numbers: &[i64]) -> Option<Self> {
        let len = u8::try_from(numbers.len()).ok().filter(|len| (1..=8).contains(len))?;
        let mut values = [0; Self::LONGEST];
        values[..numbers.len()].copy_from_slice(numbers);
        Some(Self { len, values })
    }

    /// Its numbers.
    pub fn as_slice(&self) -> &[i64] {
        &self.values[..usize::from(self.len)]
    }
}

impl fmt::Debug for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

impl<'de> Deserialize<'de> for Priority {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Numbers;

        impl<'de> Visitor<'de> for Numbers {
            type Value = Priority;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("1 to 8 whole numbers")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Priority, A::Error> {
                let mut values = [0; Priority::LONGEST];
                let mut len = 0;
                while let Some(number) = seq.next_element()? {
                    *values
                        .get_mut(len)
                        .ok_or_else(|| de::Error::invalid_length(len + 1, &self))? = number;
                    len += 1;
                }
                Priority::new(&values[..len]).ok_or_else(|| de::Error::invalid_length(len, &self))
            }
        }

        deserializer.deserialize_seq(Numbers)
    }
}

fn null_is_empty<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

fn null_is_independent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Siblings, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
