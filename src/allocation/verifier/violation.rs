//! What a result can do wrong.

/// One thing that is wrong with a result.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Violation {
    /// The hash in the result is not that of the instance.
    #[error("the result belongs to another instance")]
    OtherInstance,
    /// The assignments are not one for each child in the order of ids.
    #[error("assignment {at} is of `{found}` where `{expected}` belongs")]
    Assignment {
        /// Place in the list, from 0.
        at: usize,
        /// The child that belongs there, or nothing.
        expected: String,
        /// The child that stands there, or nothing.
        found: String,
    },
    /// A pool that is not in the instance.
    #[error("`{child}` is in `{pool}`, which is no pool")]
    NoPool {
        /// The child.
        child: String,
        /// What stands for a pool.
        pool: String,
    },
    /// A child is where it does not wish to be, or under the wrong number of the wish.
    #[error("`{child}` is in {} by wish {}, which is none of its wishes", pool.as_deref().unwrap_or("no pool"), wish.map_or("null".to_owned(), |wish| wish.to_string()))]
    NotWished {
        /// The child.
        child: String,
        /// Its pool.
        pool: Option<String>,
        /// The number of the wish.
        wish: Option<u32>,
    },
    /// A fixed child moved.
    #[error("`{child}` is fixed in `{pool}` and is not there")]
    Moved {
        /// The child.
        child: String,
        /// Where it is fixed.
        pool: String,
    },
    /// An incumbent lost its place.
    #[error("`{child}` has lost its place in `{pool}`")]
    Lost {
        /// The child.
        child: String,
        /// Where it was.
        pool: String,
    },
    /// The children of a family are not placed by one joint wish.
    #[error("the children of `{family}` are not placed by one joint wish")]
    NotJoint {
        /// The family.
        family: String,
    },
    /// More children than seats.
    #[error("{taken} children are in `{id}`, which has {cap} seats")]
    Overfull {
        /// The pool or node.
        id: String,
        /// Children in it.
        taken: u64,
        /// Its seats.
        cap: u32,
    },
    /// A child would be taken by a pool that it likes better.
    #[error("`{child}` would be taken by its wish {wish}")]
    Envy {
        /// The child.
        child: String,
        /// The better wish.
        wish: u32,
    },
    /// A family may claim a joint wish, and is not listed for it.
    #[error("`{family}` may claim its joint wish {wish}, and is no exception")]
    Claim {
        /// The family.
        family: String,
        /// The joint wish, from 1.
        wish: u32,
    },
    /// A family is listed as an exception without a claim, with another one, twice or out of order.
    #[error("the exception of `{family}` is not right")]
    Exception {
        /// The family.
        family: String,
    },
    /// An explanation differs from what the state says.
    #[error("explanation {at} is {found} where {expected} belongs")]
    Explanation {
        /// Place in the list, from 0.
        at: usize,
        /// What belongs there, or nothing.
        expected: String,
        /// What stands there, or nothing.
        found: String,
    },
    /// A figure differs from what the assignments say.
    #[error("`{name}` is {found} and should be {expected}")]
    Metric {
        /// The figure.
        name: &'static str,
        /// What it should be.
        expected: u64,
        /// What it is.
        found: u64,
    },
}
