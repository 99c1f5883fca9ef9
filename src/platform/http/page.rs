//! Pages of lists: an opaque cursor over the sort key, never an offset.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::has_nul;
use super::problem::ApiError;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows, at most `limit`.
    pub items: Vec<T>,
    /// Send it as `cursor` to get the next page; `null` on the last.
    pub next_cursor: Option<String>,
    /// How many rows there are in all, where it is cheap to say.
    pub total: Option<i64>,
}

/// What a list request says about paging; of a sorted list see `OrderQuery`.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Where the page begins: `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// How many rows, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
}

impl PageQuery {
    /// The number of rows asked for; 400 outside 1 to 200.
    pub fn limit(&self) -> Result<i64, ApiError> {
        match self.limit.unwrap_or(50) {
            n @ 1..=200 => Ok(n),
            _ => Err(ApiError::malformed("page.limit", "limit must be between 1 and 200")),
        }
    }

    /// The key after which the page begins.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, ApiError> {
        self.cursor.as_deref().map(Cursor::decode).transpose()
    }
}

/// What a name or number has to begin with, from what was typed: small letters; nothing typed is no matter.
pub fn beginning(typed: Option<String>) -> Option<String> {
    typed.map(|q| q.trim().to_lowercase()).filter(|q| !q.is_empty())
}

/// Makes and reads cursors: the last row's sort key as JSON, base64.
pub struct Cursor;

impl Cursor {
    /// The cursor after a row with this sort key.
    pub fn encode<K: Serialize>(key: &K) -> Option<String> {
        serde_json::to_vec(key).ok().map(|json| URL_SAFE_NO_PAD.encode(json))
    }

    /// The sort key of a cursor; 400 when it is not one of ours.
    pub fn decode<K: DeserializeOwned>(text: &str) -> Result<K, ApiError> {
        URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            // A key is compared with text of the database, which has no NUL.
            .filter(|json| !has_nul(json))
            .and_then(|json| serde_json::from_slice(&json).ok())
            .ok_or_else(|| ApiError::malformed("page.cursor", "cursor is not one of ours"))
    }

    /// 400: the cursor was made for a list in another order.
    pub fn of_another_order() -> ApiError {
        ApiError::malformed("page.cursor", "the cursor belongs to another order")
    }
}

impl<T> Page<T> {
    /// A page from up to `limit + 1` rows: the one too many says that there is a next page.
    pub fn from_rows<K: Serialize>(mut items: Vec<T>, limit: i64, key: impl Fn(&T) -> K) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = if more {
            items.last().and_then(|last| Cursor::encode(&key(last)))
        } else {
            None
        };
        Self {
            items,
            next_cursor,
            total: None,
        }
    }

    /// All rows on one page.
    pub fn all(items: Vec<T>) -> Self {
        let total = i64::try_from(items.len()).ok();
        Self {
            items,
            next_cursor: None,
            total,
        }
    }

    /// The page with what its first row counted; behind the first page nobody counts.
    #[must_use]
    pub fn counted(mut self, page: &PageQuery, total: Option<i64>) -> Self {
        self.total = total.or(Some(0)).filter(|_| page.cursor.is_none());
        self
    }

    /// The page with other rows.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next_cursor: self.next_cursor,
            total: self.total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_ends_where_the_next_begins() {
        let page = Page::from_rows(vec![1, 2, 3], 2, |n| *n);
        assert_eq!(page.items, [1, 2]);
        let next: i32 = Cursor::decode(&page.next_cursor.unwrap()).unwrap();
        assert_eq!(next, 2);
        assert!(Page::from_rows(vec![1, 2], 2, |n| *n).next_cursor.is_none());
        assert!(Cursor::decode::<i32>("!").is_err());
        let nul = Cursor::encode(&"a\0b").unwrap();
        assert!(Cursor::decode::<String>(&nul).is_err(), "no text of the database");
    }
}
