//! Sending mail over SMTP, and catching it on loopback for demo and tests.

#[cfg(feature = "demo")]
pub mod catcher;

use lettre::message::header::ContentType;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// A mail ready to be sent.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Stable id: the same at every attempt, so that a second delivery is seen as the same mail.
    pub message_id: String,
    /// Sender's name and address.
    pub from: (String, String),
    /// Receiver's address.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// Plain text, equal in content to the HTML.
    pub text: String,
    /// HTML.
    pub html: String,
    /// A calendar file (RFC 5545) that goes with it.
    pub calendar: Option<String>,
    /// BCP-47 tag of the language.
    pub language: String,
}

/// A mail was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The server may take it later.
    #[error("not taken for now: {0}")]
    Temporary(String),
    /// The server will never take it, or it cannot be built.
    #[error("refused: {0}")]
    Permanent(String),
}

/// The way to the mail server.
#[derive(Clone)]
pub struct Mailer(AsyncSmtpTransport<Tokio1Executor>);

/// The mail server's address cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("KITAPLATZ_SMTP_URL: {0}")]
pub struct MailerError(String);

impl Mailer {
    /// A mailer from `smtp://user:password@host:port` (STARTTLS required), `smtps://…` (TLS from the start),
    /// or `smtp://…?tls=none` for a server on the same machine.
    pub fn from_url(url: &str) -> Result<Self, MailerError> {
        let bad = |why: &str| MailerError(why.to_owned());
        let (scheme, rest) = url.split_once("://").ok_or_else(|| bad("is no URL"))?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (login, place) = rest.rsplit_once('@').map_or((None, rest), |(l, p)| (Some(l), p));
        let place = place.trim_end_matches('/');
        let (host, port) = place
            .rsplit_once(':')
            .map_or((place, None), |(h, p)| (h, p.parse::<u16>().ok()));
        let parameters = || TlsParameters::new(host.to_owned()).map_err(|e| MailerError(e.to_string()));
        let (tls, default_port) = match (scheme, query) {
            ("smtps", _) => (Tls::Wrapper(parameters()?), 465),
            ("smtp", "tls=none") => (Tls::None, 25),
            ("smtp", "" | "tls=starttls") => (Tls::Required(parameters()?), 587),
            _ => {
                return Err(bad(
                    "must begin with smtp:// or smtps://, with ?tls=none or ?tls=starttls at most",
                ));
            }
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(port.unwrap_or(default_port))
            .tls(tls)
            .timeout(Some(std::time::Duration::from_secs(20)));
        if let Some(login) = login {
            let (user, password) = login
                .split_once(':')
                .ok_or_else(|| bad("has a user without a password"))?;
            builder = builder.credentials(Credentials::new(percent_decoded(user), percent_decoded(password)));
        }
        Ok(Self(builder.build()))
    }

    /// Sends one mail to one receiver.
    pub async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = build(mail)?;
        match self.0.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::Permanent(error.to_string())),
            Err(error) => Err(MailError::Temporary(error.to_string())),
        }
    }
}

fn build(mail: &Mail) -> Result<Message, MailError> {
    let permanent = |e: &dyn std::fmt::Display| MailError::Permanent(e.to_string());
    let from = mail.from.1.parse().map_err(|e| permanent(&e))?;
    let to = mail.to.parse().map_err(|e| permanent(&e))?;
    let words = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
    let body = match &mail.calendar {
        None => words,
        Some(calendar) => {
            let kind = ContentType::parse("text/calendar; charset=utf-8").map_err(|e| permanent(&e))?;
            let file = Attachment::new("termin.ics".to_owned()).body(calendar.clone(), kind);
            MultiPart::mixed().multipart(words).singlepart(file)
        }
    };
    Message::builder()
        .message_id(Some(mail.message_id.clone()))
        .from(Mailbox::new(Some(mail.from.0.clone()), from))
        .to(Mailbox::new(None, to))
        .subject(mail.subject.trim())
        // Automatic mail: out-of-office programs must not answer it.
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", &mail.language))
        .multipart(body)
        .map_err(|e| permanent(&e))
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_without_tls_must_be_asked_for() {
        assert!(Mailer::from_url("smtp://localhost:2525?tls=none").is_ok());
        assert!(Mailer::from_url("smtp://u:p%40ss@mail.example.org").is_ok());
        assert!(Mailer::from_url("smtps://u:p@mail.example.org:465").is_ok());
        for bad in ["mail.example.org", "http://x", "smtp://x?tls=maybe", "smtp://user@x"] {
            assert!(Mailer::from_url(bad).is_err(), "{bad}");
        }
        assert_eq!(percent_decoded("p%40ss%zz"), "p@ss%zz");
    }

    #[test]
    fn a_built_mail_has_both_parts_and_the_stable_id() {
        let mail = Mail {
            message_id: "<abc@kitaplatz>".into(),
            from: ("Jugendamt Musterstadt".into(), "kita@example.org".into()),
            to: "mia@example.org".into(),
            subject: "Bitte bestätigen".into(),
            text: "Grüße".into(),
            html: "<p>Grüße</p>".into(),
            calendar: None,
            language: "de".into(),
        };
        let bytes = String::from_utf8(build(&mail).unwrap().formatted()).unwrap();
        for part in [
            "Message-ID: <abc@kitaplatz>",
            "Auto-Submitted: auto-generated",
            "text/plain",
            "text/html",
        ] {
            assert!(bytes.contains(part), "{part} in {bytes}");
        }
        assert!(!bytes.contains("text/calendar"));
        let invitation = Mail {
            calendar: Some("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".into()),
            ..mail.clone()
        };
        let bytes = String::from_utf8(build(&invitation).unwrap().formatted()).unwrap();
        for part in ["text/plain", "text/html", "text/calendar", "filename=\"termin.ics\""] {
            assert!(bytes.contains(part), "{part} in {bytes}");
        }
        let broken = Mail {
            to: "nobody".into(),
            ..mail
        };
        assert!(matches!(build(&broken), Err(MailError::Permanent(_))));
    }
}
