//! The SMTP side of the catcher: protocol by `mailin`, one task per connection.

use std::io;
use std::net::IpAddr;

use mailin::response::{AUTH_OK, INVALID_CREDENTIALS, OK, TRANSACTION_FAILED};
use mailin::{Action, AuthMechanism, Handler, Response, SessionBuilder};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::Catcher;

/// Recipients of this domain are refused for good, as a mail box that does not exist.
const REFUSED: &str = "@refused.example";
/// Recipients of this domain are put off, as by a mail server under load.
const BUSY: &str = "@busy.example";
/// Largest line and largest mail, in bytes.
const MAX_LINE: u64 = 64 * 1024;
const MAX_MAIL: usize = 20 * 1024 * 1024;

#[expect(
    clippy::disallowed_methods,
    reason = "no unit of work: a connection of the catcher, which has no database"
)]
pub(super) fn listen(listener: TcpListener, catcher: Catcher, password: Option<String>) {
    tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let reception = Reception::new(catcher.clone(), password.clone());
                    tokio::spawn(async move {
                        if let Err(error) = converse(stream, peer.ip(), reception).await {
                            tracing::debug!(%error, "mail connection ended early");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "mail connection not accepted");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            }
        }
    });
}

async fn converse(stream: TcpStream, peer: IpAddr, reception: Reception) -> io::Result<()> {
    let mut builder = SessionBuilder::new("catcher.localhost");
    if reception.password.is_some() {
        // Loopback only: there is nobody who could listen in.
        builder
            .enable_auth(AuthMechanism::Plain)
            .enable_auth(AuthMechanism::Login)
            .insecure_enable_plaintext_auth();
    }
    let mut session = builder.build(peer, reception);
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    writer.write_all(&session.greeting().buffer()?).await?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if (&mut reader).take(MAX_LINE).read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let response = session.process(&line);
        writer.write_all(&response.buffer()?).await?;
        if response.action == Action::Close {
            return writer.shutdown().await;
        }
    }
}

/// One connection's mail in the making.
struct Reception {
    catcher: Catcher,
    password: Option<String>,
    from: String,
    to: Vec<String>,
    body: Vec<u8>,
}

impl Reception {
    fn new(catcher: Catcher, password: Option<String>) -> Self {
        Self {
            catcher,
            password,
            from: String::new(),
            to: Vec::new(),
            body: Vec::new(),
        }
    }
}

impl Handler for Reception {
    fn rcpt(&mut self, to: &str) -> Response {
        let to = to.to_ascii_lowercase();
        if to.ends_with(REFUSED) {
            Response::custom(550, "5.1.1 no such mailbox".to_owned())
        } else if to.ends_with(BUSY) {
            Response::custom(451, "4.3.2 try again later".to_owned())
        } else {
            OK
        }
    }

    fn data_start(&mut self, _domain: &str, from: &str, _is8bit: bool, to: &[String]) -> Response {
        self.from = from.to_owned();
        self.to = to.to_vec();
        self.body.clear();
        OK
    }

    fn data(&mut self, buf: &[u8]) -> io::Result<()> {
        if self.body.len() + buf.len() > MAX_MAIL {
            return Err(io::Error::other("mail too large"));
        }
        self.body.extend_from_slice(buf);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        match self.catcher.keep(
            std::mem::take(&mut self.from),
            std::mem::take(&mut self.to),
            std::mem::take(&mut self.body),
        ) {
            Ok(id) => Response::custom(250, format!("2.0.0 kept as {id}")),
            Err(error) => {
                tracing::error!(%error, "mail not kept");
                TRANSACTION_FAILED
            }
        }
    }

    fn auth_plain(&mut self, _authorization_id: &str, _authentication_id: &str, password: &str) -> Response {
        self.auth_login("", password)
    }

    fn auth_login(&mut self, _username: &str, password: &str) -> Response {
        if self.password.as_deref() == Some(password) {
            AUTH_OK
        } else {
            INVALID_CREDENTIALS
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn say(catcher: &Catcher, lines: &[&str]) -> Vec<String> {
        let stream = TcpStream::connect(catcher.address()).await.unwrap();
        let (reader, mut writer) = stream.into_split();
        writer
            .write_all(lines.iter().map(|l| format!("{l}\r\n")).collect::<String>().as_bytes())
            .await
            .unwrap();
        let mut answers = BufReader::new(reader).lines();
        let mut heard = Vec::new();
        while let Some(line) = answers.next_line().await.unwrap() {
            heard.push(line);
        }
        heard
    }

    #[tokio::test]
    async fn a_mail_is_kept_byte_for_byte_without_the_protocol_dots() {
        let catcher = Catcher::start("127.0.0.1:0", None).await.unwrap();
        let lines = [
            "HELO x",
            "MAIL FROM:<a@x.example>",
            "RCPT TO:<B@x.example>",
            "DATA",
            "Subject: s",
            "",
            "..dot",
            ".",
            "QUIT",
        ];
        say(&catcher, &lines).await;
        let caught = catcher.to("b@X.example");
        assert_eq!(caught.len(), 1);
        assert_eq!(&*caught[0].raw, b"Subject: s\r\n\r\n.dot\r\n");
        assert_eq!(caught[0].from, "a@x.example");
    }

    #[tokio::test]
    async fn chosen_recipients_are_refused_or_put_off() {
        let catcher = Catcher::start("127.0.0.1:0", None).await.unwrap();
        let lines = [
            "HELO x",
            "MAIL FROM:<a@x.example>",
            "RCPT TO:<b@Refused.example>",
            "RCPT TO:<b@busy.example>",
            "QUIT",
        ];
        let answers = say(&catcher, &lines).await;
        assert!(answers[3].starts_with("550 "), "{answers:?}");
        assert!(answers[4].starts_with("451 "), "{answers:?}");
        assert!(catcher.all().is_empty());
    }

    #[tokio::test]
    async fn mails_in_a_folder_are_shown_again_after_a_restart() {
        let folder = std::env::temp_dir().join(format!("catcher-{}", uuid::Uuid::now_v7()));
        let first = Catcher::start("127.0.0.1:0", Some(folder.clone())).await.unwrap();
        let id = first
            .keep(
                "a@x.example".into(),
                vec!["b@x.example".into()],
                b"Subject: s\r\n\r\nt\r\n".to_vec(),
            )
            .unwrap();
        let second = Catcher::start("127.0.0.1:0", Some(folder.clone())).await.unwrap();
        let again = second.get(id).unwrap();
        std::fs::remove_dir_all(folder).unwrap();
        assert_eq!(again.letter().subject, "s");
        assert_eq!(again.to, ["b@x.example"]);
    }

    #[tokio::test]
    async fn with_a_password_nobody_sends_without_it() {
        let catcher = Catcher::start_with_login("127.0.0.1:0", "geheim").await.unwrap();
        let mail = [
            "MAIL FROM:<a@x.example>",
            "RCPT TO:<b@x.example>",
            "DATA",
            "Subject: s",
            "",
            "t",
            ".",
            "QUIT",
        ];
        say(
            &catcher,
            &[&["EHLO x", "AUTH PLAIN AHVzZXIAZmFsc2No"], &mail[..]].concat(),
        )
        .await;
        assert!(catcher.all().is_empty());
        say(
            &catcher,
            &[&["EHLO x", "AUTH PLAIN AHVzZXIAZ2VoZWlt"], &mail[..]].concat(),
        )
        .await;
        assert_eq!(catcher.all().len(), 1);
    }
}
