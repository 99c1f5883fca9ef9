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
use serde_json::Value;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{RefOr, Required, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};
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
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(bound = "S: SortKey")]
pub struct OrderQuery<S> {
    sort: Option<S>,
    direction: Option<Direction>,
    cursor: Option<String>,
    #[serde(default, deserialize_with = "written")]
    limit: Option<i64>,
}

/// A number as the text that it is in a query: of a flattened query serde no longer knows what a field is to become.
fn written<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

/// A value as the word that stands for it in a query.
fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// What the contract says: which order a list has by itself, and which of its orders run downwards, is read off the key.
impl<S: SortKey + ToSchema> IntoParams for OrderQuery<S> {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = S::schema();
        let words = match &schema {
            RefOr::T(Schema::Object(object)) => object.enum_values.clone().unwrap_or_default(),
            _ => Vec::new(),
        };
        let downwards: Vec<String> = (words.into_iter())
            .filter_map(|word| serde_json::from_value::<S>(word).ok())
            .filter(|by| by.natural() == Direction::Desc)
            .map(|by| format!("`{}`", word(by)))
            .collect();
        let natural = match downwards.join(", ") {
            none if none.is_empty() => "`asc` when left out".to_owned(),
            some => format!("when left out `desc` for {some}, else `asc`"),
        };
        let order = format!(
            "The order; `{}` when left out. What has no such value comes last.",
            word(S::default())
        );
        let chosen = |name: &str, says: String, schema: RefOr<Schema>| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(place().unwrap_or(ParameterIn::Query))
                .required(Required::False)
                .description(Some(says))
                .schema(Some(schema))
                .build()
        };
        let order = [
            chosen("sort", order, schema),
            chosen("direction", format!("The direction; {natural}."), Direction::schema()),
        ];
        order.into_iter().chain(PageQuery::into_params(&place)).collect()
    }
}

impl<S> From<PageQuery> for OrderQuery<S> {
    fn from(page: PageQuery) -> Self {
        Self {
            sort: None,
            direction: None,
            cursor: page.cursor,
            limit: page.limit,
        }
    }
}

impl<S: SortKey> OrderQuery<S> {
    /// The order that is asked for, with a sort key of the list's own kind; 400 for a cursor of another order, or no limit.
    pub fn keyed<K: DeserializeOwned>(self) -> Result<Keyed<S, K>, ApiError> {
        let page = PageQuery {
            cursor: self.cursor,
            limit: self.limit,
        };
        let by = self.sort.unwrap_or_default();
        let direction = self.direction.unwrap_or_else(|| by.natural());
        let after = match page.after::<(S, Direction, K)>()? {
            None => None,
            Some((of, to, key)) if (of, to) == (by, direction) => Some(key),
            Some(_) => return Err(Cursor::of_another_order()),
        };
        Ok(Keyed {
            by,
            direction,
            after,
            limit: page.limit()?,
        })
    }

    /// The order that is asked for; 400 for a cursor of another order, or no limit.
    pub fn order(self) -> Result<Sorted<S>, ApiError> {
        let order = self.keyed::<(Option<String>, Uuid)>()?;
        let (last_key, last_id) = order.after.map_or((None, None), |(key, id)| (key, Some(id)));
        Ok(Sorted {
            by: order.by,
            downwards: order.direction == Direction::Desc,
            last_key,
            last_id,
            limit: order.limit,
        })
    }
}

/// The order of a list that is sorted by numbers, and the key of the row behind which a page begins.
#[derive(Debug, Clone)]
pub struct Keyed<S, K> {
    /// By what.
    pub by: S,
    /// Upwards or downwards.
    pub direction: Direction,
    /// The sort key of the last row before the page; none on the first page.
    pub after: Option<K>,
    /// How many rows a page has; one more is read, which says that there is a next page.
    pub limit: i64,
}

