//! How a document is answered.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};

use super::model::{DocumentError, Pdf};
use crate::platform::http::ApiError;

impl From<DocumentError> for ApiError {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Off => Self::new(StatusCode::NOT_IMPLEMENTED, "documents.off", error.to_string()),
            DocumentError::Failed(_) => Self::internal(&error),
        }
    }
}

impl Pdf {
    /// An answer that shows it under a file name (letters, digits, `-`, `_`, `.`).
    pub fn answer(self, name: &str) -> HttpResponse {
        HttpResponse::Ok()
            .content_type("application/pdf")
            .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(self.0)
    }
}
