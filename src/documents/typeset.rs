//! The typesetter, shut in: it sees our templates, its own fonts, the values given, and nothing else.

use std::path::PathBuf;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde_json::Value;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use super::model::{DocumentError, Pdf};

const TEMPLATES: &[(&str, &str)] = &[
    ("/letter.typ", include_str!("templates/letter.typ")),
    ("/words.typ", include_str!("templates/words.typ")),
    ("/de/plain.typ", include_str!("templates/de/plain.typ")),
    ("/en/plain.typ", include_str!("templates/en/plain.typ")),
    ("/de/letters.typ", include_str!("templates/de/letters.typ")),
    ("/de/receipt.typ", include_str!("templates/de/receipt.typ")),
    ("/en/receipt.typ", include_str!("templates/en/receipt.typ")),
    ("/de/reasons.typ", include_str!("templates/de/reasons.typ")),
    ("/en/reasons.typ", include_str!("templates/en/reasons.typ")),
    ("/de/table.typ", include_str!("templates/de/table.typ")),
    ("/en/table.typ", include_str!("templates/en/table.typ")),
    ("/de/notice.typ", include_str!("templates/de/notice.typ")),
    ("/de/contract.typ", include_str!("templates/de/contract.typ")),
    ("/en/contract.typ", include_str!("templates/en/contract.typ")),
    ("/de/amendment.typ", include_str!("templates/de/amendment.typ")),
    ("/en/amendment.typ", include_str!("templates/en/amendment.typ")),
];

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    typst_assets::fonts()
        .flat_map(|data| Font::iter(Bytes::new(data)))
        .collect()
});
static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

struct Desk {
    library: LazyHash<Library>,
    main: FileId,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let path = id.get().vpath();
        TEMPLATES
            .iter()
            .find(|(name, _)| *name == path.get_with_slash())
            .map(|(_, text)| Source::new(id, (*text).to_owned()))
            .ok_or_else(|| FileError::NotFound(PathBuf::from(path.get_with_slash())))
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Stands for a sign that none of the fonts has: a document that cannot be read aloud whole is refused, and a letter with a question mark in
/// a name is better than none.
const UNKNOWN_SIGN: char = '?';

/// The values with nothing in their texts that cannot be set.
fn settable(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.chars().filter_map(sign).collect()),
        Value::Array(all) => all.into_iter().map(settable).collect(),
        Value::Object(all) => all.into_iter().map(|(name, value)| (name, settable(value))).collect(),
        other => other,
    }
}

fn sign(c: char) -> Option<char> {
    match c {
        '\n' | '\t' => Some(c),
        _ if c.is_control() => None,
        _ if c.is_whitespace() || c.is_ascii() => Some(c),
        _ => {
            let known =
                (0..FONTS.len()).any(|at| BOOK.info(at).is_some_and(|font| font.coverage.contains(u32::from(c))));
            Some(if known { c } else { UNKNOWN_SIGN })
        }
    }
}

/// Sets a template with these values.
pub(super) fn pdf(language: &str, template: &str, values: Value, at: DateTime<Utc>) -> Result<Pdf, DocumentError> {
    let values = settable(values);
    let failed = |why: &dyn std::fmt::Debug| DocumentError::Failed(format!("{why:?}"));
    let path = VirtualPath::new(format!("/{language}/{template}.typ")).map_err(|e| failed(&e))?;
    // Strings of the values stay strings: the typesetter never reads them as its language.
    let inputs: Dict = serde_json::from_value(serde_json::json!({ "data": values })).map_err(|e| failed(&e))?;
    let desk = Desk {
        library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
        main: FileId::new(RootedPath::new(VirtualRoot::Project, path)),
    };
    let set = typst::compile::<PagedDocument>(&desk)
        .output
        .map_err(|e| failed(&messages(&e)))?;
    let options = PdfOptions {
        creator: Smart::Custom(Some("Kitaplatz".into())),
        timestamp: timestamp(at),
        standards: PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|e| failed(&e))?,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&set, &options).map_err(|e| failed(&messages(&e)));
    // The typesetter remembers what it computed, with what people wrote in it; keep no more than the last few documents.
    typst::comemo::evict(5);
    bytes.map(Pdf)
}

fn messages(errors: &[typst::diag::SourceDiagnostic]) -> Vec<String> {
    errors.iter().map(|e| e.message.to_string()).collect()
}

fn timestamp(at: DateTime<Utc>) -> Option<Timestamp> {
    let part = |n: u32| u8::try_from(n).ok();
    let datetime = Datetime::from_ymd_hms(
        at.year(),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )?;
    Some(Timestamp::new_utc(datetime))
}