impl<S: Copy + Serialize, K: Serialize> Keyed<S, K> {
    /// A page from up to `limit + 1` rows, of which each says its key and how many there are in all. Behind the last page there is no
    /// row to say it.
    pub fn page<T>(&self, rows: Vec<T>, key: impl Fn(&T) -> K, total: impl Fn(&T) -> i64) -> Page<T> {
        let total = rows.first().map(total).or(self.after.is_none().then_some(0));
        let mut page = Page::from_rows(rows, self.limit, |row| (self.by, self.direction, key(row)));
        page.total = total;
        page
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

/// A row of a sorted list.
pub trait Listed {
    /// Its sort key and its id.
    fn place(&self) -> (Option<String>, Uuid);
    /// How many rows there are from here on; of the first page that is all of them.
    fn total(&self) -> i64;
}

/// Says of a row with `sort_key` and `total` by which id it stands in its list: `listed!(OfferRow, id.0)`.
macro_rules! listed {
    ($row:ty, $($id:tt)+) => {
        impl $crate::platform::http::Listed for $row {
            fn place(&self) -> (Option<String>, uuid::Uuid) {
                (self.sort_key.clone(), self.$($id)+)
            }
            fn total(&self) -> i64 {
                self.total
            }
        }
    };
}
pub(crate) use listed;

impl<S: SortKey> Sorted<S> {
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
    pub fn page<T: Listed>(&self, rows: Vec<T>) -> Page<T> {
        let total = rows.first().map_or(0, T::total);
        let direction = if self.downwards {
            Direction::Desc
        } else {
            Direction::Asc
        };
        let mut page = Page::from_rows(rows, self.limit, |row| (self.by, direction, row.place()));
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

    #[derive(Debug, PartialEq)]
    struct Row(u128);

    impl Listed for Row {
        fn place(&self) -> (Option<String>, Uuid) {
            (None, Uuid::from_u128(self.0))
        }
        fn total(&self) -> i64 {
            3
        }
    }

    fn asked(sort: Option<By>, direction: Option<Direction>, cursor: Option<String>) -> OrderQuery<By> {
        OrderQuery {
            sort,
            direction,
            cursor,
            limit: Some(2),
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
        let order = asked(Some(By::Day), None, None).order().unwrap();
        assert!(order.downwards);
        let first = order.page(vec![Row(7), Row(8), Row(9)]);
        assert_eq!((first.items, first.total), (vec![Row(7), Row(8)], Some(3)));
        let cursor = first.next_cursor;
        let next = asked(Some(By::Day), Some(Direction::Desc), cursor.clone())
            .order()
            .unwrap();
        assert_eq!(
            (next.last_key.as_deref(), next.last_id),
            (None, Some(Uuid::from_u128(8)))
        );
        assert_eq!(
            next.page(vec![Row(9)]).total,
            None,
            "behind the first page nobody counts"
        );
        for (by, direction) in [
            (By::Day, Some(Direction::Asc)),
            (By::Name, Some(Direction::Desc)),
            (By::Name, None),
        ] {
            assert!(asked(Some(by), direction, cursor.clone()).order().is_err());
        }
    }

    #[test]
    fn a_list_that_is_sorted_by_numbers_begins_behind_its_own_kind_of_key() {
        let order = asked(None, None, None).keyed::<(i64, i64)>().unwrap();
        let first = order.page(vec![1, 2, 3], |n| (*n, -n), |_| 3);
        assert_eq!((first.items, first.total), (vec![1, 2], Some(3)));
        let next = asked(None, None, first.next_cursor.clone())
            .keyed::<(i64, i64)>()
            .unwrap();
        assert_eq!(next.after, Some((2, -2)));
        assert_eq!(next.page(Vec::<i64>::new(), |n| (*n, 0), |_| 3).total, None);
        assert_eq!(order.page(Vec::<i64>::new(), |n| (*n, 0), |_| 3).total, Some(0));
        assert!(
            asked(Some(By::Day), None, first.next_cursor.clone())
                .keyed::<(i64, i64)>()
                .is_err()
        );
        assert!(
            asked(None, None, first.next_cursor).order().is_err(),
            "a key of another kind"
        );
    }

    #[test]
    fn the_contract_says_in_which_order_a_list_is_when_nothing_is_said() {
        let says: Vec<_> = OrderQuery::<By>::into_params(|| None)
            .into_iter()
            .map(|parameter| (parameter.name, parameter.description.unwrap()))
            .collect();
        assert_eq!(says.len(), 4);
        assert!(says[0].1.starts_with("The order; `name` when left out."), "{says:?}");
        assert_eq!(says[1].1, "The direction; when left out `desc` for `day`, else `asc`.");
    }
}
