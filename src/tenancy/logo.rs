//! Looks at an uploaded logo before it is kept: a whole PNG of sane size, or an SVG that runs nothing and loads nothing.

use crate::platform::fields::Invalid;

const MAX_BYTES: usize = 200 * 1024;
const MAX_SIDE: u32 = 4000;

/// Refuses what is no picture of this type, or one that could do harm.
pub(super) fn check(kind: &str, bytes: &[u8]) -> Result<(), Invalid> {
    let refuse = |code| Err(Invalid::one("/logo", code, ""));
    if bytes.len() > MAX_BYTES {
        return refuse("too_large");
    }
    match kind {
        "image/png" if is_png(bytes) => Ok(()),
        "image/svg+xml" => match std::str::from_utf8(bytes) {
            Ok(text) if !is_svg(text) => refuse("invalid"),
            Ok(text) if !is_harmless(text) => refuse("unsafe"),
            Ok(_) => Ok(()),
            Err(_) => refuse("invalid"),
        },
        _ => refuse("invalid"),
    }
}

/// Walks the chunks from the header to the end; nothing may follow, and nobody may claim a million pixels a side.
fn is_png(bytes: &[u8]) -> bool {
    let Some(mut rest) = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") else {
        return false;
    };
    let mut first = true;
    while let Some((length, kind, tail)) = chunk(rest) {
        if first {
            let side = |at: usize| tail.get(at..at + 4).map(number);
            let sane = |n: Option<u32>| n.is_some_and(|n| (1..=MAX_SIDE).contains(&n));
            if kind != b"IHDR" || length != 13 || !sane(side(0)) || !sane(side(4)) {
                return false;
            }
            first = false;
        }
        // Data and check sum.
        let Some(next) = tail.get(length + 4..) else {
            return false;
        };
        if kind == b"IEND" {
            return next.is_empty();
        }
        rest = next;
    }
    false
}

fn chunk(bytes: &[u8]) -> Option<(usize, &[u8], &[u8])> {
    let length = usize::try_from(number(bytes.get(..4)?)).ok()?;
    Some((length, bytes.get(4..8)?, bytes.get(8..)?))
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |n, b| n << 8 | u32::from(*b))
}

fn is_svg(text: &str) -> bool {
    let first = tags(text).into_iter().find(|t| !t.starts_with(['?', '!']));
    first.is_some_and(|t| local_name(&t) == "svg")
}

/// The inside of every `<…>`, lower case.
fn tags(text: &str) -> Vec<String> {
    text.split('<')
        .skip(1)
        .map(|part| part.split('>').next().unwrap_or_default().to_lowercase())
        .collect()
}

fn local_name(tag: &str) -> &str {
    let name = tag
        .trim_start_matches('/')
        .split(|c: char| c.is_whitespace() || c == '/')
        .next()
        .unwrap_or_default();
    name.rsplit(':').next().unwrap_or_default()
}

/// No element that runs or loads, no event handler, no reference but to itself, no entity that could hide one.
fn is_harmless(text: &str) -> bool {
    const ELEMENTS: [&str; 14] = [
        "script",
        "foreignobject",
        "iframe",
        "embed",
        "object",
        "audio",
        "video",
        "image",
        "a",
        "animate",
        "set",
        "handler",
        "link",
        "feimage",
    ];
    let lower = text.to_lowercase();
    let words = [
        "<!doctype",
        "<!entity",
        "<?xml-stylesheet",
        "&#",
        "javascript:",
        "data:",
        "@import",
        "expression(",
    ];
    if words.iter().any(|w| lower.contains(w)) {
        return false;
    }
    let outside = |mark: &str| {
        lower.split(mark).skip(1).any(|rest| {
            !rest
                .trim_start_matches(['"', '\'', ' ', '=', '\t', '\n', '\r'])
                .starts_with('#')
        })
    };
    if outside("href") || outside("url(") {
        return false;
    }
    tags(text).iter().all(|tag| {
        // The word before each "=", also where space or an attribute without one stands between.
        let mut before: Vec<&str> = tag.split('=').collect();
        before.pop();
        let handler = before.iter().any(|left| {
            let name = left
                .trim_end()
                .rsplit(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\''))
                .next();
            name.is_some_and(|n| n.starts_with("on"))
        });
        !handler && !ELEMENTS.contains(&local_name(tag))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(side: u32, tail: &[u8]) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        bytes.extend([0, 0, 0, 13]);
        bytes.extend(b"IHDR");
        bytes.extend(side.to_be_bytes());
        bytes.extend(side.to_be_bytes());
        bytes.extend([8, 6, 0, 0, 0, 1, 2, 3, 4]);
        bytes.extend([0, 0, 0, 0]);
        bytes.extend(b"IEND");
        bytes.extend([1, 2, 3, 4]);
        bytes.extend(tail);
        bytes
    }

    #[test]
    fn a_png_is_whole_and_of_sane_size() {
        assert!(check("image/png", &png(200, b"")).is_ok());
        for bad in [
            png(5000, b""),
            png(0, b""),
            png(200, b"<script>"),
            b"GIF89a".to_vec(),
            vec![],
        ] {
            assert!(check("image/png", &bad).is_err());
        }
        assert!(check("image/svg+xml", &png(200, b"")).is_err());
        assert!(check("image/gif", &png(200, b"")).is_err());
        assert_eq!(
            check("image/png", &vec![0; MAX_BYTES + 1]).unwrap_err().0[0].code,
            "too_large"
        );
    }

    #[test]
    fn a_plain_svg_is_kept() {
        let good = r##"<?xml version="1.0"?><!-- Stadt --><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><defs>
            <linearGradient id="g"><stop offset="0"/></linearGradient></defs><style>.a{fill:url(#g)}</style>
            <use xlink:href="#x"/><path class="a" d="M0 0h9v9z"/><text font-family="sans">Musterstadt</text></svg>"##;
        assert!(check("image/svg+xml", good.as_bytes()).is_ok());
    }

    #[test]
    fn an_svg_that_runs_or_loads_is_refused() {
        for inside in [
            "<script>1</script>",
            "<svg:script>1</svg:script>",
            "<path onload=\"x()\"/>",
            "<path/onclick='x()'/>",
            "<path d=\"\"onclick=\"x()\"/>",
            "<path ONCLICK = \"x()\"/>",
            "<a href=\"#x\">x</a>",
            "<use href=\"https://evil.example/x.svg#a\"/>",
            "<use xlink:href=\"data:image/svg+xml,x\"/>",
            "<image href=\"#x\"/>",
            "<foreignObject/>",
            "<style>@import 'x'</style>",
            "<path fill=\"url(https://evil.example)\"/>",
            "<animate attributeName=\"href\"/>",
            "<text>&#106;</text>",
        ] {
            let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>");
            let refused = check("image/svg+xml", svg.as_bytes()).map_err(|e| e.0[0].code.clone());
            assert_eq!(refused, Err("unsafe".into()), "{inside}");
        }
        assert!(check("image/svg+xml", b"<html></html>").is_err());
    }
}
