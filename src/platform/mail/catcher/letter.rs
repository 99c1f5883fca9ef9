//! Reads a mail as its reader does: decoded subject, text, HTML and attachments.

use mailparse::{DispositionType, MailHeaderMap, ParsedMail, parse_mail};

/// A mail, decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Names and decoded values in the order of the mail.
    pub headers: Vec<(String, String)>,
    /// Decoded subject; empty when there is none.
    pub subject: String,
    /// The part for plain text readers.
    pub text: Option<String>,
    /// The part for HTML readers.
    pub html: Option<String>,
    /// Files that came along.
    pub attachments: Vec<Attachment>,
}

/// A file in a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// File name as sent.
    pub name: String,
    /// Media type, for example `application/pdf`.
    pub content_type: String,
    /// The decoded file.
    pub bytes: Vec<u8>,
}

impl Letter {
    /// Decodes a mail; what cannot be decoded is left out, because a catcher must show broken mail too.
    pub fn parse(raw: &[u8]) -> Self {
        let Ok(mail) = parse_mail(raw) else {
            return Self::default();
        };
        let mut letter = Self {
            headers: mail.headers.iter().map(|h| (h.get_key(), h.get_value())).collect(),
            subject: mail.headers.get_first_value("Subject").unwrap_or_default(),
            ..Self::default()
        };
        letter.collect(&mail);
        letter
    }

    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// All addresses of the web in the text part, in order.
    pub fn links(&self) -> Vec<&str> {
        self.text
            .as_deref()
            .map(|text| pieces(text).into_iter().filter_map(Piece::into_link).collect())
            .unwrap_or_default()
    }

    fn collect(&mut self, part: &ParsedMail<'_>) {
        if !part.subparts.is_empty() {
            part.subparts.iter().for_each(|inner| self.collect(inner));
            return;
        }
        let disposition = part.get_content_disposition();
        let name = disposition
            .params
            .get("filename")
            .or_else(|| part.ctype.params.get("name"));
        if name.is_some() || disposition.disposition == DispositionType::Attachment {
            self.attachments.push(Attachment {
                name: name.cloned().unwrap_or_else(|| "attachment".to_owned()),
                content_type: part.ctype.mimetype.clone(),
                bytes: part.get_body_raw().unwrap_or_default(),
            });
            return;
        }
        match part.ctype.mimetype.as_str() {
            "text/plain" if self.text.is_none() => self.text = part.get_body().ok(),
            "text/html" if self.html.is_none() => self.html = part.get_body().ok(),
            _ => {}
        }
    }
}

/// A stretch of plain text, or an address in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Plain(&'a str),
    Link(&'a str),
}

impl<'a> Piece<'a> {
    fn into_link(self) -> Option<&'a str> {
        match self {
            Piece::Link(link) => Some(link),
            Piece::Plain(_) => None,
        }
    }
}

/// Cuts plain text into stretches and addresses of the web, losing nothing.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = [rest.find("https://"), rest.find("http://")]
        .into_iter()
        .flatten()
        .min()
    {
        let end = rest[start..]
            .find(|c: char| c.is_whitespace() || "<>\"".contains(c))
            .map_or(rest.len(), |n| start + n);
        // A full stop or bracket after an address belongs to the sentence.
        let link = rest[start..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']']);
        found.push(Piece::Plain(&rest[..start]));
        found.push(Piece::Link(link));
        rest = &rest[start + link.len()..];
    }
    found.push(Piece::Plain(rest));
    found.retain(|piece| *piece != Piece::Plain(""));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn umlauts_parts_and_files_are_decoded() {
        let raw = b"Subject: =?utf-8?B?w4RuZGVydW5n?=\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n\
            --a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
            --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n\
            --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>ok</p>\r\n--b--\r\n\
            --a\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"eingang.pdf\"\r\n\
            Content-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n--a--\r\n";
        let letter = Letter::parse(raw);
        assert_eq!(letter.subject, "Änderung");
        assert_eq!(letter.text.as_deref().map(str::trim), Some("Grüße"));
        assert_eq!(letter.html.as_deref().map(str::trim), Some("<p>ok</p>"));
        let pdf = Attachment {
            name: "eingang.pdf".into(),
            content_type: "application/pdf".into(),
            bytes: b"%PDF".into(),
        };
        assert_eq!(letter.attachments, [pdf]);
    }

    #[test]
    fn addresses_are_found_without_the_full_stop_behind_them() {
        let text = "Bitte https://a.example/x#t-1. (http://b.example) Ende";
        let rebuilt: String = pieces(text)
            .into_iter()
            .map(|p| match p {
                Piece::Plain(s) | Piece::Link(s) => s,
            })
            .collect();
        assert_eq!(rebuilt, text);
        let letter = Letter {
            text: Some(text.to_owned()),
            ..Letter::default()
        };
        assert_eq!(letter.links(), ["https://a.example/x#t-1", "http://b.example"]);
    }
}
