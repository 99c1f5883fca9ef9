//! What is wrong with an instance, and where.

use std::fmt;

/// One step on the way from the top of a file to a value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step {
    /// The field of an object.
    Key(&'static str),
    /// The place in an array, from 0.
    At(usize),
}

/// The way from the top of a file to a value, written as `families[3].children[0].id`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The element of one of the arrays at the top.
    pub(super) fn element(array: &'static str, at: usize) -> Self {
        Self(vec![Step::Key(array), Step::At(at)])
    }

    /// One step down into an object.
    pub(super) fn key(mut self, key: &'static str) -> Self {
        self.0.push(Step::Key(key));
        self
    }

    /// Two steps down, into the array of an object.
    pub(super) fn item(mut self, array: &'static str, at: usize) -> Self {
        self.0.extend([Step::Key(array), Step::At(at)]);
        self
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if depth == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::At(at) => write!(f, "[{at}]")?,
            }
        }
        Ok(())
    }
}

/// What makes a set of pools and families no instance.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{path}: {kind}")]
pub struct Fault {
    /// Where it stands.
    pub path: Path,
    /// What it is.
    pub kind: FaultKind,
}

/// The kinds of faults beyond the mere form of a file.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum FaultKind {
    /// An id has no letter.
    #[error("the id is empty")]
    EmptyId,
    /// An id, or the name of a pool or type in a list, stands there twice.
    #[error("`{0}` is there twice")]
    Twice(String),
    /// A node that is not in the instance.
    #[error("there is no node `{0}`")]
    NoNode(String),
    /// A pool that is not in the instance.
    #[error("there is no pool `{0}`")]
    NoPool(String),
    /// Following the parents from this node leads back to it.
    #[error("the node `{0}` is above itself")]
    Cycle(String),
    /// A capacity or a number of seats beyond 2³¹−1.
    #[error("more than 2147483647 seats")]
    TooLarge,
    /// Priorities of one tree have different lengths.
    #[error("the priority has {found} numbers, others in this tree have {expected}")]
    PriorityLength {
        /// Numbers here.
        found: usize,
        /// Numbers elsewhere in the tree.
        expected: usize,
    },
    /// A joint wish that has not one entry for each child.
    #[error("the joint wish has {found} entries for {children} children")]
    JointLength {
        /// Entries of the wish.
        found: usize,
        /// Children of the family.
        children: usize,
    },
    /// Joint wishes of a family whose children are placed independently.
    #[error("there are joint wishes although `siblings` is `independent`")]
    JointIndependent,
    /// A pool of a joint wish for which the child has no priority.
    #[error("the pool `{0}` is not among the wishes of the child")]
    NoPriority(String),
    /// Children who must stay do not fit.
    #[error("{taken} fixed and incumbent children exceed the cap {cap} of `{id}`")]
    TooManyStay {
        /// The node or pool.
        id: String,
        /// Its seats.
        cap: u32,
        /// Children who stay in it.
        taken: u64,
    },
    /// More wishes, children or seats in lists than 32 bits count.
    #[error("the instance is too large")]
    TooMany,
}
