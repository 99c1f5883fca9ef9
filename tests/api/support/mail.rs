//! Mail in tests: a catcher for all of it, and a mail server that answers by a script.

use std::sync::{Arc, Mutex};

use kitaplatz::platform::mail::catcher::{Catcher, Letter};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::TestApp;

impl TestApp {
    /// A server with a fresh tenant whose mails a real SMTP server on loopback catches.
    pub async fn with_mail() -> (Self, Catcher) {
        let catcher = Catcher::start("127.0.0.1:0", None).await.unwrap();
        (Self::with_smtp(&catcher.smtp_url()).await, catcher)
    }
}

/// The newest mail to an address, read.
#[track_caller]
pub fn last_to(catcher: &Catcher, address: &str) -> Letter {
    catcher
        .to(address)
        .last()
        .unwrap_or_else(|| panic!("no mail to {address}"))
        .letter()
}

/// A mail server that takes the whole mail and then gives the answers of its script in turn (`250 ok` when it ends).
#[derive(Clone)]
pub struct Scripted {
    pub url: String,
    received: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Scripted {
    pub async fn start(answers: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}?tls=none", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (kept, script) = (received.clone(), Arc::new(Mutex::new(owned_reversed(answers))));
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, script) = (kept.clone(), script.clone());
                actix_web::rt::spawn(async move {
                    let _ = converse(stream, &kept, &script).await;
                });
            }
        });
        Self { url, received }
    }

    /// Every mail that reached it, also those that it then refused.
    pub fn received(&self) -> Vec<Letter> {
        self.received
            .lock()
            .unwrap()
            .iter()
            .map(|raw| Letter::parse(raw))
            .collect()
    }
}

fn owned_reversed(answers: &[&str]) -> Vec<String> {
    answers.iter().rev().map(|a| (*a).to_owned()).collect()
}

async fn converse(stream: TcpStream, kept: &Mutex<Vec<Vec<u8>>>, script: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 scripted\r\n").await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await?;
                let mail = read_mail(&mut stream).await?;
                kept.lock().unwrap().push(mail);
                script.lock().unwrap().pop().unwrap_or_else(|| "250 ok".into())
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n").await,
            _ => "250 ok".into(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        line.clear();
    }
    Ok(())
}

async fn read_mail(stream: &mut BufReader<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut mail = Vec::new();
    loop {
        let start = mail.len();
        if stream.read_until(b'\n', &mut mail).await? == 0 || &mail[start..] == b".\r\n" {
            mail.truncate(start);
            return Ok(mail);
        }
    }
}
