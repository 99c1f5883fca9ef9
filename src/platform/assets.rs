//! The frontend's files: built into the release binary, read from disk while developing.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "frontend/dist"]
#[allow_missing = true]
struct Dist;

/// A built file by its path, or the start page for every address that the frontend routes itself.
pub fn serve(req: &HttpRequest, path: &str) -> HttpResponse {
    let path = path.trim_start_matches('/');
    let (name, found) = match Dist::get(path).filter(|_| !path.is_empty()) {
        Some(file) => (path, Some(file)),
        // A missing asset is missing; it must not answer with the page.
        None if path.starts_with("assets/") => (path, None),
        None => ("index.html", Dist::get("index.html")),
    };
    let Some(file) = found else {
        return HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body(
            if path.starts_with("assets/") {
                "missing"
            } else {
                "the frontend is not built; run make demo"
            },
        );
    };
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()));
    if req
        .headers()
        .get(header::IF_NONE_MATCH)
        .is_some_and(|seen| seen == tag.as_str())
    {
        return HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish();
    }
    // Names below assets/ carry a hash of their content; everything else is asked for again.
    let cache = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let (encoding, data) = precompressed(req, name).map_or((None, file.data), |(e, d)| (Some(e), d));
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(mime_guess::from_path(name).first_or_octet_stream())
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::VARY, "accept-encoding"));
    if let Some(encoding) = encoding {
        answer.insert_header((header::CONTENT_ENCODING, encoding));
    }
    answer.body(data.into_owned())
}

fn precompressed(req: &HttpRequest, name: &str) -> Option<(&'static str, std::borrow::Cow<'static, [u8]>)> {
    let accepts = req.headers().get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts.contains(encoding))
        .find_map(|(encoding, suffix)| Dist::get(&format!("{name}.{suffix}")).map(|file| (encoding, file.data)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(16).map(|b| format!("{b:02x}")).collect()
}
