//! The order of a list that can be sorted: by what, in which direction, and where a page of it begins.
//!
//! Each row brings its sort key as text and its id; the SQL of every such list has the same two lines, `app.comes_after(…)` and
//! `ORDER BY` the key in one of two directions, then the id. What has no key comes last in both.
//!
//! Those two lines and their five values stand again in every list: a query is checked against the schema while it is compiled, and
//! for that it has to be one literal. A helper that put it together would take that check away; only the key differs, and it is all
//! that a reader has to look at.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page::{Cursor, Page, PageQuery};
use super::problem::ApiError;

/// Upwards or downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Smallest, youngest, earliest first.
    Asc,
    /// Largest, oldest, latest first.
    Desc,
}

impl Direction {
    /// What a sort key that is a number is multiplied with, so that every list is read upwards.
    pub fn factor(self) -> i64 {
        match self {
            Self::Asc => 1,
            Self::Desc => -1,
        }
    }
}

/// What a list can be sorted by; its default is the order of a list of which nothing is said.
pub trait SortKey: Copy + Default + PartialEq + Serialize + DeserializeOwned {
    /// The direction when none is named.
    fn natural(self) -> Direction {
        Direction::Asc
    }
}

/// What the query of a sorted list says of its order and page. The list's own query flattens it, and its operation names both:
/// `params(OwnQuery, OrderQuery<OwnSort>)`.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(bound = "S: SortKey")]
#[into_params(parameter_in = Query)]
pub struct OrderQuery<S: ToSchema> {
    /// The order; the list's own when left out. What has no such value comes last.
    #[param(inline)]
    sort: Option<S>,
    /// The direction; that which fits the order when left out.
    #[param(inline)]
    direction: Option<Direction>,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when left out.
    #[serde(default, deserialize_with = "written")]
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// A number as the text that it is in a query: of a flattened query serde no longer knows what a field is to become.
fn written<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

impl<S: SortKey + ToSchema> OrderQuery<S> {
    /// The order that is asked for; 400 for a cursor of another order, or no limit.
    pub fn order(self) -> Result<Sorted<S>, ApiError> {
        let page = PageQuery {
            cursor: self.cursor,
            limit: self.limit,
        };
        Sorted::of(self.sort, self.direction, &page)
    }
}

/// The order of a list, and the row behind which a page begins.
#[derive(Debug, Clone)]
pub struct Sorted<S> {
    /// By what.
    pub by: S,
    /// Whether the largest comes first.
    pub downwards: bool,
    /// The sort key of the last row before the page.
    pub last_key: Option<String>,
    /// The id of that row; none on the first page.
    pub last_id: Option<Uuid>,
    /// How many rows a page has; one more is read, which says that there is a next page.
    pub limit: i64,
}

/// What a row says of its place in the list.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its sort key.
    pub key: Option<String>,
    /// Its id.
    pub id: Uuid,
    /// How many rows there are from here on; of the first page that is all of them.
    pub total: i64,
}

impl<S: SortKey> Sorted<S> {
    /// The order that is asked for; 400 for a cursor of another order, or no limit.
    pub fn of(by: Option<S>, direction: Option<Direction>, page: &PageQuery) -> Result<Self, ApiError> {
        let by = by.unwrap_or_default();
        let downwards = direction.unwrap_or_else(|| by.natural()) == Direction::Desc;
        let (last_key, last_id) = match page.after::<(S, bool, Option<String>, Uuid)>()? {
            None => (None, None),
            Some((of, down, key, id)) if (of, down) == (by, downwards) => (key, Some(id)),
            Some(_) => return Err(Cursor::of_another_order()),
        };
        Ok(Self {
            by,
            downwards,
            last_key,
            last_id,
            limit: page.limit()?,
        })
    }

    /// The first rows in the natural order.
    pub fn first(limit: i64) -> Self {
        let by = S::default();
        Self {
            by,
            downwards: by.natural() == Direction::Desc,
            last_key: None,
            last_id: None,
            limit,
        }
    }

    /// A page from up to `limit + 1` rows; the first one says how many there are in all.
    pub fn page<T>(&self, rows: Vec<T>, place: impl Fn(&T) -> Place) -> Page<T> {
        let total = rows.first().map_or(0, |row| place(row).total);
        let mut page = Page::from_rows(rows, self.limit, |row| {
            let Place { key, id, .. } = place(row);
            (self.by, self.downwards, key, id)
        });
        page.total = Some(total).filter(|_| self.last_id.is_none());
        page
    }
}

impl<S: SortKey> Default for Sorted<S> {
    fn default() -> Self {
        Self::first(50)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
    #[serde(rename_all = "snake_case")]
    enum By {
        #[default]
        Name,
        Day,
    }

    impl SortKey for By {
        fn natural(self) -> Direction {
            match self {
                Self::Name => Direction::Asc,
                Self::Day => Direction::Desc,
            }
        }
    }

    fn place(n: u128) -> Place {
        Place {
            key: None,
            id: Uuid::from_u128(n),
            total: 3,
        }
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Own {
        q: Option<String>,
        #[serde(flatten)]
        order: OrderQuery<By>,
    }

    #[test]
    fn a_query_says_its_own_and_its_order_and_nothing_else() {
        let read = |text: &str| actix_web::web::Query::<Own>::from_query(text).map(|query| query.into_inner());
        let own = read("q=mia&sort=day&limit=7").unwrap();
        assert_eq!(own.q.as_deref(), Some("mia"));
        let order = own.order.order().unwrap();
        assert_eq!((order.by, order.downwards, order.limit), (By::Day, true, 7));
        assert_eq!(read("").unwrap().order.order().unwrap().limit, 50);
        for wrong in ["limit=seven", "sort=size", "direction=up", "page=2"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert!(read("limit=0").unwrap().order.order().is_err());
    }

    #[test]
    fn a_page_begins_behind_the_last_row_of_the_one_before_and_the_first_says_how_many_there_are() {
        let page = |cursor| PageQuery { cursor, limit: Some(2) };
        let order = Sorted::of(Some(By::Day), None, &page(None)).unwrap();
        assert!(order.downwards);
        let first = order.page(vec![7, 8, 9], |n| place(*n));
        assert_eq!((first.items.as_slice(), first.total), ([7, 8].as_slice(), Some(3)));
        let next = Sorted::of(Some(By::Day), Some(Direction::Desc), &page(first.next_cursor.clone())).unwrap();
        assert_eq!(
            (next.last_key.as_deref(), next.last_id),
            (None, Some(Uuid::from_u128(8)))
        );
        assert_eq!(
            next.page(vec![9], |n| place(*n)).total,
            None,
            "behind the first page nobody counts"
        );
        for (by, direction) in [
            (By::Day, Some(Direction::Asc)),
            (By::Name, Some(Direction::Desc)),
            (By::Name, None),
        ] {
            assert!(Sorted::of(Some(by), direction, &page(first.next_cursor.clone())).is_err());
        }
    }
}
